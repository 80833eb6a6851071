"""Bulk decisions: preview of one verdict on many items, and its execution."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.utils import timezone

from agents.choices import ReviewState, Verdict
from agents.common import permissions
from agents.errors import DomainError, FieldError, Invalid, NotFound
from agents.models import ReviewDecision, ReviewItem
from agents.review import self_review
from agents.review.verdicts import decisions
from universes.ids import new_id

if TYPE_CHECKING:
    from django.contrib.auth.models import User

# Each item takes a transaction of its own within one request.
MAX_ITEMS = 500
SAMPLE_SIZE = 5
VERDICTS = (Verdict.APPROVED, Verdict.REJECTED)


@dataclass(frozen=True, slots=True)
class SkippedItem:
    """An item that a bulk verdict leaves undecided, with the reason."""

    item_id: uuid.UUID
    why: str


@dataclass(frozen=True, slots=True)
class Plan:
    """The items that a bulk verdict would decide, in queue order, and a sample spread over their confidence."""

    items: list[ReviewItem]
    left_out: list[SkippedItem]
    sample: list[ReviewItem]

    @property
    def lowest(self) -> float | None:
        return min((item.confidence for item in self.items), default=None)

    @property
    def highest(self) -> float | None:
        return max((item.confidence for item in self.items), default=None)


@dataclass(slots=True)
class BulkResult:
    """The decided items, and those left out; ``bulk_id`` undoes the decisions together."""

    bulk_id: uuid.UUID
    decided: list[uuid.UUID] = field(default_factory=list)
    left_out: list[SkippedItem] = field(default_factory=list)


def plan(item_ids: Sequence[uuid.UUID], verdict: Verdict = Verdict.APPROVED, *, by: User) -> Plan:
    """Return which of these items a bulk verdict by this person would decide now.

    Left out are items claimed by others, the person's own jobs, and items that have to be read one by one: blind ones,
    and those that require several opinions. An approval also leaves out variants of the same request, of which one is
    chosen. Raises ``Invalid`` for too many items.
    """
    permissions.require_reviewer(by)
    ids = _distinct_ids(item_ids)
    visible = {
        item.pk: item
        for item in ReviewItem.objects.shown_to(by)
        .filter(pk__in=ids)
        .select_related("job", "universe", "claimed_by", "assigned_to")
        .defer("job__signals", "universe__description")
        .with_decisions()
        .mark_own_jobs_of(by)
        .queue_order()
    }
    items: list[ReviewItem] = []
    left_out = [SkippedItem(pk, "There is no such item.") for pk in ids if pk not in visible]
    variants = Counter(item.job.variants_id for item in visible.values() if item.state == ReviewState.OPEN)
    for item in visible.values():
        why = _obstacle(item, by)
        if (
            not why
            and verdict == Verdict.APPROVED
            and item.job.variants_id
            and variants[item.job.variants_id] > 1
        ):
            why = "Another variant of the same request is selected, too: compare them."
        if why:
            left_out.append(SkippedItem(item.pk, why))
        else:
            items.append(item)
    return Plan(items, left_out, _spread(items))


def decide_all(
    item_ids: Sequence[uuid.UUID], verdict: Verdict, *, by: User, note: str = "", reason: str = ""
) -> BulkResult:
    """Decide each item of ``plan`` separately; return the decided items and those left out, with reasons.

    Items that changed since the plan are left out by the same rules. Raises ``Invalid`` before anything is decided
    if the verdict needs a reason or cannot be given in bulk.
    """
    if verdict not in VERDICTS:
        detail = f"One of: {', '.join(VERDICTS)}."
        raise Invalid(
            "This verdict cannot be given in bulk.", [FieldError("/verdict", detail, "invalid_choice")]
        )
    decisions.check_note_and_reason(verdict, note=note, reason=reason)
    planned = plan(item_ids, verdict, by=by)
    result = BulkResult(new_id(), left_out=planned.left_out)
    for item in planned.items:
        try:
            decisions.decide(item.pk, verdict, by=by, note=note, reason=reason, bulk_id=result.bulk_id)
        except DomainError as refusal:
            result.left_out.append(SkippedItem(item.pk, refusal.message))
        else:
            result.decided.append(item.pk)
    return result


@dataclass(slots=True)
class BulkUndo:
    undone: list[uuid.UUID] = field(default_factory=list)
    left_out: list[SkippedItem] = field(default_factory=list)


def undo_all(bulk_id: uuid.UUID, *, by: User) -> BulkUndo:
    """Undo the caller's decisions of one bulk that are still in force; those that cannot be undone are left out.

    The items reopen unclaimed. Raises ``NotFound`` for a bulk of another person, or if it decided nothing.
    """
    permissions.require_reviewer(by)
    given = ReviewDecision.objects.filter(by=by, bulk_id=bulk_id).order_by("-at", "-id")
    if not given.exists():
        raise NotFound(f"There is no bulk decision {bulk_id} of yours.", code="bulk_not_found")
    result = BulkUndo()
    for item_id in given.in_force().values_list("item_id", flat=True):
        try:
            decisions.undo(item_id, by=by, is_claimed=False)
        except DomainError as refusal:
            result.left_out.append(SkippedItem(item_id, refusal.message))
        else:
            result.undone.append(item_id)
    return result


def _distinct_ids(item_ids: Sequence[uuid.UUID]) -> list[uuid.UUID]:
    ids = list(dict.fromkeys(item_ids))
    if not ids:
        raise Invalid("No item was named.", [FieldError("/ids", "Name at least one.", "required")])
    if len(ids) > MAX_ITEMS:
        detail = f"{len(ids)} items; at most {MAX_ITEMS} at a time."
        raise Invalid("Too many items.", [FieldError("/ids", detail, "too_many")])
    return ids


def _obstacle(item: ReviewItem, by: User) -> str:
    if item.state != ReviewState.OPEN:
        decision = item.decision
        return f"{decision.by.get_username()} has decided it." if decision else "It is closed."
    if item.claimed_by is not None and item.claimed_by_id != by.pk and item.is_claimed(timezone.now()):
        return f"{item.claimed_by.get_username()} has claimed it until {item.claimed_until:%H:%M} UTC."
    if item.assigned_to is not None and item.assigned_to_id != by.pk:
        return f"It was handed to {item.assigned_to.get_username()}."
    if item.is_blind:
        return "Blind items are decided one by one."
    if item.opinions_wanted > 1:
        return "It requires several opinions."
    if item.is_own_job:  # type: ignore[attr-defined]
        return self_review.sentence(item)
    return ""


def _spread(items: Sequence[ReviewItem]) -> list[ReviewItem]:
    """Return a sample from the least to the most confident item, both ends included."""
    by_confidence = sorted(items, key=lambda item: item.confidence)
    if len(by_confidence) <= SAMPLE_SIZE:
        return by_confidence
    last = len(by_confidence) - 1
    return [by_confidence[round(step * last / (SAMPLE_SIZE - 1))] for step in range(SAMPLE_SIZE)]
