"""Verdicts as plain data, and what each of them points at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from agents.learning.patterns import edits, notes

# A pattern, such as ("mark", "—") for em-dashes that are struck out.
Pattern = tuple[str, str]

# Reject reasons that say nothing about the text.
EMPTY_REASONS = frozenset({"other"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A verdict or a piece of feedback that did not take a text as it was.

    ``request`` is the same for equal requests. ``after`` is the edited text; None without an edit.
    """

    id: str
    request: str
    reason: str = ""
    note: str = ""
    before: str = ""
    after: str | None = None


# Verdicts are looked at again and again, and comparing two texts is slow.
@lru_cache(maxsize=512)
def points_of(seen: Seen) -> Mapping[Pattern, bool]:
    """Return the patterns that a verdict could show, each with whether it does."""
    points: dict[Pattern, bool] = {}
    if seen.reason and seen.reason not in EMPTY_REASONS:
        # The other reasons could have been given as well: see ``evidence.find``.
        points["reason", seen.reason] = True
    if seen.after is not None:
        points |= edits.points_of(seen.before, seen.after)
    for pattern, is_shown in notes.points_of(seen.note, seen.before).items():
        points[pattern] = points.get(pattern, False) or is_shown
    return points
