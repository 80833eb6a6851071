"""The dead who act in the scene, and those of whom it only speaks; looks that pass; figures of speech."""

from __future__ import annotations

import pytest

from agents.engine import checks
from agents.engine.checks import check, report
from agents.engine.checks.characters.cast.people import Cast
from agents.engine.text.lazy_pattern import compiling
from agents.engine.world import WorldView

WORLD = WorldView.from_mapping(
    {
        "tech_level": "medieval",
        "magic_system": "none",
        "elements": [
            {"id": "ada", "kind": "character", "name": "Ada Finn", "summary": "She drowned."},
            {
                "id": "per",
                "kind": "character",
                "name": "Per Holt",
                "traits": {"eyes": "green", "age": 100, "pronoun": "he"},
            },
        ],
    }
)


def accused(text: str) -> list[str]:
    return [finding.source_id for finding in check(text, WORLD) if finding.strength != "hint"]


@pytest.mark.parametrize(
    ("text", "source_ids"),
    [
        ("Ada Finn sat down and poured the wine.", ["ada"]),
        ("In the yard Ada Finn smiled and waved at Karl.", ["ada"]),
        ("On one torn page Ada Finn smiled and waved at Karl.", []),
        ("On an old map Ada Finn opened the gate and smiled at Karl.", []),
        ("“Too late,” said Ada Finn.", ["ada"]),
        ("Ada Finn was mending a net by the door.", ["ada"]),
        ("From the portrait Ada Finn smiled at them.", []),
        ("In the annals Ada Finn rode to the coast.", []),
        ("Twenty winters earlier Ada Finn rode to the coast.", []),
        ("Had Ada Finn come, they would have stayed.", []),
        ("He dreamt that Ada Finn came in.", []),
        ("The Ada Finn rounded the headland.", []),
        ("The portrait hung over the stairs. Ada Finn smiled down at them.", []),
        ("Ada Finn wrote the law by which they live, long before the war.", []),
        ("Per's blue eyes shone.", ["per"]),
        ("Per's eyes were red from the smoke.", []),
        ("Per had a black eye.", []),
        ("Per was a hundred and one.", []),
        ("Per was sixty, and felt it.", ["per"]),
        # A noun phrase states something under a negation as well, and whatever the rest of the sentence is about.
        ("Nobody could forget Per's blue eyes.", ["per"]),
        ("Per's blue eyes rested on the portrait.", ["per"]),
        ("In the portrait Per's blue eyes shone.", []),
        # What is said is not what the narrator supposes.
        ("“If only it were over,” said Ada Finn, and she shut the door.", ["ada"]),
        ("“Who is there?” Ada Finn asked.", ["ada"]),
        # How it is done, and what is not done, show that somebody is there.
        ("Slowly Ada Finn put down the lamp.", ["ada"]),
        ("Without a word Ada Finn put down the lamp.", ["ada"]),
        ("Ada Finn did not look up from her book.", ["ada"]),
        ("Up the bank scrambled Ada Finn, with her boots in her hand.", ["ada"]),
        ("Per talked to Ada Finn, as ever, in his head.", []),
        ("Ada Finn took her secrets with her, and they missed her.", []),
        # Looks do not change in a pluperfect, unless it says so.
        ("Per had come in without a coat, his blue eyes wet.", ["per"]),
        ("Per, whose eyes were blue, turned round.", ["per"]),
        ("Per had known her blue eyes for years.", []),
        ("Per was not yet forty.", ["per"]),
        ("Per was twelve when the bridge fell.", []),
        # The film governs the next sentence, the door ends it.
        ("They watched the film. Ada Finn turned and laughed.", []),
        ("They watched the film. Just then Ada Finn came in and laughed.", ["ada"]),
        ("The bridge that Ada Finn built was low.", []),
    ],
)
def test_only_what_is_told_of_the_scene_contradicts(text: str, source_ids: list[str]) -> None:
    assert accused(text) == source_ids


@pytest.mark.parametrize(
    ("text", "is_accused"),
    [
        ("He loaded the gun and fired.", True),
        ("The reeve took her photograph with a camera.", True),
        ("The witch raised her staff, and the door burst open.", True),
        ("They stuck to their guns.", False),
        ("The mood in the hall was electric.", False),
        ("She was a wizard with figures.", False),
        ("A cathedral of beeches stood about them.", False),
    ],
)
def test_term_contradicts_as_a_thing_but_not_as_an_image(text: str, is_accused: bool) -> None:
    assert bool(accused(text)) is is_accused


def test_check_without_time_is_named() -> None:
    result = report("Ada Finn sat down.", WORLD, budget_s=-1)

    assert result.findings == ()
    assert "life and death, for lack of time" in result.not_checked


def test_compiling_the_patterns_is_not_charged_to_the_text(monkeypatch) -> None:
    now_s = [0.0]
    monkeypatch.setattr("agents.engine.checks.time.thread_time", lambda: now_s[0])

    def check_with_a_new_pattern(cast: Cast) -> tuple[()]:
        with compiling():
            now_s[0] += 60
        return ()

    monkeypatch.setattr(checks, "check_lives", check_with_a_new_pattern)

    result = report("Ada Finn sat down.", WORLD, budget_s=2)

    assert result.not_checked == ()
    assert now_s == [60.0]
