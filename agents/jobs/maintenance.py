"""What beat has done: ring again, take back, clean up. Each is harmless when two of it run at once."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from agents.choices import REPORT_PERIODS_DAYS, JobStatus, ReviewState
from agents.common import dispatch
from agents.jobs import outcomes
from agents.models import AgentJob, GoldStandard
from agents.models.job import FINISHED
from agents.providers import factory
from universes.services.canon_origins import canon_origin_refs

log = structlog.get_logger(__name__)

SWEEP_LIMIT = 2000
RESCUE_LIMIT = 500
CLEANUP_BATCH = 500


def _needed() -> Q:
    """Jobs that are kept however old.

    Open for review, or followed by a job that is: a follow-up also reads the text that it was asked about. Decided so
    lately that the figures still count it: without the rejected ones they would flatter the machine. Gold is kept for
    good, because it measures reviewers. In a batch that is still to be paid for.
    """
    counted_since = timezone.now() - timedelta(days=max(REPORT_PERIODS_DAYS))
    return (
        Q(gold__isnull=False)
        | Q(review_items__state=ReviewState.OPEN)
        | Q(review_items__decisions__at__gte=counted_since)
        | Q(follow_ups__review_items__state=ReviewState.OPEN)
        | Q(batch_items__isnull=False, batch_items__applied_at__isnull=True)
        | Q(follow_ups__status__in=[JobStatus.PENDING, JobStatus.PROCESSING])
    )


def enqueue_due_jobs() -> dict[str, int]:
    """Ring for due jobs that the broker was not told of, or may have forgotten.

    As long as the broker holds as many messages as there are due jobs it has forgotten nothing, and the old ones
    are left alone: a long queue is not made longer.
    """
    now = timezone.now()
    due = AgentJob.objects.due(now)
    queued = dispatch.queue_length()
    if queued is None:
        return {"sent": 0, "broker_away": 1}
    unsent = due.unsent(now, timedelta(seconds=settings.RESEND_AFTER_S))
    if queued and queued >= due.count():
        unsent = due.filter(sent_at__isnull=True)
    with transaction.atomic():
        # Held and marked before they are sent, so that a second sweeper finds nothing; what cannot be sent is
        # unmarked again.
        locked = unsent.select_for_update(skip_locked=True).order_by("available_at")
        jobs = list(locked.for_queue()[:SWEEP_LIMIT])
        AgentJob.objects.filter(pk__in=[job.pk for job in jobs]).update(sent_at=now)
    return {"sent": dispatch.enqueue(jobs)}


class PauseWatch:
    """Memory of the models whose calls were paused at the last look, to notice when one of them resumes."""

    def __init__(self) -> None:
        self._paused: set[str] | None = None

    def has_resumed(self, paused: set[str]) -> bool:
        """Compare with the last look; True at the first one, because jobs may have waited for this process."""
        before, self._paused = self._paused, paused
        return before is None or bool(before - paused)


def wake_admitted_jobs(pauses: PauseWatch) -> dict[str, int]:
    """Bring forward postponed jobs that the model's limits would admit now, and enqueue them.

    Meant for every second, in any number of processes, each with its own ``pauses``. The jobs of paused models are
    brought forward when a model resumes.
    """
    limits = factory.limits()
    if limits is None:
        return {"enqueued": 0}
    admitted = [uuid.UUID(job) for job in limits.ready_jobs()]
    # Per model, because a retired model stays paused and must not hold back the jobs of another one.
    has_resumed = pauses.has_resumed({model.model for model in limits.snapshot() if model.is_open})
    if not admitted and not has_resumed:
        return {"enqueued": 0}
    now = timezone.now()
    with transaction.atomic():
        jobs = AgentJob.objects.bring_forward(now, pk__in=admitted) if admitted else []
        if has_resumed:
            jobs += AgentJob.objects.bring_forward(now, error_code="line_paused")
    return {"enqueued": dispatch.enqueue(jobs)}


def rescue_stalled_jobs() -> dict[str, int]:
    """Take back jobs whose worker is gone: they run again, or fail by name when their tries are used up."""
    stalled = AgentJob.objects.stalled(timezone.now()).order_by("claimed_until")[:RESCUE_LIMIT]
    rescued = sum(outcomes.record_lost_worker(job) for job in stalled)
    if rescued:
        log.warning("jobs_rescued", count=rescued)
    return {"rescued": rescued}


def cleanup_old_jobs(days: int) -> dict[str, Any]:
    """Delete jobs that finished more than ``days`` days ago, in small batches.

    Kept are those that wait for review or were reviewed lately, those whose follow-up waits or is under way, and those
    whose output is canon.
    ``ValueError`` for less than a day: an attempt of a job that was cancelled just now may still be running.
    """
    if days < 1:
        raise ValueError(f"Jobs are kept for at least one day, not {days}.")
    before = timezone.now() - timedelta(days=days)
    finished = AgentJob.objects.finished_before(before).order_by("completed_at", "pk")
    deleted = kept_for_review = kept_for_canon = 0
    last: tuple[Any, Any] | None = None
    while True:
        page = finished if last is None else _after(finished, last)
        batch = list(page.values_list("completed_at", "pk")[:CLEANUP_BATCH])
        if not batch:
            break
        last = batch[-1]
        ids = [pk for _, pk in batch]
        waiting = set(AgentJob.objects.filter(pk__in=ids).filter(_needed()).values_list("pk", flat=True))
        in_canon = canon_origin_refs([str(pk) for pk in ids])
        doomed = [pk for pk in ids if pk not in waiting and str(pk) not in in_canon]
        kept_for_review += len(waiting)
        kept_for_canon += len(ids) - len(doomed) - len(waiting)
        deleted += _delete(doomed)
    return {
        "days": days,
        "deleted": deleted,
        "kept_for_review": kept_for_review,
        "kept_in_canon": kept_for_canon,
    }


def _after(jobs: Any, last: tuple[Any, Any]) -> Any:
    completed_at, pk = last
    return jobs.filter(Q(completed_at__gt=completed_at) | Q(completed_at=completed_at, pk__gt=pk))


def _delete(ids: list[Any]) -> int:
    """Delete those that are still finished: a person may have retried one meanwhile."""
    with transaction.atomic():
        still = list(
            AgentJob.objects.select_for_update()
            .filter(pk__in=ids, status__in=FINISHED)
            .exclude(review_items__state=ReviewState.OPEN)
            # In one order, so that two clean-ups wait for each other instead of locking each other out.
            .order_by("pk")
            .values_list("pk", flat=True)
        )
        # Read after the jobs are held: whoever makes one gold holds it too.
        gold = set(GoldStandard.objects.filter(job__in=still).values_list("job_id", flat=True))
        doomed = [pk for pk in still if pk not in gold]
        AgentJob.objects.filter(pk__in=doomed).delete()
    return len(doomed)
