"""Dry run of a schedule: its runs and the price of a month, without a schedule."""

from __future__ import annotations

from decimal import Decimal

import pytest

from agents.models import AgentJob, GenerationSchedule
from tests.support.rows import INPUTS

pytestmark = pytest.mark.django_db


def body_of(universe, **changes):
    return {
        "name": "Mornings",
        "universe_id": str(universe.pk),
        "agent_type": "narrative",
        "input_data": INPUTS["narrative"],
        "crontab": "0 9 * * *",
        "time_zone": "Europe/Rome",
        "dry_run": True,
        **changes,
    }


def test_price_of_a_month_is_told_before_anything_is_stored(api, universe, settings):
    settings.ANTHROPIC_API_KEY = "sk-test"

    response = api.post("/agents/schedules", body_of(universe))

    assert response.status_code == 200, response.json()
    body = response.json()
    assert (body["dry_run"], body["runs_a_month"], len(body["next_runs"])) == (True, 30, 5)
    assert body["in_words"] == "At 09:00 every day (Europe/Rome)."
    for end in ("low", "high"):
        one = Decimal(body["run"]["price_usd"][end])
        assert one > 0
        assert Decimal(body["month_usd"][end]) == 30 * one
    assert not GenerationSchedule.objects.exists()
    assert not AgentJob.objects.exists()


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"crontab": "* * * * *"}, "/crontab"),
        ({"time_zone": "Factory"}, "/time_zone"),
        ({"agent_type": "poet"}, "/agent_type"),
        ({"input_data": {}}, "/input_data/prompt"),
        ({"dry_run": "yes"}, "/dry_run"),
    ],
)
def test_dry_run_refuses_what_the_schedule_would(api, universe, changes, pointer):
    response = api.post("/agents/schedules", body_of(universe, **changes))

    assert response.status_code == 400
    assert pointer in {error["pointer"] for error in response.json()["errors"]}


def test_without_dry_run_the_schedule_is_stored(api, universe):
    assert api.post("/agents/schedules", body_of(universe, dry_run=False)).status_code == 201
    assert GenerationSchedule.objects.count() == 1
