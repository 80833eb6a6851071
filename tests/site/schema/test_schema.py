"""The OpenAPI schema is valid, complete and matches the responses; its page loads."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import call_command
from django.test import Client
from drf_spectacular.generators import SchemaGenerator

from mediaassets.api.schema import views
from tests.site.schema.endpoints import CALLS


@pytest.mark.parametrize("path", ["/schema", "/schema/"])
def test_schema_is_served_without_a_token(path):
    response = Client().get(path)

    assert response.status_code == 200
    assert response["Content-Type"].startswith("application/vnd.oai.openapi")


def test_schema_is_valid_and_generated_without_warnings(capfd):
    call_command("spectacular", "--validate", "--fail-on-warn", stdout=StringIO())

    assert "Warning" not in capfd.readouterr().err


def test_schema_contains_every_endpoint(schema):
    for path, methods in CALLS.items():
        assert methods <= set(schema["paths"][path]), path
    assert not [path for path in schema["paths"] if path.endswith("/")]


def test_every_endpoint_documents_its_errors(schema):
    for path in CALLS.keys() - {"/healthz", "/readyz"}:
        for operation in schema["paths"][path].values():
            content = operation["responses"]["default"]["content"]
            assert content == {
                "application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}
            }


def test_submit_that_waits_has_the_headers_of_a_read(schema):
    # It answers with the job, which has ended, as a GET of the job does.
    waited = schema["paths"]["/agents/jobs"]["post"]["responses"]["200"]["headers"]
    read = schema["paths"]["/agents/jobs/{job_id}"]["get"]["responses"]["200"]["headers"]

    assert {"ETag", "Preference-Applied"} <= set(waited)
    assert set(read) - set(waited) <= {"Retry-After"}


def test_schema_contains_the_filters_of_the_job_list(schema):
    parameters = {parameter["name"] for parameter in schema["paths"]["/agents/jobs"]["get"]["parameters"]}

    assert parameters == {
        "universe_id",
        "agent_type",
        "status",
        "outcome",
        "q",
        "human_review_required",
        "created_after",
        "created_before",
        "cursor",
        "include",
        "limit",
        "offset",
        "ordering",
        "updated_since",
    }


OF_LISTS = {"cursor", "include", "limit", "offset", "ordering", "updated_since"}


def test_next_review_has_the_filters_of_the_review_list(schema):
    def parameters(path, method):
        operation = schema["paths"][path][method]
        return {p["name"]: p["schema"]["type"] for p in operation["parameters"] if p["in"] == "query"}

    of_list, of_next = parameters("/agents/reviews", "get"), parameters("/agents/reviews/next", "post")

    assert {"claim", "overdue", "asked_again", "reason", "state"} <= of_next.keys()
    assert of_next.keys() == of_list.keys() - OF_LISTS
    assert (of_next["overdue"], of_next["asked_again"]) == ("boolean", "boolean")


def test_boolean_filters_are_documented_as_booleans(schema):
    parameters = schema["paths"]["/agents/jobs"]["get"]["parameters"]

    flag = next(parameter for parameter in parameters if parameter["name"] == "human_review_required")
    assert flag["schema"] == {"type": "boolean"}


def test_every_endpoint_has_a_summary(schema):
    summaries = [
        operation["summary"] for operations in schema["paths"].values() for operation in operations.values()
    ]

    assert all(summaries)
    assert schema["paths"]["/universes/{universe_id}/scenes"]["post"]["summary"] == "Add a scene by hand."


# --- Inputs and outputs of agents


def test_schema_contains_the_inputs_of_all_agents(schema):
    shapes = schema["components"]["schemas"]
    references = [
        {"$ref": f"#/components/schemas/{name}Input"} for name in ("Narrative", "Spatial", "Consistency")
    ]

    assert shapes["JobInRequest"]["properties"]["input_data"]["anyOf"] == references
    assert shapes["ScheduleInRequest"]["properties"]["input_data"]["anyOf"] == references
    narrative = shapes["NarrativeInput"]
    assert set(narrative["properties"]) == {
        "prompt",
        "type",
        "characters",
        "word_range",
        "world_config",
        "mentions",
    }
    assert narrative["required"] == ["prompt"]
    assert narrative["properties"]["type"]["enum"] == ["narrative", "video_prompt"]
    assert narrative["properties"]["word_range"] == {
        "anyOf": [{"$ref": "#/components/schemas/WordRange"}],
        "nullable": True,
    }


def test_kinds_of_texts_and_places_are_suggested_and_not_limited(schema):
    shapes = schema["components"]["schemas"]
    for kind, default, example in (
        (shapes["ConsistencyInput"]["properties"]["content_type"], "text", "narrative"),
        (shapes["SpatialInput"]["properties"]["type"], "other", "city"),
    ):
        assert (kind["type"], kind["maxLength"], kind["default"]) == ("string", 40, default)
        assert kind["example"] == example
        assert f" {example}, " in kind["description"]
        assert "enum" not in kind


def test_schema_contains_the_outputs_of_all_agents(schema):
    shapes = schema["components"]["schemas"]

    description = shapes["JobDetailOut"]["properties"]["output_data"]["description"]
    for name in ("NarrativeOutput", "VideoPromptOutput", "SpatialOutput", "ConsistencyOutput"):
        assert f"`{name}`" in description
    assert set(shapes["VideoPromptOutput"]["required"]) - set(shapes["NarrativeOutput"]["required"]) == {
        "shots",
        "camera",
        "mood",
    }


def test_example_of_each_agent_is_accepted(lead_api, schema):
    body = schema["paths"]["/agents/jobs"]["post"]["requestBody"]["content"]["application/json"]

    assert set(body["examples"]) == {"narrative", "spatial", "consistency"}
    for example in body["examples"].values():
        assert lead_api.post("/agents/jobs", example["value"]).status_code == 202


def test_subjects_are_in_order_with_jobs_first(schema):
    subjects = [operation["tags"][0] for path in schema["paths"].values() for operation in path.values()]

    assert list(dict.fromkeys(subjects)) == [tag["name"] for tag in schema["tags"]]
    assert subjects[0] == "jobs"


def test_bodies_have_true_examples(schema):
    def bare(name, fields):
        for key, field in (fields or {}).items():
            is_text = (
                field.get("type") == "string" and not {"enum", "format", "const", "example"} & field.keys()
            )
            if is_text or ("additionalProperties" in field and "example" not in field):
                yield f"{name}.{key}"

    requests = {
        name: part for name, part in schema["components"]["schemas"].items() if name.endswith("Request")
    }

    assert [gap for name, part in requests.items() for gap in bare(name, part.get("properties"))] == []


def test_schema_is_made_once_for_each_form(monkeypatch):
    made = []
    original = SchemaGenerator.get_schema

    def get_schema(self, **given):
        made.append(given)
        return original(self, **given)

    monkeypatch.setattr(SchemaGenerator, "get_schema", get_schema)
    monkeypatch.setattr(views, "_answers", {})
    accepted = ("application/vnd.oai.openapi+json", "application/vnd.oai.openapi")

    first, second = (
        [Client().get("/schema", headers={"accept": form}) for form in accepted] for _ in range(2)
    )

    assert len(made) == 2
    for before, after, form in zip(first, second, accepted, strict=True):
        assert before["Content-Type"].startswith(form)
        assert (after.content, after.headers["Content-Type"]) == (before.content, before["Content-Type"])
