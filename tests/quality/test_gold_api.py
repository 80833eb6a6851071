"""Gold over HTTP, which is for leads only."""

from __future__ import annotations

import uuid

import pytest

from agents.choices import Verdict
from agents.models import GoldStandard
from agents.quality import gold
from agents.review.verdicts import decisions
from tests.support.problems import pointers_of, problem_of
from tests.support.rows import make_review

pytestmark = pytest.mark.django_db


@pytest.fixture
def job(creator, api_reviewer):
    item = make_review(creator)
    decisions.decide(item.pk, Verdict.REJECTED, by=api_reviewer, note="No.")
    return item.job


def test_decided_job_becomes_gold_and_is_retired(lead_api, job):
    made = lead_api.post("/agents/gold", {"job_id": str(job.pk), "answer": "refuse", "why": "Too short."})

    row = {
        "job_id": str(job.pk),
        "agent_type": "narrative",
        "answer": "refuse",
        "why": "Too short.",
        "is_active": True,
        "added_by": "sella",
        "added_at": made.json()["added_at"],
    }
    assert (made.status_code, made.json()) == (201, row)
    assert lead_api.get("/agents/gold/").json()["results"] == [row]
    assert lead_api.delete(f"/agents/gold/{job.pk}").status_code == 204
    assert lead_api.get("/agents/gold").json()["results"] == [{**row, "is_active": False}]


def test_invalid_gold_is_refused(lead_api, creator, job):
    waiting = make_review(creator)

    def mark(**body):
        whole = {"job_id": str(job.pk), "answer": "refuse", "why": "Too short.", **body}
        return lead_api.post(
            "/agents/gold", {key: value for key, value in whole.items() if value is not None}
        )

    assert pointers_of(mark(answer="maybe")) == {"/answer": "invalid_choice"}
    assert pointers_of(mark(why="")) == {"/why": "blank"}
    assert pointers_of(mark(why=None, job_id=7)) == {"/why": "required", "/job_id": "invalid"}
    problem_of(mark(job_id=str(uuid.UUID(int=7))), 404, "job_not_found")
    problem_of(mark(job_id=str(waiting.job_id)), 409, "gold_undecided")
    assert not GoldStandard.objects.exists()
    assert mark().status_code == 201
    problem_of(mark(), 409, "gold_exists")
    problem_of(lead_api.delete(f"/agents/gold/{waiting.job_id}"), 404, "gold_not_found")
    problem_of(lead_api.delete("/agents/gold/x"), 404, "job_not_found")


@pytest.mark.parametrize("who", ["reviewer_api", "staff_api", "api"])
def test_reviewers_see_no_gold(request, api_lead, job, who):
    gold.mark_gold(job.pk, "refuse", "Too short.", api_lead)
    client = request.getfixturevalue(who)

    for response in (
        client.get("/agents/gold"),
        client.post("/agents/gold", {"job_id": str(job.pk), "answer": "accept", "why": "Fine."}),
        client.delete(f"/agents/gold/{job.pk}"),
    ):
        problem_of(response, 403, "forbidden")
    assert GoldStandard.objects.get().is_active is True
