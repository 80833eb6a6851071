"""Differences between the states before and after a recorded step."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from universes.models import CanonChange
from universes.word_differences import Run, WordComparison, text_of

# Ids of a state that has the names beside them.
_IDS: Final = frozenset({"place_id", "participant_ids", "from_element", "to_element"})


@dataclass(frozen=True, slots=True)
class Difference:
    """A field that differs, as equal and changed words by turns."""

    field: str
    words: list[Run]


def readable(state: Mapping[str, Any]) -> dict[str, Any]:
    """Return a recorded state without ids, which say nothing to people."""
    shown = {name: value for name, value in state.items() if name not in _IDS}
    if "rules" in shown:
        shown["rules"] = [rule["text"] for rule in shown["rules"]]
    return shown


def differences_of(change: CanonChange, words: WordComparison) -> list[Difference]:
    """Return the fields that differ; a text that is too long to compare is one changed run."""
    before, after = readable(change.before or {}), readable(change.after)
    found = []
    for name in [*before, *(name for name in after if name not in before)]:
        old, new = text_of(before.get(name)), text_of(after.get(name))
        if old != new:
            runs = words.runs(old, new)
            found.append(Difference(name, [Run(False, [old], [new])] if runs is None else runs))
    return found
