"""Preview of a change to a world: the canon scenes that would contradict it, without storing anything.

Only the scenes are checked that the change can concern (see ``agents.engine.checks.touching``); the others have the
findings that they had.
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from django.db.models import Q, QuerySet

from agents.common import findings, world_context
from agents.engine.checks import report
from agents.engine.checks.finding import Finding
from agents.engine.checks.touching import Touch, words_in
from agents.engine.world import Element, Rule, WorldView
from agents.errors import NotFound
from agents.worlds.moments import Moments
from universes.models import Scene, Universe

BUDGET_S: Final = 15.0
MAX_FINDINGS: Final = 200
_CHUNK: Final = 200
_CONTENT: Final = ("name", "summary", "traits")


@dataclass(frozen=True, slots=True)
class Death:
    """A character who dies in a scene; in the scenes after it they are dead."""

    element_id: str
    scene_id: uuid.UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class WorldChange:
    """Changes of a world.

    Each of ``elements`` has the ``id`` of a canon element and its new ``name``, ``summary`` or ``traits``, or
    ``retired``; ``config`` has new values of the world config.
    """

    rules: Sequence[str] = ()
    without_rules: Sequence[uuid.UUID] = ()
    elements: Sequence[Mapping[str, Any]] = ()
    config: Mapping[str, str] = field(default_factory=dict)
    deaths: Sequence[Death] = ()


@dataclass(frozen=True, slots=True)
class NewFinding:
    scene: Scene
    finding: Finding


@dataclass(slots=True)
class Preview:
    """The new contradictions.

    ``not_concerned`` scenes share no word with the change; ``not_read`` ones were left when the time or the room for
    findings was used up.
    """

    findings: list[NewFinding] = field(default_factory=list)
    read: int = 0
    not_concerned: int = 0
    not_read: int = 0


def preview(universe: Universe, change: WorldChange, *, budget_s: float = BUDGET_S) -> Preview:
    """Return what contradicts the changed world and did not contradict the present one.

    Findings that are marked as intentional are left out. Raises ``NotFound`` ``element_not_found``,
    ``rule_not_found``, ``scene_not_found``.
    """
    present = world_context.world_view(universe)
    assert present is not None
    changed = change_world(present, change)
    deaths = _Deaths(universe, change.deaths, changed)
    intentional = findings.intentional_ids(universe.pk)
    touch = Touch.of(present, changed)
    result, ends_at = Preview(), time.monotonic() + budget_s
    moments = Moments.of(universe.pk)
    for scene in _scenes(universe):
        world = deaths.world_after(scene, changed)
        if time.monotonic() > ends_at or len(result.findings) >= MAX_FINDINGS:
            result.not_read += 1
            continue
        words = words_in(scene.text)
        if not touch.concerns(words) and (world is changed or not deaths.touch.concerns(words)):
            result.not_concerned += 1
            continue
        result.read += 1
        then, now = (moments.world_of(scene.pk, each) for each in (present, world))
        result.findings += (NewFinding(scene, new) for new in _new(scene, then, now, intentional))
    return result


def change_world(world: WorldView, change: WorldChange) -> WorldView:
    by_id = {element.id: element for element in world.elements}
    for each in change.elements:
        element = _element(by_id, each["id"])
        if each.get("retired"):
            del by_id[element.id]
            continue
        by_id[element.id] = element.model_copy(update={name: each[name] for name in _CONTENT if name in each})
    gone = {str(rule_id) for rule_id in change.without_rules}
    if unknown := gone - {rule.id for rule in world.rules}:
        raise NotFound(f"There is no rule {min(unknown)} here.", code="rule_not_found")
    rules = [rule for rule in world.rules if rule.id not in gone]
    added = (Rule(text=text) for text in change.rules)
    return world.model_copy(
        update={"elements": tuple(by_id.values()), "rules": (*rules, *added), **change.config}
    )


class _Deaths:
    """The world as it is after some characters have died."""

    def __init__(self, universe: Universe, deaths: Sequence[Death], world: WorldView) -> None:
        by_id = {element.id: element for element in world.elements}
        scenes = Scene.objects.filter(universe=universe, pk__in={death.scene_id for death in deaths})
        known = {scene.pk: scene for scene in scenes.only("title", "created_at")}
        self._dead: list[tuple[Any, Element]] = []
        for death in deaths:
            element, scene = _element(by_id, death.element_id), known.get(death.scene_id)
            if scene is None:
                raise NotFound(f"There is no scene {death.scene_id} here.", code="scene_not_found")
            told = f"{element.name} died in “{scene.title}”."
            dead = element.model_copy(update={"summary": f"{element.summary} {told}".strip()})
            self._dead.append(((scene.created_at, scene.pk), dead))
        self._worlds: dict[frozenset[str], WorldView] = {}
        self.touch = Touch.of(world, self._with(world, [dead for _, dead in self._dead]))

    def world_after(self, scene: Scene, world: WorldView) -> WorldView:
        """Return the world in which a scene takes place; scenes come one after the other as they were added."""
        dead = [element for at, element in self._dead if (scene.created_at, scene.pk) > at]
        if not dead:
            return world
        key = frozenset(element.id for element in dead)
        if key not in self._worlds:
            self._worlds[key] = self._with(world, dead)
        return self._worlds[key]

    @staticmethod
    def _with(world: WorldView, elements: Sequence[Element]) -> WorldView:
        by_id = {element.id: element for element in elements}
        return world.model_copy(
            update={"elements": tuple(by_id.get(element.id, element) for element in world.elements)}
        )


def _element(by_id: Mapping[str, Element], element_id: object) -> Element:
    element = by_id.get(str(element_id))
    if element is None:
        raise NotFound(f"There is no canon element {element_id} here.", code="element_not_found")
    return element


def _scenes(universe: Universe) -> Iterator[Scene]:
    """Yield the canon scenes in their order, a part at a time: all texts may be large."""
    scenes: QuerySet[Scene] = Scene.objects.filter(universe=universe).canon().order_by("created_at", "pk")
    part = list(scenes[:_CHUNK])
    while part:
        yield from part
        last = part[-1]
        later = Q(created_at__gt=last.created_at) | Q(created_at=last.created_at, pk__gt=last.pk)
        part = list(scenes.filter(later)[:_CHUNK])


def _new(scene: Scene, present: WorldView, changed: WorldView, intentional: frozenset[str]) -> list[Finding]:
    found = check_scene(scene, changed, intentional)
    if not found:
        return []
    known = {(finding.start, finding.statement) for finding in check_scene(scene, present, intentional)}
    return [finding for finding in found if (finding.start, finding.statement) not in known]


def check_scene(scene: Scene, world: WorldView, intentional: frozenset[str]) -> list[Finding]:
    mentioned = tuple(mention["name"] for mention in scene.mentions)
    found = report(scene.text, world, only_mentioned=mentioned, intentional=intentional).findings
    return [finding for finding in found if not finding.is_intentional]
