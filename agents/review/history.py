"""Entries of a review item in its job's history."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agents.choices import EventKind, ReviewKind
from agents.common import events
from agents.models import ReviewItem

if TYPE_CHECKING:
    from django.contrib.auth.models import User


def visible_words(item: ReviewItem, **words: str) -> dict[str, str]:
    """What may stand in the history: nothing that tells those who have still to judge what another one thinks."""
    return words if item.opinions_wanted == 1 else {}


def record(item: ReviewItem, kind: EventKind, by: User | None, **data: str) -> None:
    """Write down what happened to an item in the history of its job.

    Not for gold: its job was decided long ago, and the history would give it away.
    """
    if item.kind == ReviewKind.GOLD:
        return
    events.record(item.job_id, kind, attempt=item.job.attempts, by=by, **data)
