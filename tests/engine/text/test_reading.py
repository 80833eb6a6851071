"""Tests of the words and sentences of a text that is read once."""

from __future__ import annotations

import pytest

from agents.engine.text.reading import WORD, Reading


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

    spans = zip(reading.word_starts, reading.word_ends, strict=True)
    assert [reading.lower[start:end] for start, end in spans] == WORD.findall(reading.lower)
    assert reading.words == set(WORD.findall(reading.lower))


def test_word_is_in_lower_case_if_the_text_writes_it_so_somewhere() -> None:
    reading = Reading("Hope came back. There was hope. HOPE! Faith left.")

    assert reading.is_in_lower_case("hope")
    assert not reading.is_in_lower_case("faith")
    assert not reading.is_in_lower_case("grace")
