"""Variants: several outputs for one request, of which one is chosen.

Each is trusted or reviewed as any other output. The requester chooses as feedback (``creators.choose``); a reviewer
chooses between those that wait for a verdict.
"""

from __future__ import annotations

import uuid
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final, TypedDict

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, F, OuterRef
from django.utils import timezone

from agents.choices import (
    ANOTHER_WAS_BETTER,
    AS_GOOD_AS_ANOTHER,
    FeedbackRating,
    JobOutcome,
    ReviewKind,
    Verdict,
)
from agents.common import permissions, world_context
from agents.errors import Conflict, FieldError, Invalid, NotFound
from agents.models import AgentJob, JobFeedback, ReviewDecision, ReviewItem
from agents.models.jobs.states import UNFINISHED
from agents.review.verdicts import decisions

if TYPE_CHECKING:
    from django.contrib.auth.models import User

STATS_DAYS: Final = 90
# Sets that are looked through for one that nobody compares.
MAX_SETS: Final = 100


def items_of(variants_id: uuid.UUID, by: User) -> list[ReviewItem]:
    """Return the review items of the variants of a request, in the order of their submission."""
    permissions.require_reviewer(by)
    items = (
        ReviewItem.objects.shown_to(by)
        .filter(job__variants_id=variants_id)
        .exclude(kind=ReviewKind.GOLD)
        .select_related("job__requested_by", "claimed_by", "assigned_to", "universe")
        .with_decisions()
        .with_guest_opinions()
        .order_by("job__created_at", "job_id")
    )
    found = list(items)
    if not found:
        raise NotFound(f"There are no variants {variants_id} to review.", code="variants_not_found")
    return found


def choose(
    variants_id: uuid.UUID, job_id: uuid.UUID, *, by: User, is_tie: bool = False
) -> list[ReviewDecision]:
    """Approve one variant and reject the others, together or not at all.

    ``is_tie``: the others are as good, which their reason says. ``bulk.undo_all`` takes the choice back as a whole, by
    the id of the variants. Raises ``Conflict`` while a variant is unfinished (``variants_unfinished``), if fewer than
    two wait for a verdict (``variants_decided``) or several opinions are wanted (``opinions_wanted``), and what
    ``decide`` raises for any of them.
    """
    items = items_of(variants_id, by)
    with transaction.atomic():
        world_context.lock_universe(items[0].job.universe_id)
        if AgentJob.objects.filter(variants_id=variants_id, status__in=UNFINISHED).exists():
            raise Conflict("A variant is not finished yet.", code="variants_unfinished")
        waiting = {item.job_id: item for item in items_of(variants_id, by) if _waits(item)}
        if len(waiting) < 2:
            raise Conflict("Fewer than two variants wait for a verdict.", code="variants_decided")
        if any(item.opinions_wanted > 1 for item in waiting.values()):
            detail = "These items require several opinions: decide each one separately."
            raise Conflict(detail, code="opinions_wanted")
        if job_id not in waiting:
            detail = "This variant is not waiting for a verdict."
            raise Invalid(
                "The chosen job is not one of the waiting variants.",
                [FieldError("/job_id", detail, "unknown_variant")],
            )
        return [
            decisions.decide(
                item.pk,
                Verdict.APPROVED if item.job_id == job_id else Verdict.REJECTED,
                by=by,
                reason="" if item.job_id == job_id else AS_GOOD_AS_ANOTHER if is_tie else ANOTHER_WAS_BETTER,
                bulk_id=variants_id,
            )
            for item in waiting.values()
        ]


def waiting_sets(by: User) -> list[uuid.UUID]:
    """Return the first sets of variants between which this person could choose now, most urgent first."""
    now = timezone.now()
    single = ReviewItem.objects.exclude(kind=ReviewKind.GOLD).filter(
        opinions_wanted=1, job__outcome=JobOutcome.AWAITING_REVIEW
    )
    others = single.claimable_by(by, now).filter(job__variants_id=OuterRef("job__variants_id"))
    unfinished = AgentJob.objects.filter(variants_id=OuterRef("job__variants_id"), status__in=UNFINISHED)
    found = (
        single.offered_to(by, now)
        .filter(
            Exists(others.exclude(pk=OuterRef("pk"))), ~Exists(unfinished), job__variants_id__isnull=False
        )
        .queue_order()
        .values_list("job__variants_id", flat=True)[: MAX_SETS * 2]
    )
    return list(dict.fromkeys(pk for pk in found if pk is not None))[:MAX_SETS]


