"""Word counts and matching of names and quotations."""

from __future__ import annotations

import pytest

from agents.engine.text.matching import (
    count_words,
    is_quoted_from,
    mentions,
    paragraphs,
    words_of,
)
from agents.engine.text.names.index import is_named
from agents.engine.text.reading import Reading


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", 0),
        ("One two  three\nfour.", 4),
        ("A well-known — really — fact", 4),
        ("stopped—listened—and ran", 4),
        ("stopped -- listened--and…ran...away", 5),
        ("London–Paris and/or Rome", 5),
        ("Don’t, mother-in-law!", 2),
        ("3.14 of 1,000 in 1914–1918, 1/2 left", 7),
        ("R&D, snake_case and U.S.A.", 4),
        ("* * * \n— “No.” 😀 👍🏽 1️⃣", 1),
        ("smart\u200bphone cafe\u0301", 2),
        ("Она сказала: «нет» — и ушла", 5),
        ("हिन्दी भाषा है", 3),
        ("한국어 문장입니다", 2),
        ("ሰላም፡ለዓለም", 2),
        ("one⸺two―three–four", 4),
        ("¿Qué? — ¡No! rock ’n’ roll, O’Neil’s 3½", 7),
        ("“Stop”—“No”—10:30…a.m.", 4),
    ],
)
def test_words_are_counted(text: str, words: int) -> None:
    assert count_words(text) == words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("彼女は港で地図を見つけた", 6),
        ("彼女は、港で。", 3),
        ("彼女は Mira と言った", 5),
        ("人々の𠮷野家", 3),
        ("ｶﾀｶﾅﾃﾞｽ", 3),
        ("ภาษาไทยน้ำ", 5),
        ("ភាសាខ្មែរ", 3),
        ("ພາສາລາວ", 4),
        ("မြန်မာဘာသာ", 3),
        ("བོད་སྐད་", 2),
        ("ꦧꦱꦗꦮ", 2),
        ("ﾊﾝｶｸｶﾅﾉﾌﾞﾝ", 5),
        ("ｱﾒﾘｶ ﾄ ﾆﾎﾝ", 4),
        ("བོད་ཀྱི་སྐད་ཡིག་ནི་དཀའ།", 6),
    ],
)
def test_two_letters_are_one_word_in_scripts_without_spaces(text: str, words: int) -> None:
    assert count_words(text) == words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Mira's LAMP_2", ["mira", "s", "lamp_2"]),
        ("Straße, café", ["strasse", "café"]),
        ("cafe\u0301 मीरा נִקּוּד", ["cafe\u0301", "मीरा", "נִקּוּד"]),
        ("龙の Mira", ["龙", "の", "mira"]),
        ("លាវ", ["ល", "ា", "វ"]),
    ],
)
def test_words_are_in_lower_case_and_keep_their_accents(text: str, words: list[str]) -> None:
    assert words_of(text) == words


@pytest.mark.parametrize(
    "quote",
    [
        "pulled out his phone",
        "Pulled out  his\nphone",
        "“pulled out his phone.”",
        "said: “Don’t.”",
        'said: "Don\'t."',
        "The wizard ... his phone",
        "The wizard […] said",
    ],
)
def test_quotation_matches_despite_typography(quote: str) -> None:
    assert is_quoted_from(quote, "The wizard pulled out his phone and said: “Don't.”")


@pytest.mark.parametrize("quote", ["", "…", "his smartphone", "his phone ... The wizard", "pulled his phone"])
def test_absent_quotation_does_not_match(quote: str) -> None:
    assert not is_quoted_from(quote, "The wizard pulled out his phone and said: “Don't.”")


@pytest.mark.parametrize(
    ("name", "text", "is_there"),
    [
        ("Mira", "mira waited.", False),
        ("Mira", "Mira’s lamp", True),
        ("Mira", "Miranda waited.", False),
        ("Captain Mira Voss", "Voss waited.", True),
        ("Captain Mira Voss", "The captain waited.", False),
        ("The Grey Wizard", "A Wizard came.", True),
        ("The Grey Wizard", "a grey sky", False),
        ("Rose Hill", "a rose on a hill", False),
        ("Émile", "Émile waited.", True),
    ],
)
def test_person_is_found_by_name_or_distinctive_part(name: str, text: str, is_there: bool) -> None:
    assert is_named(name, Reading(text)) is is_there


def test_thing_is_found_by_full_name_only() -> None:
    assert mentions("Clock Bridge", "past the clock bridge")
    assert not mentions("Clock Bridge", "past the Bridge")


def test_paragraphs_are_separated_by_empty_lines() -> None:
    assert paragraphs("One.\nStill one.\n \n\nTwo.\n") == ["One.\nStill one.", "Two."]
