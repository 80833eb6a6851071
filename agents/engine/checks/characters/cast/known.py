"""The characters of a world, with what all texts share that are checked against it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

from agents.engine.checks.characters.cast.descriptions import Descriptions, Profile
from agents.engine.checks.characters.cast.families import Families
from agents.engine.checks.characters.cast.person import Person, person_of, profile_of
from agents.engine.checks.characters.cast.titles import offices_of
from agents.engine.sources import CHARACTER, elements_of
from agents.engine.text.names.index import NameIndex
from agents.engine.world import WorldView, once_a_world


class Known:
    """The characters of a world with their references, and the ways in which texts can mean them."""

    def __init__(self, world: WorldView) -> None:
        elements = list(elements_of(world))
        self.characters = [(ref, element) for ref, element in elements if element.kind == CHARACTER]
        others = tuple(element.name for _, element in elements if element.kind != CHARACTER)
        self._people: dict[int, Person] = {}
        self.index = NameIndex.of(tuple(element.name for _, element in self.characters), others)

    @cached_property
    def index_by_id(self) -> dict[int, int]:
        return {id(element): index for index, (_, element) in enumerate(self.characters)}

    @cached_property
    def profiles(self) -> tuple[Profile, ...]:
        return tuple(profile_of(element) for _, element in self.characters)

    @cached_property
    def offices(self) -> Mapping[tuple[str, str], int]:
        """The positions of people by an office and a surname that mean them alone."""
        return offices_of(self.characters)

    @cached_property
    def descriptions(self) -> Descriptions:
        return Descriptions.of(self.profiles)

    @cached_property
    def families(self) -> Families:
        return Families.of(self.profiles)

    def person(self, position: int) -> Person:
        if position not in self._people:
            self._people[position] = person_of(*self.characters[position])
        return self._people[position]


@once_a_world
def known_in(world: WorldView) -> Known:
    """Return what all texts share that are checked against a world."""
    return Known(world)
