"""The receipt of a job over HTTP."""

from __future__ import annotations

import pytest
from rest_framework.test import APIClient

from agents.choices import Verdict
from agents.models import ReviewItem
from agents.review.verdicts import decisions
from tests.support.problems import problem_of
from tests.support.rows import INPUTS, OUTPUTS, SHOWN_SIGNALS, make_review
from universes.models import Scene

pytestmark = pytest.mark.django_db

KEYS = [
    "job",
    "attempts",
    "models",
    "prompts",
    "calls",
    "usage",
    "guidance",
    "withheld",
    "confidence",
    "score",
    "promise",
    "signals",
    "passport",
    "reviews",
    "follows",
    "follow_ups",
    "canon",
]


def path_of(item):
    return f"/agents/jobs/{item.job_id}/receipt"


@pytest.mark.parametrize("slash", ["", "/"])
def test_receipt_traces_canon_to_the_request(api, creator, universe, api_reviewer, slash):
    item = make_review(creator, universe=universe)
    decisions.decide(item.pk, Verdict.APPROVED, by=api_reviewer, note="Good.")

    response = api.get(path_of(item) + slash)

    body = response.json()
    assert (response.status_code, list(body)) == (200, KEYS)
    assert list(body["job"]) == [
        "job_id",
        "agent_type",
        "status",
        "outcome",
        "priority",
        "universe",
        "requested_by",
        "schedule_id",
        "created_at",
        "completed_at",
        "input_data",
        "revision_note",
        "world_hash",
        "is_mock",
        "model",
        "reused_from_job_id",
    ]
    assert body["job"]["input_data"] == INPUTS["narrative"]
    assert body["job"]["universe"] == {"id": str(universe.pk), "name": "Low Marsh"}
    assert body["models"] == ["mock"]
    assert body["prompts"] == [{"name": "narrative", "version": "3f5a9c0d1e2b"}]
    assert body["calls"][0] == {
        "attempt": 1,
        "at": body["calls"][0]["at"],
        "model": "mock",
        "prompt_name": "narrative",
        "prompt_version": "3f5a9c0d1e2b",
        "input_tokens": 1380,
        "output_tokens": 440,
        "cache_read_tokens": 15,
        "cache_write_tokens": 5,
        "tokens": 1840,
        "latency_ms": 2300,
        "stop_reason": "end_turn",
        "error_code": "",
        "is_mock": True,
        "is_batch": False,
        "cost_usd": "0",
    }
    assert body["usage"] == {
        "calls": 1,
        "tokens": 1840,
        "input_tokens": 1380,
        "output_tokens": 440,
        "cache_read_tokens": 15,
        "cache_write_tokens": 5,
        "cost_usd": "0",
        "unknown_calls": 0,
    }
    assert (body["withheld"], body["confidence"], body["signals"]) == (False, 0.45, SHOWN_SIGNALS)
    (review,) = body["reviews"]
    (said,) = review.pop("decisions")
    assert (review["id"], review["kind"], review["state"]) == (str(item.pk), "doubt", "closed")
    assert said == {
        "id": said["id"],
        "verdict": "approved",
        "by": "rita",
        "at": said["at"],
        "reason": None,
        "note": "Good.",
        "work_s": None,
        "takes_effect": True,
        "is_lead": False,
        "self_review_allowed_by": None,
        "guest": None,
        "undone_at": None,
        "undone_by": None,
        "edit": None,
        "follow_up_job_id": None,
        "canon_change_id": body["canon"]["changes"][0]["id"],
    }
    scene = Scene.objects.get()
    assert body["canon"]["entry"] == {
        "kind": "scene",
        "id": str(scene.pk),
        "name": OUTPUTS["narrative"]["title"],
        "status": "canon",
    }
    assert [(row["action"], row["by"]) for row in body["canon"]["changes"]] == [("added", "rita")]


def test_receipt_needs_access_to_the_job(api, stranger_api, staff_api, watcher_api, reviewer_api, creator):
    path = path_of(make_review(creator))

    problem_of(APIClient().get(path), 401, "not_authenticated")
    problem_of(stranger_api.get(path), 404, "job_not_found")
    problem_of(staff_api.get(path), 404, "job_not_found")
    assert [client.get(path).status_code for client in (api, watcher_api, reviewer_api)] == [200, 200, 200]
    problem_of(api.get("/agents/jobs/x/receipt"), 404, "job_not_found")


def test_receipt_hides_confidence_from_blind_reviewers(api, watcher_api, client_of, make_user, creator):
    item = make_review(creator)
    ReviewItem.objects.update(is_blind=True)
    judge = make_user("judge", groups=["Reviewers"])

    body = client_of(judge).get(path_of(item)).json()

    assert list(body) == KEYS
    assert body["withheld"] is True
    # An output of the tests has no guidance, which would not be hidden.
    assert {name for name in KEYS if body[name] is None} - {"guidance"} == {
        "confidence",
        "score",
        "promise",
        "signals",
        "passport",
        "reviews",
        "follow_ups",
        "canon",
    }
    # The requester, and those who may view all jobs and do not review, may see it.
    assert [client.get(path_of(item)).json()["confidence"] for client in (api, watcher_api)] == [0.45, 0.45]
