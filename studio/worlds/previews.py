"""Previews of changes to a world on pages: what they would break, before they are saved."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from agents.worlds.preview import NewFinding, Preview, WorldChange, preview
from studio.worlds.sources import Source, sources_of
from studio.worlds.world_form import WorldForm
from universes.choices import CanonStatus, ElementKind
from universes.models import Element, Universe
from universes.traits import validate_traits

# Shorter than the API's: a person waits, and reads no more than these.
BUDGET_S: Final = 8.0
SHOWN: Final = 30


@dataclass(frozen=True, slots=True)
class Shown:
    """A preview on a page: the first contradictions, each with its source."""

    result: Preview
    findings: list[tuple[NewFinding, Source]]
    scenes: int

    @property
    def more(self) -> int:
        return len(self.result.findings) - len(self.findings)


def of_world(universe: Universe, form: WorldForm, seen: WorldForm) -> Shown:
    """Preview the form of a world; ``seen`` is the world as it is. A reworded rule counts as a new one."""
    before = {rule.id: rule.text for rule in seen.rules if rule.id}
    kept = {rule.id for rule in form.rules if rule.id and before.get(rule.id) == rule.text}
    old, new = seen.world_fields(), form.world_fields()
    change = WorldChange(
        rules=[rule.text for rule in form.rules if rule.text and rule.id not in kept],
        without_rules=[uuid.UUID(rule_id) for rule_id in before if rule_id not in kept],
        config={name: text for name, text in new.items() if text != old[name]},
    )
    return _shown(universe, change)


def of_element(element: Element, name: str, summary: str, traits: Mapping[str, Any]) -> Shown | None:
    """Preview the form of an element; None for one that is not canon, which nothing is checked against.

    Raises ``Invalid`` for traits that could not be saved.
    """
    if element.canon_status != CanonStatus.CANON:
        return None
    checked = validate_traits(ElementKind(element.kind), dict(traits))
    changed = {"id": element.pk, "name": name.strip() or element.name, "summary": summary, "traits": checked}
    return _shown(element.universe, WorldChange(elements=[changed]))


def of_retiring(element: Element) -> Shown | None:
    if element.canon_status != CanonStatus.CANON:
        return None
    return _shown(element.universe, WorldChange(elements=[{"id": element.pk, "retired": True}]))


def _shown(universe: Universe, change: WorldChange) -> Shown:
    result = preview(universe, change, budget_s=BUDGET_S)
    first = result.findings[:SHOWN]
    sources = sources_of(universe, {new.finding.source_id for new in first})
    found = [(new, sources[new.finding.source_id]) for new in first]
    return Shown(result, found, len({new.scene.pk for new in result.findings}))
