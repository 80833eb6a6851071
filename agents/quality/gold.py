"""Gold items: old jobs with a known right verdict, planted among a reviewer's items to measure the reviewer.

To the reviewer they look like any other item; a decision on them has no effect beyond its record.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import Count, Exists, OuterRef, Q
from django.utils import timezone

from agents.choices import ACCEPTED_VERDICTS, GoldAnswer, JobStatus, ReviewKind
from agents.common import permissions
from agents.errors import Conflict, FieldError, Forbidden, Invalid, NotFound
from agents.models import AgentJob, GoldStandard, ReviewDecision, ReviewItem
from agents.review import notes

if TYPE_CHECKING:
    from django.contrib.auth.models import User
    from django.db.models import QuerySet

# A gold item is planted within the first items of the reviewer's queue.
PLANT_WITHIN = 3


def require_lead(user: User) -> None:
    if not permissions.is_lead(user):
        raise Forbidden("Only lead reviewers may see and change gold.")


# --- Standards ------------------------------------------------------------------------------------------


def mark_gold(job_id: uuid.UUID, answer: str, why: str, by: User) -> GoldStandard:
    """Mark a job as gold with its right answer; a retired standard is reactivated with the new answer.

    Raises ``Forbidden`` for everyone but leads, ``NotFound``, ``Invalid``, or ``Conflict`` with code
    ``gold_undecided`` (its review is not closed by a verdict) or ``gold_exists`` (it is active already).
    """
    require_lead(by)
    if answer not in GoldAnswer.values:
        known = ", ".join(GoldAnswer.values)
        raise Invalid(
            "The answer is not valid.", [FieldError("/answer", f"Use one of: {known}.", "invalid_choice")]
        )
    why = notes.checked_note(why, "/why")
    if not why:
        detail = "Say what makes it right or wrong."
        raise Invalid("A reason is needed.", [FieldError("/why", detail, "required")])
    with transaction.atomic():
        # The row lock serialises concurrent calls: the second finds the standard of the first.
        job = AgentJob.objects.select_for_update(no_key=True).filter(pk=job_id).first()
        if job is None:
            raise NotFound(f"There is no job {job_id}.", code="job_not_found")
        is_decided = ReviewDecision.objects.effective().filter(item__job=job).exists()
        is_open = ReviewItem.objects.waiting().filter(job=job).exists()
        if job.status != JobStatus.COMPLETED or is_open or not is_decided:
            raise Conflict(f"The review of job {job_id} is not closed by a verdict.", code="gold_undecided")
        if GoldStandard.objects.filter(job=job, is_active=True).exists():
            raise Conflict(
                f"Job {job_id} is used as gold already.",
                code="gold_exists",
                details={"existing": {"id": str(job_id), "name": str(job)}},
            )
        standard, _ = GoldStandard.objects.update_or_create(
            job=job,
            defaults={
                "answer": answer,
                "why": why,
                "is_active": True,
                "added_by": by,
                "added_at": timezone.now(),
            },
        )
    return standard


def retire_gold(job_id: uuid.UUID, by: User) -> GoldStandard:
    """Stop planting a standard and delete its unclaimed, undecided items; idempotent."""
    require_lead(by)
    with transaction.atomic():
        standard = (
            GoldStandard.objects.select_for_update(of=("self",))
            .select_related("job", "added_by")
            .filter(job_id=job_id)
            .first()
        )
        if standard is None:
            raise NotFound(f"Job {job_id} is not gold.", code="gold_not_found")
        if standard.is_active:
            standard.is_active = False
            standard.save(update_fields=["is_active"])
        untouched = ReviewItem.objects.unclaimed(timezone.now()).filter(
            job_id=job_id, kind=ReviewKind.GOLD, decisions__isnull=True
        )
        # Lock first: an item that is being claimed or decided right now stays with its reviewer.
        locked = untouched.select_for_update(of=("self",)).values_list("pk", flat=True)
        ReviewItem.objects.filter(pk__in=list(locked)).delete()
    return standard


# --- Planting -----------------------------------------------------------------------------------------------


def plant_gold() -> dict[str, int]:
    """Plant a gold item for each reviewer with ``GOLD_AFTER`` decisions since the last one, never two at once."""
    if not settings.GOLD_AFTER or not GoldStandard.objects.filter(is_active=True).exists():
        return {"planted": 0}
    return {"planted": sum(_plant_for(reviewer) for reviewer in _reviewers_without_gold())}


def _reviewers_without_gold() -> QuerySet[User]:
    open_gold = ReviewItem.objects.open().filter(kind=ReviewKind.GOLD, only_for=OuterRef("pk"))
    return permissions.reviewers().exclude(Exists(open_gold)).order_by("pk")


def _plant_for(reviewer: User) -> bool:
    if not _is_due(reviewer):
        return False
    with transaction.atomic():
        # The row lock serialises concurrent planting: the second call finds the item of the first.
        list(get_user_model().objects.select_for_update(no_key=True).filter(pk=reviewer.pk).values_list("pk"))
        if ReviewItem.objects.all().gold_to_judge(reviewer).exists():
            return False
        now = timezone.now()
        standard = _standard_for(reviewer)
        neighbour = _neighbour(reviewer, now)
        if standard is None or neighbour is None:
            return False
        _plant(standard, reviewer, neighbour, now)
    return True


def _is_due(reviewer: User) -> bool:
    decisions = ReviewDecision.objects.in_force().filter(by=reviewer).exclude(item__kind=ReviewKind.GOLD)
    last = (
        ReviewItem.objects.filter(kind=ReviewKind.GOLD, only_for=reviewer, closed_at__isnull=False)
        .order_by("-closed_at")
        .values_list("closed_at", flat=True)
        .first()
    )
    if last is not None:
        decisions = decisions.filter(at__gt=last)
    return decisions.count() >= int(settings.GOLD_AFTER)


def _standard_for(reviewer: User) -> GoldStandard | None:
    """Return the least used standard that this reviewer has not judged, requested or added; None if there is none."""
    of_job = ReviewItem.objects.filter(job=OuterRef("job"))
    judged = ReviewDecision.objects.filter(item__job=OuterRef("job"), by=reviewer)
    return (
        GoldStandard.objects.filter(is_active=True)
        .exclude(Exists(judged))
        .exclude(Exists(of_job.filter(kind=ReviewKind.GOLD, only_for=reviewer)))
        # The job is in review again because its verdict was undone.
        .exclude(Exists(of_job.waiting()))
        .exclude(Q(job__requested_by=reviewer) | Q(added_by=reviewer))
        .annotate(planted=Count("job__review_items", filter=Q(job__review_items__kind=ReviewKind.GOLD)))
        .select_related("job")
        .order_by("planted", "pk")
        .first()
    )


def _neighbour(reviewer: User, now: datetime) -> ReviewItem | None:
    """Return an item near the head of the queue to hide the gold item beside; None for an empty queue."""
    upcoming = list(ReviewItem.objects.waiting().offered_to(reviewer, now).queue_order()[:PLANT_WITHIN])
    return upcoming[-1] if upcoming else None


def _plant(standard: GoldStandard, reviewer: User, neighbour: ReviewItem, now: datetime) -> None:
    original = standard.job.review_items.exclude(kind=ReviewKind.GOLD).order_by("opened_at", "pk").first()
    assert original is not None, "Only reviewed jobs become gold."
    # Nearly as old and as urgent as its neighbour; equal timestamps would reveal it.
    offset = timedelta(microseconds=standard.job_id.int % 1_000_000 + 1)
    opened_at = min(neighbour.opened_at + offset, now)
    ReviewItem.objects.create(
        job=standard.job,
        universe_id=original.universe_id,
        agent_type=original.agent_type,
        kind=ReviewKind.GOLD,
        is_blind=True,
        only_for=reviewer,
        # For appearance only: a gold item is decided by its one reviewer.
        opinions_wanted=neighbour.opinions_wanted,
        confidence=original.confidence,
        reasons=original.reasons,
        reason_codes=original.reason_codes,
        priority=neighbour.priority,
        opened_at=opened_at,
        due_at=neighbour.due_at + offset,
    )


# --- Results ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class WrongGold:
    """A gold item that was judged wrongly."""

    item_id: uuid.UUID
    job_id: uuid.UUID
    verdict: str
    answer: str
    why: str
    at: datetime


@dataclass(slots=True)
class GoldResults:
    """A reviewer's results on gold items: number right, number judged, and the wrong ones, newest first."""

    right: int = 0
    of: int = 0
    wrong: list[WrongGold] = field(default_factory=list)


def results_of(user_ids: Iterable[int]) -> dict[int, GoldResults]:
    """Return the results of each reviewer in one query.

    Right means: approve (edited or not) what should be accepted, reject or ask again what should be refused. The
    first verdict on each item counts, even if undone, because the reviewer then sees the answer.
    """
    results = {user_id: GoldResults() for user_id in user_ids}
    rows = (
        ReviewDecision.objects.filter(
            item__kind=ReviewKind.GOLD, item__job__gold__isnull=False, by__in=list(results)
        )
        .order_by("at", "id")
        .values_list(
            "by_id",
            "item_id",
            "item__job_id",
            "verdict",
            "item__job__gold__answer",
            "item__job__gold__why",
            "at",
        )
    )
    seen: set[uuid.UUID] = set()
    for by_id, item_id, job_id, verdict, answer, why, at in rows:
        if item_id in seen:
            continue
        seen.add(item_id)
        own = results[by_id]
        own.of += 1
        if (verdict in ACCEPTED_VERDICTS) == (answer == GoldAnswer.ACCEPT):
            own.right += 1
        else:
            own.wrong.insert(0, WrongGold(item_id, job_id, verdict, answer, why, at))
    return results
