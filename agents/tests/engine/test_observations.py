"""Each signal both ways, with the sentence that a reviewer reads."""

from __future__ import annotations

import pytest

from agents.engine import observations
from agents.engine.lexicon import find_forbidden
from agents.engine.world import Element, Rule, WorldView

WORDS = "word "
MEDIEVAL = WorldView(tech_level="medieval")


def test_schema_valid() -> None:
    assert observations.schema_valid(False, []).value == 1.0
    fenced = observations.schema_valid(True, [])
    extra = observations.schema_valid(False, ["mood", "author"])
    assert (fenced.value, fenced.cap) == (0.5, 1.0)
    assert extra.sentence == "The answer had fields that nobody asked for: author, mood."


@pytest.mark.parametrize("reason", ["end_turn", "stop_sequence"])
def test_stop_reason_is_good_when_the_model_ended(reason: str) -> None:
    assert observations.stop_reason(reason).value == 1.0


@pytest.mark.parametrize("reason", ["max_tokens", "tool_use", ""])
def test_stop_reason_is_a_fault_otherwise(reason: str) -> None:
    signal = observations.stop_reason(reason)
    assert (signal.value, signal.cap) == (0.0, 0.3)


def test_complete() -> None:
    assert observations.complete({"a title": True}).value == 1.0
    lacking = observations.complete({"a title": False, "a mood": False, "shots": True, "a text": True})
    assert (lacking.value, lacking.cap) == (0.5, 0.65)
    assert lacking.sentence == "Not there as asked: a title and a mood."


@pytest.mark.parametrize(
    ("words", "value", "cap"),
    [
        (0, 0.0, 0.45),
        (299, 299 / 300, 0.45),
        (300, 1.0, 1.0),
        (400, 1.0, 1.0),
        (500, 0.8, 1.0),
        (800, 0.5, 0.45),
    ],
)
def test_word_range(words: int, value: float, cap: float) -> None:
    signal = observations.word_range(WORDS * words, 300, 400)
    assert (signal.value, signal.cap) == (value, cap)
    assert str(words) in signal.sentence


def test_characters_present() -> None:
    assert observations.characters_present([], "Anything.").value == 1.0
    assert (
        observations.characters_present(["Mira"], "Mira waits.").sentence
        == "Every requested character is there: Mira."
    )
    missing = observations.characters_present(["Mira", "Tobin"], "Mira waits.")
    assert (missing.value, missing.cap) == (0.5, 0.65)
    assert missing.sentence == "Character Tobin is not in the text."
    none = observations.characters_present(["Mira", "Tobin"], "Nobody waits.")
    assert none.sentence == "Characters Mira and Tobin are not in the text."


def test_landmarks_present() -> None:
    assert observations.landmarks_present(["Clock Bridge"], "The clock bridge").value == 1.0
    missing = observations.landmarks_present(["Clock Bridge"], "The Bridge")
    assert (missing.value, missing.sentence) == (0.0, "Landmark Clock Bridge is not in the place.")


def test_forbidden_terms() -> None:
    (clean,) = observations.forbidden_terms("A lantern.", MEDIEVAL)
    assert clean.value == 1.0
    (found,) = observations.forbidden_terms("A laptop.", MEDIEVAL)
    assert (found.value, found.cap) == (0.0, 0.5)
    assert found.sentence == "“laptop” is ahead of the technology of this world (medieval)."


def test_forbidden_terms_leave_the_worlds_own_things_alone() -> None:
    relic = Element(kind="item", name="The Laptop", summary="A relic.")
    world = MEDIEVAL.model_copy(update={"elements": (relic,)})

    (signal,) = observations.forbidden_terms("The laptop hums.", world)

    assert signal.value == 1.0


def test_nothing_is_claimed_of_a_world_that_rules_nothing_out() -> None:
    assert observations.forbidden_terms("A laptop.", WorldView(name="Anywhere")) == ()
    (signal,) = observations.forbidden_terms(
        "A wizard bowed.", WorldView(rules=(Rule(text="There is no magic."),))
    )
    assert signal.value == 0.0


def test_hits_reported() -> None:
    hits = find_forbidden("A laptop and a pistol.", tech_level="medieval")
    assert observations.hits_reported([], "").value == 1.0
    assert observations.hits_reported(hits, "Laptop: no. Pistol: no.").value == 1.0
    missed = observations.hits_reported(hits, "There is a laptop.")
    assert (missed.value, missed.cap) == (0.5, 0.5)
    assert "“pistol”" in missed.sentence
    assert "“laptop”" not in missed.sentence


def test_quotes_verified() -> None:
    assert observations.quotes_verified([], "Text.").value == 1.0
    assert (
        observations.quotes_verified(["a lamp"], "She lit a lamp.").sentence
        == "The quotation in the report stands in the text."
    )
    forged = observations.quotes_verified(["a lamp", "a laptop"], "She lit a lamp.")
    assert (forged.value, forged.cap) == (0.5, 0.35)
    assert forged.sentence == "Quoted, but is not in the text: “a laptop”."


@pytest.mark.parametrize(
    ("is_consistent", "violations", "value"),
    [(True, 0, 1.0), (False, 2, 1.0), (True, 1, 0.0), (False, 0, 0.0)],
)
def test_verdict_agrees(is_consistent: bool, violations: int, value: float) -> None:
    assert observations.verdict_agrees(is_consistent, violations).value == value
