"""Parents and partners who bear another name in a text than in the world: "Lise's husband, Jonas, was a sailor"."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from agents.engine.checks.characters.cast.people import POSSESSIVE, WHOSE, Cast
from agents.engine.checks.characters.cast.person import Person
from agents.engine.checks.characters.kin.forms import ENDED, MARRIED
from agents.engine.checks.finding import Finding, Strength
from agents.engine.checks.statements import stated
from agents.engine.text.lazy_pattern import lazy_pattern
from agents.engine.text.names.index import words_of_name
from agents.engine.text.names.words import DAYS, TITLES
from agents.engine.text.pattern_set import PatternSet
from agents.engine.text.word_forms import word_set

_KIN: Final = r"(?P<kin>husband|wife|mother|father)"
_NAMED: Final = r"(?P<name>[A-Z][a-z]+(?:[-'][A-Z]?[a-z]+)?(?: [A-Z][a-z]+){0,2})"
# "Told her husband Jonas was ill" names no husband.
_NAMES: Final = PatternSet[None](
    (lazy_pattern(pattern), None)
    for pattern in (
        rf"(?P<who>{WHOSE}) {_KIN}, {_NAMED}(?:[.;]|,(?! (?:and|or|the|an?)\b| [A-Z\ue000-\uf8ff]))",
        rf"^\W*(?P<who>{WHOSE}) {_KIN} {_NAMED} (?:had|was|is|has|would|\w+ed|came|went|took|said|sat|stood|ran)\b",
        rf"(?P<who>{WHOSE}) {_KIN}(?:'s name)? (?:was|is)(?: called| named)? {_NAMED}(?=[.,;]| and\b)",
        rf"^\W*{_NAMED}, (?P<who>{POSSESSIVE}) {_KIN},",
    )
)
_WORDS: Final = word_set("husband wife mother father")
_NO_NAMES: Final = DAYS | word_set("""
    god nature the he she it they then there but and in at on for with english french irish scottish welsh german
    italian spanish russian polish dutch danish swedish norwegian american jewish catholic protestant muslim hungarian
    greek turkish chinese japanese african indian arab roman once never still now always already
""")


def check_names_of_kin(cast: Cast) -> Iterator[Finding]:
    """Yield the first parent or partner of each person with a name that the world does not know of them."""
    if not cast.people:
        return
    done: set[int] = set()
    for line in cast.lines_with(_WORDS):
        for match, _ in _NAMES.find(line.text):
            meant, span = cast.person_at(line, match), line.span(*match.span())
            if meant is None or id(meant[0]) in done:
                continue
            known = _known(cast, meant[0], match["kin"])
            if known is None or not _is_another(match["name"], known[2]):
                continue
            # In speech the name may be that of whom it speaks to.
            is_told = not cast.reading.is_speech(span[0]) and cast.reading.is_presupposed(*span)
            if is_told and not cast.reading.is_past(*span):
                done.add(id(meant[0]))
                why = f"The world names {known[2]} as the {match['kin']} of {meant[0].name}."
                strength: Strength = "proven" if meant[1] else "likely"
                yield cast.finding(known[0], span, known[1], why, strength=strength)


def _known(cast: Cast, person: Person, kin: str) -> tuple[Person, str, str] | None:
    """Return who says whom a person has as a parent or partner, in which words, and the name."""
    if kin in ("mother", "father"):
        pronoun = "she" if kin == "mother" else "he"
        found = [known for known in cast.parents(person) if known[0].pronoun == pronoun]
        return (found[0][1], found[0][2], found[0][0].name) if len(found) == 1 else None
    partner = cast.kinsman_of(person, "spouse")
    for whose in (person, partner):
        married = next(iter(stated(MARRIED, whose.element.summary)), None) if whose is not None else None
        if whose is None or married is None or stated(ENDED, whose.element.summary):
            continue
        other = married["other"] if whose is person else whose.name
        return whose, married.group(), other
    return None


def _is_another(name: str, known: str) -> bool:
    """Return whether a name is that of somebody else: no part of the known one, and no short form of it."""
    words = [word for word in words_of_name(name) if word not in TITLES]
    others = [word for word in words_of_name(known) if word not in TITLES] or words_of_name(known)
    return (
        bool(words)
        and words[0] not in _NO_NAMES
        and set(words).isdisjoint(others)
        and words[0][:1] != others[0][:1]
    )
