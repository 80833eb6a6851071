"""Tests of the words and sentences of a text that is read once."""

from __future__ import annotations

import re

import pytest

from agents.engine.text.reading import _MAX_SOUGHT, WORD, Reading


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("He left. She stayed!", ["He left.", "She stayed!"]),
        ("“Go?!” she said. “No…” He went.", ["“Go?!” she said.", "“No…”", "He went."]),
        ("Wait... what? *Now.* (Yes.) 3 men", ["Wait... what?", "*Now.*", "(Yes.)", "3 men"]),
        ("Dr. Hale met J. Roe. It rained.", ["Dr. Hale met J. Roe.", "It rained."]),
        ("她走了。他停下「好。」然后。", ["她走了。", "他停下「好。」", "然后。"]),
        ("走了。。他停下。", ["走了。。", "他停下。"]),
        (
            "THE MILL\nIt stood\nby the river. \n\nNight fell",
            ["THE MILL", "It stood\nby the river.", "Night fell"],
        ),
        ("a pound of 3.5 or so.and on", ["a pound of 3.5 or so.and on"]),
    ],
)
def test_text_is_cut_into_sentences(text: str, sentences: list[str]) -> None:
    assert [sentence.text for sentence in Reading(text).sentences] == sentences


@pytest.mark.parametrize(
    "text",
    [
        "“Anne-Marie’s” 12 cafés — snake_case… Ærøskøbing, ÿ",
        "x×y",
        "y÷z",
        "1ª calle, µ, 3½",
        "Мира, 민수가 und Straße; ΟΔΥΣΣΕΥΣ",
        "",
    ],
)
def test_words_are_runs_of_letters_and_digits_in_any_script(text: str) -> None:
    reading = Reading(text)

    found = [(match.start(), match.group()) for match in WORD.finditer(reading.lower)]
    assert reading.words == {word for _, word in found}
    assert reading.places_of(reading.words) == found


def test_all_words_of_a_long_text_are_found() -> None:
    words = [f"w{number}" for number in range(_MAX_SOUGHT + 2)]
    reading = Reading(" ".join([*words, *words]))

    for word in words:
        places = [match.start() for match in re.finditer(rf"\b{word}\b", reading.lower)]
        assert list(reading.places(word)) == places


@pytest.mark.parametrize(
    ("text", "end"),
    [
        ("The old mill stood", 12),
        ("The old -- mill", 15),
        ("The old ----- mill", None),
        ("The old millstone", None),
        ("The old", None),
    ],
)
def test_phrase_ends_with_its_last_word_if_that_follows_close_by(text: str, end: int | None) -> None:
    assert Reading(text).end_of_phrase(("old", "mill"), 4) == end


@pytest.mark.parametrize(
    ("stems", "words"),
    [
        (["mill"], {"mill", "mills", "miller"}),
        (["m", "oa"], {"mill", "mills", "miller", "oak"}),
        (["z"], set()),
    ],
)
def test_words_are_found_by_their_beginnings(stems: list[str], words: set[str]) -> None:
    assert Reading("The miller sold mills. An oak, a mill.").words_beginning(stems) == words


def test_word_is_in_lower_case_if_the_text_writes_it_so_somewhere() -> None:
    reading = Reading("Hope came back. There was hope. HOPE! Faith left.")

    assert reading.is_in_lower_case("hope")
    assert not reading.is_in_lower_case("faith")
    assert not reading.is_in_lower_case("grace")
