"""Producer side of Celery: task names, queues and the sending of messages.

The job row is the truth, and a message only points to it. A lost message costs the sweeper's interval, and a duplicate
costs a claim that another worker has won.
"""

from __future__ import annotations

from collections.abc import Collection

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
COUNT_TOTALS = "agents.count_totals"
SEND_BATCHES = "agents.send_batches"
POLL_BATCHES = "agents.poll_batches"

# Workers serve the queues in this order: requests of people before those of schedules and batches.
JOBS_QUEUE = "jobs"
BACKGROUND_QUEUE = "background"

# Raised by publishing while the broker is unreachable, depending on the layer that notices it.
BROKER_ERRORS = (KombuError, RedisError, OSError)


def enqueue_on_commit(job: AgentJob) -> None:
    """Enqueue one job as soon as its row is committed. An unreachable broker is logged, never raised."""
    transaction.on_commit(lambda: enqueue([job]))


def enqueue(jobs: Collection[AgentJob]) -> int:
    """Enqueue several jobs over one connection; return the number of messages that the broker took.

    ``AgentJobQuerySet.for_queue`` loads the columns that this needs. Jobs that could not be sent are marked as unsent,
    for the next sweep.
    """
    waiting = list(jobs)
    if not waiting:
        return 0
    sent = 0
    try:
        with current_app.producer_pool.acquire(block=True, timeout=5) as producer:
            for job in waiting:
                current_app.send_task(
                    PROCESS_AGENT_JOB,
                    args=[str(job.pk)],
                    queue=BACKGROUND_QUEUE if job.is_background else JOBS_QUEUE,
                    producer=producer,
                    ignore_result=True,
                    retry=False,
                )
                sent += 1
    except BROKER_ERRORS as error:
        log.warning("broker_unreachable", unsent=len(waiting) - sent, error=str(error))
        AgentJob.objects.filter(pk__in=[job.pk for job in waiting[sent:]]).update(sent_at=None)
    return sent


def enqueue_task(task: str, **arguments: bool) -> bool:
    """Enqueue a task; False, and a log entry, if the broker is unreachable."""
    try:
        current_app.send_task(task, kwargs=arguments, retry=False)
    except BROKER_ERRORS as error:
        log.warning("broker_unreachable", task=task, error=str(error))
        return False
    return True


def queue_length() -> int | None:
    """Return the number of job messages that the broker holds; None if it is unreachable."""
    try:
        with current_app.connection_for_read() as connection:
            client = connection.default_channel.client  # type: ignore[attr-defined]
            return sum(int(client.llen(queue)) for queue in (JOBS_QUEUE, BACKGROUND_QUEUE))
    except BROKER_ERRORS as error:
        log.warning("broker_unreachable", error=str(error))
        return None
