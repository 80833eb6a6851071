"""Statements of a world: its rules and descriptions cut into sentences that checks can read."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from agents.engine.checks.finding import Finding, Kind, finding_at
from agents.engine.sources import elements_of, rules_of
from agents.engine.text.lazy_pattern import lazy_pattern
from agents.engine.text.reading import Reading
from agents.engine.world import WorldView, once_a_world

_CUT: Final = lazy_pattern(r"(?<=[.!?])\s+|;\s+|\n+|:\s+")


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence of a world, without its full stop, exactly as in its source.

    ``element`` names the element that it describes; "" for rules, physics and magic system. ``world`` is the name
    of the world, in lower case, and ``before`` the statement before it, of which it may go on.
    """

    text: str
    source_id: str
    kind: Kind
    element: str = ""
    world: str = ""
    before: str = ""

    def finding(self, reading: Reading, start: int, end: int, why: str) -> Finding:
        return finding_at(
            reading, (start, end), kind=self.kind, source_id=self.source_id, statement=self.text, why=why
        )


@once_a_world
def general_statements(world: WorldView) -> tuple[Statement, ...]:
    """Return the statements of rules, physics and magic system."""
    fields: tuple[tuple[str, str, Kind], ...] = (
        ("physics", world.physics, "physics"),
        ("magic_system", world.magic_system, "magic"),
    )
    found = [
        part for source_id, text, kind in fields for part in _cut(text, source_id, kind, world=world.name)
    ]
    for ref, rule in rules_of(world):
        found += _cut(rule.text, rule.id or ref, "rule", world=world.name)
    return tuple(found)


def element_statements(world: WorldView, reading: Reading) -> tuple[Statement, ...]:
    """Return the statements in the summaries of the elements that the text names."""
    return tuple(
        statement
        for ref, element in elements_of(world)
        if element.summary and reading.has_name(element.name)
        for statement in _cut(element.summary, element.id or ref, "character", element.name)
    )


@lru_cache(maxsize=16_384)
def stated(pattern: re.Pattern[str], text: str) -> tuple[re.Match[str], ...]:
    """Return the matches of ``pattern`` in a text of the world, which many jobs have in common."""
    return tuple(pattern.finditer(text))


@lru_cache(maxsize=4096)
def compiled(pattern: str) -> re.Pattern[str]:
    """Compile a pattern that is made from a fact of a world, and ignores case."""
    return re.compile(pattern, re.IGNORECASE)


@lru_cache(maxsize=4096)
def compiled_as_written(pattern: str) -> re.Pattern[str]:
    """Compile a pattern that is made from a fact of a world; the cache of ``re`` is small."""
    return re.compile(pattern)


@lru_cache(maxsize=4096)
def _cut(text: str, source_id: str, kind: Kind, element: str = "", world: str = "") -> tuple[Statement, ...]:
    cut = (piece.strip().rstrip(".!?;:").strip() for piece in _CUT.split(text))
    pieces = [piece for piece in cut if piece]
    setting = world.casefold().removeprefix("the ")
    return tuple(
        Statement(piece, source_id, kind, element, setting, before)
        for before, piece in zip(("", *pieces), pieces, strict=False)
    )
