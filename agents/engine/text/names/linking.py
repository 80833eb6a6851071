"""Places in a text at which elements of a world are named, as the checks find names."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from agents.engine.text.languages.detection import language_of, probable_language
from agents.engine.text.lazy_pattern import lazy_pattern
from agents.engine.text.names.forms import folded, forms_of, plain
from agents.engine.text.names.index import NameIndex
from agents.engine.text.names.mentions import Mention
from agents.engine.text.names.scripts import name_is_in
from agents.engine.text.reading import Reading

# Letters of a word's beginning by which its inflected forms are looked for.
_STEM_CHARS: Final = 3
_WORD: Final = lazy_pattern(r"\w+")
# The scripts whose words stand alone and have endings.
_SPACED: Final = lazy_pattern(
    r"(?P<latin>[a-zA-Z\u00c0-\u024f\u1e00-\u1eff])|(?P<cyrillic>[\u0400-\u052f])"
    r"|(?P<greek>[\u0370-\u03ff\u1f00-\u1fff])"
)


@dataclass(frozen=True, slots=True)
class Named:
    """The name of an element; of a person a part of it is enough."""

    name: str
    is_person: bool


@dataclass(frozen=True, slots=True)
class NamePlace:
    """A span of a text that names the element with this ``index``."""

    start: int
    end: int
    index: int


class NameFinder:
    """Finds the names of elements in texts: characters in full or by a distinctive part, things in full."""

    def __init__(self, elements: Sequence[Named]) -> None:
        self._elements = elements
        self._people = [index for index, element in enumerate(elements) if element.is_person]
        self._things = [index for index, element in enumerate(elements) if not element.is_person]
        things = tuple(elements[index].name for index in self._things)
        self._index_of_people = NameIndex.of(tuple(elements[index].name for index in self._people), things)
        self._index_of_things = NameIndex.of_things(things)

    def places(self, text: str) -> list[NamePlace]:
        """Return the places in reading order; of those that overlap, the longest.

        A name that two elements have stands for the first of them.
        """
        reading = Reading(text)
        found = [
            *_places(reading, self._index_of_people.mentions(reading), self._people),
            *_places(reading, self._index_of_things.mentions(reading), self._things),
        ]
        code = language_of(text) or probable_language(text) or "en"
        if code != "en":
            known = {place.index for place in found}
            found += (
                place
                for index, element in enumerate(self._elements)
                if index not in known
                for place in _in_other_language(index, element.name, text, code)
            )
        return _without_overlaps(found)


def _places(reading: Reading, mentions: Sequence[Mention], indexes: Sequence[int]) -> Iterator[NamePlace]:
    for mention in mentions:
        quote, start = reading.quote(mention.start, mention.end)
        yield NamePlace(start, start + len(quote), indexes[mention.index])


def _in_other_language(index: int, name: str, text: str, code: str) -> Iterator[NamePlace]:
    """Yield the places of a name whose words have endings, or stand without spaces around them."""
    parts = dict.fromkeys((name, *name.split()))
    if not any(part[:_STEM_CHARS] in text for part in parts) or not name_is_in(name, text, code):
        return
    for part in parts:
        letters = _SPACED.match(part)
        if letters is None:
            yield from (NamePlace(*match.span(), index) for match in re.finditer(re.escape(part), text))
            continue
        script = letters.lastgroup or "latin"
        forms = forms_of(folded(plain(part, script), script), script, code)
        for match in _WORD.finditer(text):
            word = match.group()
            if word[0] == part[0] and folded(plain(word, script), script) in forms:
                yield NamePlace(*match.span(), index)


def _without_overlaps(found: Sequence[NamePlace]) -> list[NamePlace]:
    kept: list[NamePlace] = []
    for place in sorted(found, key=lambda place: (place.start, -place.end, place.index)):
        if kept and place.start < kept[-1].end:
            if place.end - place.start > kept[-1].end - kept[-1].start:
                kept[-1] = place
            continue
        kept.append(place)
    return kept
