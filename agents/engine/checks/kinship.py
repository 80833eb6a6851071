"""Kinship between characters, and the owners of things."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from agents.engine.checks.finding import Finding
from agents.engine.checks.people import POSSESSIVE, Cast, Person
from agents.engine.sources import elements_of, trait_text
from agents.engine.text.vocabulary import INVERSE_KIN, KIN
from agents.engine.text.word_forms import folded
from agents.engine.world import WorldView

_KIN: Final = "|".join(sorted(KIN, key=len, reverse=True))
_WITHOUT: Final = tuple(
    (re.compile(fact, re.IGNORECASE), lacks)
    for fact, lacks in (
        (r"\bonly child\b", "brother|sister|twin|brothers|sisters"),
        (r"\b(?:has no children|childless)\b", "sons?|daughters?|child|children"),
        (r"\b(?:never married|bachelor|spinster|unmarried)\b", "wife|husband"),
    )
)


@dataclass(frozen=True, slots=True)
class Tie:
    """A stated relationship: ``person`` is ``kin`` (a class of KIN) to ``other``."""

    person: Person
    other: Person
    kin: str
    statement: str


def check_kinship(cast: Cast) -> Iterator[Finding]:
    ties = [tie for person in cast.people for tie in _ties(cast, person)]
    for tie in ties:
        yield from _contradicted(cast, tie)
    for person in cast.people:
        for fact, lacks in _WITHOUT:
            known = fact.search(person.facts)
            if known is None:
                continue
            whose = rf"(?P<who>{person.names}['’]s|\b{POSSESSIVE}|\b(?:Her|His))"
            pattern = (
                rf"{whose} (?:own )?(?:(?:one|two|three|late|dear|only|elder|younger) "
                rf"){{0,2}}(?:{lacks})\b(?! of\b)"
            )
            for match in cast.references(person, pattern):
                if cast.prose.is_asserted(*match.span()):
                    why = f"{person.name}: {known.group()}."
                    yield person.finding(cast.prose, match.span(), known.group(), why)
                    break


def check_ownership(world: WorldView, cast: Cast) -> Iterator[Finding]:
    """Yield things that the text attributes to a different character."""
    text = cast.prose.text
    for ref, element in elements_of(world):
        owner = str(element.traits.get("owner", ""))
        if (
            not owner
            or element.kind != "item"
            or element.name.casefold().removeprefix("the ") not in text.casefold()
        ):
            continue
        name = rf"(?:the )?{re.escape(element.name.removeprefix('the ').removeprefix('The '))}"
        patterns = (
            rf"\b{name} (?:belonged|belongs|had always belonged) to (?P<who>{cast.any_name})",
            rf"(?P<who>{cast.any_name}) (?:who )?(?:owned|owns) {name}",
            rf"\b{name}, the property of (?P<who>{cast.any_name})",
            rf"\b(?:it was )?(?P<who>{cast.any_name}) who owned {name}",
        )
        for pattern in patterns:
            for match in re.finditer(pattern, text, re.IGNORECASE):
                stated = cast.resolve(match["who"], match.start("who"))
                if (
                    stated is None
                    or re.search(stated.names, owner)
                    or not cast.prose.is_asserted(*match.span())
                ):
                    continue
                statement = trait_text("owner", element.traits["owner"])
                why = f"{element.name} is {owner}'s, not {stated.name}'s."
                yield Finding("character", element.id or ref, statement, match.group(), match.start(), why)
                return


def _ties(cast: Cast, person: Person) -> Iterator[Tie]:
    summary = person.element.summary
    for other in cast.people:
        if other is person:
            continue
        own = re.escape(person.name.split()[0])
        patterns = (
            rf"\b(?P<kin>{_KIN}) of (?:the )?(?:{other.names})",
            rf"{other.names}['’]s (?:\w+ )?(?P<kin>{_KIN})\b(?! of)",
            rf"\b(?:the|a) (?P<kin>{_KIN}) (?:to|of) {own}",
        )
        for pattern in patterns:
            known = re.search(pattern, summary, re.IGNORECASE)
            if known is not None:
                yield Tie(person, other, KIN[folded(known["kin"])], known.group())
                break


def _contradicted(cast: Cast, tie: Tie) -> Iterator[Finding]:
    person, other = tie.person.names, tie.other.names
    for subject, whose, kin in ((person, other, tie.kin), (other, person, INVERSE_KIN[tie.kin])):
        stated = rf"(?P<kin>{_KIN})\b"
        patterns = (
            rf"{whose}['’]s (?:\w+ )?{stated},? {subject}",
            rf"{subject},? (?:who )?(?:was|is|had been) (?:the )?{whose}['’]s (?:\w+ )?{stated}",
            rf"\b(?:[Aa]s )?(?:the |a )?{stated} (?:of|to) {whose},? {subject}",
            rf"{subject},? (?:who )?(?:was|is|had been) (?:the |a )?{stated} (?:of|to) {whose}",
            rf"{subject}, {whose}['’]s (?:\w+ )?{stated}",
        )
        for pattern in patterns:
            for match in re.finditer(pattern, cast.prose.text):
                if KIN[folded(match["kin"])] != kin and cast.prose.is_asserted(*match.span()):
                    why = f"{tie.person.name}: {tie.statement}."
                    yield tie.person.finding(cast.prose, match.span(), tie.statement, why)
                    return
