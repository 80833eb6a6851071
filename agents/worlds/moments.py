"""The world as it is at the moment of a scene: who has died by then, which relations hold, and which year it is."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import astuple, dataclass, field
from typing import Any, Final, Self

from agents.engine.sources import CHARACTER
from agents.engine.world import Element, Rule, WorldView
from universes.choices import StoryEventKind
from universes.fields import fold
from universes.models import Relation, SceneMoment, StoryEvent
from universes.relations import inverse_of, phrase
from universes.services.timeline import keys_by_label
from universes.services.world import RELATIONS, TIMELINE
from universes.services.years import are_years

__all__ = ["TIMELINE", "Moments"]

_ENDS: Final = ("from_element", "to_element", "from_element__name", "to_element__name")


@dataclass(frozen=True, slots=True)
class Death:
    element_id: str
    key: float
    told: str


@dataclass(frozen=True, slots=True)
class Span:
    """A relation of an element whose dates are moments: ``plain`` without its dates; None: open at that end."""

    element_id: str
    statement: str
    plain: str
    since: float | None
    until: float | None

    def holds_at(self, key: float) -> bool:
        return (self.since is None or self.since <= key) and (self.until is None or key < self.until)


@dataclass(frozen=True, slots=True)
class _Then:
    """Difference that a moment makes to a world, as far as the timeline tells."""

    year: int | None = None
    dead: frozenset[Death] = frozenset()
    # By element id and statement, the words instead of it: "" for one that does not hold.
    relations: frozenset[tuple[str, str, str]] = frozenset()


@dataclass(frozen=True, slots=True)
class Moments:
    """The moments of scenes by their ids, the deaths on the timeline, and the relations that it dates."""

    scenes: Mapping[uuid.UUID, float]
    deaths: tuple[Death, ...]
    spans: tuple[Span, ...]
    is_in_years: bool
    # The worlds at moments, so that scenes share what is read of each. The world itself is kept, as its id is.
    _worlds: dict[int, tuple[WorldView, dict[_Then, WorldView]]] = field(
        default_factory=dict, compare=False, repr=False
    )

    @classmethod
    def of(cls, universe_id: uuid.UUID) -> Self:
        placed = list(
            SceneMoment.objects.filter(scene__universe=universe_id).values_list("scene", "key", "label")
        )
        happened = StoryEvent.objects.filter(universe=universe_id)
        events = happened.filter(kind=StoryEventKind.DEATH)
        rows = events.filter(participants__kind=CHARACTER).order_by("key", "pk", "participants")
        deaths = rows.values_list("participants", "participants__name", "key", "label", "title")
        moments = [(key, label) for _, key, label in placed] + list(happened.values_list("key", "label"))
        return cls(
            {pk: key for pk, key, _ in placed},
            tuple(
                Death(str(pk), key, f"{name} died at this moment: {label} (“{title}”).")
                for pk, name, key, label, title in deaths
            ),
            _spans(universe_id, keys_by_label(moments)) if placed else (),
            are_years(moments),
        )

    def world_of(self, scene_id: uuid.UUID, world: WorldView) -> WorldView:
        """Return the world in which a scene takes place: whoever died at an earlier moment is dead.

        A relation whose dates are moments is left out when it does not hold, and holds without dates otherwise. In
        years, the world also has the year of the scene. A scene without a moment is checked against the world alone.
        """
        then = _then(self.scenes.get(scene_id), self.deaths, self.spans, is_in_years=self.is_in_years)
        if then == _Then():
            return world
        worlds = self._worlds.setdefault(id(world), (world, {}))[1]
        if then not in worlds:
            worlds[then] = _changed(world, then)
        return worlds[then]

    def concerned(self, before: Mapping[str, Any]) -> list[uuid.UUID]:
        """Return the scenes whose world differs from that which the moments of ``as_dict`` before gave."""
        old_scenes: Mapping[str, float] = before.get("scenes", {})
        old_deaths = tuple(Death(*each) for each in before.get("deaths", ()))
        old_spans = tuple(Span(*each) for each in before.get("spans", ()))
        was_in_years = bool(before.get("is_in_years"))
        ids = {str(pk) for pk in self.scenes} | old_scenes.keys()
        return [
            uuid.UUID(pk)
            for pk in ids
            if _then(old_scenes.get(pk), old_deaths, old_spans, is_in_years=was_in_years)
            != _then(self.scenes.get(uuid.UUID(pk)), self.deaths, self.spans, is_in_years=self.is_in_years)
        ]

    def as_dict(self) -> dict[str, Any]:
        return {
            "scenes": {str(pk): key for pk, key in self.scenes.items()},
            "is_in_years": self.is_in_years,
            "deaths": [list(astuple(each)) for each in self.deaths],
            "spans": [list(astuple(each)) for each in self.spans],
        }


def _spans(universe_id: uuid.UUID, keys: Mapping[str, float]) -> tuple[Span, ...]:
    """Return the dated canon relations of which the dates are known, as both of their elements state them."""
    dated = Relation.objects.filter(universe=universe_id).canon().exclude(since="", until="").order_by("pk")
    found = []
    for kind, since, until, *ends in dated.values_list("kind", "since", "until", *_ENDS):
        from_id, to_id, from_name, to_name = ends
        if any(text and fold(text) not in keys for text in (since, until)):
            continue
        dates = (keys[fold(since)] if since else None, keys[fold(until)] if until else None)
        told, other = phrase(kind, to_name, since, until), inverse_of(kind)
        found.append(Span(str(from_id), told, phrase(kind, to_name), *dates))
        if other is not None:
            told = phrase(other, from_name, since, until)
            found.append(Span(str(to_id), told, phrase(other, from_name), *dates))
    return tuple(found)


def _then(
    key: float | None, deaths: tuple[Death, ...], spans: tuple[Span, ...], *, is_in_years: bool
) -> _Then:
    if key is None:
        return _Then()
    dead = {each.element_id: each for each in deaths if each.key < key}
    relations = frozenset(
        (span.element_id, span.statement, span.plain if span.holds_at(key) else "") for span in spans
    )
    return _Then(int(key) if is_in_years else None, frozenset(dead.values()), relations)


def _changed(world: WorldView, then: _Then) -> WorldView:
    dead = {each.element_id: each for each in then.dead}
    words: dict[str, dict[str, str]] = {}
    for element_id, statement, plain in then.relations:
        words.setdefault(element_id, {})[statement] = plain
    elements = tuple(_element(element, dead, words.get(element.id)) for element in world.elements)
    # The rule of the scene comes first, and so before a year of the world.
    now = () if then.year is None else (Rule(id=TIMELINE, text=f"The year is {then.year}."),)
    return world.model_copy(update={"elements": elements, "rules": (*now, *world.rules)})


def _element(element: Element, dead: Mapping[str, Death], words: Mapping[str, str] | None) -> Element:
    changes: dict[str, Any] = {}
    if element.id in dead:
        changes["summary"] = f"{element.summary} {dead[element.id].told}".strip()
    if words is not None and isinstance(stated := element.traits.get(RELATIONS), list):
        kept = [words.get(each, each) if isinstance(each, str) else each for each in stated]
        changes["traits"] = {**element.traits, RELATIONS: [each for each in kept if each != ""]}
    return element.model_copy(update=changes) if changes else element
