"""Responses match the OpenAPI schema."""

from __future__ import annotations

import json
import uuid
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from agents.choices import NotificationKind
from agents.learning import guides
from agents.models import AgentJob, Budget, Exemplar, RuleProposal
from agents.notify import notifications, preferences
from agents.notify.webhooks import endpoints
from agents.review import self_review
from agents.review.guests import deciding, links
from tests.site.schema.endpoints import CALLS
from tests.support import sample_findings
from tests.support.rows import OUTPUTS, item_of, make_job, make_review, make_schedule
from universes.choices import Role
from universes.models import WorldImport
from universes.services import canon, relations, timeline
from universes.services import universes as universe_service
from universes.services.rules import RuleInput
from universes.services.sharing import invitations


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
    body = b"".join(response.streaming_content) if response.streaming else response.content
    errors = [
        f"{error.json_path}: {error.message}"
        for error in Draft202012Validator(root).iter_errors(json.loads(body))
    ]
    assert not errors


@pytest.fixture
def ids(api_lead):
    user = api_lead
    universe = universe_service.create_universe(user, name="Low Marsh")
    universe_service.update_world_config(
        universe, genre="fantasy", rules=[RuleInput(text="No one can teleport.")]
    )
    canon.add_element(universe, kind="character", name="Mira", summary="", traits={"age": 41}, by=user)
    mira = universe.elements.get()
    bell = canon.add_element(universe, kind="item", name="Bell", by=user)
    relation = relations.add_relation(
        universe, kind="owns", from_element=mira.pk, to_element=bell.pk, by=user
    )
    mentions = [{"name": "Mira", "how": "flashback"}]
    canon.add_scene(universe, title="Tide", text="It came.", mentions=mentions, by=user)
    make_job(user)
    make_schedule(user, universe)
    self_review.allow(universe.pk, by=user)
    deciding.allow(universe.pk, by=user)
    guides.save(universe.pk, "narrative", ["Use no em-dashes."], by=user)
    Exemplar.objects.create(
        universe=universe, agent_type="narrative", request="Rain.", output={}, marked_by=user
    )
    RuleProposal.objects.create(
        universe=universe, agent_type="narrative", pattern="mark:!", text="Use no exclamation marks."
    )
    invitations.invite(universe, "nobody", Role.VIEWER, by=user)
    failed, item = make_job(user, status="failed"), make_review(user, universe=universe)
    variant = make_job(user, status="completed", outcome="awaiting_review", variants_id=uuid.uuid4())
    item_of(variant)
    preferences.save_preferences(user, {"word_range": [300, 400]}, replace=True)
    notifications.notify([user], NotificationKind.MENTION, item, by=None, text="Look.")
    webhook = endpoints.create_endpoint(user, url="https://example.org/hooks", events=["job.failed"])
    webhook.deliveries.create(event="job.failed", source="x", data={})
    return {
        "job_id": failed.pk,
        "item_id": item.pk,
        "universe_id": universe.pk,
        "agent_type": "narrative",
        "rule_id": universe.world_rules.get().pk,
        "relation_id": relation.pk,
        "event_id": timeline.add_event(universe, {"title": "Flood", "key": 1, "label": "First tide"}).pk,
        "element_id": bell.pk,
        "scene_id": universe.scenes.get().pk,
        "import_id": WorldImport.objects.create(owner=user, file_name="world.json", format="native").pk,
        "reviewed": item.job_id,
        "variants_id": variant.variants_id,
        "token": links.token_of(links.make_link([item.pk], label="Studio", expires_in_h=1, by=user)),
        "webhook_id": webhook.pk,
        "schedule_id": user.schedules.get().pk,
        "budget_id": Budget.objects.create(scope="user", user=user, period="day", limit_usd=1).pk,
    }


# Files, each in a format of its own.
FILES = {"/universes/{universe_id}/export"}


@pytest.mark.parametrize(
    "path", sorted(path for path, methods in CALLS.items() if "get" in methods and path not in FILES)
)
def test_get_responses_match_the_schema(lead_api, api_lead, ids, schema, path):
    if path == "/agents/jobs/{job_id}/passport":
        # A failed job has none.
        ids["job_id"] = make_job(api_lead, status="completed").pk
    response = lead_api.get(path.format(**ids))

    # /readyz is 503 without a running broker.
    assert response.status_code == 200 or path == "/readyz"
    assert_documented(schema, response, path, "get")


