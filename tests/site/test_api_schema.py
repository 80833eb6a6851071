"""The OpenAPI schema is valid, complete and matches the responses; its page loads."""

from __future__ import annotations

import re
from io import StringIO
from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.core.management import call_command
from django.test import Client
from jsonschema import Draft202012Validator
from rest_framework.test import APIClient

from agents.choices import NotificationKind
from agents.models import AgentJob, Budget
from agents.notify import notifications, preferences
from tests.support import sample_findings
from tests.support.rows import OUTPUTS, make_job, make_review, make_schedule
from universes.services import canon
from universes.services import universes as universe_service

CALLS = {
    "/auth/token": {"post"},
    "/auth/token/refresh": {"post"},
    "/auth/token/verify": {"post"},
    "/agents/jobs": {"get", "post"},
    "/agents/jobs/{job_id}": {"get"},
    "/agents/jobs/{job_id}/receipt": {"get"},
    "/agents/jobs/{job_id}/retry": {"post"},
    "/agents/jobs/{job_id}/cancel": {"post"},
    "/agents/rechecks": {"post"},
    "/agents/stats": {"get"},
    "/agents/schedules": {"get", "post"},
    "/agents/schedules/{schedule_id}": {"get", "patch", "delete"},
    "/agents/reviews": {"get"},
    "/agents/reviews/{item_id}": {"get"},
    "/agents/reviews/next": {"post"},
    "/agents/reviews/reject-reasons": {"get"},
    "/agents/reviews/{item_id}/claim": {"post", "delete"},
    "/agents/reviews/{item_id}/claim/break": {"post"},
    "/agents/reviews/{item_id}/skip": {"post"},
    "/agents/reviews/{item_id}/hand": {"post"},
    "/agents/reviews/{item_id}/decision": {"post"},
    "/agents/reviews/{item_id}/undo": {"post"},
    "/agents/reviews/{item_id}/comments": {"get", "post"},
    "/agents/reviews/{item_id}/findings/{finding_id}/intentional": {"put", "delete"},
    "/agents/reviews/bulk": {"post"},
    "/universes": {"get", "post"},
    "/universes/{universe_id}": {"get", "patch", "delete"},
    "/universes/{universe_id}/world-config": {"get", "put", "patch"},
    "/universes/{universe_id}/elements": {"get", "post"},
    "/universes/{universe_id}/scenes": {"get", "post"},
    "/agents/gold": {"get", "post"},
    "/agents/gold/{job_id}": {"delete"},
    "/agents/usage": {"get"},
    "/agents/budgets": {"get", "post"},
    "/agents/budgets/{budget_id}": {"get", "patch", "delete"},
    "/agents/notifications": {"get"},
    "/agents/notifications/read": {"post"},
    "/users/me/preferences": {"get", "put", "patch"},
    "/healthz": {"get"},
    "/readyz": {"get"},
}


@pytest.fixture(scope="module")
def schema() -> dict[str, Any]:
    response = Client().get("/schema", headers={"accept": "application/vnd.oai.openapi+json"})
    assert response.status_code == 200
    parsed: dict[str, Any] = response.json()
    return parsed


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


def test_schema_contains_the_filters_of_the_job_list(schema):
    parameters = {parameter["name"] for parameter in schema["paths"]["/agents/jobs"]["get"]["parameters"]}

    assert parameters == {
        "universe_id",
        "agent_type",
        "status",
        "human_review_required",
        "created_after",
        "created_before",
        "limit",
        "offset",
    }


def test_next_review_has_the_filters_of_the_review_list(schema):
    def parameters(path, method):
        operation = schema["paths"][path][method]
        return {p["name"]: p["schema"]["type"] for p in operation["parameters"] if p["in"] == "query"}

    of_list, of_next = parameters("/agents/reviews", "get"), parameters("/agents/reviews/next", "post")

    assert {"claim", "overdue", "asked_again", "reason", "state"} <= of_next.keys()
    assert of_next.keys() == of_list.keys() - {"limit", "offset"}
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


def test_example_of_each_agent_is_accepted(api, schema):
    body = schema["paths"]["/agents/jobs"]["post"]["requestBody"]["content"]["application/json"]

    assert set(body["examples"]) == {"narrative", "spatial", "consistency"}
    for example in body["examples"].values():
        assert api.post("/agents/jobs", example["value"]).status_code == 202


# --- Responses match the schema


