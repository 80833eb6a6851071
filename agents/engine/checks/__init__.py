"""Deterministic checks of a text against a world: few words, each with its proof."""

from __future__ import annotations

from collections.abc import Iterable

from agents.engine.checks.appearance import wrong_looks
from agents.engine.checks.character_facts import wrong_lives
from agents.engine.checks.counts import read_counts
from agents.engine.checks.dates import wrong_dates
from agents.engine.checks.finding import Finding, proven
from agents.engine.checks.geography import wrong_places
from agents.engine.checks.kinship import wrong_kin, wrong_owners
from agents.engine.checks.lexical import wrong_words
from agents.engine.checks.natural_laws import broken_nature
from agents.engine.checks.negated_rules import read_absences
from agents.engine.checks.people import Cast
from agents.engine.checks.prohibited_actions import read_deeds
from agents.engine.checks.statements import element_statements, general_statements
from agents.engine.text.prose import Prose
from agents.engine.world import WorldView

__all__ = ["Finding", "check", "proven"]


def check(text: str, world: WorldView, allowed: Iterable[str] = ()) -> tuple[Finding, ...]:
    """What in ``text`` cannot be true in ``world``, in reading order; every finding is proven.

    ``allowed`` are words that belong to the request, and not to the world, so that they break nothing.
    """
    prose = Prose(text)
    if not prose.sentences:
        return ()
    cast = Cast(world, prose)
    names = [element.name for element in world.elements]
    found = [*wrong_words(world, prose, allowed), *wrong_looks(cast), *wrong_lives(cast), *wrong_kin(cast)]
    found += [*wrong_owners(world, cast), *wrong_places(world, prose), *wrong_dates(world, prose)]
    general = general_statements(world)
    for statement in general:
        bans = [*read_absences(statement, names)] or [*read_deeds(statement)]
        found += [one for ban in bans for one in ban.find(prose)]
        found += broken_nature(statement, prose)
    for statement in (*general, *element_statements(world, text)):
        found += [one for count in read_counts(statement) for one in count.find(prose)]
    first: dict[tuple[str, int], Finding] = {}
    for finding in found:
        if proven(finding, text, world):
            first.setdefault((finding.source_id, finding.start), finding)
    return tuple(sorted(first.values(), key=lambda finding: finding.start))
