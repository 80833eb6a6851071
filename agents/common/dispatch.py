"""The producer's side of Celery: names of tasks, and the doorbell.

The job row is the truth; a message only says "look at this row". Losing one costs the sweeper's interval, and
sending one twice costs a claim that somebody else has won.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable

import structlog
from celery import current_app
from django.db import transaction
from kombu.exceptions import KombuError
from redis.exceptions import RedisError

from agents.models import AgentJob

log = structlog.get_logger(__name__)

PROCESS_AGENT_JOB = "agents.process_agent_job"
CLEANUP_OLD_JOBS = "agents.cleanup_old_jobs"
GET_JOB_STATS = "agents.get_job_stats"
ENQUEUE_DUE_JOBS = "agents.enqueue_due_jobs"
RESCUE_STALLED_JOBS = "agents.rescue_stalled_jobs"
FLUSH_EXPIRED_TOKENS = "agents.flush_expired_tokens"
RUN_DUE_SCHEDULES = "agents.run_due_schedules"
REFRESH_REVIEW_REPORTS = "agents.refresh_review_reports"
MAIL_NOTIFICATIONS = "agents.mail_notifications"
MAIL_OVERDUE_DIGEST = "agents.mail_overdue_digest"
PLANT_GOLD = "agents.plant_gold"
CHECK_LANGUAGE_MODELS = "agents.check_language_models"
SEND_BATCHES = "agents.send_batches"
POLL_BATCHES = "agents.poll_batches"

# Who asks in person is served before schedules and batches: workers look into the queues in this order.
JOBS_QUEUE = "jobs"
BACKGROUND_QUEUE = "background"

# What publishing raises when the broker is away, depending on where in the stack it is noticed.
BROKER_ERRORS = (KombuError, RedisError, OSError)


def enqueue_on_commit(job_id: uuid.UUID) -> None:
    """Ring for one job as soon as its row is committed. A broker that is away is logged, never raised."""
    transaction.on_commit(lambda: enqueue([job_id]))


def enqueue(job_ids: Iterable[uuid.UUID]) -> int:
    """Ring for several jobs over one connection; returns how many messages the broker took.

    Rows that could not be sent are marked so, and the sweeper's next turn takes them.
    """
    waiting = list(job_ids)
    background = set(AgentJob.objects.filter(pk__in=waiting).background().values_list("pk", flat=True))
    sent = 0
    try:
        with current_app.producer_pool.acquire(block=True, timeout=5) as producer:
            for job_id in waiting:
                current_app.send_task(
                    PROCESS_AGENT_JOB,
                    args=[str(job_id)],
                    queue=BACKGROUND_QUEUE if job_id in background else JOBS_QUEUE,
                    producer=producer,
                    ignore_result=True,
                    retry=False,
                )
                sent += 1
    except BROKER_ERRORS as error:
        log.warning("broker_away", unsent=len(waiting) - sent, error=str(error))
        AgentJob.objects.filter(pk__in=waiting[sent:]).update(sent_at=None)
    return sent


def ring(task: str, **arguments: bool) -> bool:
    """Have a task done soon; False, and a line in the log, where the broker is away."""
    try:
        current_app.send_task(task, kwargs=arguments, retry=False)
    except BROKER_ERRORS as error:
        log.warning("broker_away", task=task, error=str(error))
        return False
    return True


def queue_length() -> int | None:
    """How many job messages the broker holds, or None if it cannot be asked."""
    try:
        with current_app.connection_for_read() as connection:
            client = connection.default_channel.client  # type: ignore[attr-defined]
            return sum(int(client.llen(queue)) for queue in (JOBS_QUEUE, BACKGROUND_QUEUE))
    except BROKER_ERRORS as error:
        log.warning("broker_away", error=str(error))
        return None
