"""Opinions of several reviewers on one item, and their visibility."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from agents.choices import ReviewState
from agents.common import permissions
from agents.common.admin import diff
from agents.models import ReviewDecision, ReviewItem
from agents.review.verdicts import decisions

if TYPE_CHECKING:
    from django.contrib.auth.models import User


@dataclass(frozen=True, slots=True)
class Opinion:
    """One reviewer's verdict with their edits."""

    decision: ReviewDecision
    changes: list[diff.Change]


@dataclass(frozen=True, slots=True)
class Opinions:
    """The opinions on an item: ``shown`` to this person, and the number ``given`` by all."""

    given: int
    shown: list[Opinion]
    is_disputed: bool
    has_own: bool


def opinions_on(item: ReviewItem, user: User) -> Opinions:
    """Return the opinions on an item from ``with_decisions()`` that this person may read.

    On an open item a reviewer reads only their own; a lead reads all once they differ; on a closed item they are
    visible to every reviewer.
    """
    in_force = [d for d in reversed(item.all_decisions) if d.undone_at is None]
    is_disputed = item.disputed_at is not None
    reads_all = item.state == ReviewState.CLOSED or (is_disputed and permissions.is_lead(user))
    own = [d for d in in_force if d.by_id == user.pk]
    readable = [d for d in in_force if not d.takes_effect] if reads_all else own
    return Opinions(
        given=len(in_force),
        shown=[Opinion(d, changes_of(d)) for d in readable],
        is_disputed=is_disputed,
        has_own=bool(own),
    )


def changes_of(decision: ReviewDecision) -> list[diff.Change]:
    return diff.changes(decision.before, decision.after) if decision.after else []


def undoable_by(item: ReviewItem, user: User) -> ReviewDecision | None:
    """Return this person's decision on the item if it can still be undone; the service checks again."""
    since = decisions.undoable_since()
    own = (d for d in item.all_decisions if d.by_id == user.pk and d.undone_at is None and d.at >= since)
    return next((d for d in own if d.takes_effect or item.state == ReviewState.OPEN), None)
