"""Tests of the terms of technology and magic in other languages."""

import tomllib
from pathlib import Path

import pytest

from agents.engine.text.terms import TechLevel
from agents.engine.text.word_lists.lists import LISTED, word_list
from agents.engine.text.word_lists.scan import terms_in
from tests.support.effort import effort

CASES = tomllib.loads((Path(__file__).parent / "data" / "foreign_terms.toml").read_text(encoding="utf-8"))


def cases(kind: str) -> list[tuple[str, str]]:
    return [(code, sentence) for code, kinds in CASES.items() for sentence in kinds[kind]]


def test_every_language_with_a_list_has_cases():
    assert LISTED == CASES.keys() == {"de", "fr", "es", "it", "pt", "nl", "pl", "ru", "zh", "ja", "ko"}


@pytest.mark.parametrize(("code", "sentence"), cases("things"))
def test_a_thing_of_a_later_age_is_found(code, sentence):
    found = terms_in(sentence, code, TechLevel.MEDIEVAL, magic=False)

    assert found
    assert all(isinstance(term.kind, TechLevel) and term.kind > TechLevel.MEDIEVAL for term in found)
    assert all(sentence[term.start : term.end] == term.text for term in found)


@pytest.mark.parametrize(("code", "sentence"), cases("magic"))
def test_magic_is_found(code, sentence):
    assert "magic" in {term.kind for term in terms_in(sentence, code, None, magic=True)}
    assert terms_in(sentence, code, TechLevel.FAR_FUTURE, magic=False) == []


@pytest.mark.parametrize(("code", "sentence"), cases("innocent"))
def test_innocent_sentences_are_not_accused(code, sentence):
    assert terms_in(sentence, code, TechLevel.MEDIEVAL, magic=True) == []


@pytest.mark.parametrize(("code", "sentence"), cases("things"))
def test_nothing_is_too_young_for_a_far_future(code, sentence):
    assert terms_in(sentence, code, TechLevel.FAR_FUTURE, magic=False) == []


def test_the_age_of_a_thing_counts():
    text = "Der Hauptmann hob die Pistole und griff zum Telefon."

    assert [term.text for term in terms_in(text, "de", TechLevel.MEDIEVAL, magic=False)] == [
        "Pistole",
        "Telefon",
    ]
    assert [term.text for term in terms_in(text, "de", TechLevel.RENAISSANCE, magic=False)] == ["Telefon"]


def test_wrapped_hyphenated_and_decomposed_terms_are_found_whole():
    text = "Le téléphone\nportable et l’appareil photo, les hauts murs, le talkie‑walkie."

    found = [term.text for term in terms_in(text, "fr", TechLevel.ANCIENT, magic=False)]

    assert found == ["téléphone\nportable", "appareil photo", "talkie‑walkie"]
    marked = "Le *téléphone* sonna, le télé\u00adphone aussi."
    assert len(terms_in(marked, "fr", TechLevel.ANCIENT, magic=False)) == 2
    decomposed = "Le te\u0301le\u0301phone sonna."
    assert [term.text for term in terms_in(decomposed, "fr", TechLevel.ANCIENT, magic=False)] == [
        "te\u0301le\u0301phone"
    ]


def test_a_language_without_a_list_has_no_terms():
    assert terms_in("Hon tog upp sin mobiltelefon.", "sv", TechLevel.MEDIEVAL, magic=True) == []


@pytest.mark.parametrize("code", sorted(LISTED))
def test_the_lists_are_long_enough_and_without_doubles(code):
    words = word_list(code)
    entries = [entry for group in (*words.by_word.values(), *words.by_stem.values()) for entry in group]
    signs = [term for group in words.by_sign.values() for term in group]
    kinds = [entry.kind for entry in entries] + [kind for _, kind in signs]

    assert len(kinds) == len({*entries, *signs})
    assert sum(isinstance(kind, TechLevel) for kind in kinds) >= 150
    assert kinds.count("magic") >= 25


@pytest.mark.parametrize("code", sorted(LISTED))
@pytest.mark.parametrize("shape", ["terms", "negations", "sentences"])
def test_a_long_text_is_read_quickly(code, shape):
    piece = {
        "terms": CASES[code]["things"][0] + " ",
        "negations": "no non не nicht 没有 " * 3,
        "sentences": " ".join(CASES[code]["innocent"]) + " ",
    }[shape]
    text = piece * (50_000 // len(piece))

    assert effort(lambda: terms_in(text, code, TechLevel.STONE_AGE, magic=True)) < 30
