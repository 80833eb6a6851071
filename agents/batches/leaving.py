"""Return of jobs from a batch that does not answer them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from agents.choices import EventKind, JobStatus
from agents.common import dispatch, world_context
from agents.models import AgentJob, AgentJobEvent, BatchItem


def leave_batch(
    items: Iterable[BatchItem], *, code: str, message: str, batch_until: datetime | None = None
) -> int:
    """Return the jobs of ``items`` that still wait for their batch to pending; return their number.

    They are asked directly, or wait for another batch until ``batch_until``. No retry is used up.
    """
    attempts = {item.job_id: item.attempt for item in items}
    now = timezone.now()
    with transaction.atomic():
        world_context.lock_universes_of(attempts)
        waiting = AgentJob.objects.select_for_update().filter(pk__in=attempts, status=JobStatus.PROCESSING)
        rows = waiting.order_by("pk").only("attempts", "schedule", "priority")
        leaving = [job for job in rows if job.attempts == attempts[job.pk]]
        AgentJob.objects.filter(pk__in=[job.pk for job in leaving]).leave_batch(
            now, batch_until=batch_until, error_code=code, error_message=message
        )
        AgentJobEvent.objects.bulk_create(
            AgentJobEvent(
                job=job,
                kind=EventKind.BATCH_LEFT,
                attempt=job.attempts,
                data={"code": code, "message": message},
            )
            for job in leaving
        )
        if batch_until is None:
            transaction.on_commit(lambda: dispatch.enqueue(leaving))
    return len(leaving)
