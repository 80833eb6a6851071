"""The world as an agent may read it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from universes.models import Element, Universe, WorldConfig, WorldRule


@dataclass(frozen=True, slots=True)
class RuleFact:
    id: str
    text: str


@dataclass(frozen=True, slots=True)
class ElementFact:
    id: str
    kind: str
    name: str
    summary: str
    traits: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class WorldSnapshot:
    """The facts of one universe at one moment: frame, rules in the author's order, canon elements.

    Equal worlds make equal snapshots on every database: elements are ordered by kind, name and id, traits by
    key.
    """

    name: str
    genre: str
    tone: str
    tech_level: str
    magic_system: str
    physics: str
    rules: tuple[RuleFact, ...]
    elements: tuple[ElementFact, ...]

    def as_dict(self) -> dict[str, Any]:
        """The snapshot as plain JSON values, in a fixed order of keys; the caller may change what it gets."""
        return {
            "name": self.name,
            "genre": self.genre,
            "tone": self.tone,
            "tech_level": self.tech_level,
            "magic_system": self.magic_system,
            "physics": self.physics,
            "rules": [{"id": rule.id, "text": rule.text} for rule in self.rules],
            "elements": [
                {
                    "id": element.id,
                    "kind": element.kind,
                    "name": element.name,
                    "summary": element.summary,
                    "traits": _sorted(element.traits),
                }
                for element in self.elements
            ],
        }


def world_snapshot(universe: Universe) -> WorldSnapshot:
    """Read the world of ``universe`` in three queries; drafts and retired entries are no part of it."""
    config = WorldConfig.objects.filter(universe=universe).first() or WorldConfig(universe=universe)
    rules = WorldRule.objects.filter(universe=universe).order_by("position")
    elements = (
        Element.objects.filter(universe=universe).canon().only("id", "kind", "name", "summary", "traits")
    )
    facts = [
        ElementFact(str(element.pk), element.kind, element.name, element.summary, _sorted(element.traits))
        for element in elements
    ]
    return WorldSnapshot(
        name=universe.name,
        genre=config.genre,
        tone=config.tone,
        tech_level=config.tech_level,
        magic_system=config.magic_system,
        physics=config.physics,
        rules=tuple(RuleFact(str(rule.pk), rule.text) for rule in rules),
        # Sorted here because the databases collate names differently.
        elements=tuple(sorted(facts, key=lambda fact: (fact.kind, fact.name, fact.id))),
    )


def _sorted(value: Any) -> Any:
    """A copy with the keys of every object in order; PostgreSQL stores them in an order of its own."""
    if isinstance(value, Mapping):
        return {key: _sorted(value[key]) for key in sorted(value)}
    if isinstance(value, list):
        return [_sorted(item) for item in value]
    return value
