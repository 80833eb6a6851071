"""Kinship between characters, and the owners of things."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from agents.engine.checks.finding import Finding, Strength, finding_at
from agents.engine.checks.people import NAME, POSSESSIVE, Cast, Person
from agents.engine.checks.statements import stated
from agents.engine.sources import elements_of, trait_text
from agents.engine.text.folding import fold
from agents.engine.text.matching import without_article
from agents.engine.text.names import NameIndex
from agents.engine.text.reading import read_fact
from agents.engine.text.vocabulary import INVERSE_KIN, KIN
from agents.engine.text.word_forms import folded
from agents.engine.world import Element, WorldView

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
    people = list(cast.people.values())
    if not people or cast.reading.words.isdisjoint(_KIN_WORDS):
        return
    for tie in _ties(cast, people):
        yield from _contradicted(cast, tie)
    for person in people:
        for fact, lacks in _WITHOUT:
            for known in stated(fact, person.facts)[:1]:
                yield from _relatives(cast, person, known.group(), lacks)


def check_ownership(world: WorldView, cast: Cast) -> Iterator[Finding]:
    """Yield things that the text attributes to a different character."""
    if cast.reading.words.isdisjoint(_OWNING):
        return
    for ref, element in elements_of(world):
        owner = str(element.traits.get("owner", ""))
        if not owner or element.kind != "item" or not cast.reading.has_name(element.name):
            continue
        thing = rf"(?:[Tt]he )?{re.escape(without_article(fold(element.name).text))}"
        patterns = (
            rf"\b{thing} (?:belonged|belongs|had always belonged) to (?P<who>{NAME})",
            rf"(?P<who>{NAME}) (?:who )?(?:owned|owns) {thing}",
            rf"\b{thing}, the property of (?P<who>{NAME})",
        )
        statement = trait_text("owner", element.traits["owner"])
        finding = next(_owners(cast, patterns, element, owner, element.id or ref, statement), None)
        if finding is not None:
            yield finding


def _owners(
    cast: Cast, patterns: Iterable[str], element: Element, owner: str, source_id: str, statement: str
) -> Iterator[Finding]:
    owners = cast.named_in(owner)
    for line in cast.lines:
        for pattern in patterns:
            for match in re.finditer(pattern, line.text, re.IGNORECASE):
                meant = cast.person_at(line, match)
                span = line.span(*match.span())
                if meant is not None and meant[0].source_id not in owners and cast.reading.is_asserted(*span):
                    why = f"{element.name} is {owner}'s, not {meant[0].name}'s."
                    yield finding_at(
                        cast.reading,
                        span,
                        kind="character",
                        source_id=source_id,
                        statement=statement,
                        why=why,
                    )


def _relatives(cast: Cast, person: Person, statement: str, lacks: str) -> Iterator[Finding]:
    pattern = re.compile(
        rf"(?P<who>{NAME}'s|{POSSESSIVE}) (?:own )?(?:(?:one|two|three|late|dear|only|elder|younger) "
        rf"){{0,2}}(?:{lacks})\b(?! of\b)"
    )
    for line in cast.lines:
        for match in pattern.finditer(line.text):
            meant = cast.person_at(line, match)
            span = line.span(*match.span())
            if meant is not None and meant[0] is person and cast.reading.is_asserted(*span):
                strength: Strength = "proven" if meant[1] else "likely"
                yield cast.finding(person, span, statement, f"{person.name}: {statement}.", strength=strength)
                return


def _ties(cast: Cast, people: Iterable[Person]) -> Iterator[Tie]:
    """Yield the relationships that summaries state between people of the text."""
    people = list(people)
    index = NameIndex.of(tuple(person.name for person in people))
    for person in people:
        if _KIN_WORD.search(person.element.summary) is None:
            continue
        summary = read_fact(person.element.summary)
        for mention in index.mentions(summary, are_names=True):
            other = people[mention.index]
            if other is person:
                continue
            plain = summary.plain
            before = _KIN_BEFORE.search(plain[: mention.start])
            after = _KIN_AFTER.match(plain, mention.end)
            if before is not None:
                words = plain[before.start() : mention.end]
                yield Tie(person, other, KIN[folded(before["kin"])], words)
            elif after is not None:
                yield Tie(person, other, KIN[folded(after["kin"])], plain[mention.start : after.end()])


def _contradicted(cast: Cast, tie: Tie) -> Iterator[Finding]:
    for line in cast.lines_with(_KIN_WORDS):
        for pattern in _STATED:
            for match in pattern.finditer(line.text):
                subject, whose = cast.person_at(line, match), cast.person_at(line, match, "whose")
                if (
                    subject is None
                    or whose is None
                    or {subject[0].source_id, whose[0].source_id}
                    != {
                        tie.person.source_id,
                        tie.other.source_id,
                    }
                ):
                    continue
                kin = tie.kin if subject[0] is tie.person else INVERSE_KIN[tie.kin]
                span = line.span(*match.span())
                if KIN[folded(match["kin"])] != kin and cast.reading.is_asserted(*span):
                    why = f"{tie.person.name}: {tie.statement}."
                    yield cast.finding(tie.person, span, tie.statement, why)
                    return


_KIN_WORDS: Final = frozenset(word for kin in KIN for word in kin.split("-")) | {
    "sons",
    "daughters",
    "children",
    "brothers",
    "sisters",
}
_OWNING: Final = frozenset({"belonged", "belongs", "owned", "owns", "property"})
_KIN_WORD: Final = re.compile(rf"\b(?:{_KIN})\b", re.IGNORECASE)
_KIN_BEFORE: Final = re.compile(rf"\b(?P<kin>{_KIN}) (?:of|to) (?:the )?$", re.IGNORECASE)
_KIN_AFTER: Final = re.compile(rf"'s (?:\w+ )?(?P<kin>{_KIN})\b(?! of)", re.IGNORECASE)
_STATED: Final = tuple(
    re.compile(pattern)
    for pattern in (
        rf"(?P<whose>{NAME})'s (?:\w+ )?(?P<kin>{_KIN})\b,? (?P<who>{NAME})",
        rf"(?P<who>{NAME}),? (?:who )?(?:was|is|had been) (?:the )?(?P<whose>{NAME})'s (?:\w+ )?(?P<kin>{_KIN})\b",
        rf"\b(?:[Aa]s )?(?:the |a )?(?P<kin>{_KIN}) (?:of|to) (?P<whose>{NAME}),? (?P<who>{NAME})",
        rf"(?P<who>{NAME}),? (?:who )?(?:was|is|had been) (?:the |a )?(?P<kin>{_KIN}) (?:of|to) (?P<whose>{NAME})",
        rf"(?P<who>{NAME}), (?P<whose>{NAME})'s (?:\w+ )?(?P<kin>{_KIN})\b",
    )
)
