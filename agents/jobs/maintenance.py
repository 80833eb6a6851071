"""Periodic maintenance of jobs: sweep, wake-up and clean-up. Each tolerates a concurrent run."""

from __future__ import annotations

import random
import time
import uuid
from datetime import datetime, timedelta
from itertools import groupby
from typing import TypedDict

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from agents.billing import totals
from agents.choices import REPORT_PERIODS_DAYS, JobStatus, ReviewState
from agents.common import dispatch
from agents.models import AgentJob, GoldStandard
from agents.models.jobs.job import AgentJobQuerySet
from agents.models.jobs.states import FINISHED
from agents.providers import factory
from universes.services.history.canon_origins import canon_origin_refs

log = structlog.get_logger(__name__)

MAX_SWEPT = 2000
# Time within which an idle worker takes a job whose message is on its way.
OVERLOOKED_S = 2.0
# Small, so that no statement and no lock takes long.
CLEANUP_BATCH = 200
# Longest pause between two batches. It is as long as the batch took, so that others get half of the database at least.
MAX_PAUSE_S = 1.0


class CleanupResult(TypedDict):
    days: int
    deleted: int
    kept_for_review: int
    kept_in_canon: int


def _needed() -> Q:
    """Select jobs that the clean-up keeps at any age.

    - Jobs with an open review, or with a follow-up that is open or unfinished and reads their output.
    - Jobs decided in the longest report period: without the rejected ones the reports would flatter the agents.
    - Gold, because it measures reviewers.
    - Jobs in a batch whose answer is not applied yet, because it is not paid for in the ledger.
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
    """Enqueue due jobs that were never sent to the broker, or whose message may be lost.

    While the broker holds as many messages as there are due jobs, none is lost, and only unsent jobs are enqueued: a
    long queue is not made longer.
    """
    now = timezone.now()
    due = AgentJob.objects.due(now)
    unsent = due.unsent(now, timedelta(seconds=settings.RESEND_AFTER_S))
    if not unsent.exists():
        return {"sent": 0}
    queued = dispatch.queue_length()
    if queued is None:
        return {"sent": 0, "broker_away": 1}
    if queued and queued >= due.count():
        unsent = due.filter(sent_at__isnull=True)
    with transaction.atomic():
        # Locked and marked before they are sent, so that a second sweeper finds none of them. ``enqueue`` unmarks
        # those that it cannot send.
        locked = unsent.select_for_update(skip_locked=True).order_by("is_crowded", "available_at")
        jobs = list(locked.for_queue()[:MAX_SWEPT])
        AgentJob.objects.filter(pk__in=[job.pk for job in jobs]).update(sent_at=now)
    return {"sent": dispatch.enqueue(jobs)}


def overlooked_jobs(limit: int) -> list[uuid.UUID]:
    """Return due jobs that the broker does not know, or has known for a moment without a worker taking them.

    Meant for a worker with that many idle threads: then no message is under way, or the broker is silent.
    """
    now = timezone.now()
    due = AgentJob.objects.due(now).unsent(now, timedelta(seconds=OVERLOOKED_S)).people_first()
    seen = due.only("is_crowded", "schedule", "priority")[: limit * 4]
    taken: list[uuid.UUID] = []
    for _, equals in groupby(seen, key=lambda job: (job.is_crowded, job.is_background)):
        # A sample, because the other workers see the same jobs; of the next class only if this one is not enough.
        ids = [job.pk for job in equals]
        taken += random.sample(ids, min(limit - len(taken), len(ids)))
    return taken


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


def cleanup_old_jobs(days: int) -> CleanupResult:
    """Delete jobs that finished more than ``days`` days ago, in small batches, except ``_needed`` and canon.

    Raises ``ValueError`` for less than a day: an attempt of a job that was cancelled just now may still be running.
    """
    if days < 1:
        raise ValueError(f"Jobs are kept for at least one day, not {days}.")
    before = timezone.now() - timedelta(days=days)
    finished = AgentJob.objects.finished_before(before).order_by("completed_at", "pk")
    deleted = kept_for_review = kept_for_canon = 0
    last: tuple[datetime | None, uuid.UUID] | None = None
    while True:
        page = finished if last is None else _after(finished, last)
        began = time.monotonic()
        batch = list(page.values_list("completed_at", "pk")[:CLEANUP_BATCH])
        if not batch:
            break
        last = batch[-1]
        ids = [pk for _, pk in batch]
        needed = set(AgentJob.objects.filter(pk__in=ids).filter(_needed()).values_list("pk", flat=True))
        in_canon = canon_origin_refs([str(pk) for pk in ids])
        deletable = [pk for pk in ids if pk not in needed and str(pk) not in in_canon]
        kept_for_review += len(needed)
        kept_for_canon += len(ids) - len(deletable) - len(needed)
        deleted += _delete(deletable)
        if len(batch) == CLEANUP_BATCH:
            time.sleep(min(MAX_PAUSE_S, time.monotonic() - began))
    return {
        "days": days,
        "deleted": deleted,
        "kept_for_review": kept_for_review,
        "kept_in_canon": kept_for_canon,
    }


def _after(jobs: AgentJobQuerySet, last: tuple[datetime | None, uuid.UUID]) -> AgentJobQuerySet:
    completed_at, pk = last
    return jobs.filter(Q(completed_at__gt=completed_at) | Q(completed_at=completed_at, pk__gt=pk))


def _delete(ids: list[uuid.UUID]) -> int:
    """Delete the jobs that are still finished: a person may have retried one meanwhile."""
    with transaction.atomic():
        finished = list(
            AgentJob.objects.select_for_update()
            .filter(pk__in=ids, status__in=FINISHED)
            .exclude(review_items__state=ReviewState.OPEN)
            # Ordered, so that two concurrent clean-ups do not deadlock.
            .order_by("pk")
            .values_list("pk", flat=True)
        )
        # Read under the lock, which is also taken to make a job gold.
        gold = set(GoldStandard.objects.filter(job__in=finished).values_list("job_id", flat=True))
        deletable = [pk for pk in finished if pk not in gold]
        totals.leave_out(deletable)
        AgentJob.objects.filter(pk__in=deletable).delete()
    return len(deletable)
