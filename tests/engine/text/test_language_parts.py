"""Tests of the languages of the parts of a text."""

import itertools
import tomllib
from pathlib import Path

import pytest

from agents.engine.text.languages import language_parts as subject
from agents.engine.text.languages.language import language_of
from agents.engine.text.languages.language_parts import parts_in

SENTENCES = tomllib.loads((Path(__file__).parent / "data" / "sentences.toml").read_text(encoding="utf-8"))
WELL_TOLD = ("sv", "nl", "de", "en", "it", "es", "pt", "fr", "pl", "ru", "tr", "fi", "zh", "ja", "ko", "ar")

FRENCH_SONG = "Au clair de la lune,\nmon ami Pierrot,\nprête-moi ta plume\npour écrire un mot."


def scene(code: str, sentences: int = 15) -> str:
    return " ".join(SENTENCES[code][:sentences])


def languages(text: str) -> list[str]:
    return [code for _, _, code in parts_in(text)]


@pytest.mark.parametrize("code", SENTENCES)
def test_a_text_in_one_language_is_one_part(code):
    text = scene(code)

    assert parts_in(text) == [(0, len(text), code)]


@pytest.mark.parametrize(("first", "last"), list(itertools.permutations(WELL_TOLD, 2)))
def test_a_last_third_in_another_language_is_seen(first, last):
    text = scene(first, 10) + "\n\n" + scene(last, 5)

    assert languages(text) == [first, last]


def test_the_parts_meet_where_the_language_changes():
    english, german = scene("en", 10), scene("de", 5)
    text = f"{english}\n\n{german}"

    (_, end, _), (start, whole, _) = parts_in(text)

    assert (end, whole) == (start, len(text))
    assert abs(start - len(english)) <= 130


def test_a_middle_in_another_language_is_seen():
    text = "\n\n".join([scene("en"), scene("de"), scene("en")])

    assert languages(text) == ["en", "de", "en"]


@pytest.mark.parametrize(
    "foreign",
    [
        FRENCH_SONG,
        f"*{scene('fr', 4)}*",
        f"“{scene('fr', 5)}”",
        f"“{SENTENCES['fr'][0]}” she said. “{SENTENCES['fr'][1]}” he answered. “{SENTENCES['fr'][2]}”",
        scene("la", 2),
        "Jacques Lefèvre, Amélie Dubois, Étienne Marchand, Geneviève Rousseau and Thérèse d'Aubigny sat there.",
    ],
)
@pytest.mark.parametrize("place", ["middle", "end"])
def test_songs_quotations_and_names_are_no_part(foreign, place):
    end = "" if place == "end" else f"\n\n{scene('en')}"
    text = f"{scene('en')}\n\n{foreign}{end}"

    assert languages(text) == ["en"]


def test_speech_in_another_language_throughout_is_no_part():
    text = "\n".join(
        f"{told} “{said}” Nobody answered her, and the old man looked down at the boards of the floor."
        for told, said in zip(SENTENCES["en"], SENTENCES["es"], strict=True)
    )

    assert languages(text) == ["en"]


def test_near_languages_are_no_change():
    assert languages(scene("no", 10) + "\n\n" + scene("da", 5)) == ["no"]


@pytest.mark.parametrize("text", ["", "Mira Voss.", "12345 " * 500, "“a” blood “b” " * 10])
def test_no_part_where_no_language_is_told(text):
    assert parts_in(text) in ([], [(0, len(text), "en")])


def test_few_windows_of_an_ordinary_text_are_read(monkeypatch):
    read = []

    def recorded(text: str) -> str | None:
        read.append(len(text))
        return language_of(text)

    monkeypatch.setattr(subject, "language_of", recorded)

    parts_in(scene("de") * 40)

    assert len(read) == 5
    assert max(read) <= 300


@pytest.mark.parametrize("mark", ["“", '"', "«", "*", "_", " _", "„"])
def test_unclosed_quotations_are_searched_in_linear_time(mark):
    text = mark * 50_000 + scene("en") * 10 + scene("de") * 10

    assert subject._QUOTED.sub("", text) is not None
