"""Homes, graves and places of birth that relations state, held against where a text puts them.

A person may have moved, and a world may not tell that one place lies within another. So nothing here is proven: a
contradiction is likely if the places are known to be apart, or if a text says that somebody never was where they
live; otherwise it is a hint.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from agents.engine.checks.characters.cast.people import DOES, NAME, Cast, Line
from agents.engine.checks.characters.cast.person import Person
from agents.engine.checks.characters.happening import happens
from agents.engine.checks.finding import Finding, Strength
from agents.engine.checks.world.places import BIRTHS, GRAVES, HOMES, Places, Stated, stated_places
from agents.engine.text.lazy_pattern import lazy_pattern
from agents.engine.world import WorldView

_LIVES: Final = "lives|lived|resides|resided|dwells|dwelt|dwelled"
_HOME: Final = lazy_pattern(
    rf"(?P<who>{DOES})(?!'s)(?P<apposition>, who)? (?:(?:still|now|always) )?(?:{_LIVES}|(?:has|had|made|makes) (?:her"
    r"|his) home) (?:(?:alone|quietly|now|still) )?(?:in|at) "
    rf"|(?P<who2>{NAME})'s home (?:is|was|lay|lies|stood) (?:in|at) "
)
_GRAVE: Final = lazy_pattern(
    rf"(?P<who>{NAME}) (?:is|was|lies|lay) buried (?:in|at) |(?P<who2>{NAME})'s (?:grave|tomb) (?:(?:is|was|lies|lay)"
    r" )?(?:in|at) "
)
_BIRTH: Final = lazy_pattern(
    rf"(?P<who>{NAME}) (?:was|had been) born(?: and (?:raised|bred|brought up))? (?:in|at) "
    rf"|(?P<who2>{NAME})'s (?:birthplace|place of birth) (?:was|is) "
)
_NEVER: Final = lazy_pattern(
    rf"(?P<who>{DOES})(?!'s) ha[sd] never (?:yet |once )?(?:been (?:to|in)|set foot in|lived in|visited|entered) "
)
# "Never." "Never before." "Never in her life."
_AT_ALL: Final = re.compile(r"(?: before| at all| in (?:her|his) (?:whole |entire )?life)?[.;!]")
_HOME_WORDS: Final = frozenset((*_LIVES.split("|"), "home"))
_GRAVE_WORDS: Final = frozenset(("buried", "grave", "tomb"))
_BIRTH_WORDS: Final = frozenset(("born", "birth", "birthplace"))
_NEVER_WORDS: Final = frozenset(("never",))
# A sentence with one of these tells of another time, of a second home, or of what somebody says.
_NOT_NOW: Final = lazy_pattern(
    r"\b(?:once|until|till|when|while|whenever|before|after|then|formerly|used to|since|years?|months?|weeks?|days?"
    r"|winters?|summers?|childhood|youth|girl|boy|time|times|days|would|might|could|if|briefly|both|also|sometimes"
    r"|partly|half|for (?:an?|one|two|three|\d+|some|many)|as (?:an?|if|though)|said|told|thought|believed|claimed"
    r"|pretend\w*|knew|heard|dream\w*|second|other|former|old|in those)\b",
    re.IGNORECASE,
)
_SUPPOSED: Final = lazy_pattern(
    r"\b(?:if|whether|as though|wish\w*|pretend\w*|claim\w*|said|swore|told|thought|believed|lie[sd]?|dream\w*|would"
    r"|might|perhaps|maybe|like)\b",
    re.IGNORECASE,
)


def check_homes(world: WorldView, cast: Cast) -> Iterator[Finding]:
    words = cast.reading.words
    has_home, has_grave = not words.isdisjoint(_HOME_WORDS), not words.isdisjoint(_GRAVE_WORDS)
    has_never, has_birth = not words.isdisjoint(_NEVER_WORDS), not words.isdisjoint(_BIRTH_WORDS)
    if not cast.people or not (has_home or has_grave or has_never or has_birth):
        return
    homes = _stated(cast, HOMES)
    if homes and has_home:
        yield from _elsewhere(world, cast, homes, _HOME, _HOME_WORDS)
    if homes and has_never:
        yield from _never_there(world, cast, homes)
    if has_birth and (births := _stated(cast, BIRTHS)):
        yield from _elsewhere(world, cast, births, _BIRTH, _BIRTH_WORDS)
    if has_grave and (graves := _stated(cast, GRAVES)):
        yield from _elsewhere(world, cast, graves, _GRAVE, _GRAVE_WORDS)


def _stated(cast: Cast, kinds: tuple[str, ...]) -> dict[str, list[Stated]]:
    """Return what the relations of the people state, by the source ids of the people."""
    found = {person.source_id: list(stated_places(person.element, kinds)) for person in cast.people.values()}
    return {source_id: stated for source_id, stated in found.items() if stated}


def _elsewhere(
    world: WorldView,
    cast: Cast,
    stated: dict[str, list[Stated]],
    pattern: re.Pattern[str],
    words: frozenset[str],
) -> Iterator[Finding]:
    """Yield the first place of each person that the text states and that is none of theirs."""
    places, done = Places.of(world), set[str]()
    for line in cast.lines_with(words):
        if _NOT_NOW.search(line.text):
            continue
        for match in pattern.finditer(line.text):
            who = "who" if match["who"] is not None else "who2"
            meant = cast.person_at(line, match, who)
            at = places.at(line.text, match.end())
            if meant is None or at is None or meant[0].source_id in done:
                continue
            person, is_name = meant
            own = stated.get(person.source_id, ())
            apart = [places.are_apart(each.place, at[0].name) for each in own]
            if not own or False in apart or not _is_told(cast, line, match):
                continue
            done.add(person.source_id)
            is_sure = is_name and all(apart) and not any(each.when for each in own)
            yield _finding(cast, line, (match.start(), at[1]), person, own[0], is_sure=is_sure)


def _never_there(world: WorldView, cast: Cast, homes: dict[str, list[Stated]]) -> Iterator[Finding]:
    """Yield the homes in which somebody never was."""
    places = Places.of(world)
    for line in cast.lines_with(_NEVER_WORDS):
        for match in _NEVER.finditer(line.text):
            meant, at = cast.person_at(line, match), places.at(line.text, match.end())
            if meant is None or at is None or _AT_ALL.match(line.text, at[1]) is None:
                continue
            person, is_name = meant
            start = line.span(*match.span())[0]
            if (
                cast.reading.is_speech(start)
                or cast.reading.is_in_flashback(start)
                or cast.reading.is_in_frame(start)
                or _SUPPOSED.search(line.text)
            ):
                continue
            for each in homes.get(person.source_id, ()):
                if places.named(each.place) is at[0]:
                    is_sure = is_name and not each.when
                    yield _finding(cast, line, (match.start(), at[1]), person, each, is_sure=is_sure)
                    return


def _is_told(cast: Cast, line: Line, match: re.Match[str]) -> bool:
    """Return whether the narrator asserts of the scene what a match says."""
    if "apposition" in match.re.groupindex and match["who"] is not None:
        return happens(cast, line, match, is_apposition=match["apposition"] is not None)
    # A burial or a birth is always past.
    return cast.reading.is_asserted(*line.span(*match.span()))


def _finding(
    cast: Cast, line: Line, span: tuple[int, int], person: Person, stated: Stated, *, is_sure: bool
) -> Finding:
    strength: Strength = "likely" if is_sure else "hint"
    why = f"The world says of {person.name} “{stated.statement}”, and the text puts them elsewhere."
    return cast.finding(person, line.span(*span), stated.statement, why, strength=strength)
