"""Contradictions in what people say of themselves and to each other's faces."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from itertools import accumulate
from typing import Final

from agents.engine.checks.characters.abilities import ability_words, check_abilities
from agents.engine.checks.characters.ages import AGE_WORDS, check_ages
from agents.engine.checks.characters.bodies import LIMBS, check_bodies
from agents.engine.checks.characters.builds import BUILD_WORDS, check_builds
from agents.engine.checks.characters.cast.descriptions import KIN_WORDS
from agents.engine.checks.characters.cast.people import Cast
from agents.engine.checks.characters.cast.third_person import own_words
from agents.engine.checks.characters.kin.absent_kin import check_absent_kin
from agents.engine.checks.characters.kin.denials import check_denied_kin
from agents.engine.checks.characters.kin.kinship import check_kinship
from agents.engine.checks.characters.life_stages import check_life_stages
from agents.engine.checks.characters.looks import LOOKS, check_looks
from agents.engine.checks.characters.occupations import check_occupations
from agents.engine.checks.characters.ownership import check_ownership
from agents.engine.checks.finding import Finding, finding_at
from agents.engine.checks.world.rules import check_counts, check_rules, rule_words
from agents.engine.text.reading import Reading
from agents.engine.text.vocabulary import ROLES
from agents.engine.text.word_forms import NUMBER_WORDS, word_set
from agents.engine.world import WorldView

_TOPICS: Final = (
    frozenset(("mine", "bald", "married"))
    | LOOKS
    | LIMBS
    | AGE_WORDS
    | BUILD_WORDS
    | KIN_WORDS
    | frozenset(ROLES)
)

_NUMBERS: Final = NUMBER_WORDS | {str(number) for number in range(2, 100)}
# What people call themselves without being it.
_PLAYED: Final = word_set("""
    judge king queen captain captive slave prisoner servant clown poet philosopher president prince princess emperor
    empress thief pirate gambler spy student messenger guard maid general executioner hangman beggar landlord healer
""")


def check_own_claims(world: WorldView, cast: Cast) -> Iterator[Finding]:
    """Yield what contradicts the facts about the speaker or the hearer; never proven, since people lie and joke."""
    rules = rule_words(world, cast.reading)
    told = list(own_words(cast, _TOPICS, ability_words(cast) | rules))
    if not told:
        return
    statements = [f"{words.statement}.\n\n" for words in told]
    behind = list(accumulate(map(len, statements)))
    alone = Cast(world, Reading("".join(statements)))
    words_alone = alone.reading.words
    is_ruled, is_counted = not rules.isdisjoint(words_alone), not _NUMBERS.isdisjoint(words_alone)
    occupations = (
        finding for finding in check_occupations(alone) if _PLAYED.isdisjoint(finding.quote.lower().split())
    )
    for finding in (
        *check_looks(alone),
        *check_bodies(alone),
        *check_builds(alone),
        *check_abilities(alone),
        *check_life_stages(alone),
        *check_ages(alone),
        *occupations,
        *check_kinship(alone),
        *check_absent_kin(alone),
        *check_denied_kin(alone),
        *check_ownership(world, alone),
        *(check_rules(world, alone.reading, alone) if is_ruled else ()),
        *(check_counts(world, alone.reading) if is_counted else ()),
    ):
        words = told[bisect_right(behind, finding.start)]
        yield finding_at(
            cast.reading,
            (words.start, words.end),
            kind=finding.kind,
            source_id=finding.source_id,
            statement=finding.statement,
            why=finding.why,
            strength="likely",
        )
