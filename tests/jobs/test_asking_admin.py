"""The admin's forms for asking an agent, at once and by a schedule."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.urls import reverse

from agents.models import AgentJob, GenerationSchedule
from agents.schedules import stopping

pytestmark = pytest.mark.django_db

ASK = reverse("admin:agents_agentjob_add")
SCHEDULE = reverse("admin:agents_generationschedule_add")
SCENE = {"agent": "narrative", "type": "narrative", "variants": "1"}


def test_form_has_the_fields_of_the_agent_that_the_address_names(superuser_client):
    page = superuser_client.get(ASK, {"agent": "spatial"}).content.decode()

    assert 'name="input-location_name"' in page
    assert 'name="input-prompt"' not in page
    assert "admin-autocomplete" in page
    assert (
        f'href="{ASK}"'.replace(ASK, "add/")
        in superuser_client.get(reverse("admin:agents_agentjob_changelist")).content.decode()
    )


def test_administrators_submit_jobs_in_universes_of_others(superuser_client, superuser, universe):
    sent = {**SCENE, "universe": universe.pk, "input-prompt": "A storm.", "input-characters": "Mira\nTom"}

    response = superuser_client.post(ASK, sent)

    job = AgentJob.objects.get()
    assert response["Location"] == reverse("admin:agents_agentjob_change", args=[job.pk])
    assert (job.requested_by, job.universe, job.agent_type) == (superuser, universe, "narrative")
    assert job.input_data == {"type": "narrative", "prompt": "A storm.", "characters": ["Mira", "Tom"]}


def test_variants_are_submitted_together(superuser_client):
    superuser_client.post(ASK, {**SCENE, "variants": "3", "input-prompt": "A storm."})

    assert AgentJob.objects.count() == 3
    assert len(set(AgentJob.objects.values_list("variants_id", flat=True))) == 1


def test_refused_input_stays_in_the_form_with_its_error(superuser_client, universe):
    sent = {**SCENE, "universe": universe.pk, "input-prompt": "", "input-characters": "Mira"}

    response = superuser_client.post(ASK, sent)

    page = response.content.decode()
    assert response.status_code == 400
    assert 'id="input-prompt-error"' in page
    assert "Mira</textarea>" in page
    assert f'<option value="{universe.pk}" selected>{universe.name}</option>' in page
    assert not AgentJob.objects.exists()


def test_preview_stores_nothing(superuser_client):
    page = superuser_client.post(ASK, {**SCENE, "input-prompt": "A storm.", "preview": "1"}).content.decode()

    assert "Free: the mock model answers." in page
    assert not AgentJob.objects.exists()


@pytest.mark.parametrize("address", [ASK, SCHEDULE])
def test_only_those_who_may_ask_anywhere_have_the_form(reviewer_client, address):
    assert reviewer_client.get(address).status_code == 403
    assert reviewer_client.post(address, SCENE).status_code == 403


def test_administrators_make_schedules_that_go_on_without_a_membership(superuser_client, superuser, universe):
    sent = {
        "agent": "spatial",
        "universe": universe.pk,
        "name": "A place a week",
        "crontab": "0 9 * * 1",
        "time_zone": "Europe/Berlin",
        "month_limit_usd": "2.5",
        "input-location_name": "Low Marsh",
    }

    preview = superuser_client.post(SCHEDULE, {**sent, "preview": "1"}).content.decode()
    superuser_client.post(SCHEDULE, sent)

    assert "4 runs in 30 days" in preview or "5 runs in 30 days" in preview
    schedule = GenerationSchedule.objects.get()
    assert (schedule.owner, schedule.universe, schedule.enabled) == (superuser, universe, True)
    assert (schedule.input_data, schedule.month_limit_usd) == (
        {"location_name": "Low Marsh"},
        Decimal("2.5"),
    )
    assert stopping.stop_orphaned() == []

    superuser.is_superuser = False
    superuser.save()
    assert stopping.stop_orphaned() == [schedule]


def test_wrong_crontab_is_refused_at_its_field(superuser_client, universe):
    sent = {
        "agent": "spatial",
        "universe": universe.pk,
        "name": "Often",
        "crontab": "every day",
        "time_zone": "UTC",
        "input-location_name": "Low Marsh",
    }

    response = superuser_client.post(SCHEDULE, sent)

    assert response.status_code == 400
    assert response.context["asked"].around.errors.keys() == {"crontab"}
    assert not GenerationSchedule.objects.exists()
