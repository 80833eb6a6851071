"""A read-only snapshot of a world, for agents."""

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
    """Facts of one universe at one moment: world config, rules in the author's order, canon elements.

    Equal worlds make equal snapshots on every database: elements are ordered by kind, name and id, traits by key.
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
        """Return the snapshot as plain JSON values with keys in a fixed order; a copy that callers may change."""
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
    """Read the world of ``universe`` in three queries, without drafts and retired entries."""
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
    """Return a copy with the keys of every object sorted, because PostgreSQL does not keep their order."""
    if isinstance(value, Mapping):
        return {key: _sorted(value[key]) for key in sorted(value)}
    if isinstance(value, list):
        return [_sorted(item) for item in value]
    return value
