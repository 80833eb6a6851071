"""Colours, and which of them differ."""

from __future__ import annotations

from typing import Final

from agents.engine.text.vocabulary import COLOURS, NEAR
from agents.engine.text.word_forms import folded

COLOUR: Final = "|".join(sorted(COLOURS, key=len, reverse=True))


def is_other(first: str, second: str) -> bool:
    """Return whether two words mean different colours, even if they are near each other."""
    return COLOURS[folded(first)] != COLOURS[folded(second)]


def differ(first: str, second: str) -> bool:
    """Return whether two words mean clearly different colours."""
    families = frozenset((COLOURS[folded(first)], COLOURS[folded(second)]))
    return len(families) > 1 and families not in NEAR
