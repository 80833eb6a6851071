"""GET /agents/jobs and /agents/jobs/{id}: response bodies and visibility."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from agents.choices import EventKind, Verdict
from agents.models import AgentJobEvent, ReviewItem
from agents.review.verdicts import decisions
from tests.support.problems import job_ids_of, problem_of
from tests.support.rows import INPUTS, OUTPUTS, SHOWN_SIGNALS, make_job, make_review

pytestmark = pytest.mark.django_db

START = datetime(2026, 3, 1, 12, tzinfo=UTC)
LIST_KEYS = [
    "job_id",
    "universe_id",
    "agent_type",
    "status",
    "outcome",
    "priority",
    "input_data",
    "output_data",
    "result",
    "confidence",
    "confidence_score",
    "human_review_required",
    "review",
    "withheld",
    "error_code",
    "error_message",
    "is_mock",
    "model",
    "reused_from_job_id",
    "attempts",
    "requested_by",
    "schedule_id",
    "follows_job_id",
    "variants_id",
    "revision_note",
    "created_at",
    "available_at",
    "started_at",
    "completed_at",
]


@pytest.mark.parametrize("path", ["/agents/jobs", "/agents/jobs/"])
def test_empty_list_has_the_same_shape(api, path):
    response = api.get(path)

    assert response.status_code == 200
    assert response.json() == {
        "count": 0,
        "next": None,
        "next_cursor": None,
        "previous": None,
        "limit": 50,
        "offset": 0,
        "results": [],
    }


def test_row_of_a_new_job(api, creator, universe):
    job = make_job(creator, universe=universe, created_at=START, available_at=START)

    (row,) = api.get("/agents/jobs?include=input,output,result").json()["results"]

    assert list(row) == LIST_KEYS
    assert row == {
        "job_id": str(job.pk),
        "universe_id": str(universe.pk),
        "agent_type": "narrative",
        "status": "pending",
        "outcome": None,
        "priority": "normal",
        "input_data": INPUTS["narrative"],
        "output_data": None,
        "result": None,
        "confidence": None,
        "confidence_score": None,
        "human_review_required": False,
        "review": None,
        "withheld": False,
        "error_code": "",
        "error_message": "",
        "is_mock": False,
        "model": "",
        "reused_from_job_id": None,
        "attempts": 0,
        "requested_by": "carla",
        "schedule_id": None,
        "follows_job_id": None,
        "variants_id": None,
        "revision_note": "",
        "created_at": "2026-03-01T12:00:00Z",
        "available_at": "2026-03-01T12:00:00Z",
        "started_at": None,
        "completed_at": None,
    }


@pytest.mark.parametrize("slash", ["", "/"])
def test_detail_of_job_in_review(api, creator, universe, slash):
    item = make_review(creator, universe=universe)

    response = api.get(f"/agents/jobs/{item.job_id}{slash}")

    assert response.status_code == 200
    body = response.json()
    assert list(body) == [
        *LIST_KEYS,
        "attempt_limit",
        "world_hash",
        "world_choice",
        "guidance",
        "feedback",
        "passport",
        "score",
        "signals",
        "usage",
        "events",
    ]
    assert body["output_data"] == OUTPUTS["narrative"]
    assert (body["outcome"], body["result"]) == ("awaiting_review", None)
    assert (body["confidence_score"], body["human_review_required"]) == (0.45, True)
    assert body["signals"] == SHOWN_SIGNALS
    assert body["usage"].pop("cost_usd") in {"0", "0.00000000", "0E-8"}
    assert body["usage"] == {
        "calls": 1,
        "tokens": 1840,
        "input_tokens": 1380,
        "output_tokens": 440,
        "cache_read_tokens": 15,
        "cache_write_tokens": 5,
    }
    assert [(event["kind"], event["attempt"], event["by"]) for event in body["events"]] == [
        ("review_opened", 1, None)
    ]
    assert body["review"].pop("opened_at").endswith("Z")
    assert body["review"] == {
        "id": str(item.pk),
        "state": "open",
        "reasons": item.reasons,
        "verdict": None,
        "by": None,
        "at": None,
        "reason": None,
        "reason_name": None,
        "note": None,
        "edited_output": None,
        "follow_up_job_id": None,
    }


def test_detail_shows_decision_and_reviewer(api, creator, api_reviewer):
    item = make_review(creator)
    decision = decisions.decide(item.pk, Verdict.REJECTED, by=api_reviewer, note="Too thin.")

    review = api.get(f"/agents/jobs/{item.job_id}").json()["review"]

    assert (review["state"], review["verdict"], review["by"], review["note"]) == (
        "closed",
        "rejected",
        "rita",
        "Too thin.",
    )
    assert review["at"] == decision.at.isoformat().replace("+00:00", "Z")


def test_detail_shows_newest_of_several_reviews(api, creator):
    first = make_review(creator, state="closed", closed_at=START, opened_at=START)
    second = ReviewItem.objects.create(
        job=first.job, agent_type="narrative", confidence=0.3, reasons=["Again."], reason_codes=""
    )

    assert api.get(f"/agents/jobs/{first.job_id}").json()["review"]["id"] == str(second.pk)


@pytest.mark.parametrize("suffix", ["", "/retry", "/cancel"])
@pytest.mark.parametrize("job_id", ["others", str(uuid.UUID(int=1)), "1", "not-a-uuid", "%00", "%ff", "☃"])
def test_job_of_another_user_is_404(api, stranger, job_id, suffix):
    theirs = make_job(stranger)
    path = f"/agents/jobs/{theirs.pk if job_id == 'others' else job_id}{suffix}"

    response = api.post(path) if suffix else api.get(path)

    problem_of(response, 404, "job_not_found")
    theirs.refresh_from_db()
    assert theirs.status == "pending"


def test_foreign_job_and_missing_job_give_identical_404s(api, stranger):
    theirs, nobodys = make_job(stranger).pk, uuid.UUID(int=7)

    answers = [api.get(f"/agents/jobs/{job_id}").content.decode() for job_id in (theirs, nobodys)]

    assert answers[0].replace(str(theirs), "ID") == answers[1].replace(str(nobodys), "ID")


def test_users_see_their_own_jobs_and_permission_shows_all(
    api, stranger_api, staff_api, watcher_api, creator, stranger
):
    mine, theirs = make_job(creator), make_job(stranger)

    assert job_ids_of(api.get("/agents/jobs")) == [str(mine.pk)]
    assert job_ids_of(stranger_api.get("/agents/jobs")) == [str(theirs.pk)]
    assert set(job_ids_of(watcher_api.get("/agents/jobs"))) == {str(mine.pk), str(theirs.pk)}
    assert watcher_api.get(f"/agents/jobs/{mine.pk}").status_code == 200
    assert job_ids_of(staff_api.get("/agents/jobs")) == []
    problem_of(staff_api.get(f"/agents/jobs/{mine.pk}"), 404, "job_not_found")


# --- Cost


def queries_of(api, path: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert api.get(path).status_code == 200
    return len(queries)


def test_job_takes_two_queries_whatever_belongs_to_it(api, reviewer_api, creator, api_reviewer):
    item = make_review(creator)
    few = queries_of(api, f"/agents/jobs/{item.job_id}")
    decisions.decide(item.pk, Verdict.APPROVED, by=api_reviewer)
    for attempt in range(30):
        AgentJobEvent.objects.create(
            job=item.job, kind=EventKind.RETRIED, attempt=attempt, by=creator if attempt % 2 else api_reviewer
        )

    # Queries: the account, the job, and what belongs to it.
    assert (few, queries_of(api, f"/agents/jobs/{item.job_id}")) == (3, 3)
    assert queries_of(reviewer_api, f"/agents/jobs/{item.job_id}") == 3
