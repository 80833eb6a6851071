"""Places that relations state: where a place lies, which places are within it, and what cannot be one place."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Final

from agents.engine.sources import elements_of
from agents.engine.text.folding import fold
from agents.engine.text.matching import without_article
from agents.engine.text.reading import Reading
from agents.engine.world import Element, WorldView, once_a_world

LOCATION: Final = "location"
HOMES: Final = ("lives in", "living in", "resides in", "resident of", "inhabitant of", "based in")
GRAVES: Final = ("buried in",)
BIRTHS: Final = ("born in",)
WITHIN: Final = ("located in", "part of")
_STATED: Final = re.compile(
    rf"(?P<kind>{'|'.join((*HOMES, *GRAVES, *BIRTHS, *WITHIN))}) (?P<place>.+?)(?: \((?P<when>(?:since|until) .*)\))?"
)
# Words of a name in a text; a longer one is not looked up.
_MAX_WORDS: Final = 8
_WORD: Final = re.compile(r"[^\W_]+")
# What makes the name of a place a part of a longer one, or of something of that place.
_GOES_ON: Final = re.compile(r"['’-]|\s+(?:[A-Z]|[a-z]+(?:'s)? (?:of|and) [A-Z])")
# Of these, one does not lie in another of its type.
_TYPES: Final = frozenset(
    ("city", "town", "village", "hamlet", "country", "kingdom", "continent", "island", "planet")
)
_NEAR: Final = (
    "in|on|of|by|at|near|with|where|that|which|whose|inland|between|beyond|beside|along|above|below|under|among|built"
    "|known|called|famous|halfway|just|far|surrounded|and"
)
_TYPE_TOLD: Final = re.compile(
    rf"(?:An?|The) (?:(?!(?:{_NEAR})\b)[\w-]+,? ){{0,3}}?(?P<type>{'|'.join(sorted(_TYPES))})\b(?=$|[.,;]"
    rf"| (?:{_NEAR})\b)"
)


@dataclass(frozen=True, slots=True)
class Stated:
    """A relation of an element to a place: ``statement`` as the element has it, without its dates if it has some."""

    statement: str
    kind: str
    place: str
    when: str


def stated_places(element: Element, kinds: Collection[str]) -> Iterator[Stated]:
    """Yield the relations of an element of some ``kinds`` that have not ended."""
    relations = element.traits.get("relations")
    for said in relations if isinstance(relations, list | tuple) else ():
        found = _STATED.fullmatch(str(said))
        if found is not None and found["kind"] in kinds and "until" not in (found["when"] or ""):
            yield Stated(str(said), found["kind"], found["place"], found["when"] or "")


def told_of_place(element: Element) -> tuple[str, str, str, tuple[Stated, ...]]:
    """Return all by which an element takes part in what ``Places`` tells."""
    return (
        element.kind,
        element.name,
        _type(element),
        tuple(stated_places(element, (*HOMES, *GRAVES, *BIRTHS, *WITHIN))),
    )


def dependants_of(names: Collection[str], world: WorldView) -> list[Element]:
    """Return the elements that are in one of some places, by any number of steps."""
    within: dict[str, list[Element]] = {}
    for element in world.elements:
        for stated in stated_places(element, (*HOMES, *GRAVES, *BIRTHS, *WITHIN)):
            within.setdefault(stated.place, []).append(element)
    found: dict[str, Element] = {}
    left = list(names)
    while left:
        for element in within.get(left.pop(), ()):
            if element.name not in found:
                found[element.name] = element
                left.append(element.name)
    return list(found.values())


@dataclass(frozen=True, slots=True)
class Located:
    """A location, and where relations put it."""

    source_id: str
    element: Element
    within: tuple[Stated, ...]


class Places:
    """The locations of a world by their names, and which lies in which."""

    def __init__(self, world: WorldView) -> None:
        # By the first word of the name, as a text has it.
        self._located: dict[str, list[Located]] = {}
        self._elements: dict[tuple[str, ...], Element] = {}
        self._parents: dict[str, frozenset[str]] = {}
        for ref, element in elements_of(world):
            if element.kind == LOCATION and (key := _key(element.name)):
                self._elements.setdefault(key, element)
                within = list(stated_places(element, WITHIN))
                if within:
                    located = Located(element.id or ref, element, tuple(within))
                    self._located.setdefault(key[0], []).append(located)
                    self._parents[element.name] = frozenset(stated.place for stated in within)

    @staticmethod
    def of(world: WorldView) -> Places:
        return _places_in(world)

    def located_in(self, reading: Reading) -> Iterator[Located]:
        """Yield the places with a stated place around them that a text names."""
        for word in self._located.keys() & reading.words:
            yield from (each for each in self._located[word] if reading.has_name(each.element.name))

    def named(self, name: str) -> Element | None:
        return self._elements.get(_key(name))

    def at(self, text: str, start: int) -> tuple[Element, int] | None:
        """Return the location whose name begins at ``start``, perhaps behind an article, and the end of the name."""
        words: list[re.Match[str]] = []
        for word in _WORD.finditer(text, start):
            if len(words) > _MAX_WORDS or (
                words and text[words[-1].end() : word.start()] not in (" ", "-", "'")
            ):
                break
            words.append(word)
        if words and words[0].group().lower() in ("the", "a", "an"):
            words = words[1:]
        if not words or text[start : words[0].start()].strip().lower() not in ("", "the", "a", "an"):
            return None
        for count in range(len(words), 0, -1):
            element = self._elements.get(tuple(word.group().lower() for word in words[:count]))
            if element is not None:
                end = words[count - 1].end()
                is_name = element.name[:1].islower() or words[0].group()[0].isupper()
                return (element, end) if is_name and _GOES_ON.match(text, end) is None else None
        return None

    def are_apart(self, one: str, other: str) -> bool | None:
        """Return whether two places cannot be at one spot; None if the world does not tell.

        False if one lies in the other, by any number of steps.
        """
        if one == other:
            return False
        around, around_other = self._around(one), self._around(other)
        if one in around_other or other in around:
            return False
        # "Saltmere lies in Vell" leaves open whether it lies in a province of Vell, but no town is another one.
        types, others = self._by_type(one, *around), self._by_type(other, *around_other)
        shared = types.keys() & others.keys() & _TYPES
        return True if any(types[kind].isdisjoint(others[kind]) for kind in shared) else None

    def _by_type(self, *names: str) -> dict[str, set[str]]:
        """Return the names of places by their types."""
        found: dict[str, set[str]] = {}
        for name in names:
            if (element := self.named(name)) is not None:
                found.setdefault(_type(element), set()).add(element.name)
        return found

    def _around(self, name: str) -> frozenset[str]:
        """Return the places in which a place lies."""
        found: set[str] = set()
        left = list(self._parents.get(name, ()))
        while left:
            place = left.pop()
            if place not in found:
                found.add(place)
                left += self._parents.get(place, ())
        return frozenset(found)


@once_a_world
def _places_in(world: WorldView) -> Places:
    return Places(world)


def _key(name: str) -> tuple[str, ...]:
    """Return the words by which a place is looked up."""
    return tuple(_WORD.findall(without_article(fold(name).text).lower()))


def _type(element: Element) -> str:
    stated = next((str(value) for key, value in element.traits.items() if key.casefold() == "type"), "")
    told = None if stated else _TYPE_TOLD.match(element.summary)
    return told["type"] if told is not None else stated.strip().casefold()
