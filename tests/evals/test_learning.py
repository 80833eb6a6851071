"""Simulated streams of verdicts: planted preferences are proposed in time, and little is proposed without one."""

from __future__ import annotations

import pytest

from agents.learning.patterns import wording
from agents.learning.patterns.evidence import e_value_of, find
from agents.learning.patterns.verdicts import Seen
from evals.simulations import learning

STREAMS = 12
NULL_STREAMS = 120


@pytest.mark.parametrize(
    "preference", learning.PREFERENCES, ids=lambda preference: " ".join(preference.pattern)
)
def test_planted_preference_is_proposed_within_sixty_verdicts(preference):
    outcomes = [learning.outcome(learning.stream(seed, (preference,))) for seed in range(STREAMS)]

    assert all(preference.pattern in outcome.proposed for outcome in outcomes)
    assert max(outcome.proposed[preference.pattern] for outcome in outcomes) <= learning.VERDICTS


def test_four_preferences_at_once_are_all_proposed():
    outcome = learning.outcome(learning.stream(1, learning.PREFERENCES))

    assert {preference.pattern for preference in learning.PREFERENCES} <= outcome.proposed.keys()


def test_little_is_proposed_without_a_pattern():
    wrong = sum(
        bool(learning.outcome(learning.stream(50_000 + seed)).proposed) for seed in range(NULL_STREAMS)
    )

    assert wrong <= 0.05 * NULL_STREAMS


@pytest.mark.parametrize(
    ("note", "pattern"),
    [
        ("Please, no em-dashes!", ("mark", "—")),
        ("The paragraphs are far too long.", ("paragraphs", "shorter")),
        ("Too long.", ("length", "shorter")),
        ("Use the second person.", ("person", "second")),
        ("UK spelling, please.", ("spelling", "british")),
        ("Stop writing “moonlit”.", ("word", "moonlit")),
    ],
)
def test_notes_say_the_same_as_edits(note, pattern):
    seen = [
        Seen(id=str(number), request=str(number), note=note, before="A moonlit road.") for number in range(5)
    ]

    [found] = find(seen, reasons=7)

    assert (found.pattern, len(found.shown_by), found.chances) == (pattern, 5, 5)
    assert wording.word(found)


def test_two_verdicts_and_equal_requests_prove_nothing():
    two = [Seen(id=str(number), request=str(number), note="No em-dashes.") for number in range(2)]
    equal = [Seen(id=str(number), request="same", note="No em-dashes.") for number in range(9)]

    assert find(two, reasons=7) == find(equal, reasons=7) == []


def test_evidence_grows_with_what_is_shown_and_shrinks_with_what_is_not():
    assert e_value_of(3, 3, 0.05) == pytest.approx(0.4 / 0.05**3)
    assert e_value_of(4, 4, 0.05) > e_value_of(3, 3, 0.05) > e_value_of(3, 5, 0.05) > e_value_of(3, 30, 0.05)


def test_rewritten_text_says_nothing_of_its_words():
    rewritten = [
        Seen(
            id=str(n),
            request=str(n),
            before="A grim road — far away.",
            after="Quite another tale entirely here.",
        )
        for n in range(6)
    ]

    assert find(rewritten, reasons=7) == []
