"""Evidence of patterns: which are shown far more often than chance would show them.

The measure is an e-value: how much better a mixture of high shares explains the verdicts than chance does. By Ville's
inequality a pattern without substance ever reaches 1/α with a probability of at most α, however often one looks.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from agents.learning.patterns import notes
from agents.learning.patterns.verdicts import Pattern, Seen, points_of

# A rule is proposed from this many independent verdicts on: different jobs with different requests.
MIN_VERDICTS: Final = 3

# By kind of pattern: the share by chance, and the e-value to reach. The more patterns of a kind there are, the more.
_CHANCE: Final[Mapping[str, float]] = defaultdict(lambda: 0.05, {"word": 0.03, "length": 0.05})
_REQUIRED: Final[Mapping[str, float]] = defaultdict(
    lambda: 2_000.0, {"reason": 130.0, "word": 10_000.0, "note": 50_000.0}
)


@dataclass(frozen=True, slots=True)
class Found:
    """A pattern with the verdicts that show it, oldest first; ``chances`` is how many requests could have."""

    pattern: Pattern
    shown_by: tuple[Seen, ...]
    chances: int
    e_value: float


def find(verdicts: Iterable[Seen], *, reasons: int) -> list[Found]:
    """Return the patterns that the verdicts show, the best proven first.

    ``reasons`` is the number of reject reasons that reviewers choose from. Equal requests count once.
    """
    by_request: defaultdict[str, list[Seen]] = defaultdict(list)
    for seen in verdicts:
        by_request[seen.request].append(seen)
    shown, chances = _counts(by_request.values())
    found = []
    for pattern, showing in shown.items():
        if len(showing) < MIN_VERDICTS:
            continue
        chance = 1 / max(2, reasons) if pattern[0] == "reason" else _CHANCE[pattern[0]]
        e_value = e_value_of(len(showing), chances[pattern], chance)
        if e_value >= _REQUIRED[pattern[0]]:
            found.append(Found(pattern, tuple(showing), chances[pattern], e_value))
    return sorted(found, key=lambda one: (-one.e_value, one.pattern))


def e_value_of(shown: int, chances: int, chance: float) -> float:
    """Return the evidence that a pattern is shown in a larger share than ``chance``.

    The alternatives are mixed by the density 2q, which favours high shares q.
    """
    missed = chances - shown
    log_mixture = (
        math.log(2) + math.lgamma(shown + 2) + math.lgamma(missed + 1) - math.lgamma(shown + missed + 3)
    )
    return math.exp(log_mixture - shown * math.log(chance) - missed * math.log1p(-chance))


def _counts(
    groups: Iterable[Sequence[Seen]],
) -> tuple[dict[Pattern, list[Seen]], dict[Pattern, int]]:
    """Return by pattern one verdict for each request that shows it, and the number of requests that could."""
    shown: defaultdict[Pattern, list[Seen]] = defaultdict(list)
    chances: defaultdict[Pattern, int] = defaultdict(int)
    with_reason = with_note = 0
    for group in groups:
        could: set[Pattern] = set()
        does: dict[Pattern, Seen] = {}
        for seen in group:
            for pattern, is_shown in points_of(seen).items():
                could.add(pattern)
                if is_shown:
                    does.setdefault(pattern, seen)
        for pattern, seen in does.items():
            shown[pattern].append(seen)
        # Each note could have said anything, and each reason could have been another.
        has_reason = any(seen.reason for seen in group)
        has_note = any(seen.note.strip() for seen in group)
        with_reason += has_reason
        with_note += has_note
        for pattern in could:
            is_counted = has_reason if pattern[0] == "reason" else has_note and notes.is_of_notes(pattern)
            chances[pattern] += not is_counted
    for pattern in shown:
        if pattern[0] == "reason":
            chances[pattern] += with_reason
        elif notes.is_of_notes(pattern):
            chances[pattern] += with_note
    return dict(shown), dict(chances)
