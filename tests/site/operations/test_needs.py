"""Entries of the overview that need a person."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from agents.choices import JobStatus
from agents.models import AgentJob, Budget, GenerationSchedule
from mediaassets.operations import beat
from tests.support import rows
from tests.support.pages import words

pytestmark = pytest.mark.django_db

INDEX = reverse("admin:index")


@pytest.fixture
def operator(make_user):
    return make_user("otto", is_staff=True, groups=["Operators"])


def needs_on(client):
    return [f"{need.count} {need.text}" for need in client.get(INDEX).context["needs"]]


@pytest.fixture
def _processes(monkeypatch):
    """Have all processes alive."""
    monkeypatch.setattr("mediaassets.operations.needs._processes", lambda: iter(()))


@pytest.mark.usefixtures("_processes")
def test_operator_sees_what_failed_and_stopped(signed_in, operator, creator, low_marches):
    failed = rows.make_job(creator, universe=low_marches, status=JobStatus.FAILED, error_code="overloaded")
    rows.make_job(creator, universe=low_marches, available_at=timezone.now() - timedelta(minutes=10))
    schedule = rows.make_schedule(creator, low_marches)
    GenerationSchedule.objects.filter(pk=schedule.pk).update(
        enabled=False, next_run_at=None, disabled_reason="Failed five times."
    )
    client = signed_in(operator)

    assert needs_on(client) == [
        "1 failed job: overloaded",
        "10 minutes is how long the oldest due job has waited",
        "1 schedule switched off after failures",
    ]
    for need in client.get(INDEX).context["needs"]:
        page = client.get(need.url)
        assert page.status_code == 200
    assert AgentJob.objects.get(pk=failed.pk).status == JobStatus.FAILED


def test_dead_processes_come_first(signed_in, operator, monkeypatch):
    monkeypatch.setattr(beat, "age_s", lambda: None)

    assert [need.split(" is ")[0] for need in needs_on(signed_in(operator))] == [
        "No worker",
        "No heartbeat of beat: schedules, batches, mail and clean-up pause. Start it and see its log.",
    ]


def test_reviewer_sees_overdue_items_and_lead_the_disagreements(
    reviewer_client, lead_client, ferry_item, creator, low_marches
):
    ferry_item.due_at = timezone.now() - timedelta(hours=1)
    ferry_item.save()
    disputed = rows.item_of(rows.finished_job(creator, low_marches))
    disputed.disputed_at = timezone.now()
    disputed.save()

    assert needs_on(reviewer_client) == ["1 review is overdue"]
    assert needs_on(lead_client) == ["1 review is overdue", "1 disagreement waits for a lead"]


@pytest.mark.usefixtures("_processes")
def test_budget_near_its_end_is_named_to_those_who_may_see_it(signed_in, operator, reviewer_client):
    assert needs_on(signed_in(operator)) == []
    Budget.objects.create(scope="site", period="day", limit_usd=0)

    assert needs_on(signed_in(operator)) == ["1 budget is nearly used up"]
    assert needs_on(reviewer_client) == []


def test_quiet_site_says_so_and_staff_without_rights_see_nothing(reviewer_client, signed_in, staff):
    assert "What needs me Nothing right now." in words(reviewer_client.get(INDEX))
    assert signed_in(staff).get(INDEX).context["needs"] is None
