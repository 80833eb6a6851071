"""Events of a review item in the history of its job."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agents.choices import EventKind, ReviewKind
from agents.common import events
from agents.models import ReviewItem

if TYPE_CHECKING:
    from django.contrib.auth.models import User


def visible_words(item: ReviewItem, **words: str) -> dict[str, str]:
    """Return ``words`` where the history may hold them: independent opinions must not influence each other."""
    return words if item.opinions_wanted == 1 else {}


def record(item: ReviewItem, kind: EventKind, by: User | None, **data: str) -> None:
    """Record an event of an item in the history of its job.

    Gold items leave no event: their job was decided before, and an event would reveal them.
    """
    if item.kind == ReviewKind.GOLD:
        return
    events.record(item.job_id, kind, attempt=item.job.attempts, by=by, **data)
