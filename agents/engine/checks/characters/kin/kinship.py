"""Kinship between characters."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from agents.engine.checks.characters.cast.people import NAME, Cast
from agents.engine.checks.characters.cast.person import Person
from agents.engine.checks.characters.cast.stated_kin import KIN_WORD
from agents.engine.checks.characters.kin.claims import Claim, claims_in, is_told
from agents.engine.checks.characters.kin.forms import (
    ALL_KIN_WORDS,
    ALL_ROLES,
    CHILD_OF,
    KIN_OF_ROLE,
    KINSHIP_WORDS,
    NOT_BY_BIRTH,
    OF,
    OF_ROLE,
    ORDERS,
)
from agents.engine.checks.characters.kin.marriages import other_marriage
from agents.engine.checks.characters.kin.ties import Tie, kin_to, listed_relatives, ties_between
from agents.engine.checks.finding import Finding, Strength
from agents.engine.checks.statements import stated
from agents.engine.text.names.index import words_of_name
from agents.engine.text.vocabulary import INVERSE_KIN, KIN
from agents.engine.text.word_forms import folded


def check_kinship(cast: Cast) -> Iterator[Finding]:
    people = list(cast.people.values())
    if not people or cast.reading.words.isdisjoint(KINSHIP_WORDS):
        return
    claims = claims_in(cast)
    named = {id(person): person for person in people}
    named |= {id(claim.other): claim.other for told in claims.values() for claim in told}
    known = list(named.values())
    ties = ties_between(cast, known) if claims else {}
    for pair, stating in ties.items():
        yield from _contradicted(cast, stating, claims.get(pair, ()))
    for pair, told in claims.items():
        if pair not in ties:
            yield from _other_parents(cast, told)
            yield from _further_relative(cast, told)
    married = [claim for told in claims.values() for claim in told if claim.kin == "spouse"]
    for person in people:
        yield from other_marriage(cast, person, married)
        yield from _other_relative(cast, person)
        yield from _of_other_role(cast, person)


def _contradicted(cast: Cast, ties: Iterable[Tie], claims: Iterable[Claim]) -> Iterator[Finding]:
    """Yield the first claim that contradicts each kinship of a pair, with the fact of whom the sentence is about."""
    ties = list(ties)
    for kin in dict.fromkeys(kin_to(tie, ties[0].person) for tie in ties):
        stating = [tie for tie in ties if kin_to(tie, ties[0].person) == kin]
        for claim in claims:
            expected = kin if claim.subject is ties[0].person else INVERSE_KIN[kin]
            if claim.kin != expected and is_told(cast.reading, claim):
                tie = next((tie for tie in stating if tie.person is claim.subject), stating[0])
                why = f"The world tells another kinship of {tie.person.name} and {tie.other.name}."
                strength: Strength = "proven" if claim.is_by_name else "likely"
                yield cast.finding(tie.source, claim.span, tie.statement, why, strength=strength)
                break


def _other_parents(cast: Cast, claims: Iterable[Claim]) -> Iterator[Finding]:
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


def _further_relative(cast: Cast, claims: Iterable[Claim]) -> Iterator[Finding]:
    """Yield the first claim that adds one of the world's people to the siblings or children that it lists."""
    for claim in claims:
        if claim.kin not in ("sibling", "parent", "child"):
            continue
        words = cast.reading.lower[claim.span[0] : claim.span[1]]
        for person, kin in ((claim.other, INVERSE_KIN[claim.kin]), (claim.subject, claim.kin)):
            known = listed_relatives(person, kin) if kin != "child" else None
            if known is None or NOT_BY_BIRTH.search(words) or _in_orders(claim):
                continue
            if is_told(cast.reading, claim):
                other = claim.subject if person is claim.other else claim.other
                why = (
                    f"{other.name} is not among the relatives whom the world gives {person.name}: “{known}”."
                )
                yield cast.finding(person, claim.span, known, why, strength="likely")
                return


def _in_orders(claim: Claim) -> bool:
    """Return whether one of the two is called a brother, sister or mother by their order."""
    return any(ORDERS.search(person.facts) for person in (claim.subject, claim.other))


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
