"""Preview of a change to a world: the canon scenes that would contradict it, without storing anything."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from agents.common import world_context
from agents.engine.checks import report
from agents.engine.checks.finding import Finding
from agents.engine.text.matching import words_of
from agents.engine.world import Rule, WorldView
from agents.errors import NotFound
from universes.models import Scene, Universe

BUDGET_S: Final = 15.0
MAX_FINDINGS: Final = 200
_CHUNK: Final = 100


@dataclass(frozen=True, slots=True)
class NewFinding:
    scene: Scene
    finding: Finding


@dataclass(slots=True)
class Preview:
    """The new contradictions; ``not_read`` scenes were left when the time or the room for findings was used up."""

    findings: list[NewFinding] = field(default_factory=list)
    read: int = 0
    not_read: int = 0


def preview(
    universe: Universe,
    *,
    rules: Sequence[str] = (),
    elements: Sequence[Mapping[str, Any]] = (),
    budget_s: float = BUDGET_S,
) -> Preview:
    """Return what contradicts the changed world and did not contradict the present one.

    ``rules`` are added; each of ``elements`` has the ``id`` of a canon element and its new ``summary`` or ``traits``.
    Scenes that name a changed element are read first. Raises ``NotFound`` ``element_not_found``.
    """
    present = world_context.world_view(universe)
    assert present is not None
    changed = _changed(present, rules, elements)
    result, ends_at = Preview(), time.monotonic() + budget_s
    for scene in _in_order(universe, present, elements):
        if time.monotonic() > ends_at or len(result.findings) >= MAX_FINDINGS:
            result.not_read += 1
            continue
        result.read += 1
        result.findings += (NewFinding(scene, finding) for finding in _new(scene, present, changed))
    return result


def _changed(world: WorldView, rules: Sequence[str], elements: Sequence[Mapping[str, Any]]) -> WorldView:
    by_id = {element.id: element for element in world.elements}
    for change in elements:
        element = by_id.get(str(change["id"]))
        if element is None:
            raise NotFound(f"There is no canon element {change['id']} here.", code="element_not_found")
        content = {name: change[name] for name in ("summary", "traits") if name in change}
        by_id[element.id] = element.model_copy(update=content)
    added = tuple(Rule(text=text) for text in rules)
    return world.model_copy(update={"elements": tuple(by_id.values()), "rules": (*world.rules, *added)})


def _in_order(universe: Universe, world: WorldView, elements: Sequence[Mapping[str, Any]]) -> Iterator[Scene]:
    """Yield the canon scenes, those that share a word with the name of a changed element first."""
    ids = {str(change["id"]) for change in elements}
    words = {word for element in world.elements if element.id in ids for word in words_of(element.name)}
    scenes = Scene.objects.filter(universe=universe).canon().order_by("created_at", "pk")
    if not words:
        yield from scenes.iterator(chunk_size=_CHUNK)
        return
    named = [
        pk
        for pk, text in scenes.values_list("pk", "text").iterator(chunk_size=_CHUNK)
        if not words.isdisjoint(words_of(text))
    ]
    for start in range(0, len(named), _CHUNK):
        yield from scenes.filter(pk__in=named[start : start + _CHUNK])
    known = set(named)
    yield from (scene for scene in scenes.iterator(chunk_size=_CHUNK) if scene.pk not in known)


def _new(scene: Scene, present: WorldView, changed: WorldView) -> list[Finding]:
    mentioned = tuple(mention["name"] for mention in scene.mentions)
    found = _check(scene.text, changed, mentioned)
    if not found:
        return []
    known = {(finding.start, finding.statement) for finding in _check(scene.text, present, mentioned)}
    return [finding for finding in found if (finding.start, finding.statement) not in known]


def _check(text: str, world: WorldView, mentioned: tuple[str, ...]) -> tuple[Finding, ...]:
    return report(text, world, only_mentioned=mentioned).findings
