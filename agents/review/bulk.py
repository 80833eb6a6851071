"""One verdict on many items: what it would do, and doing it."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.utils import timezone

from agents.choices import ReviewState, Verdict
from agents.common import permissions
from agents.errors import DomainError, FieldError, Invalid
from agents.models import ReviewItem
from agents.review import decisions

if TYPE_CHECKING:
    from django.contrib.auth.models import User

# Each item is a transaction of its own, and the person waits for all of them.
MOST_ITEMS = 500
SAMPLE = 5
VERDICTS = (Verdict.APPROVED, Verdict.REJECTED)


@dataclass(frozen=True, slots=True)
class LeftOut:
    """An item that a bulk verdict does not touch, and why."""

    item_id: uuid.UUID
    why: str


@dataclass(frozen=True, slots=True)
class Plan:
    """What a bulk verdict would decide: ``items`` in queue order, a sample of them spread over their confidence."""

    items: list[ReviewItem]
    left_out: list[LeftOut]
    sample: list[ReviewItem]

    @property
    def lowest(self) -> float | None:
        return min((item.confidence for item in self.items), default=None)

    @property
    def highest(self) -> float | None:
        return max((item.confidence for item in self.items), default=None)


@dataclass(slots=True)
class Outcome:
    decided: list[uuid.UUID] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)


def plan(item_ids: Sequence[uuid.UUID], *, by: User) -> Plan:
    """Which of these items a bulk verdict by this person would decide now.

    Left out are those that somebody else holds, and those that have to be read one by one: blind ones, and those on
    which several opinions are wanted. Raises ``Invalid`` for too many.
    """
    permissions.require_reviewer(by)
    wanted = _wanted(item_ids)
    found = {
        item.pk: item
        for item in ReviewItem.objects.shown_to(by)
        .filter(pk__in=wanted)
        .select_related("job", "universe", "claimed_by")
        .defer("job__signals", "universe__description")
        .with_decisions()
        .queue_order()
    }
    items: list[ReviewItem] = []
    left_out = [LeftOut(pk, "There is no such item.") for pk in wanted if pk not in found]
    for item in found.values():
        why = _obstacle(item, by)
        if why:
            left_out.append(LeftOut(item.pk, why))
        else:
            items.append(item)
    return Plan(items, left_out, _spread(items))


def decide_all(
    item_ids: Sequence[uuid.UUID], verdict: Verdict, *, by: User, note: str = "", reason: str = ""
) -> Outcome:
    """Decide each item that ``plan`` would, each with a decision of its own; say which were left out and why.

    What was taken meanwhile is left out by the same rules. Raises ``Invalid`` before anything is decided where the
    verdict needs a reason or is not one for many items.
    """
    if verdict not in VERDICTS:
        detail = f"One of: {', '.join(VERDICTS)}."
        raise Invalid("Not a verdict for many items.", [FieldError("/verdict", detail, "invalid_choice")])
    decisions.check_words(verdict, note=note, reason=reason)
    planned = plan(item_ids, by=by)
    outcome = Outcome(left_out=planned.left_out)
    for item in planned.items:
        try:
            decisions.decide(item.pk, verdict, by=by, note=note, reason=reason)
        except DomainError as refusal:
            outcome.left_out.append(LeftOut(item.pk, refusal.message))
        else:
            outcome.decided.append(item.pk)
    return outcome


def _wanted(item_ids: Sequence[uuid.UUID]) -> list[uuid.UUID]:
    wanted = list(dict.fromkeys(item_ids))
    if not wanted:
        raise Invalid("No item was named.", [FieldError("/ids", "Name at least one.", "required")])
    if len(wanted) > MOST_ITEMS:
        detail = f"These are {len(wanted)}; at most {MOST_ITEMS} at a time."
        raise Invalid("Too many items.", [FieldError("/ids", detail, "too_many")])
    return wanted


def _obstacle(item: ReviewItem, by: User) -> str:
    if item.state != ReviewState.OPEN:
        decision = item.decision
        return f"{decision.by.get_username()} has decided it." if decision else "It is closed."
    if item.claimed_by is not None and item.claimed_by_id != by.pk and item.is_claimed(timezone.now()):
        return f"{item.claimed_by.get_username()} holds it until {item.claimed_until:%H:%M} UTC."
    if item.is_blind:
        return "It is to be judged blind, one by one."
    if item.opinions_wanted > 1:
        return "Several opinions are wanted on it."
    return ""


def _spread(items: Sequence[ReviewItem]) -> list[ReviewItem]:
    """Five of them from the least to the most confident, both ends included."""
    by_confidence = sorted(items, key=lambda item: item.confidence)
    if len(by_confidence) <= SAMPLE:
        return by_confidence
    last = len(by_confidence) - 1
    return [by_confidence[round(step * last / (SAMPLE - 1))] for step in range(SAMPLE)]