def claim_next(by: User, *, leaving: uuid.UUID | None = None) -> uuid.UUID | None:
    """Claim the waiting items of the next set of variants; return its id, or None if there is none.

    The next one after ``leaving``, whose claims are released; after the last comes the first. Concurrent callers get
    different sets.
    """
    permissions.require_reviewer(by)
    sets = waiting_sets(by)
    if leaving is not None:
        for item in ReviewItem.objects.filter(job__variants_id=leaving, claimed_by=by):
            ReviewItem.objects.release(item.pk, by)
        at = sets.index(leaving) if leaving in sets else -1
        sets = [*sets[at + 1 :], *sets[: max(at, 0)]]
    return next((variants_id for variants_id in sets if _claim_all(variants_id, by)), None)


def _claim_all(variants_id: uuid.UUID, by: User) -> bool:
    """Claim the waiting items of a set, together or not at all."""
    with transaction.atomic():
        ids = [item.pk for item in items_of(variants_id, by) if _waits(item)]
        is_whole = len(ids) > 1 and all(
            ReviewItem.objects.claim(pk, by, claim_s=settings.REVIEW_CLAIM_S) for pk in sorted(ids)
        )
        if not is_whole:
            transaction.set_rollback(True)
    return is_whole


def _waits(item: ReviewItem) -> bool:
    return item.closed_at is None and item.job.outcome == JobOutcome.AWAITING_REVIEW


class ModelChoices(TypedDict):
    """Counts of one model: its outputs that were shown among variants, and that were chosen."""

    model: str
    shown: int
    chosen: int


@dataclass(slots=True)
class VariantStats:
    """Choices of a period; ``by_model`` has for each model how often its outputs were shown and chosen."""

    choices: int = 0
    ties: int = 0
    by_model: list[ModelChoices] = field(default_factory=list)


def stats(days: int = STATS_DAYS) -> VariantStats:
    """Count the choices of the last days, those of reviewers that are in force first.

    A tie is chosen by nobody.
    """
    since = timezone.now() - timedelta(days=days)
    shown: Counter[str] = Counter()
    chosen: Counter[str] = Counter()
    choices = {**_choices_of_requesters(since), **_choices_of_reviewers(since)}
    ties = {
        pk for pk, rows_of in choices.items() if any(reason == AS_GOOD_AS_ANOTHER for _, reason, _ in rows_of)
    }
    for variants_id, rows_of in choices.items():
        shown.update(model for _, _, model in rows_of)
        chosen.update(model for is_chosen, _, model in rows_of if is_chosen and variants_id not in ties)
    by_model: list[ModelChoices] = [
        {"model": model, "shown": count, "chosen": chosen[model]} for model, count in sorted(shown.items())
    ]
    return VariantStats(len(choices), len(ties), by_model)


# For the variants of a request: whether each was chosen, the reason if not, and its model.
_Choices = dict[uuid.UUID, list[tuple[bool, str | None, str]]]


def _choices_of_reviewers(since: datetime) -> _Choices:
    rows = (
        ReviewDecision.objects.in_force()
        .filter(at__gte=since, bulk_id=F("item__job__variants_id"))
        .values_list("bulk_id", "verdict", "reason__code", "item__job__model")
    )
    return _grouped((pk, verdict == Verdict.APPROVED, reason, model) for pk, verdict, reason, model in rows)


def _choices_of_requesters(since: datetime) -> _Choices:
    rows = JobFeedback.objects.filter(at__gte=since, job__variants_id__isnull=False).values_list(
        "job__variants_id", "rating", "reason__code", "job__model"
    )
    found = _grouped(
        (pk, rating == FeedbackRating.ACCEPTED, reason, model) for pk, rating, reason, model in rows
    )
    # Feedback on one variant is no choice.
    return {
        pk: rows_of
        for pk, rows_of in found.items()
        if any(reason == ANOTHER_WAS_BETTER for _, reason, _ in rows_of)
    }


def _grouped(rows: Iterable[tuple[uuid.UUID | None, bool, str | None, str]]) -> _Choices:
    found: defaultdict[uuid.UUID, list[tuple[bool, str | None, str]]] = defaultdict(list)
    for variants_id, is_chosen, reason, model in rows:
        assert variants_id is not None
        found[variants_id].append((is_chosen, reason, model))
    return found
