"""Kinship between characters, and the owners of things."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from agents.engine.checks.characters.cast.addresses import addresses
from agents.engine.checks.characters.cast.descriptions import KIN_WORD, fits, kin_at
from agents.engine.checks.characters.cast.people import NAME, Cast
from agents.engine.checks.characters.cast.person import Person
from agents.engine.checks.characters.kin.forms import (
    ALL_KIN_WORDS,
    ALL_ROLES,
    ANY_KIN_WORD,
    CHILD_OF,
    ENDED,
    KIN_OF_ROLE,
    KINSHIP_WORDS,
    LISTED,
    MARRIED,
    MARRIED_TO,
    NOT_BY_BIRTH,
    OF,
    OF_ROLE,
    ORDERS,
    PAIR,
    PAIR_WORDS,
    PAIRS,
    SINGLE,
    STATED,
)
from agents.engine.checks.finding import Finding, Strength
from agents.engine.checks.statements import stated
from agents.engine.text.names.index import NameIndex, words_of_name
from agents.engine.text.reading import Reading, read_fact
from agents.engine.text.vocabulary import INVERSE_KIN, KIN
from agents.engine.text.word_forms import folded
from agents.engine.world import Element


@dataclass(frozen=True, slots=True)
class Tie:
    """A stated relationship: ``person`` is ``kin`` (a class of KIN) to ``other``, as the facts of ``source`` say."""

    person: Person
    other: Person
    kin: str
    statement: str
    source: Person


class _Claim(NamedTuple):
    """A sentence of a text, at a span, that the ``subject`` is ``kin`` to somebody, who ``is_by_name`` in it.

    ``kin`` is a class of KIN, or "" for a word that does not fit the subject: a son who is a woman. A phrase, "her
    uncle Tom", tells it in a negation as well.
    """

    subject: Person
    other: Person
    kin: str
    span: tuple[int, int]
    in_speech: bool
    is_by_name: bool
    is_phrase: bool = False


def check_kinship(cast: Cast) -> Iterator[Finding]:
    people = list(cast.people.values())
    if not people or cast.reading.words.isdisjoint(KINSHIP_WORDS):
        return
    claims = _claims(cast)
    named = {id(person): person for person in people}
    named |= {id(claim.other): claim.other for told in claims.values() for claim in told}
    known = list(named.values())
    ties = (*_ties(cast, known), *_siblings(cast, known)) if claims else ()
    by_pair = _by_pair(ties)
    for pair, stating in by_pair.items():
        yield from _contradicted(cast, stating, claims.get(pair, ()))
    for pair, told in claims.items():
        if pair not in by_pair:
            yield from _other_parents(cast, told)
            yield from _further_relative(cast, told)
    married = [claim for told in claims.values() for claim in told if claim.kin == "spouse"]
    for person in people:
        yield from _other_marriage(cast, person, married)
        yield from _other_relative(cast, person)
        yield from _of_other_role(cast, person)


def _ties(cast: Cast, people: Iterable[Person]) -> Iterator[Tie]:
    """Yield the relationships that summaries and relations state between people of the text."""
    people = list(people)
    index = NameIndex.of(tuple(person.name for person in people))
    for person in people:
        said = _kin_text(person.element)
        if not stated(ANY_KIN_WORD, said):
            continue
        summary = read_fact(said)
        for mention in index.mentions(summary, are_names=True):
            other = people[mention.index]
            if other is person:
                continue
            known = kin_at(summary.plain, mention.start, mention.end)
            if known is not None:
                kin, start, end = known
                yield Tie(person, other, KIN[folded(kin)], summary.plain[start:end], person)
        for found in stated(KIN_OF_ROLE, person.element.summary):
            bearers = [
                other for other in people if other is not person and found["role"].lower() in _titles(other)
            ]
            if len(bearers) == 1:
                yield Tie(person, bearers[0], KIN[folded(found["kin"])], found.group(), person)


def _siblings(cast: Cast, people: Iterable[Person]) -> Iterator[Tie]:
    """Yield the kinship of people who have a parent in common."""
    children: defaultdict[str, list[tuple[Person, Person, str]]] = defaultdict(list)
    for person in people:
        for parent, source, statement in cast.parents(person):
            for other, _, _ in children[parent.source_id]:
                yield Tie(other, person, "sibling", statement, source)
            children[parent.source_id].append((person, source, statement))


def _titles(person: Person) -> tuple[str, ...]:
    """Return the words for the office of a person: "pastor" for Pastor Lunde, "reeve" for a town reeve."""
    role = person.trait("role", "title", "occupation", "profession")
    return (
        person.name.split()[0].lower(),
        *((role[0].lower().split()[-1],) if role and role[0].strip() else ()),
    )


def _by_pair(ties: Iterable[Tie]) -> Mapping[frozenset[str], list[Tie]]:
    """Group ties by the source ids of the two people; the facts of both may state the same tie."""
    pairs: defaultdict[frozenset[str], list[Tie]] = defaultdict(list)
    for tie in ties:
        pairs[frozenset((tie.person.source_id, tie.other.source_id))].append(tie)
    return pairs


def _kin_text(element: Element) -> str:
    """Return the summary with the relations that have not ended, "sister of Tom Voss"."""
    relations = element.traits.get("relations", ())
    lasting = [str(said) for said in relations if "until" not in said] if isinstance(relations, list) else []
    return ". ".join([element.summary, *lasting]) if lasting else element.summary


def _claims(cast: Cast) -> Mapping[frozenset[str], list[_Claim]]:
    """Return what a text says of the kinship of two people, by their source ids."""
    claims: defaultdict[frozenset[str], list[_Claim]] = defaultdict(list)
    for line in cast.lines_with(ALL_KIN_WORDS):
        for match, is_phrase in STATED.find(line.text):
            subject, whose = cast.person_at(line, match), cast.person_at(line, match, "whose")
            # "Agnes waved to her daughter, Ruth": the pronoun comes before the name.
            if subject is not None and whose is not None and subject[0] is not whose[0]:
                span = line.span(*match.span())
                in_speech = match.group()[0] in '“"'
                is_phrase = is_phrase and "," not in match.group()
                word = folded(match["kin"])
                kin = KIN[word] if not is_phrase or fits(word, subject[0].pronoun) else ""
                claim = _Claim(subject[0], whose[0], kin, span, in_speech, whose[1], is_phrase)
                claims[frozenset((subject[0].source_id, whose[0].source_id))].append(claim)
    for pair, claim in (*_pairs(cast), *_addresses(cast), *_kin_of_roles(cast)):
        claims[pair].append(claim)
    return claims


def _kin_of_roles(cast: Cast) -> Iterator[tuple[frozenset[str], _Claim]]:
    """Yield what a text says of somebody and a person whom it names by the role: "Edda, the smith's daughter"."""
    for line in cast.lines_with(ALL_KIN_WORDS, ALL_ROLES, OF):
        for match, _ in OF_ROLE.find(line.text):
            subject, other = cast.person_at(line, match), cast.bearer_of(match["role"].lower())
            if subject is not None and other is not None and subject[0] is not other:
                kin, span = KIN[folded(match["kin"])], line.span(*match.span())
                claim = _Claim(subject[0], other, kin, span, in_speech=False, is_by_name=subject[1])
                yield frozenset((subject[0].source_id, other.source_id)), claim


def _addresses(cast: Cast) -> Iterator[tuple[frozenset[str], _Claim]]:
    """Yield what the words say by which speakers address somebody: "“Aunt Agnes,” said Lucy"."""
    for meant, speaker, kin, span in addresses(cast):
        claim = _Claim(meant, speaker, kin, span, in_speech=True, is_by_name=False)
        yield frozenset((meant.source_id, speaker.source_id)), claim


def _pairs(cast: Cast) -> Iterator[tuple[frozenset[str], _Claim]]:
    """Yield what a text says of two people at once: "Ruth and Gavin were brother and sister"."""
    for line in cast.lines_with(PAIR_WORDS):
        for match in (found for pattern in (PAIR, MARRIED_TO) for found in pattern.finditer(line.text)):
            second = "2" if match.groupdict().get("pair2") else ""
            one, other = cast.person_at(line, match), cast.person_at(line, match, f"other{second}")
            if one is not None and other is not None and one[0] is not other[0]:
                words = match[f"pair{second}"].casefold()
                kin = next(kin for pattern, kin in PAIRS if pattern in words)
                claim = _Claim(
                    one[0], other[0], kin, line.span(*match.span()), in_speech=False, is_by_name=True
                )
                yield frozenset((one[0].source_id, other[0].source_id)), claim


def _contradicted(cast: Cast, ties: Iterable[Tie], claims: Iterable[_Claim]) -> Iterator[Finding]:
    """Yield the first claim that contradicts each kinship of a pair, with the fact of whom the sentence is about."""
    ties = list(ties)
    for kin in dict.fromkeys(_kin_to(tie, ties[0].person) for tie in ties):
        stating = [tie for tie in ties if _kin_to(tie, ties[0].person) == kin]
        for claim in claims:
            expected = kin if claim.subject is ties[0].person else INVERSE_KIN[kin]
            if claim.kin != expected and _is_told(cast.reading, claim):
                tie = next((tie for tie in stating if tie.person is claim.subject), stating[0])
                why = f"The world tells another kinship of {tie.person.name} and {tie.other.name}."
                strength: Strength = "proven" if claim.is_by_name else "likely"
                yield cast.finding(tie.source, claim.span, tie.statement, why, strength=strength)
                break


def _is_told(reading: Reading, claim: _Claim) -> bool:
    if claim.is_phrase and not claim.in_speech:
        return reading.is_presupposed(*claim.span)
    return reading.is_asserted(*claim.span, in_speech=claim.in_speech)


def _kin_to(tie: Tie, person: Person) -> str:
    """Return what ``person``, one of the two, is to the other."""
    return tie.kin if tie.person is person else INVERSE_KIN[tie.kin]


def _other_parents(cast: Cast, claims: Iterable[_Claim]) -> Iterator[Finding]:
    """Yield the first claim that gives a child another mother or father than the world does."""
    for claim in claims:
        if claim.kin not in ("parent", "child") or claim.in_speech:
            continue
        parent, child = (
            (claim.subject, claim.other) if claim.kin == "parent" else (claim.other, claim.subject)
        )
        for known, source, statement in cast.parents(child):
            is_other = known is not parent and known.pronoun == parent.pronoun and bool(parent.pronoun)
            words = cast.reading.lower[claim.span[0] : claim.span[1]]
            if is_other and not NOT_BY_BIRTH.search(words) and cast.reading.is_asserted(*claim.span):
                strength: Strength = "proven" if claim.is_by_name else "likely"
                why = f"{child.name} is the child of {known.name}, not of {parent.name}."
                yield cast.finding(source, claim.span, statement, why, strength=strength)
                return


def _further_relative(cast: Cast, claims: Iterable[_Claim]) -> Iterator[Finding]:
    """Yield the first claim that adds one of the world's people to the siblings or children that it lists."""
    for claim in claims:
        if claim.kin not in ("sibling", "parent", "child"):
            continue
        words = cast.reading.lower[claim.span[0] : claim.span[1]]
        for person, kin in ((claim.other, INVERSE_KIN[claim.kin]), (claim.subject, claim.kin)):
            known = _listed(person, kin) if kin != "child" else None
            if known is None or NOT_BY_BIRTH.search(words) or _in_orders(claim):
                continue
            if _is_told(cast.reading, claim):
                other = claim.subject if person is claim.other else claim.other
                why = (
                    f"{other.name} is not among the relatives whom the world gives {person.name}: “{known}”."
                )
                yield cast.finding(person, claim.span, known, why, strength="likely")
                return


