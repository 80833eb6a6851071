"""Husbands and wives whom the facts about a character exclude."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator

from agents.engine.checks.characters.cast.people import Cast
from agents.engine.checks.characters.cast.person import Person
from agents.engine.checks.characters.kin.claims import Claim, is_told
from agents.engine.checks.characters.kin.forms import ENDED, MARRIED, SINGLE
from agents.engine.checks.finding import Finding, Strength
from agents.engine.checks.statements import stated
from agents.engine.text.names.index import words_of_name


def other_marriage(cast: Cast, person: Person, married: Iterable[Claim]) -> Iterator[Finding]:
    """Yield the first sentence in which somebody is the husband or wife of another than the summary says."""
    known = next(iter(stated(MARRIED, person.element.summary)), None)
    if known is None and (yield from _marriage_of_other(cast, person, married)):
        return
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


def _marriage_of_other(
    cast: Cast, person: Person, married: Iterable[Claim]
) -> Generator[Finding, None, bool]:
    """Yield the first sentence that marries somebody to another than the one whose summary names them.

    Returns whether somebody's summary does.
    """
    partner = cast.kinsman_of(person, "spouse")
    known = next(iter(stated(MARRIED, partner.element.summary)), None) if partner is not None else None
    if partner is None or known is None or stated(ENDED, partner.element.summary):
        return False
    for claim in married:
        is_other = person in (claim.subject, claim.other) and partner not in (claim.subject, claim.other)
        if is_other and is_told(cast.reading, claim):
            why = f"The world marries {person.name} to {partner.name}."
            yield cast.finding(partner, claim.span, known.group(), why, strength="likely")
            break
    return True


def _marriage_of_single(cast: Cast, person: Person, married: Iterable[Claim]) -> Iterator[Finding]:
    """Yield the first sentence in which somebody is married who is single in the world."""
    for known in stated(SINGLE, person.told)[:1]:
        for claim in married:
            if person in (claim.subject, claim.other) and is_told(cast.reading, claim):
                why = f"The world says of {person.name} “{known.group()}”, and the text tells of a marriage."
                strength: Strength = "proven" if claim.is_by_name else "likely"
                yield cast.finding(person, claim.span, known.group(), why, strength=strength)
                return
