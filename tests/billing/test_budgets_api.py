"""Budgets over HTTP: visibility, permissions and usage."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.contrib.auth.models import Permission

from agents.models import Budget, BudgetPeriod
from tests.support import review_rows
from tests.support.problems import pointers_of, problem_of

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _clock():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def treasurer(make_user, client_of):
    user = make_user("tess")
    user.user_permissions.set(Permission.objects.filter(content_type__model="budget"))
    return client_of(user)


def scopes(response):
    return sorted((row["scope"], row["username"]) for row in response.json()["results"])


def test_users_see_their_own_limits_and_permission_shows_all(
    api, stranger_api, staff_api, watcher_api, creator, universe
):
    Budget.objects.create(scope="site", period="month", limit_usd=100)
    Budget.objects.create(scope="universe", universe=universe, period="day", limit_usd=1)
    mine = Budget.objects.create(scope="user", user=creator, period="day", limit_usd=2)

    assert scopes(api.get("/agents/budgets")) == [("site", None), ("universe", None), ("user", "carla")]
    assert scopes(stranger_api.get("/agents/budgets")) == [("site", None)]
    assert len(watcher_api.get("/agents/budgets").json()["results"]) == 3
    assert scopes(staff_api.get("/agents/budgets")) == [("site", None)]
    problem_of(stranger_api.get(f"/agents/budgets/{mine.pk}"), 404, "budget_not_found")
    problem_of(api.get("/agents/budgets/x"), 404, "budget_not_found")


def test_budget_shows_usage_of_the_current_period(api, creator):
    budget = Budget.objects.create(scope="user", user=creator, period="day", limit_usd="2.50")
    today = {"budget": budget, "starts_on": NOW.date(), "reserved_pico_usd": 250_000_000_000}
    BudgetPeriod.objects.create(**today, spent_pico_usd=500_000_000_001, unknown_calls=3)
    BudgetPeriod.objects.create(budget=budget, starts_on=NOW.date() - timedelta(days=1), spent_pico_usd=9)
    BudgetPeriod.objects.create(budget=budget, starts_on=NOW.date().replace(day=1), spent_pico_usd=8)

    assert api.get(f"/agents/budgets/{budget.pk}").json() == {
        "id": budget.pk,
        "scope": "user",
        "universe_id": None,
        "username": "carla",
        "schedule_id": None,
        "period": "day",
        "limit_usd": "2.5",
        "spent_usd": "0.500000000001",
        "reserved_usd": "0.25",
        "left_usd": "1.749999999999",
        "unknown_calls": 3,
        "starts_on": "2026-11-22",
        "next_period_at": "2026-11-23T00:00:00Z",
    }


def test_new_budget_counts_earlier_costs_of_its_period(treasurer, creator, universe):
    for days, cost in ((0, "0.25"), (0, None), (1, "4"), (22, "8")):
        at = NOW - timedelta(days=days)
        job = review_rows.reviewed(creator, universe=universe).job
        review_rows.call(job, cost=cost, at=at, universe=universe, requested_by=creator)
        review_rows.call(job, cost="100", at=at)

    made = [
        treasurer.post("/agents/budgets", body)
        for body in (
            {"scope": "user", "username": "carla", "period": "day", "limit_usd": "1"},
            {"scope": "universe", "universe_id": str(universe.pk), "period": "month", "limit_usd": 5.25},
            {"scope": "site", "period": "day", "limit_usd": "0"},
        )
    ]

    assert [response.status_code for response in made] == [201, 201, 201]
    assert made[0]["Location"] == f"/agents/budgets/{made[0].json()['id']}"
    assert [(r.json()["spent_usd"], r.json()["left_usd"], r.json()["unknown_calls"]) for r in made] == [
        ("0.25", "0.75", 1),
        ("4.25", "1", 1),
        ("200.25", "0", 1),
    ]


def test_limit_is_changed_and_deleted(treasurer):
    budget = Budget.objects.create(scope="site", period="day", limit_usd=1)
    path = f"/agents/budgets/{budget.pk}"

    assert treasurer.patch(path, {"limit_usd": "3.000001"}).json()["limit_usd"] == "3.000001"
    assert treasurer.delete(path).status_code == 204
    assert not Budget.objects.exists()


def test_setting_budgets_needs_permission(api, staff_api, watcher_api, creator):
    budget = Budget.objects.create(scope="user", user=creator, period="day", limit_usd=1)
    path = f"/agents/budgets/{budget.pk}"

    for client in (api, staff_api, watcher_api):
        problem_of(
            client.post("/agents/budgets", {"scope": "site", "period": "day", "limit_usd": "1"}),
            403,
            "forbidden",
        )
    for client in (api, watcher_api):
        problem_of(client.patch(path, {"limit_usd": "9"}), 403, "forbidden")
        problem_of(client.delete(path), 403, "forbidden")
    budget.refresh_from_db()
    assert (budget.limit_usd, Budget.objects.count()) == (Decimal(1), 1)


def test_duplicate_budget_is_a_conflict(treasurer):
    body = {"scope": "site", "period": "day", "limit_usd": "1"}
    treasurer.post("/agents/budgets", body)

    problem_of(treasurer.post("/agents/budgets", body), 409, "budget_exists")

    assert treasurer.post("/agents/budgets", {**body, "period": "month"}).status_code == 201


@pytest.mark.parametrize(
    ("changes", "errors"),
    [
        ({"limit_usd": -1}, {"/limit_usd": "min_value"}),
        ({"limit_usd": "NaN"}, {"/limit_usd": "invalid"}),
        ({"limit_usd": True}, {"/limit_usd": "invalid"}),
        ({"limit_usd": "0.0000001"}, {"/limit_usd": "max_decimal_places"}),
        ({"scope": "planet"}, {"/scope": "invalid_choice"}),
        ({"period": "year"}, {"/period": "invalid_choice"}),
        ({"scope": "user"}, {"/username": "required"}),
        ({"scope": "universe"}, {"/universe_id": "required"}),
        ({"username": "carla"}, {"/username": "not_wanted"}),
        ({"scope": "user", "username": "nobody"}, {"/username": "not_found"}),
        ({"spent_usd": "1"}, {"/spent_usd": "unknown_field"}),
    ],
)
def test_invalid_budget_names_the_field(treasurer, creator, changes, errors):
    response = treasurer.post(
        "/agents/budgets", {"scope": "site", "period": "day", "limit_usd": "1", **changes}
    )

    assert pointers_of(response) == errors
    assert not Budget.objects.exists()
