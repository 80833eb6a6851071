"""Texts of the mock model, run through the agents: requested names and lengths, and no contradiction of any world."""

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
TONES = ("dark", "hopeful", "whimsical; no slang, no swearing", "cosy, nothing cruel", "")
LEFTOVERS = re.compile(r"[{}\[\]|]|\s[,.;]|\.\.|  ")
WORLD = WorldView.from_mapping(
    {
        "genre": "fantasy",
        "tech_level": "medieval",
        "magic_system": "Runes cut in bone",
        "rules": [{"id": "r1", "text": "No one can teleport."}],
        "elements": [
            {"id": "1", "kind": "character", "name": "Mira Vance", "summary": "A smuggler with a debt."},
            {"id": "2", "kind": "character", "name": "Odran Pell", "summary": "A toll-keeper."},
            {"id": "3", "kind": "location", "name": "Glasshaven", "summary": "A port without ships."},
            {"id": "4", "kind": "location", "name": "Harrow Causeway", "summary": "A road in the sea."},
        ],
    }
)


def run(agent_type: str, data: dict[str, Any], world: WorldView | None = None) -> AgentResult:
    return get_agent(agent_type).run(data, world, SETTINGS, MockClient())


def scene(world: WorldView | None = None, **data: Any) -> str:
    return str(run("narrative", data, world).output["content"])


def repeated(text: str) -> list[str]:
    """Return the sentences that occur more than once."""
    counts = Counter(part.strip() for part in re.split(r"(?<=[.!?])\s+|\n+", text))
    return [sentence for sentence, count in counts.items() if count > 1 and sentence]


@pytest.mark.parametrize("level", LEVELS)
def test_scene_fits_every_world(level: str) -> None:
    for number, (genre, tone) in enumerate(itertools.product(GENRES, TONES)):
        config = {"genre": genre, "tone": tone, "tech_level": level}
        data = {
            "prompt": f"Write a scene where Mira finds the lost key, take {number}.",
            "characters": ["Mira", "Old Tobin", "Ansa Vey"][: 1 + number % 3],
            "world_config": {**config, "magic_system": "none" if number % 2 else ""},
        }

        result = run("narrative", data)

        content = result.output["content"]
        assert (result.confidence, result.reasons) == (1.0, ()), config
        assert 300 <= result.output["word_count"] <= 500
        assert content.count("\n\n") >= 4
        assert all(name in content for name in data["characters"])
        assert "lost key" in content
        assert repeated(content) == []
        assert not LEFTOVERS.search(content), content


@pytest.mark.parametrize("level", LEVELS)
def test_place_fits_every_world(level: str) -> None:
    kinds = ("city", "town", "village", "wilderness", "structure", "interior", "ruin", "landscape", "other")
    for number, kind in enumerate(kinds):
        data = {
            "location_name": "Saltmarch",
            "type": kind,
            "details": f"Seen at low water, take {number}.",
            "landmarks": ["the Clock Bridge", "Ember Gate", "Long Stair"][: number % 4],
            "world_config": {"genre": GENRES[number % 6], "tech_level": level, "magic_system": "none"},
        }

        result = run("spatial", data)

        output = result.output
        assert (result.confidence, result.reasons) == (1.0, ()), data
        names = [landmark["name"] for landmark in output["landmarks"]]
        assert names[: number % 4] == data["landmarks"]
        assert len(names) >= 3
        assert all(name.casefold() in output["map_layout"].casefold() for name in names)
        assert "Saltmarch" in output["description"]
        assert "low water" in output["description"]
        assert not LEFTOVERS.search(output["description"] + output["atmosphere"] + output["map_layout"])


@pytest.mark.parametrize("level", LEVELS)
def test_video_prompt_fits_every_world(level: str) -> None:
    for number, genre in enumerate(GENRES):
        data = {
            "prompt": f"Mira crosses the old bridge, take {number}",
            "type": "video_prompt",
            "characters": ["Mira", "Tobin", "Ansa", "Vey", "Old Tom"][: number % 6],
            "world_config": {"genre": genre, "tech_level": level},
        }

        result = run("narrative", data)

        output = result.output
        assert (result.confidence, result.reasons) == (1.0, ())
        assert 3 <= len(output["shots"]) <= 8
        assert all(name in output["content"] for name in data["characters"])
        assert "old bridge" in output["content"]
        assert not LEFTOVERS.search(" ".join((output["content"], output["camera"], output["mood"])))


