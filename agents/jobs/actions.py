"""Reading, retry and cancellation of a job."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from agents.billing import budgets
from agents.choices import EventKind, JobStatus
from agents.common import dispatch, events, world_context
from agents.errors import Forbidden, JobNotCancellable, JobNotRetryable, NotFound
from agents.jobs.submission import amount_to_reserve, attempts_allowed, reserve_in_budgets
from agents.models import AgentJob

if TYPE_CHECKING:
    from django.contrib.auth.models import User


# Permission to retry and to cancel the jobs of others.
OPERATE = "agents.change_agentjob"


def get_job(job_id: uuid.UUID, by: User) -> AgentJob:
    """Return a job that the person may see; raise ``NotFound`` otherwise."""
    job = AgentJob.objects.visible_to(by).select_related("requested_by").filter(pk=job_id).first()
    if job is None:
        raise no_job(job_id)
    return job


def no_job(job_id: uuid.UUID) -> NotFound:
    """Build the error for a job that does not exist or that the person may not see."""
    return NotFound(f"There is no job {job_id}.", code="job_not_found")


def retry_job(job_id: uuid.UUID, *, by: User) -> AgentJob:
    """Give a failed job a new allowance of attempts; ``JobNotRetryable`` for any other job.

    The job runs in its requester's name, who must still be allowed to submit it: raises what ``submit_job`` raises.
    """
    job = _job_to_operate(job_id, by)
    # A retry is asked directly, at the full price.
    to_reserve = amount_to_reserve(job, world_context.world_view(job.universe), is_batch=False)
    with transaction.atomic():
        world_context.lock_universe(job.universe_id)
        if not AgentJob.objects.retry(job_id, more_attempts=attempts_allowed()):
            job = get_job(job_id, by)
            raise JobNotRetryable(f"Job {job_id} is {job.status}; only failed jobs can be retried.")
        if job.universe_id is not None:
            world_context.writable_universe(job.requested_by, job.universe_id)
        job.refresh_from_db()
        events.record(job_id, EventKind.RETRIED, attempt=job.attempts, by=by)
        reserve_in_budgets(job, to_reserve)
        dispatch.enqueue_on_commit([job])
    return job


def cancel_job(job_id: uuid.UUID, *, by: User) -> AgentJob:
    """Cancel a job that has not finished. A running attempt is not interrupted; its late result is dropped."""
    job = _job_to_operate(job_id, by)
    with transaction.atomic():
        world_context.lock_universe(job.universe_id)
        if not AgentJob.objects.cancel(job_id):
            job = get_job(job_id, by)
            raise JobNotCancellable(
                f"Job {job_id} is {job.status}; only pending and processing jobs can be cancelled."
            )
        was_running = job.status == JobStatus.PROCESSING
        job.refresh_from_db()
        events.record(job_id, EventKind.CANCELLED, attempt=job.attempts, by=by, was_running=was_running)
        budgets.settle(job, is_final=True, at=timezone.now())
    return job


def _job_to_operate(job_id: uuid.UUID, by: User) -> AgentJob:
    """Return ``get_job``; raise ``Forbidden`` for people who may see the jobs of others but not change them."""
    job = get_job(job_id, by)
    if job.requested_by_id != by.pk and not by.has_perm(OPERATE):
        raise Forbidden("You may not retry or cancel the jobs of others.")
    return job
