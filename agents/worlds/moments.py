"""The world as it is at the moment of a scene: who has died by then, and which year it is."""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Self

from agents.engine.checks.touching import Touch
from agents.engine.sources import CHARACTER
from agents.engine.world import Element, Rule, WorldView
from universes.choices import StoryEventKind
from universes.models import SceneMoment, StoryEvent

# The source of what the timeline states.
TIMELINE: Final = "timeline"
_YEAR_DIGITS: Final = 3
# The year of a scene, and who is dead in it.
_Told = tuple[int | None, frozenset[tuple[str, str]]]


@dataclass(frozen=True, slots=True)
class Death:
    element_id: str
    key: float
    told: str


@dataclass(frozen=True, slots=True)
class Moments:
    """The moments of scenes by their ids, and the deaths on the timeline.

    ``dates`` has the year of each event by its title, if the moments are years, which their labels tell: each of them
    names the year that its number is. In any other calendar a year in a text cannot be held against them.
    """

    scenes: Mapping[uuid.UUID, float]
    deaths: tuple[Death, ...]
    dates: Mapping[str, int]
    is_in_years: bool
    # The worlds after deaths, so that scenes share what is read of each. The world itself is kept, as its id is.
    _worlds: dict[int, tuple[WorldView, dict[_Told, WorldView]]] = field(
        default_factory=dict, compare=False, repr=False
    )

    @classmethod
    def of(cls, universe_id: uuid.UUID) -> Self:
        placed = list(
            SceneMoment.objects.filter(scene__universe=universe_id).values_list("scene", "key", "label")
        )
        happened = StoryEvent.objects.filter(universe=universe_id)
        dated = list(happened.order_by("key", "pk").values_list("title", "key", "label"))
        events = happened.filter(kind=StoryEventKind.DEATH)
        rows = events.filter(participants__kind=CHARACTER).order_by("key", "pk", "participants")
        deaths = rows.values_list("participants", "participants__name", "key", "label", "title")
        moments = [(key, label) for _, key, label in (*placed, *dated)]
        is_in_years = bool(moments) and all(_names_year(key, label) for key, label in moments)
        years: dict[str, set[int]] = {}
        for title, key, _ in dated:
            years.setdefault(title, set()).add(int(key))
        return cls(
            {pk: key for pk, key, _ in placed},
            tuple(
                Death(str(pk), key, f"{name} died at this moment: {label} (“{title}”).")
                for pk, name, key, label, title in deaths
            ),
            {title: min(found) for title, found in years.items() if len(found) == 1} if is_in_years else {},
            is_in_years,
        )

    def world_of(self, scene_id: uuid.UUID, world: WorldView) -> WorldView:
        """Return the world in which a scene takes place: whoever died at an earlier moment is dead.

        In years, it also has the year of the scene and those of events. A scene without a moment is checked against
        the world and the events alone.
        """
        key = self.scenes.get(scene_id)
        dead = {} if key is None else {each.element_id: each for each in self.deaths if each.key < key}
        year = int(key) if key is not None and self.is_in_years else None
        if not dead and year is None and not self.dates:
            return world
        worlds = self._worlds.setdefault(id(world), (world, {}))[1]
        told = (year, frozenset((each.element_id, each.told) for each in dead.values()))
        if told not in worlds:
            worlds[told] = self._with(world, dead, year)
        return worlds[told]

    def _with(self, world: WorldView, dead: Mapping[str, Death], year: int | None) -> WorldView:
        elements = tuple(
            element.model_copy(update={"summary": f"{element.summary} {dead[element.id].told}".strip()})
            if element.id in dead
            else element
            for element in world.elements
        )
        known = {element.name.casefold() for element in world.elements}
        events = tuple(
            Element(id=f"{TIMELINE}: {title}"[:200], kind="event", name=title, traits={"year": str(at)})
            for title, at in self.dates.items()
            if title.casefold() not in known
        )
        # The rule of the scene comes first, and so before a year of the world.
        now = () if year is None else (Rule(id=TIMELINE, text=f"The year is {year}."),)
        return world.model_copy(update={"elements": (*elements, *events), "rules": (*now, *world.rules)})

    def concerned(self, before: Mapping[str, Any]) -> list[uuid.UUID]:
        """Return the scenes whose moment, or the dead at whose moment, differ from those of ``as_dict`` before."""
        old_scenes: Mapping[str, float] = before.get("scenes", {})
        old_deaths = [Death(*each) for each in before.get("deaths", ())]
        was_in_years = bool(before.get("is_in_years"))
        ids = {str(pk) for pk in self.scenes} | old_scenes.keys()
        return [
            uuid.UUID(pk)
            for pk in ids
            if _dead_at(old_scenes.get(pk), old_deaths)
            != _dead_at(self.scenes.get(uuid.UUID(pk)), self.deaths)
            or _year_at(old_scenes.get(pk), was_in_years)
            != _year_at(self.scenes.get(uuid.UUID(pk)), self.is_in_years)
        ]

    def touched(self, before: Mapping[str, Any]) -> Touch:
        """Return what texts have that a difference in the dates of events can concern."""
        old = set(before.get("dates", {}).items())
        return Touch.of_names(title for title, _ in old ^ set(self.dates.items()))

    def as_dict(self) -> dict[str, Any]:
        return {
            "scenes": {str(pk): key for pk, key in self.scenes.items()},
            "dates": dict(self.dates),
            "is_in_years": self.is_in_years,
            "deaths": [[each.element_id, each.key, each.told] for each in self.deaths],
        }


def _dead_at(key: float | None, deaths: Any) -> list[tuple[str, str]]:
    return [] if key is None else [(each.element_id, each.told) for each in deaths if each.key < key]


def _year_at(key: float | None, is_in_years: bool) -> int | None:
    return int(key) if key is not None and is_in_years else None


def _names_year(key: float, label: str) -> bool:
    """Return whether a label names the year that the number of its moment is, and no other number of its length."""
    year = str(int(key))
    named = {number for number in re.findall(r"\d+", label) if len(number) >= _YEAR_DIGITS}
    return len(year) >= _YEAR_DIGITS and named == {year}