def as_json_schema(node: Any) -> Any:
    """Convert OpenAPI 3.0 to JSON Schema, which has a null type; objects accept no undocumented fields."""
    if isinstance(node, list):
        return [as_json_schema(item) for item in node]
    if not isinstance(node, dict):
        return node
    plain = {key: as_json_schema(value) for key, value in node.items() if key != "nullable"}
    if "properties" in plain:
        plain.setdefault("additionalProperties", False)
    return {"anyOf": [plain, {"type": "null"}]} if node.get("nullable") is True else plain


def assert_documented(schema: dict[str, Any], response: Any, path: str, method: str) -> None:
    documented = schema["paths"][path][method]["responses"]
    answer = documented.get(str(response.status_code)) or documented["default"]
    media_type = response["Content-Type"].partition(";")[0]
    root = as_json_schema({**answer["content"][media_type]["schema"], "components": schema["components"]})
    errors = [
        f"{error.json_path}: {error.message}"
        for error in Draft202012Validator(root).iter_errors(response.json())
    ]
    assert not errors


@pytest.fixture
def api(db):
    """Return a client signed in as a lead reviewer."""
    user = User.objects.create(username="rosa")
    user.groups.add(Group.objects.get(name="Lead reviewers"))
    client = APIClient(raise_request_exception=False)
    client.force_authenticate(user)
    return client


@pytest.fixture
def ids(api):
    user = User.objects.get()
    universe = universe_service.create_universe(user, name="Low Marsh")
    universe_service.update_world_config(
        universe, genre="fantasy", rules=[universe_service.RuleInput(text="No one can teleport.")]
    )
    canon.add_element(universe, kind="character", name="Mira", summary="", traits={"age": 41}, by=user)
    mentions = [{"name": "Mira", "how": "flashback"}]
    canon.add_scene(universe, title="Tide", text="It came.", mentions=mentions, by=user)
    make_job(user)
    make_schedule(user, universe)
    failed, item = make_job(user, status="failed"), make_review(user, universe=universe)
    preferences.save_preferences(user, {"word_range": [300, 400]}, replace=True)
    notifications.notify([user], NotificationKind.MENTION, item, by=None, text="Look.")
    return {
        "job_id": failed.pk,
        "item_id": item.pk,
        "universe_id": universe.pk,
        "reviewed": item.job_id,
        "schedule_id": user.schedules.get().pk,
        "budget_id": Budget.objects.create(scope="user", user=user, period="day", limit_usd=1).pk,
    }


@pytest.mark.parametrize("path", sorted(path for path, methods in CALLS.items() if "get" in methods))
def test_get_responses_match_the_schema(api, ids, schema, path):
    response = api.get(path.format(**ids))

    # /readyz is 503 without a running broker.
    assert response.status_code == 200 or path == "/readyz"
    assert_documented(schema, response, path, "get")


def test_job_with_a_review_matches_the_schema(api, ids, schema):
    response = api.get(f"/agents/jobs/{ids['reviewed']}")

    assert response.json()["review"]["state"] == "open"
    assert_documented(schema, response, "/agents/jobs/{job_id}", "get")


def test_receipt_of_a_decided_job_matches_the_schema(api, ids, schema):
    api.post(
        f"/agents/reviews/{ids['item_id']}/decision",
        {"verdict": "edited", "output": {**OUTPUTS["narrative"], "title": "Mended"}},
    )

    response = api.get(f"/agents/jobs/{ids['reviewed']}/receipt")

    assert response.json()["reviews"][0]["decisions"][0]["edit"]["after"]["title"] == "Mended"
    assert response.json()["canon"]["entry"]["name"] == "Mended"
    assert_documented(schema, response, "/agents/jobs/{job_id}/receipt", "get")


def test_gold_matches_the_schema(api, ids, schema):
    api.post(f"/agents/reviews/{ids['item_id']}/decision", {"verdict": "approved"})

    for response, method in (
        (api.post("/agents/gold", {"job_id": ids["reviewed"], "answer": "accept", "why": "Sound."}), "post"),
        (api.get("/agents/gold"), "get"),
    ):
        assert "accept" in response.content.decode()
        assert_documented(schema, response, "/agents/gold", method)


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("/agents/jobs", {"agent_type": "narrative", "input_data": {"prompt": "x"}}, 202),
        ("/agents/jobs", {"agent_type": 5}, 400),
        ("/agents/jobs/{job_id}/retry", None, 202),
        ("/agents/jobs/{job_id}/cancel", None, 409),
        ("/agents/reviews/next", None, 200),
        ("/agents/reviews/next?agent=x", None, 400),
        ("/agents/reviews/{item_id}/claim", None, 200),
        ("/agents/reviews/{item_id}/claim/break", None, 403),
        ("/agents/reviews/{item_id}/skip", {"reason": 5}, 400),
        ("/agents/reviews/{item_id}/hand", {"to": "rosa", "note": "Mine."}, 200),
        ("/agents/reviews/{item_id}/decision", {"verdict": "approved"}, 201),
        ("/agents/reviews/{item_id}/decision", {"verdict": "asked_again", "note": "Longer."}, 201),
        ("/agents/reviews/{item_id}/undo", None, 409),
        ("/agents/reviews/{item_id}/comments", {"text": "Too thin?"}, 201),
        ("/agents/reviews/{item_id}/comments", {"text": ""}, 400),
        ("/agents/reviews/bulk", {"verdict": "approved", "ids": ["{item_id}"], "dry_run": True}, 400),
        ("/agents/gold", {"job_id": "x"}, 400),
        ("/agents/notifications/read", {"all": True}, 200),
        ("/agents/notifications/read", {}, 400),
        ("/universes", {"name": "High Marsh"}, 201),
    ],
)
def test_post_responses_match_the_schema(api, ids, schema, path, body, status):
    response = api.post(path.format(**ids), body)

    assert response.status_code == status
    assert_documented(schema, response, path.partition("?")[0], "post")


