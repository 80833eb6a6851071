"""Deterministic checks of a text against a world; every finding carries its proof."""

from __future__ import annotations

from collections.abc import Iterable

from agents.engine.checks.appearance import check_appearance
from agents.engine.checks.character_facts import check_character_facts
from agents.engine.checks.counts import read_counts
from agents.engine.checks.dates import check_dates
from agents.engine.checks.finding import Finding, is_proven
from agents.engine.checks.geography import check_geography
from agents.engine.checks.kinship import check_kinship, check_ownership
from agents.engine.checks.lexical import check_words
from agents.engine.checks.natural_laws import check_natural_laws
from agents.engine.checks.negated_rules import read_negated_rules
from agents.engine.checks.people import Cast
from agents.engine.checks.prohibited_actions import read_prohibited_actions
from agents.engine.checks.statements import element_statements, general_statements
from agents.engine.text.prose import Prose
from agents.engine.world import WorldView

__all__ = ["Finding", "check", "is_proven"]


def check(text: str, world: WorldView, allowed: Iterable[str] = ()) -> tuple[Finding, ...]:
    """Return the proven contradictions between ``text`` and ``world`` in reading order.

    ``allowed`` words belong to the request instead of the world, and contradict nothing.
    """
    prose = Prose(text)
    if not prose.sentences:
        return ()
    cast = Cast(world, prose)
    names = [element.name for element in world.elements]
    found = [
        *check_words(world, prose, allowed),
        *check_appearance(cast),
        *check_character_facts(cast),
        *check_kinship(cast),
    ]
    found += [*check_ownership(world, cast), *check_geography(world, prose), *check_dates(world, prose)]
    general = general_statements(world)
    for statement in general:
        bans = [*read_negated_rules(statement, names)] or [*read_prohibited_actions(statement)]
        found += [finding for ban in bans for finding in ban.find(prose)]
        found += check_natural_laws(statement, prose)
    for statement in (*general, *element_statements(world, text)):
        found += [finding for count in read_counts(statement) for finding in count.find(prose)]
    first: dict[tuple[str, int], Finding] = {}
    for finding in found:
        if is_proven(finding, text, world):
            first.setdefault((finding.source_id, finding.start), finding)
    return tuple(sorted(first.values(), key=lambda finding: finding.start))
