"""Tests of how often the checks judge what a long sentence repeats."""

from __future__ import annotations

import pytest

from agents.engine.checks import check
from agents.engine.text import reading
from agents.engine.text.stances.stance import stance_of
from agents.engine.world import Element, WorldView

WORLD = WorldView(
    name="Pier",
    elements=(
        Element(
            id="c-1",
            kind="character",
            name="Lou Castellan",
            summary="A tall woman with red hair.",
            traits={"pronoun": "she"},
        ),
        Element(
            id="c-2",
            kind="character",
            name="Sal Marchetti",
            summary="Dead since 1927.",
            traits={"pronoun": "he"},
        ),
    ),
)


@pytest.fixture
def judged(monkeypatch):
    """The number of times that the stance to some words was judged."""
    calls: list[None] = []

    def count(*args, **options):
        calls.append(None)
        return stance_of(*args, **options)

    monkeypatch.setattr(reading, "stance_of", count)
    return calls


@pytest.mark.parametrize(
    "words",
    ["Lou's blonde hair and ", "Lou was a short woman and ", "Sal lit a cigar and "],
)
def test_what_a_sentence_repeats_is_judged_a_few_times(words, judged):
    """Each place of the same words was judged, at a cost that grows with the sentence: 3.5 s for 50,000 characters."""
    text = words * 400

    check(text, WORLD)

    assert 0 < len(judged) < 150


def test_contradiction_after_a_repeated_denial_is_found():
    text = "It was not that Lou's hair was blonde, nor that it was dark. " * 20 + "Lou's blonde hair shone."

    assert [finding.quote for finding in check(text, WORLD)] == ["Lou's blonde hair"]


def test_one_check_shows_a_few_places_of_one_person():
    text = "Lou's blonde hair shone. " * 30

    assert len(check(text, WORLD)) == 5
