"""GET /agents/stats."""

from __future__ import annotations

import pytest

from agents.choices import JobOutcome, Verdict
from agents.review import decisions
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
    }
    assert staff_api.get("/agents/stats").json()["total_jobs"] == 0
    assert (all_jobs["total_jobs"], all_jobs["avg_confidence_by_type"]["spatial"]) == (7, 0.7)
    assert (all_jobs["human_review_required"], all_jobs["review"]["approved"]) == (1, 1)
    assert all_jobs["review"]["rejected"] == 1


def test_query_count_does_not_grow_with_jobs(api, creator, django_assert_num_queries):
    for _ in range(30):
        make_job(creator, status="completed")

    with django_assert_num_queries(2):
        api.get("/agents/stats")
