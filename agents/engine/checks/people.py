"""Characters in a text, found by their names and by pronouns."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final, Literal

from agents.engine.checks.finding import Finding
from agents.engine.sources import CHARACTER, element_text, elements_of, trait_text
from agents.engine.text.matching import distinctive_parts, words_of
from agents.engine.text.prose import Prose
from agents.engine.world import Element, WorldView

Pronoun = Literal["he", "she", ""]

POSSESSIVE: Final = r"(?:[Hh]er|[Hh]is)"
_SHE: Final = re.compile(
    r"\b(?:she|her|hers|woman|girl|mother|sister|daughter|wife|widow|aunt|niece|granddaughter|grandmother|queen|lady"
    r"|princess|priestess|female|goddess|duchess)\b",
    re.IGNORECASE,
)
_HE: Final = re.compile(
    r"\b(?:he|his|him|man|boy|father|brother|son|husband|widower|uncle|nephew|grandson|grandfather|king|lord|prince"
    r"|male|god|duke|bachelor)\b",
    re.IGNORECASE,
)
# Unnamed people to whom a pronoun may also refer.
_A: Final = (
    r"\b(?:an?|the|another|one|some|every|each|no|his|her|their|two|three|old|young) (?:[\w-]+ ){0,2}?"
)
_NEUTRAL: Final = (
    "child|stranger|clerk|servant|visitor|passenger|person|guard|rider|cook|teacher|smallest|captain|doctor"
)
_UNNAMED: Final[Mapping[Pronoun, re.Pattern[str]]] = {
    "she": re.compile(
        rf"{_A}(?:{_NEUTRAL}|woman|girl|lady|wife|mother|sister|daughter|maid|nun|queen|priestess)\b",
        re.IGNORECASE,
    ),
    "he": re.compile(
        rf"{_A}(?:{_NEUTRAL}|man|boy|lad|husband|father|brother|son|soldier|driver|pedlar|tinker|priest|pastor|monk|king)\b",
        re.IGNORECASE,
    ),
}


@dataclass(frozen=True, slots=True)
class Person:
    """A character of the world. ``names`` is a pattern that matches this character and no other."""

    element: Element
    source_id: str
    names: str
    pronoun: Pronoun

    @property
    def name(self) -> str:
        return self.element.name

    @property
    def facts(self) -> str:
        return element_text(self.element)

    def trait(self, *keys: str) -> tuple[str, str] | None:
        """Return the value of the first trait among ``keys``, and the statement that contains it."""
        for key, value in self.element.traits.items():
            if key.casefold().replace("_", " ") in keys and isinstance(value, str | int):
                return str(value), trait_text(key, value)
        return None

    def finding(
        self, prose: Prose, span: tuple[int, int], statement: str, why: str, *, is_time: bool = False
    ) -> Finding:
        start, end = span
        return Finding(
            "timeline" if is_time else "character",
            self.source_id,
            statement,
            prose.text[start:end],
            start,
            why,
        )


class Cast:
    """The characters of ``world`` that ``prose`` names."""

    def __init__(self, world: WorldView, prose: Prose) -> None:
        self.prose = prose
        self.people = tuple(person for person in _people(world, prose) if re.search(person.names, prose.text))

    @cached_property
    def mentions(self) -> list[tuple[int, int, Person]]:
        """Start, end and person of every name in the text, in reading order."""
        found = [
            (match.start(), match.end(), person)
            for person in self.people
            for match in re.finditer(person.names, self.prose.text)
        ]
        return sorted(found, key=lambda mention: mention[:2])

    def antecedent(self, pronoun: str, position: int) -> Person | None:
        """Return the only person whom the pronoun at ``position`` can mean, or None if it is ambiguous."""
        wanted: Pronoun = "she" if pronoun.casefold() in ("she", "her", "hers") else "he"
        paragraph = self.prose.sentence_at(position).paragraph
        for scope in (paragraph, paragraph - 1):
            candidates = {
                person.source_id: (end, person)
                for start, end, person in self.mentions
                if start < position and self._paragraph(start) == scope and person.pronoun in (wanted, "")
            }
            if len(candidates) > 1:
                return None
            if candidates:
                end, person = next(iter(candidates.values()))
                between = self.prose.text[end:position]
                return None if _UNNAMED[wanted].search(between) else person
        return None

    def resolve(self, name: str, position: int) -> Person | None:
        """Return the person to whom a matched name or pronoun at ``position`` refers."""
        plain = name.removesuffix("'s").removesuffix("’s")
        if plain.casefold() in ("she", "her", "he", "his", "him"):
            return self.antecedent(plain, position)
        return next((person for person in self.people if re.fullmatch(person.names, plain)), None)

    def references(self, person: Person, pattern: str, flags: int = 0) -> Iterator[re.Match[str]]:
        """Yield the matches of ``pattern`` whose group "who" refers to ``person``."""
        for match in re.finditer(pattern, self.prose.text, flags):
            if self.resolve(match["who"], match.start("who")) is person:
                yield match

    @cached_property
    def any_name(self) -> str:
        """A pattern for the name of any person in the text."""
        return "|".join(person.names for person in self.people) or r"(?!)"

    def _paragraph(self, position: int) -> int:
        return self.prose.sentence_at(position).paragraph


def _people(world: WorldView, prose: Prose) -> Iterator[Person]:
    """Yield the characters of whose names at least one word is in the text."""
    words = frozenset(words_of(prose.text))
    elements = list(elements_of(world))
    characters = [(ref, element) for ref, element in elements if element.kind == CHARACTER]
    shared = Counter(part for _, element in characters for part in set(distinctive_parts(element.name)))
    # A part that also names a place or a thing ("Marsh" of Marsh Hall) identifies nobody.
    others = {part for _, element in elements if element.kind != CHARACTER for part in element.name.split()}
    for ref, element in characters:
        if words.isdisjoint(words_of(element.name)):
            continue
        parts = [part for part in distinctive_parts(element.name) if shared[part] == 1 and part not in others]
        yield Person(
            element,
            element.id or ref,
            _name_pattern([element.name, " ".join(distinctive_parts(element.name)), *parts]),
            _pronoun(element),
        )


def _name_pattern(names: Iterable[str]) -> str:
    ordered = sorted({name for name in names if name}, key=len, reverse=True)
    return rf"(?<![\w-])(?:{'|'.join(re.escape(name) for name in ordered)})(?!\w)(?!-\w)"


def _pronoun(element: Element) -> Pronoun:
    for key in ("pronoun", "pronouns", "gender", "sex"):
        value = str(element.traits.get(key, "")).casefold()
        if re.match(r"she|f|woman", value):
            return "she"
        if re.match(r"he\b|m|man", value):
            return "he"
    description = f"{element.name}. {element.summary}"
    is_she, is_he = bool(_SHE.search(description)), bool(_HE.search(description))
    if is_she == is_he:
        return ""
    return "she" if is_she else "he"
