"""Prompt files and schemas of answers."""

from __future__ import annotations

from pathlib import Path

import pytest

from agents.engine.agents.consistency import ConsistencyAnswer
from agents.engine.agents.narrative import NarrativeAnswer, VideoPromptAnswer
from agents.engine.agents.spatial import SpatialAnswer
from agents.engine.request import prompt_files
from agents.engine.request.api_schema import api_schema
from agents.engine.request.prompt_files import load_prompt


@pytest.mark.parametrize("name", ["narrative", "video_prompt", "spatial", "consistency"])
def test_prompt_has_instructions_data_rules_and_task(name: str) -> None:
    prompt = load_prompt(name)

    assert "What is data and what is instruction" in prompt.instructions
    assert prompt.task
    assert "<!--" not in prompt.instructions + prompt.task
    assert int(prompt.version, 16) >= 0
    assert len(prompt.version) == 12


def test_versions_differ_between_prompts() -> None:
    names = ("narrative", "video_prompt", "spatial", "consistency")

    assert len({load_prompt(name).version for name in names}) == 4


def test_any_change_to_either_file_changes_version(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prompt_files, "PROMPT_DIR", tmp_path)
    read = load_prompt.__wrapped__

    def version(own: str, shared: str) -> str:
        (tmp_path / "poem.md").write_text(own)
        (tmp_path / "shared.md").write_text(shared)
        return str(read("poem").version)

    versions = {
        version("Write.<!-- task -->Now.", "Data."),
        version("Write.<!-- task -->Now!", "Data."),
        version("Write.<!-- task -->Now.", "Data!"),
    }

    assert len(versions) == 3
    with pytest.raises(ValueError, match=r"poem\.md has no part"):
        version("Write.", "Data.")


def test_schema_is_in_provider_subset() -> None:
    assert api_schema(VideoPromptAnswer) == {
        "type": "object",
        "properties": {
            "title": {"type": "string"},
            "content": {"type": "string"},
            "shots": {
                "type": "array",
                "items": {
                    "type": "object",
                    "description": "One shot: what is seen, how the camera moves, how long it lasts.",
                    "properties": {
                        "description": {"type": "string"},
                        "camera": {"type": "string"},
                        "duration_s": {"type": "integer"},
                    },
                    "required": ["description", "camera", "duration_s"],
                    "additionalProperties": False,
                },
            },
            "camera": {"type": "string"},
            "mood": {"type": "string"},
        },
        "required": ["title", "content", "shots", "camera", "mood"],
        "additionalProperties": False,
    }


@pytest.mark.parametrize("answer", [NarrativeAnswer, SpatialAnswer, ConsistencyAnswer])
def test_schema_has_only_fields_that_the_model_writes(answer: type[NarrativeAnswer]) -> None:
    schema = api_schema(answer)

    assert set(schema["required"]) == set(schema["properties"]) == set(answer.model_fields)
    assert not {"model", "tokens_used", "word_count"} & set(schema["properties"])
    assert schema["additionalProperties"] is False
