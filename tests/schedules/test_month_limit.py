"""Limits of what the jobs of a schedule may cost in a month."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.contrib.auth.models import Permission
from django.db import IntegrityError, transaction
from django.urls import reverse

from agents.billing import estimates
from agents.common.world_context import world_view
from agents.models import AgentJob, Budget, BudgetPeriod, GenerationSchedule
from agents.schedules import scheduling
from tests.support.pages import words
from tests.support.people import make_user
from tests.support.problems import pointers_of, problem_of
from tests.support.rows import INPUTS, make_schedule
from tests.support.threads import run_concurrently

pytestmark = pytest.mark.django_db

BODY = {
    "name": "Mondays",
    "agent_type": "narrative",
    "input_data": INPUTS["narrative"],
    "crontab": "0 7 * * 1",
}


@pytest.fixture(autouse=True)
def _with_a_key(settings):
    settings.ANTHROPIC_API_KEY = "a-key"


@pytest.fixture
def schedule(api, universe) -> GenerationSchedule:
    made = api.post("/agents/schedules", {**BODY, "universe_id": str(universe.pk), "month_limit_usd": "0.50"})
    assert made.status_code == 201, made.json()
    return GenerationSchedule.objects.get(pk=made.json()["id"])


def come_due(schedule):
    GenerationSchedule.objects.filter(pk=schedule.pk).update(next_run_at=datetime.now(UTC))


def price_of(schedule):
    job = AgentJob(
        agent_type="narrative",
        requested_by=schedule.owner,
        universe=schedule.universe,
        input_data=schedule.input_data,
    )
    price = estimates.ceiling_of(job, world_view(schedule.universe), is_batch=False)
    assert price is not None
    return price


def test_limit_is_shown_changed_and_ended(api, schedule):
    path = f"/agents/schedules/{schedule.pk}"
    first = api.get(path)
    (budget,) = api.get("/agents/budgets").json()["results"]

    assert first.json()["month_limit_usd"] == "0.5"
    assert api.get("/agents/schedules").json()["results"][0]["month_limit_usd"] == "0.5"
    assert (budget["scope"], budget["schedule_id"], budget["period"]) == (
        "schedule",
        str(schedule.pk),
        "month",
    )
    renamed = api.patch(path, {"name": "Often"}).json()
    assert renamed["month_limit_usd"] == "0.5"
    raised = api.patch(path, {"month_limit_usd": "2"})
    assert raised.json()["month_limit_usd"] == "2"
    stale = api.patch(path, {"month_limit_usd": "3"}, headers={"If-Match": first["ETag"]})
    assert (stale.status_code, stale.json()["current"]["month_limit_usd"]) == (412, "2")
    assert api.patch(path, {"month_limit_usd": None}).json()["month_limit_usd"] is None
    assert not Budget.objects.exists()


@pytest.mark.parametrize("limit", ["-1", "NaN", True, "a lot"])
def test_unusable_limit_is_refused(api, schedule, limit):
    refused = api.patch(f"/agents/schedules/{schedule.pk}", {"month_limit_usd": limit})

    assert list(pointers_of(refused)) == ["/month_limit_usd"]
    assert Budget.objects.get().limit_usd == Decimal("0.5")


def test_run_beyond_the_limit_is_left_out_and_says_why(api, schedule):
    Budget.objects.update(limit_usd=price_of(schedule) / 4)
    come_due(schedule)

    assert scheduling.run_due() == {"submitted": 0, "failed": 0, "skipped": 1}

    shown = api.get(f"/agents/schedules/{schedule.pk}").json()
    assert shown["last_skip_reason"].startswith("The budget of the schedule “Mondays” for this month has not")
    assert (shown["enabled"], shown["consecutive_failures"]) == (True, 0)
    assert datetime.fromisoformat(shown["next_run_at"]) > datetime.now(UTC)
    assert not AgentJob.objects.exists()


def test_run_now_beyond_the_limit_is_a_402(api, creator, universe, schedule):
    other = make_schedule(creator, universe)
    Budget.objects.update(limit_usd=0)

    refused = api.post(f"/agents/schedules/{schedule.pk}/run")

    problem = refused.json()
    assert (refused.status_code, problem["code"]) == (402, "budget_exceeded")
    assert problem["budget"]["schedule_id"] == str(schedule.pk)
    assert "the schedule “Mondays”" in problem["detail"]
    assert not AgentJob.objects.exists()
    # The limit is of this schedule alone.
    assert api.post(f"/agents/schedules/{other.pk}/run").status_code == 202
    assert (
        api.post("/agents/jobs", {"agent_type": "narrative", "input_data": {"prompt": "x"}}).status_code
        == 202
    )


def test_deleted_schedule_leaves_its_job_and_no_budget(api, schedule):
    job_id = api.post(f"/agents/schedules/{schedule.pk}/run").json()["job_id"]
    assert BudgetPeriod.objects.get().reserved_pico_usd > 0

    assert api.delete(f"/agents/schedules/{schedule.pk}").status_code == 204

    assert api.post(f"/agents/jobs/{job_id}/cancel").json()["status"] == "cancelled"
    assert not Budget.objects.exists()


def test_limit_of_others_needs_their_permission(stranger_api, watcher_api, schedule):
    path = f"/agents/schedules/{schedule.pk}"

    problem_of(stranger_api.patch(path, {"month_limit_usd": "9"}), 404, "schedule_not_found")
    problem_of(watcher_api.patch(path, {"month_limit_usd": "9"}), 403, "forbidden")

    assert Budget.objects.get().limit_usd == Decimal("0.5")
    assert stranger_api.get("/agents/budgets").json()["results"] == []


def test_administrators_set_a_limit_a_day_as_well(superuser_api, schedule):
    body = {"scope": "schedule", "schedule_id": str(schedule.pk), "period": "day", "limit_usd": "0.1"}

    assert superuser_api.post("/agents/budgets", body).status_code == 201
    problem_of(superuser_api.post("/agents/budgets", body), 409, "budget_exists")
    wrong = superuser_api.post("/agents/budgets", {"scope": "schedule", "period": "day", "limit_usd": "1"})
    assert list(pointers_of(wrong)) == ["/schedule_id"]
    assert superuser_api.get(f"/agents/schedules/{schedule.pk}").json()["month_limit_usd"] == "0.5"


def test_budget_of_a_schedule_in_the_admin(signed_in, schedule):
    user = make_user("tess", is_staff=True)
    kinds = ["budget", "generationschedule"]
    user.user_permissions.set(Permission.objects.filter(content_type__model__in=kinds))
    pages = signed_in(user)
    form = {"scope": "schedule", "schedule": str(schedule.pk), "period": "day", "limit_usd": "0.25"}

    assert pages.post(reverse("admin:agents_budget_add"), form).status_code == 302
    assert Budget.objects.get(period="day").schedule == schedule
    page = pages.get(reverse("admin:agents_generationschedule_change", args=[schedule.pk]))
    assert "$0.5" in page.content.decode()
    # Help is in plain words; that of the API's documentation is Markdown.
    assert "such as Europe/Berlin" in page.content.decode()
    assert "`" not in words(page)


def test_database_refuses_a_budget_of_two_owners(creator, schedule):
    with pytest.raises(IntegrityError), transaction.atomic():
        Budget.objects.create(scope="schedule", schedule=schedule, user=creator, period="day", limit_usd=1)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("broker")
def test_three_of_twenty_runs_fit_a_limit_for_three(client_of, creator, schedule):
    GenerationSchedule.objects.update(overlap="queue")
    Budget.objects.update(limit_usd=3 * price_of(schedule))
    clients = [client_of(creator) for _ in range(20)]

    answers = run_concurrently(
        *[lambda client=client: client.post(f"/agents/schedules/{schedule.pk}/run") for client in clients]
    )

    assert sorted(answer.status_code for answer in answers) == [202] * 3 + [402] * 17
    assert AgentJob.objects.count() == 3
