"""What the mock writes has to pass for a first draft, in every world."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from typing import Any

import pytest

from agents.engine.registry import get_agent
from agents.engine.results import AgentResult, RunSettings
from agents.engine.world import WorldView
from agents.mock.client import MockClient

SETTINGS = RunSettings(model="claude-haiku-5-5", threshold=0.75)

LEVELS = (
    *("stone age", "bronze age", "medieval", "renaissance", "victorian"),
    *("modern day", "near future", "far future", ""),
)
GENRES = ("fantasy", "science fiction", "mystery", "horror", "romance", "")
TONES = ("dark", "hopeful", "whimsical", "epic", "tense", "melancholic", "")


def run(agent_type: str, data: dict[str, Any], world: WorldView | None = None) -> AgentResult:
    return get_agent(agent_type).run(data, world, SETTINGS, MockClient())


def repeated(text: str) -> list[str]:
    """Sentences that stand in the text more than once."""
    found = Counter(part.strip() for part in re.split(r"(?<=[.!?])\s+|\n+", text))
    return [sentence for sentence, times in found.items() if times > 1 and sentence]


@pytest.mark.parametrize("level", LEVELS)
def test_scene_is_in_every_world_what_was_asked_for(level: str) -> None:
    for number, (genre, tone) in enumerate(itertools.product(GENRES, TONES)):
        config = {
            "genre": genre,
            "tone": tone,
            "tech_level": level,
            "magic_system": "none" if number % 2 else "",
        }
        data = {
            "prompt": f"Write a scene where Mira finds the lost key, take {number}.",
            "characters": ["Mira", "Old Tobin", "Ansa Vey"][: 1 + number % 3],
            "world_config": config,
        }

        result = run("narrative", data)

        assert (result.confidence, result.reasons) == (1.0, ()), config
        content = result.output["content"]
        assert 320 <= result.output["word_count"] <= 700
        assert content.count("\n\n") >= 4
        assert repeated(content) == []
        assert "lost key" in content
        assert not re.search(r"[{}]|\s[,.;]|\.\.|  ", content), content


@pytest.mark.parametrize("level", LEVELS)
def test_place_is_in_every_world_what_was_asked_for(level: str) -> None:
    kinds = ("city", "town", "village", "wilderness", "structure", "interior", "ruin", "landscape", "other")
    for number, kind in enumerate(kinds):
        data = {
            "location_name": "Saltmarch",
            "type": kind,
            "landmarks": ["the Clock Bridge", "Ember Gate", "Long Stair"][: number % 4],
            "world_config": {"genre": GENRES[number % 6], "tech_level": level, "magic_system": "none"},
        }

        result = run("spatial", data)

        assert (result.confidence, result.reasons) == (1.0, ()), data
        names = [mark["name"] for mark in result.output["landmarks"]]
        assert names[: number % 4] == data["landmarks"]
        assert len(names) >= 4
        assert all(name.casefold() in result.output["map_layout"].casefold() for name in names)
        assert not re.search(r"[{}]|\s[,.;]|\.\.|  ", result.output["description"])


@pytest.mark.parametrize("level", LEVELS)
def test_video_prompt_is_in_every_world_what_was_asked_for(level: str) -> None:
    for number, genre in enumerate(GENRES):
        data = {
            "prompt": f"Mira crosses the old bridge, take {number}",
            "type": "video_prompt",
            "characters": ["Mira", "Tobin"],
            "world_config": {"genre": genre, "tech_level": level},
        }

        result = run("narrative", data)

        assert (result.confidence, result.reasons) == (1.0, ())
        assert 3 <= len(result.output["shots"]) <= 8
        assert result.output["camera"]
        assert result.output["mood"]


@pytest.mark.parametrize(
    "word_range", [[50, 80], [100, 150], [300, 320], [900, 1000], [2000, 2400], [2900, 3000]]
)
def test_length_is_within_the_range_that_was_asked_for(word_range: list[int]) -> None:
    for number in range(5):
        result = run(
            "narrative", {"prompt": f"The mill, {number}.", "word_range": word_range, "characters": ["Mira"]}
        )

        assert word_range[0] <= result.output["word_count"] <= word_range[1]
        assert result.needs_review is False
        assert repeated(result.output["content"]) == []


def test_fifty_characters_are_all_there() -> None:
    names = [f"Person{chr(65 + n // 26)}{chr(97 + n % 26)}" for n in range(50)]

    result = run("narrative", {"prompt": "The market.", "characters": names})

    assert all(name in result.output["content"] for name in names)


def test_scene_uses_the_rules_craft_and_people_of_the_world() -> None:
    world = WorldView.from_mapping(
        {
            "genre": "fantasy",
            "tech_level": "medieval",
            "magic_system": "Runes cut in bone",
            "rules": [{"id": "r1", "text": "No one can teleport."}],
            "elements": [
                {"id": "1", "kind": "character", "name": "Mira", "summary": "A smuggler with a debt."},
                {"id": "2", "kind": "location", "name": "Glasshaven", "summary": "A port."},
            ],
        }
    )

    content = run("narrative", {"prompt": "A bargain is struck.", "characters": ["Mira"]}, world).output[
        "content"
    ]

    for piece in ("No one can teleport", "Runes cut in bone", "A smuggler with a debt", "Glasshaven"):
        assert piece in content


def test_what_was_asked_for_is_in_the_text() -> None:
    content = run("narrative", {"prompt": "Write a scene in which the ferry never leaves."}).output["content"]

    assert "“The ferry never leaves.”" in content
    assert "the ferry" in content


@pytest.mark.parametrize(
    "text", ["{a}", "{}", "%s {thing} {0}", "}{", "The <b> & the “quote”", "\\u003c/input>"]
)
def test_strange_text_is_material_like_any_other(text: str) -> None:
    data = {"prompt": f"The {text} burns {text}", "characters": [text], "world_config": {"rules": [text]}}

    result = run("narrative", data)

    assert result.is_mock is True
    assert text in result.output["content"]
