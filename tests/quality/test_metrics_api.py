"""Review metrics over HTTP: contents and permissions."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from agents.models import ReviewReport
from agents.quality import reports
from tests.support import review_rows
from tests.support.problems import problem_of

pytestmark = pytest.mark.django_db

RATE = {"share", "count", "low", "high"}
WORK = {"decided", "work_s_median", "verdicts", "audits_approved"}
REVIEWER = WORK | {
    "user_id",
    "username",
    "today",
    "last_7_days",
    "last_30_days",
    "agrees_with_outcome",
    "agrees_with_lead",
    "gold_right",
    "approves_everything",
}


@pytest.fixture
def verdicts(creator, api_reviewer, api_lead, universe):
    return review_rows.simulate(
        creator, [api_reviewer, api_lead], [universe], seed=5, count=60, now=timezone.now(), days=20
    )


@pytest.mark.parametrize("slash", ["", "/"])
def test_metrics_and_current_queue(reviewer_api, creator, verdicts, slash):
    waiting = review_rows.reviewed(creator)

    response = reviewer_api.get(f"/agents/reviews/figures{slash}")

    assert response.status_code == 200
    body = response.json()
    assert set(body) == {
        "days",
        "as_of",
        "since",
        "until",
        "live",
        "decided",
        "mock",
        "verdicts",
        "by_agent",
        "by_model",
        "by_prompt",
        "calibration",
        "escaped",
        "time_to_decision_s",
        "work_s",
        "money",
        "variants",
        "per_week",
    }
    assert (body["days"], body["decided"]) == (30, 60)
    assert set(body["verdicts"]) == {"approved", "edited", "rejected", "asked_again"}
    assert set(body["verdicts"]["approved"]) == RATE
    assert set(body["by_model"]["rows"][0]) == {"key", "name", "decided", *body["verdicts"]}
    assert set(body["calibration"]) == {"count", "speaks_for", "ece", "brier", "auroc", "bins"}
    assert len(body["calibration"]["bins"]) == 10
    assert set(body["calibration"]["bins"][0]) == {
        "low",
        "high",
        "count",
        "weight",
        "mean_confidence",
        "right",
        "right_low",
        "right_high",
    }
    assert set(body["escaped"]) == {"overall", "by_agent", "by_universe", "universes_left_out"}
    assert set(body["escaped"]["by_agent"][0]["rate"]) == RATE
    assert set(body["money"]) == {"accepted", "calls", "unknown_calls", "cost_usd", "per_accepted_usd"}
    assert set(body["per_week"][0]) == {"week", "decided", "accepted"}
    assert set(body["live"]) == {
        "open",
        "is_cut_off",
        "overdue",
        "disputed",
        "oldest_opened_at",
        "held",
        "decided_today",
    }
    assert body["live"]["open"] == 1
    assert body["live"]["oldest_opened_at"].startswith(f"{waiting.opened_at:%Y-%m-%dT%H:%M:%S}")


def test_metrics_come_from_the_stored_report(reviewer_api, verdicts):
    stored = reports.latest(7)

    body = reviewer_api.get("/agents/reviews/figures", {"days": "7"}).json()

    assert {name: body[name] for name in ("decided", "verdicts", "calibration", "escaped", "money")} == {
        name: stored.figures[name] for name in ("decided", "verdicts", "calibration", "escaped", "money")
    }
    assert 0 < body["decided"] < 60


def test_empty_site_has_metrics(reviewer_api):
    body = reviewer_api.get("/agents/reviews/figures").json()

    assert (body["decided"], body["live"]["open"], body["escaped"]["overall"]) == (0, 0, None)
    assert body["verdicts"]["approved"] is None
    assert body["money"]["per_accepted_usd"] is None


@pytest.mark.parametrize("days", ["8", "030", "seven", "-7", "٧"])
def test_unknown_period_is_refused(reviewer_api, days):
    response = reviewer_api.get("/agents/reviews/figures", {"days": days})

    body = problem_of(response, 400, "invalid")
    assert body["errors"] == [{"pointer": "?days", "code": "invalid_choice", "detail": "One of 7, 30, 90."}]
    assert not ReviewReport.objects.exists()


def test_unknown_parameter_is_named(reviewer_api):
    response = reviewer_api.get("/agents/reviews/figures", {"period": "7"})

    assert problem_of(response, 400, "invalid")["errors"][0]["pointer"] == "?period"


def test_refresh_recomputes(reviewer_api, creator, api_reviewer, verdicts):
    reports.latest(30)
    review_rows.decide(review_rows.reviewed(creator), api_reviewer, at=timezone.now() - timedelta(minutes=1))
    assert reviewer_api.post("/agents/reviews/figures").json()["decided"] == 60
    ReviewReport.objects.update(computed_at=timezone.now() - timedelta(seconds=11))

    response = reviewer_api.post("/agents/reviews/figures")

    assert (response.status_code, response.json()["decided"]) == (200, 61)


@pytest.mark.parametrize(
    ("path", "code"),
    [("figures", "forbidden"), ("reviewers", "forbidden"), ("reviewers/1", "forbidden")],
)
def test_only_reviewers_may(api, staff_api, verdicts, path, code):
    for client in (api, staff_api):
        problem_of(client.get(f"/agents/reviews/{path}"), 403, code)


def test_stored_report_takes_few_queries(reviewer_api, verdicts, django_assert_max_num_queries):
    reports.latest(30)

    # Queries: the caller, their permissions, the report, and three for the queue.
    with django_assert_max_num_queries(7):
        reviewer_api.get("/agents/reviews/figures")


def test_lead_sees_all_reviewers(lead_api, verdicts):
    body = lead_api.get("/agents/reviews/reviewers").json()

    assert set(body) == {"days", "everybody", "reviewers"}
    assert set(body["everybody"]) == WORK
    assert [row["username"] for row in body["reviewers"]] == ["rita", "sella"]
    assert all(set(row) == REVIEWER for row in body["reviewers"])
    assert sum(row["decided"] for row in body["reviewers"]) == body["everybody"]["decided"] == 60


def test_reviewer_sees_only_themselves(reviewer_api, verdicts):
    body = reviewer_api.get("/agents/reviews/reviewers/").json()

    assert [row["username"] for row in body["reviewers"]] == ["rita"]
    assert body["everybody"]["decided"] == 60


def test_metrics_of_one_reviewer(reviewer_api, lead_api, api_reviewer, api_lead, creator, verdicts):
    missed = review_rows.gold(creator, api_reviewer, "approved")

    own = reviewer_api.get(f"/agents/reviews/reviewers/{api_reviewer.pk}").json()
    by_lead = lead_api.get(f"/agents/reviews/reviewers/{api_reviewer.pk}/").json()

    assert set(own) == {"days", "everybody", "reviewer", "gold_wrong", "per_week"}
    assert set(own["reviewer"]) == REVIEWER
    assert own["reviewer"]["gold_right"]["count"] == 1
    assert own["gold_wrong"] == []
    assert [row["job_id"] for row in by_lead["gold_wrong"]] == [str(missed.item.job_id)]
    problem_of(reviewer_api.get(f"/agents/reviews/reviewers/{api_lead.pk}"), 403, "forbidden")


@pytest.mark.parametrize("user_id", ["0", "x", "9" * 30, "1.0", "%20", "٣"])
def test_unknown_reviewer_is_404(lead_api, user_id):
    problem_of(lead_api.get(f"/agents/reviews/reviewers/{user_id}"), 404, "reviewer_not_found")