@pytest.mark.parametrize(
    "word_range", [[50, 80], [60, 60], [100, 150], [300, 320], [900, 1000], [2000, 2400], [3000, 3000]]
)
def test_length_is_within_the_requested_range(word_range: list[int]) -> None:
    for number in range(5):
        characters = ["Mira", "Tobin"][: 1 + number % 2]
        data = {"prompt": f"The mill, {number}.", "word_range": word_range, "characters": characters}

        result = run("narrative", data)

        assert word_range[0] <= result.output["word_count"] <= word_range[1]
        assert result.needs_review is False
        assert repeated(result.output["content"]) == []


@pytest.mark.parametrize("kind", ["narrative", "video_prompt"])
def test_fifty_characters_are_all_named(kind: str) -> None:
    names = [f"Person{chr(65 + n // 26)}{chr(97 + n % 26)}" for n in range(50)]

    content = scene(prompt="The market.", characters=names, type=kind)

    assert all(name in content for name in names)


def test_twenty_landmarks_are_all_described() -> None:
    names = [f"Gate {number}" for number in range(20)]

    landmarks = run("spatial", {"location_name": "Saltmarch", "landmarks": names}).output["landmarks"]

    assert [landmark["name"] for landmark in landmarks] == names
    # Drawn at random from some dozens: two may be equal.
    assert len({landmark["description"] for landmark in landmarks}) >= 16


def test_scene_quotes_the_world() -> None:
    content = scene(WORLD, prompt="A bargain is struck in Glasshaven.", characters=["Mira Vance"])

    for piece in (
        "No one can teleport",
        "Runes cut in bone",
        "A smuggler with a debt",
        "A port without ships",
    ):
        assert piece in content


def test_scene_keeps_to_the_requested_place_and_people() -> None:
    content = scene(WORLD, prompt="A bargain is struck in Glasshaven.", characters=["Mira Vance"])

    assert "Glasshaven" in content
    assert "Odran" not in content
    assert "Harrow" not in content


def test_scene_without_requested_characters_uses_those_of_the_prompt() -> None:
    known = scene(WORLD, prompt="Odran counts the axles.")
    unknown = scene(prompt="Write a scene where Ansa Vey meets Tobin at the gate of Saltmarch on Monday.")

    assert "Odran Pell" in known
    assert "Mira" not in known
    for name in ("Ansa", "Tobin"):
        assert re.search(rf"{name} [a-z]+ (?!meets)", unknown)
    assert unknown.count("Monday") == 1


def test_prompt_is_quoted_without_its_order_to_write() -> None:
    content = scene(prompt="Write a scene in which the ferry never leaves. Nobody is surprised.")

    assert "“The ferry never leaves.”" in content
    assert "“Nobody is surprised.”" in content


def test_sentences_that_break_a_rule_are_replaced() -> None:
    # "The air smelled of smoke" is no claim that there is any, so a ban of smoke would replace only some sentences.
    rules = ["There are no doors.", "There are no walls."]
    for number in range(20):
        data = {"prompt": f"Take {number}.", "world_config": {"rules": rules}, "word_range": [600, 700]}

        result = run("narrative", data)

        assert not re.search(r"\b(doors?|walls?)\b", re.sub("“[^”]*”", "", result.output["content"]))
        assert result.confidence == 1.0


@pytest.mark.parametrize(
    "text", ["{a}", "{}", "%s {thing} {0}", "}{", "[x|y]", "The <b> & the “quote”", "\\u003c/input>"]
)
def test_markup_in_the_request_is_plain_text(text: str) -> None:
    data = {"prompt": f"The {text} burns {text}", "characters": [text], "world_config": {"rules": [text]}}

    result = run("narrative", data)

    assert result.is_mock is True
    assert text in result.output["content"]
