"""Kinship between characters, and the owners of things."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from agents.engine.checks.characters.people import NAME, POSSESSIVE, Cast, Person
from agents.engine.checks.finding import Finding, Strength, finding_at
from agents.engine.checks.statements import stated
from agents.engine.sources import elements_of, trait_text
from agents.engine.text.folding import fold
from agents.engine.text.matching import without_article
from agents.engine.text.names.names import NameIndex, words_of_name
from agents.engine.text.reading import read_fact
from agents.engine.text.words.vocabulary import INVERSE_KIN, KIN
from agents.engine.text.words.word_forms import folded
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
        yield from _other_marriage(cast, person)
        for fact, lacks in _WITHOUT:
            for known in stated(fact, person.facts)[:1]:
                yield from _relatives(cast, person, known.group(), lacks)


def check_ownership(world: WorldView, cast: Cast) -> Iterator[Finding]:
    """Yield things that the text attributes to a different character."""
    for ref, element in elements_of(world):
        owner = str(element.traits.get("owner", ""))
        if not owner or element.kind != "item" or not set(words_of_name(element.name)) <= cast.reading.words:
            continue
        bare = re.escape(without_article(fold(element.name).text))
        thing = rf"(?:[Tt]he )?{bare}"
        # "her own sword, Winterfang"
        named = re.sub(r"\\ (?=[^\\ ]+$)", ",? ", bare)
        patterns = (
            rf"\b{thing} (?:belonged|belongs|had always belonged) to (?P<who>{NAME})",
            rf"(?P<who>{NAME}) (?:who )?(?:owned|owns) {thing}",
            rf"\b{thing}, the property of (?P<who>{NAME})",
            rf"(?P<who>{NAME})'s (?:own )?{named}\b",
            rf"\b(?P<who>{POSSESSIVE}) own {named}\b",
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
                    strength: Strength = "proven" if meant[1] else "likely"
                    why = f"{element.name} is {owner}'s, not {meant[0].name}'s."
                    yield finding_at(
                        cast.reading,
                        span,
                        kind="character",
                        source_id=source_id,
                        statement=statement,
                        why=why,
                        strength=strength,
                    )


def _relatives(cast: Cast, person: Person, statement: str, lacks: str) -> Iterator[Finding]:
    pattern = re.compile(
        rf"(?P<who>{NAME}'s|{POSSESSIVE}|{NAME} and (?:his|her)) (?:own )?(?:(?:one|two|three|late|dear|only"
        rf"|elder|younger|little|young|small|baby|eldest|youngest|grown) "
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
                if subject is not None and whose is not None and subject[0] is whose[0]:
                    # "Agnes waved to her daughter, Ruth": the pronoun comes before the name.
                    continue
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
                in_speech = match.group()[0] in '“"'
                if KIN[folded(match["kin"])] != kin and cast.reading.is_asserted(*span, in_speech=in_speech):
                    why = f"{tie.person.name}: {tie.statement}."
                    strength: Strength = "proven" if whose[1] else "likely"
                    yield cast.finding(tie.person, span, tie.statement, why, strength=strength)
                    return


def _other_marriage(cast: Cast, person: Person) -> Iterator[Finding]:
    """Yield the first sentence in which somebody is the husband or wife of another than the summary says."""
    known = _MARRIED.search(person.element.summary)
    if known is None or _ENDED.search(person.element.summary):
        return
    partner = set(words_of_name(known["other"]))
    for line in cast.lines_with(_SPOUSES):
        for pattern in _STATED:
            for match in pattern.finditer(line.text):
                pair = cast.person_at(line, match), cast.person_at(line, match, "whose")
                if KIN[folded(match["kin"])] != "spouse" or pair[0] is None or pair[1] is None:
                    continue
                one, other = pair[0][0], pair[1][0]
                if person not in (one, other) or one is other:
                    continue
                spouse = other if one is person else one
                span = line.span(*match.span())
                if partner.isdisjoint(words_of_name(spouse.name)) and cast.reading.is_asserted(*span):
                    why = f"{person.name}: {known.group()}."
                    strength: Strength = "proven" if pair[0][1] and pair[1][1] else "likely"
                    yield cast.finding(person, span, known.group(), why, strength=strength)
                    return


_SPOUSES: Final = frozenset(("wife", "husband", "spouse", "widow", "widower"))
_MARRIED: Final = re.compile(r"\b(?:[Ww]ife|[Hh]usband) of (?P<other>[A-Z][\w'-]+(?: [A-Z][\w'-]+)?)")
_ENDED: Final = re.compile(r"\b(?:ex-|former|divorced|widow|late|first)\b", re.IGNORECASE)
_KIN_WORDS: Final = frozenset(word for kin in KIN for word in kin.split("-")) | {
    "sons",
    "daughters",
    "children",
    "brothers",
    "sisters",
}
_KIN_WORD: Final = re.compile(rf"\b(?:{_KIN})\b", re.IGNORECASE)
_KIN_BEFORE: Final = re.compile(
    rf"\b(?P<kin>{_KIN})s? (?:of|to) (?:(?:[A-Z][\w'-]*(?: [A-Z][\w'-]*)?(?:,| and) ){{1,3}})?(?:and )?(?:the )?$",
    re.IGNORECASE,
)
_KIN_AFTER: Final = re.compile(rf"'s (?:\w+ )?(?P<kin>{_KIN})\b(?! of)", re.IGNORECASE)
_STATED: Final = tuple(
    re.compile(pattern)
    for pattern in (
        rf"(?P<whose>{NAME})'s (?:\w+ )?(?P<kin>{_KIN})\b,? (?P<who>{NAME})",
        rf"(?P<who>{NAME}),? (?:who )?(?:was|is|had been) (?:the )?(?P<whose>{NAME})'s (?:\w+ )?(?P<kin>{_KIN})\b",
        rf"\b(?:[Aa]s )?(?:the |a )?(?P<kin>{_KIN}) (?:of|to) (?P<whose>{NAME}),? (?P<who>{NAME})",
        rf"(?P<who>{NAME}),? (?:who )?(?:was|is|had been) (?:the |a )?(?P<kin>{_KIN}) (?:of|to) (?P<whose>{NAME})",
        rf"(?P<who>{NAME}), (?P<whose>{NAME})'s (?:\w+ )?(?P<kin>{_KIN})\b",
        rf"(?P<whose>{POSSESSIVE}) (?:own )?(?:\w+ )?(?P<kin>{_KIN}),? (?P<who>{NAME})",
        rf"[“\"][^”\"]{{0,60}}\b[Mm]y (?:\w+ )?(?P<kin>{_KIN}),? (?P<who>{NAME})[^”\"]{{0,80}}[”\"],? (?:said"
        rf"|asked|called|cried"
        rf"|answered|replied|shouted|told) (?P<whose>{NAME})",
        rf"(?P<who>{NAME}), (?:his|her) (?:\w+ )?(?P<kin>{_KIN})'s (?P<whose>{NAME})",
    )
)
