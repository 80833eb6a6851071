"""Validation of agent inputs, field by field."""

from __future__ import annotations

from typing import Any

import pytest

from agents.engine.fields import InvalidInput
from agents.engine.registry import get_agent
from agents.engine.world import WorldView

MINIMAL: dict[str, dict[str, Any]] = {
    "narrative": {"prompt": "A quarrel."},
    "spatial": {"location_name": "Harrowgate"},
    "consistency": {"content": "He slept."},
}


def errors(agent_type: str, **data: Any) -> list[tuple[str, str]]:
    with pytest.raises(InvalidInput) as caught:
        get_agent(agent_type).validate_input({**MINIMAL[agent_type], **data})
    assert all(error.message.endswith(".") or error.message for error in caught.value.errors)
    return [(error.pointer, error.code) for error in caught.value.errors]


@pytest.mark.parametrize(
    ("agent_type", "field"),
    [("narrative", "prompt"), ("spatial", "location_name"), ("consistency", "content")],
)
def test_missing_required_field_is_reported(agent_type: str, field: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        get_agent(agent_type).validate_input({})

    assert [(e.pointer, e.code) for e in caught.value.errors] == [(f"/{field}", "required")]
    assert errors(agent_type, **{field: " \n\t"}) == [(f"/{field}", "blank")]
    assert errors(agent_type, **{field: 5}) == [(f"/{field}", "wrong_type")]
    assert errors(agent_type, **{field: "nul\x00"}) == [(f"/{field}", "invalid_text")]
    assert errors(agent_type, **{field: "\ud800"}) == [(f"/{field}", "invalid_text")]


@pytest.mark.parametrize("agent_type", list(MINIMAL))
def test_minimal_input_is_accepted(agent_type: str) -> None:
    assert get_agent(agent_type).validate_input(MINIMAL[agent_type]) is not None


@pytest.mark.parametrize(
    ("agent_type", "data", "expected"),
    [
        ("narrative", {"mood": "dark"}, ("/mood", "unknown_field")),
        ("narrative", {"a/b~c": 1}, ("/a~1b~0c", "unknown_field")),
        ("narrative", {"type": "poem"}, ("/type", "invalid_choice")),
        ("narrative", {"prompt": "x" * 20_001}, ("/prompt", "too_long")),
        ("narrative", {"characters": "Mira"}, ("/characters", "wrong_type")),
        ("narrative", {"characters": ["x"] * 51}, ("/characters", "too_many")),
        ("narrative", {"characters": [5]}, ("/characters/0", "wrong_type")),
        ("narrative", {"characters": ["Mira", " "]}, ("/characters/1/name", "blank")),
        ("narrative", {"characters": ["x" * 201]}, ("/characters/0/name", "too_long")),
        ("narrative", {"characters": [{"description": "tall"}]}, ("/characters/0/name", "required")),
        ("narrative", {"characters": [{"name": "M", "age": 4}]}, ("/characters/0/age", "unknown_field")),
        (
            "narrative",
            {"characters": [{"name": "M", "traits": {"a": [1]}}]},
            ("/characters/0/traits", "wrong_type"),
        ),
        (
            "narrative",
            {"characters": [{"name": "M", "traits": ["x\x00"]}]},
            ("/characters/0/traits/0", "invalid_text"),
        ),
        ("narrative", {"word_range": [300]}, ("/word_range", "wrong_type")),
        ("narrative", {"word_range": [400, 300]}, ("/word_range", "out_of_range")),
        ("narrative", {"word_range": {"low": 400, "high": 300}}, ("/word_range", "out_of_range")),
        ("narrative", {"word_range": {"low": 60}}, ("/word_range", "wrong_type")),
        ("narrative", {"word_range": {"low": 60, "high": 70, "top": 80}}, ("/word_range", "wrong_type")),
        ("narrative", {"word_range": [49, 300]}, ("/word_range", "out_of_range")),
        ("narrative", {"word_range": [50, 3001]}, ("/word_range", "out_of_range")),
        ("narrative", {"word_range": [True, 300]}, ("/word_range", "wrong_type")),
        ("narrative", {"world_config": "fantasy"}, ("/world_config", "wrong_type")),
        ("narrative", {"world_config": {"weather": "rain"}}, ("/world_config/weather", "unknown_field")),
        ("narrative", {"world_config": {"genre": 5}}, ("/world_config/genre", "wrong_type")),
        ("narrative", {"world_config": {"rules": [" "]}}, ("/world_config/rules/0", "blank")),
        ("narrative", {"world_config": {"tone": "\ud83d"}}, ("/world_config/tone", "invalid_text")),
        ("spatial", {"type": "x" * 41}, ("/type", "too_long")),
        ("spatial", {"type": " "}, ("/type", "blank")),
        ("spatial", {"type": 5}, ("/type", "wrong_type")),
        ("spatial", {"type": "\ud800"}, ("/type", "invalid_text")),
        ("spatial", {"landmarks": ["x"] * 21}, ("/landmarks", "too_many")),
        ("spatial", {"landmarks": [{"name": "Bridge"}]}, ("/landmarks/0", "wrong_type")),
        ("consistency", {"content": "x" * 50_001}, ("/content", "too_long")),
        ("consistency", {"content_type": "x" * 41}, ("/content_type", "too_long")),
        ("consistency", {"content_type": ""}, ("/content_type", "blank")),
        ("consistency", {"content_type": None}, ("/content_type", "wrong_type")),
        ("consistency", {"content_type": "nul\x00"}, ("/content_type", "invalid_text")),
    ],
)
def test_invalid_field_is_reported_with_pointer_and_code(
    agent_type: str, data: dict[str, Any], expected: tuple[str, str]
) -> None:
    assert errors(agent_type, **data) == [expected]


def test_all_invalid_fields_are_reported_together() -> None:
    assert errors("narrative", prompt="", type="poem", mood=1) == [
        ("/prompt", "blank"),
        ("/type", "invalid_choice"),
        ("/mood", "unknown_field"),
    ]


def test_error_messages_do_not_repeat_input() -> None:
    with pytest.raises(InvalidInput) as caught:
        get_agent("narrative").validate_input({"prompt": "x" * 30_000})

    assert caught.value.errors[0].message == "At most 20000 characters are allowed."


def test_input_at_limits_is_accepted() -> None:
    get_agent("narrative").validate_input(
        {"prompt": "x" * 20_000, "characters": ["x" * 200] * 50, "word_range": [50, 3000]}
    )
    get_agent("consistency").validate_input({"content": "x" * 50_000})


def test_characters_may_be_names_or_objects() -> None:
    data = {"prompt": "A quarrel.", "characters": ["Mira", {"name": " Tobin ", "traits": {"age": 40}}]}

    typed = get_agent("narrative").validate_input(data)

    assert [(c.name, c.traits) for c in typed.characters] == [("Mira", []), ("Tobin", ["age: 40"])]


@pytest.mark.parametrize(
    ("agent_type", "data"),
    [
        ("narrative", {"characters": [{"name": "Mira", "description": "A tall smuggler."}]}),
        ("narrative", {"characters": [], "world_config": {}}),
        ("narrative", {"type": "video_prompt", "characters": [], "world_config": {"genre": "noir"}}),
        ("spatial", {"type": "location", "details": "By the sea.", "world_config": {}}),
        ("spatial", {"type": "floating market"}),
        ("consistency", {"content_type": "narrative", "world_config": {"genre": "noir"}}),
        ("consistency", {"content_type": "video_prompt", "world_config": {}}),
        ("consistency", {"content_type": "location"}),
        ("consistency", {"content_type": "song of the salt roads"}),
    ],
)
def test_requests_of_original_project_are_accepted(agent_type: str, data: dict[str, Any]) -> None:
    plain = get_agent(agent_type).validate_input({**MINIMAL[agent_type], **data}).model_dump()

    for key in data.keys() & {"type", "content_type", "details"}:
        assert plain[key] == data[key]


@pytest.mark.parametrize(("agent_type", "field"), [("spatial", "type"), ("consistency", "content_type")])
def test_kind_is_stripped(agent_type: str, field: str) -> None:
    typed = get_agent(agent_type).validate_input({**MINIMAL[agent_type], field: " market \n"})

    assert typed.model_dump()[field] == "market"


def test_world_config_may_be_null() -> None:
    typed = get_agent("narrative").validate_input({"prompt": "A quarrel.", "world_config": None})

    assert typed.world_config.genre == ""


def test_too_large_world_is_refused() -> None:
    world = WorldView.from_mapping({"rules": [{"text": "x" * 1000}] * 250})

    with pytest.raises(InvalidInput) as caught:
        get_agent("narrative").validate_input({"prompt": "A quarrel."}, world=world)

    assert [(e.pointer, e.code) for e in caught.value.errors] == [("/world_config", "world_too_large")]
