"""Tests of the language of a text."""

import tomllib
from pathlib import Path

import pytest

from agents.engine.text.languages import detection as subject
from agents.engine.text.languages.detection import are_near, is_english, language_of
from agents.engine.text.languages.names import code_of, language_name, names_in
from tests.support.effort import effort

SENTENCES = tomllib.loads((Path(__file__).parent / "data" / "sentences.toml").read_text(encoding="utf-8"))


def scene(code: str) -> str:
    return " ".join(SENTENCES[code])


def test_single_sentences_are_recognised_or_left_undecided():
    told = [(code, language_of(sentence)) for code, group in SENTENCES.items() for sentence in group]

    wrong = [(code, found) for code, found in told if found is not None and found != code]
    undecided = [code for code, found in told if found is None]

    assert len(wrong) <= len(told) * 0.02, wrong
    assert all(are_near(code, found) for code, found in wrong), wrong
    assert len(undecided) <= len(told) * 0.06


@pytest.mark.parametrize("code", SENTENCES)
def test_a_scene_is_recognised_in_every_language(code):
    assert language_of(scene(code)) == code


def test_english_is_told_without_the_model(monkeypatch):
    monkeypatch.setattr(subject, "_by_model", lambda sample: pytest.fail("The model was asked."))

    assert language_of(scene("en") * 3) == "en"


@pytest.mark.parametrize("code", sorted(SENTENCES.keys() - {"en"}))
def test_the_fast_path_takes_nothing_else_for_english(code):
    assert not is_english(scene(code) * 3)


def test_scots_is_not_plain_english():
    scots = (
        "The auld man gaed doon tae the harbour an lookit oot ower the watter, for his dochter wisnae hame yet. "
        "He didna ken whaur she haed gane, an naebody in the toun wad tell him. The wind wis cauld an the nicht wis "
        "mirk, but he bade there till the mornin, thinkin lang on aw that he haed tint."
    )

    assert not is_english(scots)
    assert language_of(scots) in ("en", "sco")


@pytest.mark.parametrize(
    "text",
    ["", "  \n", "Mira Voss", "12345 " * 200, "🎉" * 300, "{}" * 500, "今日は", "OK."],
)
def test_too_short_or_no_language_at_all(text):
    assert language_of(text) is None


def test_lone_surrogates_and_invisible_signs_are_read_over():
    german = SENTENCES["de"][0]

    assert language_of(german[:20] + "\ud800" + german[20:]) == "de"
    assert language_of("\u00ad".join(german)) == "de"


def test_capitals_do_not_change_the_language():
    assert language_of(scene("fi").upper()) == "fi"


def test_a_long_text_costs_as_much_as_a_short_one(monkeypatch):
    read: list[int] = []
    monkeypatch.setattr(subject, "_by_model", lambda sample: read.append(len(sample)))

    language_of(scene("de") * 2)
    language_of(scene("de") * 100)

    assert max(read) <= 810


def test_an_english_scene_is_read_quickly():
    text = (scene("en") * 4)[:3000]

    assert effort(lambda: [language_of(text) for _ in range(100)]) < 3


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("German", "de"),
        ("de", "de"),
        ("DEUTSCH", "de"),
        ("in German please", "de"),
        ("Brazilian Portuguese", "pt"),
        ("pt_BR", "pt"),
        ("zh-CN", "zh"),
        ("简体中文", "zh"),
        ("中文（台灣）", "zh"),
        ("Latin American Spanish", "es"),
        ("espanol", "es"),
        ("Français (Canada)", "fr"),
        ("по-немецки", "de"),
        ("po polsku", "pl"),
        ("日本語", "ja"),
        ("한국어", "ko"),
        ("हिन्दी", "hi"),
        ("nb-NO", "no"),
        ("Scottish Gaelic", "gd"),
    ],
)
def test_names_of_languages_as_people_write_them(name, code):
    assert code_of(name) == code


@pytest.mark.parametrize(
    "name",
    ["", "any", "Klingon", "Old English", "Ancient Greek", "English and French", "not German", "xx-YY"],
)
def test_names_that_mean_no_single_known_language(name):
    assert code_of(name) is None


def test_names_are_found_where_they_stand():
    text = "Half in French, half in German."

    assert [(text[start:end], code) for start, end, code in names_in(text)] == [
        ("French", "fr"),
        ("German", "de"),
    ]


def test_a_code_has_an_english_name():
    assert (language_name("sv"), language_name("xx")) == ("Swedish", "xx")
