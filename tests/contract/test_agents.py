"""Each agent's documented requests: accepted, completed, and answered with the documented fields."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from tests.contract.documented import (
    ACCEPTED_FIELDS,
    CONSISTENCY_OUTPUT,
    JOB_FIELDS,
    NARRATIVE_OUTPUT,
    SMARTPHONE_TEXT,
    SPATIAL_OUTPUT,
    VIDEO_PROMPT_OUTPUT,
    VIOLATION,
    consistency,
    narrative,
    spatial,
)


def has_fields(data: dict[str, Any], fields: Mapping[str, type]) -> bool:
    return {name: type(data.get(name)) for name in fields} == fields


def completed_output(job: dict[str, Any], request: dict[str, Any]) -> dict[str, Any]:
    """Check the documented fields of a completed job and return its output."""
    assert job.keys() >= JOB_FIELDS
    assert (job["status"], job["agent_type"], job["universe_id"]) == (
        "completed",
        request["agent_type"],
        None,
    )
    assert job["input_data"] == request["input_data"]
    assert 0 <= job["confidence_score"] <= 1
    assert isinstance(job["human_review_required"], bool)
    assert job["error_message"] == ""
    assert job["created_at"] <= job["started_at"] <= job["completed_at"]
    output: dict[str, Any] = job["output_data"]
    return output


@pytest.mark.parametrize(
    "request_body", [narrative(), spatial(), consistency()], ids=lambda b: b["agent_type"]
)
def test_submit_answers_with_the_documented_fields(submit, request_body):
    accepted = submit(request_body)

    assert accepted.keys() >= ACCEPTED_FIELDS
    assert (accepted["status"], accepted["agent_type"]) == ("pending", request_body["agent_type"])


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"characters": []},
        {"world_config": {}},
        {"characters": [], "world_config": {}},
        {"characters": [{"name": "Elara"}, {"name": "Thorin"}]},
    ],
    ids=["as-documented", "no-characters", "empty-world", "bare", "names-only"],
)
def test_narrative_completes(submit_and_run, changes):
    request = narrative(**changes)

    output = completed_output(submit_and_run(request), request)

    assert has_fields(output, NARRATIVE_OUTPUT)
    assert output["type"] == "narrative"
    assert all(character["name"] in output["content"] for character in request["input_data"]["characters"])
    assert output["word_count"] > 0
    assert output["tokens_used"] > 0


def test_video_prompt_completes_with_shots_camera_and_mood(submit_and_run):
    request = narrative(type="video_prompt")

    output = completed_output(submit_and_run(request), request)

    assert has_fields(output, VIDEO_PROMPT_OUTPUT)
    assert output["type"] == "video_prompt"
    assert output["shots"]


def test_narrative_needs_only_a_prompt(submit_and_run):
    request = {"agent_type": "narrative", "input_data": {"prompt": "A storm at sea."}}

    assert has_fields(completed_output(submit_and_run(request), request), NARRATIVE_OUTPUT)


@pytest.mark.parametrize("place_type", ["city", "wilderness", "structure", "floating market"])
def test_spatial_completes_for_any_short_place_type(submit_and_run, place_type):
    request = spatial(type=place_type)

    output = completed_output(submit_and_run(request), request)

    assert has_fields(output, SPATIAL_OUTPUT)
    assert output["location_name"] == "Crystal City"
    assert output["landmarks"]


@pytest.mark.parametrize(
    "changes", [{"world_config": {}}, {"details": ""}], ids=["empty-world", "no-details"]
)
def test_spatial_completes_without_world_or_details(submit_and_run, changes):
    request = spatial(**changes)

    assert has_fields(completed_output(submit_and_run(request), request), SPATIAL_OUTPUT)


@pytest.mark.parametrize("content_type", ["narrative", "video_prompt", "location", "news report"])
def test_consistency_completes_for_any_short_content_type(submit_and_run, content_type):
    request = consistency(content_type=content_type)

    output = completed_output(submit_and_run(request), request)

    assert has_fields(output, CONSISTENCY_OUTPUT)
    assert output["is_consistent"] is False
    assert all(has_fields(violation, VIOLATION) for violation in output["violations"])
    quotations = [violation["quote"] for violation in output["violations"]]
    assert any("smartphone" in quotation for quotation in quotations)
    assert all(quotation in SMARTPHONE_TEXT for quotation in quotations)
    assert output["suggestions"]


def test_consistency_with_an_empty_world_finds_nothing(submit_and_run):
    request = consistency(world_config={})

    output = completed_output(submit_and_run(request), request)

    assert has_fields(output, CONSISTENCY_OUTPUT)
    assert (output["is_consistent"], output["violations"]) == (True, [])


@pytest.mark.parametrize(
    ("request_body", "pointer"),
    [
        (consistency(content_type="x" * 1000), "/input_data/content_type"),
        (consistency(content_type=5), "/input_data/content_type"),
        (spatial(type="x" * 1000), "/input_data/type"),
        (spatial(type=["city"]), "/input_data/type"),
    ],
    ids=["long-content-type", "number-content-type", "long-place-type", "list-place-type"],
)
def test_types_are_refused_if_not_short_texts(api, request_body, pointer):
    response = api.post("/agents/jobs", request_body)

    assert response.status_code == 400
    assert [error["pointer"] for error in response.json()["errors"]] == [pointer]
    assert api.get("/agents/jobs").json()["count"] == 0


@pytest.mark.parametrize(
    ("component", "field", "suggestions"),
    [
        ("ConsistencyInput", "content_type", ["narrative", "video_prompt", "location"]),
        ("SpatialInput", "type", ["city", "wilderness", "structure"]),
    ],
)
def test_schema_suggests_types_without_an_enum(api, component, field, suggestions):
    schema = api.get("/schema", headers={"accept": "application/json"}).json()

    described = schema["components"]["schemas"][component]["properties"][field]

    assert described["type"] == "string"
    assert "enum" not in described
    assert all(suggestion in str(described) for suggestion in suggestions)