def _listed(person: Person, kin: str) -> str | None:
    """Return the statement of whom a person is the sibling or parent of."""
    return next(
        (
            known.group()
            for known in stated(LISTED, person.element.summary)
            if KIN[folded(known["kin"])] == kin
        ),
        None,
    )


def _in_orders(claim: _Claim) -> bool:
    """Return whether one of the two is called a brother, sister or mother by their order."""
    return any(ORDERS.search(person.facts) for person in (claim.subject, claim.other))


def _other_marriage(cast: Cast, person: Person, married: Iterable[_Claim]) -> Iterator[Finding]:
    """Yield the first sentence in which somebody is the husband or wife of another than the summary says."""
    known = next(iter(stated(MARRIED, person.element.summary)), None)
    if known is None:
        yield from _marriage_of_single(cast, person, married)
        return
    if stated(ENDED, person.element.summary):
        return
    partner = set(words_of_name(known["other"]))
    for claim in married:
        if person not in (claim.subject, claim.other):
            continue
        spouse = claim.other if claim.subject is person else claim.subject
        is_told = cast.reading.is_asserted(*claim.span, in_speech=claim.in_speech)
        if partner.isdisjoint(words_of_name(spouse.name)) and is_told:
            why = f"The world marries {person.name} to {known['other']}, not to {spouse.name}."
            strength: Strength = "proven" if claim.is_by_name else "likely"
            yield cast.finding(person, claim.span, known.group(), why, strength=strength)
            return


