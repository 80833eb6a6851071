from __future__ import annotations

import json
import random
from typing import Any

import pytest

from agents.engine.agents import consistency, narrative, spatial
from agents.engine.request.api_schema import api_schema
from dev.standin.prices import count_tokens
from dev.standin.replies import write_json


@pytest.mark.parametrize(
    "answer",
    [
        narrative.NarrativeAnswer,
        narrative.VideoPromptAnswer,
        spatial.SpatialAnswer,
        consistency.ConsistencyAnswer,
    ],
)
def test_json_satisfies_the_schema_of_every_agent(answer: Any) -> None:
    for seed in range(20):
        answer.model_validate_json(write_json(api_schema(answer), random.Random(seed), output_tokens=700))


@pytest.mark.parametrize("tokens", [60, 700, 1200])
def test_json_has_the_requested_length(tokens: int) -> None:
    text = write_json(api_schema(narrative.NarrativeAnswer), random.Random(1), output_tokens=tokens)

    assert count_tokens(text) == tokens
    assert len(json.loads(text)["content"]) > len(json.loads(text)["title"])
