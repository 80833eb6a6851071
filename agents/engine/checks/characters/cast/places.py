"""Bounds on the places of a text at which a check judges what is said of a person."""

from __future__ import annotations

from collections import Counter
from typing import Final

from agents.engine.checks.characters.cast.people import Line
from agents.engine.checks.characters.cast.person import Person

# Findings that one check shows of one person.
_MAX_FOUND: Final = 5
# The time for one place grows with the sentence, and a sentence that says as much of somebody repeats itself.
_MAX_IN_SENTENCE: Final = 6


class Places:
    """Count of the places that one check has judged and found for each person."""

    def __init__(self) -> None:
        self._found: Counter[int] = Counter()
        self._judged: Counter[tuple[int, int]] = Counter()

    def may_judge(self, line: Line, person: Person) -> bool:
        """Count a place in a line; return whether it is to be judged."""
        key = line.sentence.start, id(person)
        self._judged[key] += 1
        return self._found[id(person)] < _MAX_FOUND and self._judged[key] <= _MAX_IN_SENTENCE

    def add(self, person: Person) -> None:
        """Count a finding."""
        self._found[id(person)] += 1