def test_job_with_a_review_matches_the_schema(lead_api, ids, schema):
    response = lead_api.get(f"/agents/jobs/{ids['reviewed']}")

    assert response.json()["review"]["state"] == "open"
    assert_documented(schema, response, "/agents/jobs/{job_id}", "get")


def test_receipt_of_a_decided_job_matches_the_schema(lead_api, ids, schema):
    lead_api.post(
        f"/agents/reviews/{ids['item_id']}/decision",
        {"verdict": "edited", "output": {**OUTPUTS["narrative"], "title": "Mended"}},
    )

    response = lead_api.get(f"/agents/jobs/{ids['reviewed']}/receipt")

    assert response.json()["reviews"][0]["decisions"][0]["edit"]["after"]["title"] == "Mended"
    assert response.json()["canon"]["entry"]["name"] == "Mended"
    assert_documented(schema, response, "/agents/jobs/{job_id}/receipt", "get")


def test_gold_matches_the_schema(lead_api, ids, schema):
    lead_api.post(f"/agents/reviews/{ids['item_id']}/decision", {"verdict": "approved"})

    for response, method in (
        (
            lead_api.post("/agents/gold", {"job_id": ids["reviewed"], "answer": "accept", "why": "Sound."}),
            "post",
        ),
        (lead_api.get("/agents/gold"), "get"),
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
        ("/agents/reviews/{item_id}/hand", {"to": "sella", "note": "Mine."}, 200),
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
def test_post_responses_match_the_schema(lead_api, ids, schema, path, body, status):
    response = lead_api.post(path.format(**ids), body)

    assert response.status_code == status
    assert_documented(schema, response, path.partition("?")[0], "post")


def test_refused_claim_matches_the_schema(lead_api, ids, schema):
    lead_api.post(f"/agents/reviews/{ids['item_id']}/decision", {"verdict": "approved"})

    response = lead_api.post(f"/agents/reviews/{ids['item_id']}/claim")

    assert response.status_code == 409
    assert_documented(schema, response, "/agents/reviews/{item_id}/claim", "post")


def test_bulk_and_undo_match_the_schema(lead_api, ids, schema):
    body = {"verdict": "approved", "ids": [str(ids["item_id"]), str(ids["job_id"])]}
    bulk = lead_api.post("/agents/reviews/bulk", body)
    undo = lead_api.post(f"/agents/reviews/{ids['item_id']}/undo")

    assert [bulk.status_code, len(bulk.json()["left_out"]), undo.status_code] == [200, 1, 200]
    assert_documented(schema, bulk, "/agents/reviews/bulk", "post")
    assert_documented(schema, undo, "/agents/reviews/{item_id}/undo", "post")


def test_decided_item_matches_the_schema(lead_api, ids, schema):
    lead_api.post(f"/agents/reviews/{ids['item_id']}/decision", {"verdict": "approved"})

    response = lead_api.get(f"/agents/reviews/{ids['item_id']}")

    assert response.json()["decision"]["by"] == "sella"
    assert_documented(schema, response, "/agents/reviews/{item_id}", "get")


def test_findings_match_the_schema(lead_api, ids, schema):
    marked, plain = sample_findings.finding(), sample_findings.finding("a radio", strength="hint")
    AgentJob.objects.filter(pk=ids["reviewed"]).update(signals=sample_findings.signals(marked, plain))
    path = "/agents/reviews/{item_id}/findings/{finding_id}/intentional"

    put = lead_api.put(path.format(**ids, finding_id=marked.id), {"reason": "A dream."})
    assert put.json()["mark"]["by"] == "sella"
    assert_documented(schema, put, path, "put")
    for shown in ("/agents/reviews/{item_id}", "/agents/jobs/{reviewed}", "/agents/jobs/{reviewed}/receipt"):
        response = lead_api.get(shown.format(**ids))
        assert response.json()["signals"][0]["value"] is None
        assert_documented(schema, response, shown.replace("reviewed", "job_id"), "get")
    refused = lead_api.delete(path.format(**ids, finding_id="0" * 16))
    assert refused.status_code == 404
    assert_documented(schema, refused, path, "delete")
