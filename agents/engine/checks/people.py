"""Who is spoken of: the world's characters by their names, and whom a pronoun means."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final, Literal

from agents.engine.checks.finding import Finding
from agents.engine.sources import CHARACTER, element_text, elements_of, trait_text
from agents.engine.text.matching import telling_parts, words_of
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
# Somebody without a name, whom a pronoun may mean as well.
_A: Final = (
    r"\b(?:an?|the|another|one|some|every|each|no|his|her|their|two|three|old|young) (?:[\w-]+ ){0,2}?"
)
_ANYBODY: Final = (
    "child|stranger|clerk|servant|visitor|passenger|person|guard|rider|cook|teacher|smallest|captain|doctor"
)
_SOMEBODY: Final[Mapping[Pronoun, re.Pattern[str]]] = {
    "she": re.compile(
        rf"{_A}(?:{_ANYBODY}|woman|girl|lady|wife|mother|sister|daughter|maid|nun|queen|priestess)\b",
        re.IGNORECASE,
    ),
    "he": re.compile(
        rf"{_A}(?:{_ANYBODY}|man|boy|lad|husband|father|brother|son|soldier|driver|pedlar|tinker|priest|pastor|monk|king)\b",
        re.IGNORECASE,
    ),
}


@dataclass(frozen=True, slots=True)
class Person:
    """A character of the world. ``source_id`` cites the element; ``names`` finds it, and nobody else, in a text."""

    element: Element
    source_id: str
    names: str
    pronoun: Pronoun

    @property
    def name(self) -> str:
        return self.element.name

    @property
    def about(self) -> str:
        return element_text(self.element)

    def trait(self, *keys: str) -> tuple[str, str] | None:
        """The value of the first of these traits that the element has, and the statement that holds it."""
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
        self.people = tuple(one for one in _people(world, prose) if re.search(one.names, prose.text))

    @cached_property
    def mentions(self) -> list[tuple[int, int, Person]]:
        """Start, end and person of every name, in reading order."""
        found = [
            (match.start(), match.end(), person)
            for person in self.people
            for match in re.finditer(person.names, self.prose.text)
        ]
        return sorted(found, key=lambda mention: mention[:2])

    def meant_by(self, pronoun: str, position: int) -> Person | None:
        """Whom "she", "her", "he", "his" at ``position`` can only mean; None where it may be somebody else."""
        wanted: Pronoun = "she" if pronoun.casefold() in ("she", "her", "hers") else "he"
        paragraph = self.prose.sentence_at(position).paragraph
        for scope in (paragraph, paragraph - 1):
            near = [one for one in self.mentions if one[0] < position and self._paragraph(one[0]) == scope]
            fitting = {one[2].source_id: one for one in near if one[2].pronoun in (wanted, "")}
            if len(fitting) > 1:
                return None
            if fitting:
                _, end, person = next(iter(fitting.values()))
                between = self.prose.text[end:position]
                return None if _SOMEBODY[wanted].search(between) else person
        return None

    def who(self, name: str, position: int) -> Person | None:
        """The person whom a matched name or pronoun at ``position`` stands for."""
        plain = name.removesuffix("'s").removesuffix("’s")
        if plain.casefold() in ("she", "her", "he", "his", "him"):
            return self.meant_by(plain, position)
        return next((one for one in self.people if re.fullmatch(one.names, plain)), None)

    @cached_property
    def any_name(self) -> str:
        """A pattern for the name of anybody who is in the text."""
        return "|".join(one.names for one in self.people) or r"(?!)"

    def _paragraph(self, position: int) -> int:
        return self.prose.sentence_at(position).paragraph


def _people(world: WorldView, prose: Prose) -> Iterator[Person]:
    """The characters of whose name at least a word is in the text."""
    spoken = frozenset(words_of(prose.text))
    characters = [(ref, one) for ref, one in elements_of(world) if one.kind == CHARACTER]
    shared = Counter(part for _, one in characters for part in set(telling_parts(one.name)))
    # A part that also names a place or a thing ("Marsh" of Marsh Hall) tells nobody.
    others = Counter(
        part for _, one in elements_of(world) if one.kind != CHARACTER for part in one.name.split()
    )
    for ref, element in characters:
        if spoken.isdisjoint(words_of(element.name)):
            continue
        parts = [part for part in telling_parts(element.name) if shared[part] == 1 and not others[part]]
        yield Person(
            element,
            element.id or ref,
            _name_pattern([element.name, " ".join(telling_parts(element.name)), *parts]),
            _pronoun(element),
        )


def _name_pattern(names: Iterable[str]) -> str:
    ordered = sorted({name for name in names if name}, key=len, reverse=True)
    return rf"(?<![\w-])(?:{'|'.join(re.escape(name) for name in ordered)})(?!\w)(?!-\w)"


def _pronoun(element: Element) -> Pronoun:
    for key in ("pronoun", "pronouns", "gender", "sex"):
        said = str(element.traits.get(key, "")).casefold()
        if re.match(r"she|f|woman", said):
            return "she"
        if re.match(r"he\b|m|man", said):
            return "he"
    about = f"{element.name}. {element.summary}"
    she, he = len(_SHE.findall(about)), len(_HE.findall(about))
    if bool(she) == bool(he):
        return ""
    return "she" if she else "he"
