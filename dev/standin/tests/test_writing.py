from __future__ import annotations

import json
import random
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.engine.agents import consistency, narrative, spatial
from agents.engine.request.api_schema import api_schema
from dev.standin.schemas import check_format
from dev.standin.tokens import count
from dev.standin.writing import write

leaves = st.one_of(
    st.sampled_from(["string", "integer", "number", "boolean", "null"]).map(lambda kind: {"type": kind}),
    st.lists(st.one_of(st.text(max_size=5), st.integers()), min_size=1, max_size=3).map(
        lambda v: {"enum": v}
    ),
    st.sampled_from(["date", "date-time", "email", "uuid", "ipv4", "ipv6", "uri"]).map(
        lambda name: {"type": "string", "format": name}
    ),
    st.just({"const": "fixed"}),
    st.just({"type": ["string", "null"]}),
)


def grown(parts: Any) -> Any:
    def as_object(properties: dict[str, Any], keep: int) -> dict[str, Any]:
        return {
            "type": "object",
            "properties": properties,
            "required": sorted(properties)[:keep],
            "additionalProperties": False,
        }

    return st.one_of(
        st.builds(
            as_object, st.dictionaries(st.text(min_size=1, max_size=4), parts, max_size=3), st.integers(0, 3)
        ),
        st.builds(lambda items: {"type": "array", "items": items, "minItems": 1}, parts),
        st.builds(lambda some: {"anyOf": some}, st.lists(parts, min_size=1, max_size=2)),
    )


schemas = st.recursive(leaves, grown, max_leaves=8)


@given(schema=schemas, seed=st.integers(0, 1000))
@settings(max_examples=200, deadline=None)
def test_what_is_written_satisfies_its_schema(schema: dict[str, Any], seed: int) -> None:
    check_format({"format": {"type": "json_schema", "schema": schema}})

    text = write(schema, random.Random(seed))

    jsonschema.Draft202012Validator(
        schema, format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER
    ).validate(json.loads(text))
    assert write(schema, random.Random(seed)) == text


@pytest.mark.parametrize(
    "answer",
    [
        narrative.NarrativeAnswer,
        narrative.VideoPromptAnswer,
        spatial.SpatialAnswer,
        consistency.ConsistencyAnswer,
    ],
)
def test_every_agent_s_schema_is_taken_and_satisfied(answer: Any) -> None:
    schema = api_schema(answer)
    check_format({"format": {"type": "json_schema", "schema": schema}})

    answer.model_validate_json(write(schema, random.Random(3), output_tokens=700))


@pytest.mark.parametrize("tokens", [60, 700, 1200])
def test_answer_has_the_length_that_was_asked_for(tokens: int) -> None:
    text = write(api_schema(narrative.NarrativeAnswer), random.Random(1), output_tokens=tokens)

    assert count(text) == tokens
    assert len(json.loads(text)["content"]) > len(json.loads(text)["title"])


def test_references_are_followed() -> None:
    schema = {
        "$ref": "#/$defs/place",
        "$defs": {
            "place": {
                "type": "object",
                "properties": {"name": {"type": "string"}},
                "required": ["name"],
                "additionalProperties": False,
            }
        },
    }

    check_format({"format": {"type": "json_schema", "schema": schema}})

    assert set(json.loads(write(schema, random.Random(0)))) == {"name"}