def test_refused_claim_matches_the_schema(api, ids, schema):
    api.post(f"/agents/reviews/{ids['item_id']}/decision", {"verdict": "approved"})

    response = api.post(f"/agents/reviews/{ids['item_id']}/claim")

    assert response.status_code == 409
    assert_documented(schema, response, "/agents/reviews/{item_id}/claim", "post")


def test_bulk_and_undo_match_the_schema(api, ids, schema):
    body = {"verdict": "approved", "ids": [str(ids["item_id"]), str(ids["job_id"])]}
    bulk = api.post("/agents/reviews/bulk", body)
    undo = api.post(f"/agents/reviews/{ids['item_id']}/undo")

    assert [bulk.status_code, len(bulk.json()["left_out"]), undo.status_code] == [200, 1, 200]
    assert_documented(schema, bulk, "/agents/reviews/bulk", "post")
    assert_documented(schema, undo, "/agents/reviews/{item_id}/undo", "post")


def test_decided_item_matches_the_schema(api, ids, schema):
    api.post(f"/agents/reviews/{ids['item_id']}/decision", {"verdict": "approved"})

    response = api.get(f"/agents/reviews/{ids['item_id']}")

    assert response.json()["decision"]["by"] == "rosa"
    assert_documented(schema, response, "/agents/reviews/{item_id}", "get")


def test_findings_match_the_schema(api, ids, schema):
    marked, plain = sample_findings.finding(), sample_findings.finding("a radio", strength="hint")
    AgentJob.objects.filter(pk=ids["reviewed"]).update(signals=sample_findings.signals(marked, plain))
    path = "/agents/reviews/{item_id}/findings/{finding_id}/intentional"

    put = api.put(path.format(**ids, finding_id=marked.id), {"reason": "A dream."})
    assert put.json()["mark"]["by"] == "rosa"
    assert_documented(schema, put, path, "put")
    for shown in ("/agents/reviews/{item_id}", "/agents/jobs/{reviewed}", "/agents/jobs/{reviewed}/receipt"):
        response = api.get(shown.format(**ids))
        assert response.json()["signals"][0]["value"] is None
        assert_documented(schema, response, shown.replace("reviewed", "job_id"), "get")
    refused = api.delete(path.format(**ids, finding_id="0" * 16))
    assert refused.status_code == 404
    assert_documented(schema, refused, path, "delete")


# --- The page


@pytest.mark.parametrize("path", ["/docs", "/docs/"])
def test_page_has_no_inline_code(path):
    response = Client().get(path)

    html = response.content.decode()
    assert response.status_code == 200
    assert response["Content-Type"].startswith("text/html")
    policy = response["Content-Security-Policy"]
    assert "script-src 'self'" in policy.split("; ")
    assert "unsafe" not in policy
    scripts = re.findall(r"<script\b([^>]*)>(.*?)</script>", html, re.S)
    assert len(scripts) == 3
    for attributes, text in scripts:
        assert 'src="' in attributes
        assert text.strip() == ""
    assert "<style" not in html
    assert not re.search(r"\son[a-z]+=|\sstyle=|javascript:", html)


@pytest.mark.django_db
def test_page_loads_only_local_files_that_exist():
    html = Client().get("/docs").content.decode()

    loaded = re.findall(r'(?:src|href)="([^"]+)"', html)

    assert len(loaded) == 5
    for address in loaded:
        assert address.startswith("/"), address
        response = Client().get(address.replace("&amp;", "&"))
        assert response.status_code == 200, address
        response.close()
