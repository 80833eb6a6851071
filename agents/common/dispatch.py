"""Producer side of Celery: task names, queues and the sending of messages.

The job row is the truth, and a message only points to it. A lost message costs the sweeper's interval, and a duplicate
costs a claim that another worker has won.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Iterator
from contextlib import contextmanager

import structlog
from celery import current_app
from django.db import transaction
from kombu.exceptions import KombuError
from redis.exceptions import RedisError

from agents.common import tracing
from agents.models import AgentJob

log = structlog.get_logger(__name__)

PROCESS_AGENT_JOB = "agents.process_agent_job"
CLEANUP_OLD_JOBS = "agents.cleanup_old_jobs"
GET_JOB_STATS = "agents.get_job_stats"
FLUSH_EXPIRED_TOKENS = "agents.flush_expired_tokens"
RUN_DUE_SCHEDULES = "agents.run_due_schedules"
REFRESH_REVIEW_REPORTS = "agents.refresh_review_reports"
MAIL_NOTIFICATIONS = "agents.mail_notifications"
MAIL_OVERDUE_DIGEST = "agents.mail_overdue_digest"
PLANT_GOLD = "agents.plant_gold"
CHECK_LANGUAGE_MODELS = "agents.check_language_models"
LEARN = "agents.learn"
COUNT_TOTALS = "agents.count_totals"
COMPUTE_PROMISES = "agents.compute_promises"
RECHECK_WORLDS = "agents.recheck_worlds"
READ_DUE_TEXTS = "agents.read_due_texts"
SEND_BATCHES = "agents.send_batches"
POLL_BATCHES = "agents.poll_batches"

# Workers serve the queues in this order: requests of people before those of schedules and batches, and before the many
# of one account.
JOBS_QUEUE = "jobs"
BACKGROUND_QUEUE = "background"
CROWDED_QUEUE = "crowded"

# Raised by publishing while the broker is unreachable, depending on the layer that notices it.
BROKER_ERRORS = (KombuError, RedisError, OSError)


class BrokerSilent(OSError):
    """Raised instead of waiting for a broker that has just kept another caller waiting."""


class _Silence:
    """Circuit breaker: after a slow failure nobody waits for the broker for a second, and then one caller tries.

    A broker that refuses connections fails fast and needs no breaker.
    """

    SLOW_S = 0.3
    MEMORY_S = 1.0

    def __init__(self) -> None:
        self._until = 0.0

    @contextmanager
    def watched(self) -> Iterator[None]:
        started = time.monotonic()
        if started < self._until:
            raise BrokerSilent("The broker does not answer.")
        if self._until:
            self._until = started + self.MEMORY_S
        try:
            yield
        except BROKER_ERRORS:
            if time.monotonic() - started > self.SLOW_S:
                self._until = time.monotonic() + self.MEMORY_S
            raise
        self._until = 0.0


_silence = _Silence()


def enqueue_on_commit(jobs: Collection[AgentJob]) -> None:
    """Enqueue jobs as soon as their rows are committed. An unreachable broker is logged, never raised."""
    if jobs:
        transaction.on_commit(lambda: enqueue(jobs))


def enqueue(jobs: Collection[AgentJob]) -> int:
    """Enqueue several jobs over one connection; return the number of messages that the broker took.

    ``AgentJobQuerySet.for_queue`` loads the columns that this needs. Jobs that could not be sent are marked as unsent,
    for the next sweep.
    """
    waiting = list(jobs)
    if not waiting:
        return 0
    sent = 0
    headers = tracing.carried()
    try:
        with _silence.watched(), current_app.producer_pool.acquire(block=True, timeout=5) as producer:
            for job in waiting:
                current_app.send_task(
                    PROCESS_AGENT_JOB,
                    args=[str(job.pk)],
                    queue=_queue_of(job),
                    headers=headers,
                    producer=producer,
                    ignore_result=True,
                    retry=False,
                )
                sent += 1
    except BROKER_ERRORS as error:
        log.warning("broker_unreachable", unsent=len(waiting) - sent, error=str(error))
        AgentJob.objects.filter(pk__in=[job.pk for job in waiting[sent:]]).update(sent_at=None)
    return sent


def _queue_of(job: AgentJob) -> str:
    if job.is_crowded:
        return CROWDED_QUEUE
    return BACKGROUND_QUEUE if job.is_background else JOBS_QUEUE


def enqueue_task(task: str, **arguments: bool | int | str) -> bool:
    """Enqueue a task; False, and a log entry, if the broker is unreachable."""
    try:
        with _silence.watched():
            current_app.send_task(task, kwargs=arguments, retry=False)
    except BROKER_ERRORS as error:
        log.warning("broker_unreachable", task=task, error=str(error))
        return False
    return True


def queue_length() -> int | None:
    """Return the number of job messages that the broker holds; None if it is unreachable."""
    try:
        with _silence.watched(), current_app.connection_for_read() as connection:
            client = connection.default_channel.client  # type: ignore[attr-defined]
            return sum(int(client.llen(queue)) for queue in (JOBS_QUEUE, BACKGROUND_QUEUE, CROWDED_QUEUE))
    except BROKER_ERRORS as error:
        log.warning("broker_unreachable", error=str(error))
        return None