def _marriage_of_single(cast: Cast, person: Person, married: Iterable[_Claim]) -> Iterator[Finding]:
    """Yield the first sentence in which somebody is married who is single in the world."""
    for known in stated(SINGLE, person.element.summary)[:1]:
        for claim in married:
            if person in (claim.subject, claim.other) and _is_told(cast.reading, claim):
                why = f"The world says of {person.name} “{known.group()}”, and the text tells of a marriage."
                strength: Strength = "proven" if claim.is_by_name else "likely"
                yield cast.finding(person, claim.span, known.group(), why, strength=strength)
                return


def _other_relative(cast: Cast, person: Person) -> Iterator[Finding]:
    """Yield another kinship to somebody of whom the summary gives only the role: "niece of the stationmaster"."""
    for known in stated(KIN_OF_ROLE, person.element.summary)[:1]:
        role = re.escape(known["role"].lower())
        pattern = re.compile(
            rf"(?P<who>{NAME}),? (?:(?:who )?(?:was|is|had been) )?(?:the {role}'s (?:\w+ )?(?P<kin>{KIN_WORD})\b"
            rf"|(?:the |an? )?(?P<kin2>{KIN_WORD}) (?:of|to) the {role}\b)(?!'s|-| (?:of|at|in|from|whose)\b)"
            rf"|\b(?:[Tt]he {role}'s (?:\w+ )?(?P<kin3>{KIN_WORD})"
            rf"|(?:[Aa]s )?(?:[Tt]he |an? )?(?P<kin4>{KIN_WORD}) (?:of|to) the {role}),? (?P<who2>{NAME})"
        )
        for line in cast.lines_with(ALL_KIN_WORDS, frozenset(words_of_name(known["role"])[:1])):
            for match in pattern.finditer(line.text):
                group = "who" if match["who"] else "who2"
                meant, span = cast.person_at(line, match, group), line.span(*match.span())
                kin = KIN[folded(match["kin"] or match["kin2"] or match["kin3"] or match["kin4"])]
                is_other = meant is not None and meant[0] is person and kin != KIN[folded(known["kin"])]
                if is_other and cast.reading.is_asserted(*span):
                    why = f"The world tells another kinship of {person.name} to the {known['role']}."
                    yield cast.finding(person, span, known.group(), why)
                    return


def _of_other_role(cast: Cast, person: Person) -> Iterator[Finding]:
    """Yield another father by his trade than the summary gives: "the butcher's son" for the milkman's."""
    for known in stated(CHILD_OF, person.element.summary)[:1]:
        for line in cast.lines_with(ALL_KIN_WORDS, ALL_ROLES, OF):
            for match, _ in OF_ROLE.find(line.text):
                meant, span = cast.person_at(line, match), line.span(*match.span())
                is_other = (
                    KIN[folded(match["kin"])] == "child" and match["role"].lower() != known["role"].lower()
                )
                if meant is None or meant[0] is not person or not is_other or not meant[1]:
                    continue
                if match["role"].lower() not in person.facts.lower() and cast.reading.is_asserted(*span):
                    why = f"The world calls {person.name} {known.group()[:1].lower()}{known.group()[1:]}."
                    yield cast.finding(person, span, known.group(), why)
                    return
