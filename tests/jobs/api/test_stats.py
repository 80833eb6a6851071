"""GET /agents/stats."""

from __future__ import annotations

import pytest

from agents.choices import JobOutcome, Verdict
from agents.models import AgentJob
from agents.review.verdicts import decisions
from tests.support.rows import make_job, make_review

pytestmark = pytest.mark.django_db

NO_OUTCOMES = dict.fromkeys(JobOutcome.values, 0)


@pytest.mark.parametrize("slash", ["", "/"])
def test_stats_without_jobs(api, slash):
    response = api.get(f"/agents/stats{slash}")

    assert response.status_code == 200
    assert response.json() == {
        "total_jobs": 0,
        "status_counts": {"pending": 0, "processing": 0, "completed": 0, "failed": 0, "cancelled": 0},
        "outcome_counts": NO_OUTCOMES,
        "agent_type_counts": {"narrative": 0, "spatial": 0, "consistency": 0},
        "avg_confidence": None,
        "avg_confidence_by_type": {"narrative": None, "spatial": None, "consistency": None},
        "human_review_required": 0,
        "review": {"approved": 0, "edited": 0, "rejected": 0, "asked_again": 0},
        "acceptance": [],
    }


def test_stats_cover_own_jobs_or_all_with_the_permission(
    api, staff_api, watcher_api, creator, stranger, api_reviewer
):
    make_job(creator)
    make_job(creator, status="failed")
    make_job(creator, status="completed", agent_type="spatial", confidence_score=0.9)
    make_review(creator)
    decisions.decide(make_review(creator).pk, Verdict.REJECTED, by=api_reviewer, note="No.")
    make_job(stranger, status="completed", agent_type="spatial", confidence_score=0.5)
    decisions.decide(make_review(stranger).pk, Verdict.APPROVED, by=api_reviewer)

    mine, all_jobs = api.get("/agents/stats").json(), watcher_api.get("/agents/stats").json()

    assert mine == {
        "total_jobs": 5,
        "status_counts": {"pending": 1, "processing": 0, "completed": 3, "failed": 1, "cancelled": 0},
        "outcome_counts": NO_OUTCOMES | {"trusted": 1, "awaiting_review": 1, "rejected": 1, "failed": 1},
        "agent_type_counts": {"narrative": 4, "spatial": 1, "consistency": 0},
        "avg_confidence": 0.6,
        "avg_confidence_by_type": {"narrative": 0.45, "spatial": 0.9, "consistency": None},
        "human_review_required": 1,
        "review": {"approved": 0, "edited": 0, "rejected": 1, "asked_again": 0},
        "acceptance": [
            {
                "agent_type": "narrative",
                "model": "",
                "prompt_version": "",
                "guide_version": 0,
                "verdicts": {"approved": 0, "edited": 0, "rejected": 1, "asked_again": 0},
                "accepted_share": 0.0,
                "feedback": {"accepted": 0, "rejected": 0},
            }
        ],
    }
    assert staff_api.get("/agents/stats").json()["total_jobs"] == 0
    assert (all_jobs["total_jobs"], all_jobs["avg_confidence_by_type"]["spatial"]) == (7, 0.7)
    assert (all_jobs["human_review_required"], all_jobs["review"]["approved"]) == (1, 1)
    assert all_jobs["review"]["rejected"] == 1


def test_query_count_does_not_grow_with_jobs(api, creator, django_assert_num_queries):
    for _ in range(30):
        make_job(creator, status="completed")

    with django_assert_num_queries(4):
        api.get("/agents/stats")


def test_acceptance_is_told_apart_by_model_prompt_and_guide_and_by_who_gave_it(
    api, creator, api_reviewer, stranger
):
    for guide_version, verdict in ((1, Verdict.APPROVED), (1, Verdict.REJECTED), (2, Verdict.APPROVED)):
        item = make_review(creator)
        AgentJob.objects.filter(pk=item.job_id).update(
            model="claude-one", guide_version=guide_version, guidance={"prompt_version": "p1"}
        )
        decisions.decide(item.pk, verdict, by=api_reviewer, note="No.")
    api.post(f"/agents/jobs/{item.job_id}/feedback", {"rating": "rejected", "note": "Dull."})
    decisions.decide(make_review(stranger).pk, Verdict.APPROVED, by=api_reviewer)

    first, second = api.get("/agents/stats").json()["acceptance"]

    assert {name: first[name] for name in ("model", "prompt_version", "guide_version")} == {
        "model": "claude-one",
        "prompt_version": "p1",
        "guide_version": 1,
    }
    assert (first["accepted_share"], first["feedback"]) == (0.5, {"accepted": 0, "rejected": 0})
    assert (second["guide_version"], second["accepted_share"]) == (2, 1.0)
    assert second["verdicts"] == {"approved": 1, "edited": 0, "rejected": 0, "asked_again": 0}
    assert second["feedback"] == {"accepted": 0, "rejected": 1}
