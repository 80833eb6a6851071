"""The world as it is at the moment of a scene: who has died by then."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from agents.engine.sources import CHARACTER
from agents.engine.world import WorldView
from universes.choices import StoryEventKind
from universes.models import SceneMoment, StoryEvent


@dataclass(frozen=True, slots=True)
class Death:
    element_id: str
    key: float
    told: str


@dataclass(frozen=True, slots=True)
class Moments:
    """The moments of scenes by their ids, and the deaths on the timeline."""

    scenes: Mapping[uuid.UUID, float]
    deaths: tuple[Death, ...]

    @classmethod
    def of(cls, universe_id: uuid.UUID) -> Self:
        placed = SceneMoment.objects.filter(scene__universe=universe_id).values_list("scene", "key")
        events = StoryEvent.objects.filter(universe=universe_id, kind=StoryEventKind.DEATH)
        rows = events.filter(participants__kind=CHARACTER).order_by("key", "pk", "participants")
        deaths = rows.values_list("participants", "participants__name", "key", "label", "title")
        return cls(
            dict(placed),
            tuple(
                Death(str(pk), key, f"{name} died at this moment: {label} (“{title}”).")
                for pk, name, key, label, title in deaths
            ),
        )

    def world_of(self, scene_id: uuid.UUID, world: WorldView) -> WorldView:
        """Return the world in which a scene takes place: whoever died at an earlier moment is dead.

        A scene without a moment is checked against the world alone.
        """
        key = self.scenes.get(scene_id)
        dead = {} if key is None else {each.element_id: each for each in self.deaths if each.key < key}
        if not dead:
            return world
        elements = tuple(
            element.model_copy(update={"summary": f"{element.summary} {dead[element.id].told}".strip()})
            if element.id in dead
            else element
            for element in world.elements
        )
        return world.model_copy(update={"elements": elements})

    def concerned(self, before: Mapping[str, Any]) -> list[uuid.UUID]:
        """Return the scenes whose moment, or the dead at whose moment, differ from those of ``as_dict`` before."""
        old_scenes: Mapping[str, float] = before.get("scenes", {})
        old_deaths = [Death(*each) for each in before.get("deaths", ())]
        ids = {str(pk) for pk in self.scenes} | old_scenes.keys()
        return [
            uuid.UUID(pk)
            for pk in ids
            if _dead_at(old_scenes.get(pk), old_deaths)
            != _dead_at(self.scenes.get(uuid.UUID(pk)), self.deaths)
        ]

    def as_dict(self) -> dict[str, Any]:
        return {
            "scenes": {str(pk): key for pk, key in self.scenes.items()},
            "deaths": [[each.element_id, each.key, each.told] for each in self.deaths],
        }


def _dead_at(key: float | None, deaths: Any) -> list[tuple[str, str]]:
    return [] if key is None else [(each.element_id, each.told) for each in deaths if each.key < key]
