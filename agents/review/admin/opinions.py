"""Several reviewers on one item: how many have spoken, and who may read what they said."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from agents.choices import ReviewState
from agents.common import permissions
from agents.common.admin import diff
from agents.models import ReviewDecision, ReviewItem
from agents.review import decisions

if TYPE_CHECKING:
    from django.contrib.auth.models import User


@dataclass(frozen=True, slots=True)
class Opinion:
    """One reviewer's verdict, with what they would change."""

    decision: ReviewDecision
    changes: list[diff.Change]


@dataclass(frozen=True, slots=True)
class Opinions:
    """``shown`` has those that this person may read now; ``given`` counts all that stand."""

    given: int
    shown: list[Opinion]
    is_disputed: bool
    has_own: bool


def opinions_on(item: ReviewItem, user: User) -> Opinions:
    """Of an item ``with_decisions()``. Independent as long as it is open: then one reads only one's own.

    A lead reads all of them once they differ, and everybody does when it is closed.
    """
    standing = [one for one in reversed(item.decisions.all()) if one.undone_at is None]
    is_disputed = item.disputed_at is not None
    reads_all = item.state == ReviewState.CLOSED or (is_disputed and permissions.is_lead(user))
    own = [one for one in standing if one.by_id == user.pk]
    readable = [one for one in standing if not one.takes_effect] if reads_all else own
    return Opinions(
        given=len(standing),
        shown=[Opinion(one, changes_of(one)) for one in readable],
        is_disputed=is_disputed,
        has_own=bool(own),
    )


def changes_of(decision: ReviewDecision) -> list[diff.Change]:
    return diff.changes(decision.before, decision.after) if decision.after else []


def undoable_by(item: ReviewItem, user: User) -> ReviewDecision | None:
    """This person's verdict on the item, while time allows to take it back; the service has the last word."""
    since = decisions.undoable_since()
    own = (
        one
        for one in item.decisions.all()
        if one.by_id == user.pk and one.undone_at is None and one.at >= since
    )
    return next((one for one in own if one.takes_effect or item.state == ReviewState.OPEN), None)
