"""Rules of a world that deny things, prohibit actions or state numbers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Final

from agents.engine.checks.characters.cast.people import Cast
from agents.engine.checks.finding import Finding
from agents.engine.checks.statements import element_statements, general_statements
from agents.engine.checks.world.bans import Ban
from agents.engine.checks.world.counts import read_counts
from agents.engine.checks.world.natural_laws import check_natural_laws
from agents.engine.checks.world.negated_rules import exists, read_negated_rules
from agents.engine.checks.world.prohibited_actions import read_prohibited_actions
from agents.engine.text.reading import Reading
from agents.engine.world import WorldView

# A rule is shown to be broken in at most this many places.
MAX_PLACES: Final = 5


def rule_words(world: WorldView, reading: Reading) -> frozenset[str]:
    """Return the words of a text with which what rules deny can begin."""
    return frozenset[str]().union(
        *(
            ban.pattern.first_words(reading) or ()
            for statement in general_statements(world)
            for ban in (*read_negated_rules(statement), *read_prohibited_actions(statement))
        )
    )


def check_counts(world: WorldView, reading: Reading) -> Iterator[Finding]:
    for statement in (*general_statements(world), *element_statements(world, reading)):
        for count in read_counts(statement):
            yield from islice(count.find(reading), MAX_PLACES)
            yield from islice(count.find_numbered(reading), MAX_PLACES)


def check_rules(world: WorldView, reading: Reading, cast: Cast) -> Iterator[Finding]:
    for statement in general_statements(world):
        denied, prohibited = read_negated_rules(statement), read_prohibited_actions(statement)
        found = _found(denied, world, cast)
        # A world has few such contradictions, and may have many names.
        if denied and (found or prohibited) and exists(denied[0].label, _names(world)):
            denied, found = (), []
        yield from found if denied else _found(prohibited, world, cast)
        yield from check_natural_laws(statement, reading)


def _found(bans: Iterable[Ban], world: WorldView, cast: Cast) -> list[Finding]:
    found = [finding for ban in bans for finding in islice(ban.find(cast.reading, cast), MAX_PLACES)]
    elsewhere = _other_places(world, found[0].statement) if found else None
    if elsewhere is None:
        return found
    return [finding for finding in found if not elsewhere.search(finding.passage)]


def _other_places(world: WorldView, rule: str) -> re.Pattern[str] | None:
    """Return the pattern of places where a rule about another place of the world does not apply."""
    places = [element.name for element in world.elements if element.kind == "location"]
    if not any(place in rule for place in (*places, world.name) if place):
        return None
    others = "|".join(
        re.escape(place)
        for place in places
        if place[:1].isupper() and place not in rule and not place.startswith("The ")
    )
    return re.compile(rf"\b(?:[Aa]t|[Ii]n|[Oo]n|[Ff]rom|[Nn]ear) (?:{others})\b") if others else None


def _names(world: WorldView) -> Iterator[str]:
    return (element.name for element in world.elements)
