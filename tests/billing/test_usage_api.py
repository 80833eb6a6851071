"""GET /agents/usage: users, days, groups and pagination."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from tests.support import review_rows
from tests.support.problems import pointers_of, problem_of

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
USAGE = "/agents/usage"


@pytest.fixture(autouse=True)
def _clock():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def spent(creator, stranger, universe):
    """Costs: $1 in a universe today and $2 yesterday by the creator, and $4 by the stranger."""
    for owner, days_ago, cost, where in (
        (creator, 0, "1", universe),
        (creator, 1, "2", None),
        (stranger, 0, "4", None),
    ):
        item = review_rows.reviewed(owner, universe=where)
        at = NOW - timedelta(days=days_ago)
        review_rows.call(item.job, cost=cost, at=at, requested_by=owner, universe=where)


def costs(response):
    assert response.status_code == 200, response.json()
    return [row["cost_usd"] for row in response.json()["results"]]


def test_default_is_own_usage_of_thirty_days_by_day(api, spent):
    body = api.get(USAGE).json()

    assert (body["from"], body["to"], body["group_by"]) == ("2026-10-24", "2026-11-22", ["day"])
    assert (body["count"], body["limit"], body["offset"], body["next"]) == (2, 50, 0, None)
    assert [(row["day"], row["cost_usd"]) for row in body["results"]] == [
        ("2026-11-22", "1"),
        ("2026-11-21", "2"),
    ]
    assert body["totals"]["cost_usd"] == "3"
    # None of the outputs is reviewed.
    assert (body["totals"]["jobs_completed"], body["totals"]["jobs_approved"]) == (2, 0)
    assert body["totals"]["cost_per_approved_usd"] is None
    assert not {"agent_type", "universe_id", "universe_name"} & body["results"][0].keys()


def test_permission_shows_all_usage_or_one_users(watcher_api, spent):
    assert costs(watcher_api.get(USAGE)) == ["5", "2"]
    assert costs(watcher_api.get(USAGE, {"requested_by": "stefan"})) == ["4"]
    assert pointers_of(watcher_api.get(USAGE, {"requested_by": "nobody"})) == {"?requested_by": "invalid"}


def test_users_see_only_their_own_usage(api, spent):
    assert costs(api.get(USAGE, {"requested_by": "carla"})) == ["1", "2"]
    problem_of(api.get(USAGE, {"requested_by": "stefan"}), 403, "forbidden")


def test_groups_and_days_are_selected_and_paginated(api, spent, universe):
    asked = {"group_by": "universe,agent", "from": "2026-11-21", "to": "2026-11-22", "limit": "1"}

    first = api.get(USAGE, asked).json()
    second = api.get(USAGE, {**asked, "offset": "1"}).json()

    assert (first["count"], first["totals"]["cost_usd"]) == (2, "3")
    assert first["next"] is not None
    (row,) = second["results"]
    assert (row["universe_id"], row["universe_name"], row["agent_type"], row["cost_usd"]) == (
        str(universe.pk),
        universe.name,
        "narrative",
        "1",
    )
    assert costs(api.get(USAGE, {"group_by": "", "to": "2026-11-21"})) == ["2"]


@pytest.mark.parametrize(
    ("query", "errors"),
    [
        ({"from": "yesterday"}, {"?from": "invalid"}),
        ({"to": "2026-11-31"}, {"?to": "invalid"}),
        ({"from": "0001-01-01", "to": "9999-12-31"}, {"?from": "invalid", "?to": "invalid"}),
        ({"from": "2026-11-22", "to": "2026-11-21"}, {"?to": "invalid"}),
        ({"from": "2025-01-01", "to": "2026-11-21"}, {"?from": "invalid"}),
        ({"group_by": "day,planet"}, {"?group_by": "invalid_choice"}),
        ({"since": "2026-11-22"}, {"?since": "unknown_filter"}),
        ({"limit": "0"}, {"?limit": "invalid"}),
    ],
)
def test_invalid_parameter_is_named(api, query, errors):
    assert pointers_of(api.get(USAGE, query)) == errors


def test_nul_in_a_username_matches_nobody(watcher_api):
    assert pointers_of(watcher_api.get(USAGE, {"requested_by": "a\x00"})) == {"?requested_by": "invalid"}
