"""Colours, and which of them differ."""

from __future__ import annotations

from typing import Final

from agents.engine.text.vocabulary import COLOURS, NEAR
from agents.engine.text.word_forms import folded, one_of

_NAMES: Final = one_of(COLOURS.keys() - {"dark"})
# Not "dark brown", which is brown.
COLOUR: Final = rf"{_NAMES}|dark(?! {_NAMES}\b)"
# Only these contradict "dark".
_LIGHT: Final = frozenset(("fair", "white", "grey", "blue", "green", "red", "orange"))
# White hair is also called silver, and grey hair white.
_OF_AGE: Final = {"grey", "white"}


def is_other(first: str, second: str) -> bool:
    """Return whether two words mean different colours, even if they are near each other."""
    families = {COLOURS[folded(first)], COLOURS[folded(second)]}
    if families == _OF_AGE:
        return False
    return not families.isdisjoint(_LIGHT) if "dark" in families else len(families) > 1


def differ(first: str, second: str) -> bool:
    """Return whether two words mean clearly different colours."""
    families = frozenset((COLOURS[folded(first)], COLOURS[folded(second)]))
    return len(families) > 1 and families not in NEAR
