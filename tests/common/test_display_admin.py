"""Display of untrusted text."""

from __future__ import annotations

import pytest

from agents.common.admin import display


def test_hidden_characters_are_shown_as_code_points():
    shown = display.visible("a\u202eb\u200bc\x00d\U000e0041")

    assert "".join(part for part in ("U+202E", "U+200B", "U+0000", "U+E0041") if part in shown) == (
        "U+202EU+200BU+0000U+E0041"
    )
    assert not {"\u202e", "\u200b", "\x00", "\U000e0041"} & set(shown)


def test_legitimate_joiners_are_kept():
    assert display.visible("نمی\u200cخواهم 👩\u200d🚀") == "نمی\u200cخواهم 👩\u200d🚀"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("smart\u00adphone", "U+00AD"),
        ("\u3164", "U+3164"),
        ("half \ud83d", "U+D83D"),
        ("\U000e0100", "U+E0100"),
        ("\u2068name\u2069", "U+2068"),
    ],
)
def test_word_splitting_and_smuggling_characters_are_shown(text, shown):
    page = display.visible(text)

    assert shown in page
    assert page.encode()


def test_repeated_variation_selectors_are_shown():
    assert display.visible("☂\ufe0f") == "☂\ufe0f"
    assert display.visible("☂\ufe0f\ufe01\ufe02").count("hidden-char") == 2


def test_confidence_without_a_number_has_no_bar():
    assert display.confidence_bar(None) == "–"
    assert display.confidence_bar("") == "–"


def test_signal_that_was_not_checked_says_so():
    assert display.signal_value(None) == '<span class="not-checked">not checked</span>'
    assert display.signal_value(0) == display.confidence_bar(0)


def test_excerpt_is_short_and_cuts_long_words():
    assert display.first_words("one  two three", 2) == "one two …"
    assert display.first_words("one two", 2) == "one two"
    assert display.first_words("W" * 5_000, 2) == "W" * 40 + " …"
