"""Tests of the signal of the language."""

import tomllib
from pathlib import Path

import pytest

from agents.engine.confidence.language_signal import language
from agents.engine.confidence.review_policy import decide
from agents.engine.confidence.signals import SIGNAL_CAPS, Signal, score

SENTENCES = tomllib.loads(
    (Path(__file__).parents[1] / "text" / "data" / "sentences.toml").read_text(encoding="utf-8")
)
ENGLISH_REQUEST = (
    "A fisherman finds a letter in a bottle and carries it to the old lighthouse before the storm."
)


def scene(code: str, sentences: int = 15) -> str:
    return " ".join(SENTENCES[code][:sentences])


def judged(text: str, wanted: str, request: str) -> Signal:
    signal = language(text, wanted, request)
    assert signal is not None
    return signal


@pytest.mark.parametrize("wanted", ["German", "de", "Deutsch", "in German please"])
def test_the_preferred_language_is_right(wanted):
    signal = judged(scene("de"), wanted, ENGLISH_REQUEST)

    assert (signal.name, signal.value, signal.cap) == ("language", 1.0, 1.0)
    assert signal.sentence == "The text is in German, as requested."


def test_another_language_than_the_preferred_one_goes_to_review():
    signal = judged(scene("en"), "German", "Eine Szene am Hafen.")

    assert (signal.value, signal.cap) == (0.0, SIGNAL_CAPS["language"])
    assert signal.sentence == "The text is in English; German was requested."
    assert decide(score([signal]), 0.1, [signal])[0]


def test_another_language_than_the_ordered_one_is_wrong():
    signal = judged(scene("en"), "", f"{ENGLISH_REQUEST} Write it in German.")

    assert signal.sentence == "The text is in English; German was requested."


@pytest.mark.parametrize("code", ["de", "fr"])
def test_order_and_preference_are_both_right(code):
    assert judged(scene(code), "French", "Write it in German.").value == 1.0


def test_a_last_third_in_another_language_is_wrong_and_quoted():
    text = f"{scene('de', 10)}\n\n{scene('en', 5)}"

    signal = judged(text, "German", ENGLISH_REQUEST)

    assert signal.value == pytest.approx(0.65, abs=0.1)
    assert signal.is_capping
    assert signal.sentence.startswith("From “")
    assert signal.sentence.endswith("” on, the text is in English; German was requested.")
    assert any(sentence[:20] in signal.sentence for sentence in SENTENCES["en"][:2])


def test_a_middle_in_another_language_is_wrong():
    text = "\n\n".join([scene("de"), scene("en"), scene("de")])

    assert judged(text, "German", "").sentence.startswith("In the part from “")


def test_a_change_of_language_that_nobody_asked_for_is_wrong():
    text = f"{scene('en', 10)}\n\n{scene('pl', 5)}"

    signal = judged(text, "", "A storm.")

    assert signal.sentence.endswith("the text is in Polish; no second language was requested.")


def test_another_language_than_that_of_the_request_is_wrong():
    signal = judged(scene("de"), "", ENGLISH_REQUEST)

    assert signal.sentence == "The text is in German; the request is in English."
    assert signal.is_capping


@pytest.mark.parametrize(
    ("request_text", "world_languages"),
    [
        ("A storm at sea.", ()),
        (f"{ENGLISH_REQUEST} In the style of a French poem.", ()),
        (ENGLISH_REQUEST, ("fr",)),
    ],
)
def test_a_language_that_may_have_been_meant_is_not_accused(request_text, world_languages):
    assert language(scene("fr"), "", request_text, world_languages) is None


def test_nothing_is_said_where_request_and_text_agree():
    assert language(scene("en"), "", ENGLISH_REQUEST) is None


def test_a_passage_in_a_language_that_the_request_names_is_right():
    text = "\n\n".join([scene("de"), scene("fr"), scene("de")])

    assert judged(text, "German", "Ein Gast hält eine lange Rede. The speech is in French.").value == 1.0


def test_the_language_of_the_request_is_no_excuse_for_the_text():
    text = f"{scene('de', 10)}\n\n{scene('en', 5)}"
    request = "Translate this English scene into German. The fisherman found a letter in a bottle that day."

    assert judged(text, "", request).is_capping


@pytest.mark.parametrize("wanted", ["Klingon", "English and French", "Old English"])
def test_a_preference_that_names_no_single_known_language_is_not_checked(wanted):
    signal = judged(scene("de"), wanted, ENGLISH_REQUEST)

    assert signal.value is None
    assert wanted in signal.sentence


@pytest.mark.parametrize("text", ["", "Mira Voss.", "1 2 3 4 5 " * 100])
def test_a_text_without_a_language_is_not_checked(text):
    assert judged(text, "German", ENGLISH_REQUEST).value is None


def test_near_languages_are_not_judged():
    signal = judged(scene("da"), "Norwegian", "")

    assert signal.value is None
    assert "Danish" in signal.sentence
