"""Schedules in the studio."""

from __future__ import annotations

import pytest

from agents.models import AgentJob, GenerationSchedule
from studio.timing import crontab_of, read_timing
from tests.support import rows

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(signed_in, creator):
    return signed_in(creator)


@pytest.fixture
def form():
    return {
        "agent": "narrative",
        "type": "narrative",
        "input-prompt": "The tide comes in.",
        "name": "Tides",
        "rhythm": "weekly",
        "weekday": "5",
        "time": "07:30",
        "zone": "Europe/Rome",
    }


@pytest.mark.parametrize(
    ("typed", "crontab"),
    [
        ({}, "0 9 * * 1"),
        ({"rhythm": "daily", "time": "07:05"}, "5 7 * * *"),
        ({"rhythm": "workdays", "time": "23:59:00"}, "59 23 * * 1-5"),
        ({"rhythm": "weekly", "weekday": "0"}, "0 9 * * 0"),
        ({"rhythm": "monthly", "day": "28"}, "0 9 28 * *"),
        ({"rhythm": "own", "crontab": "*/30 * * * *"}, "*/30 * * * *"),
        ({"rhythm": "daily", "time": "soon"}, "0 soon * * *"),
    ],
)
def test_timing_becomes_a_crontab(typed, crontab):
    assert crontab_of(read_timing(typed)) == crontab


def test_a_schedule_is_made_run_paused_and_deleted(client, universe, form):
    answer = client.post(f"/studio/universes/{universe.pk}/schedules/new", form)

    made = GenerationSchedule.objects.get()
    assert answer["Location"] == f"/studio/universes/{universe.pk}/work"
    assert (made.name, made.crontab, made.time_zone) == ("Tides", "30 7 * * 5", "Europe/Rome")
    assert made.input_data == {"type": "narrative", "prompt": "The tide comes in."}
    assert "At 07:30 on Friday (Europe/Rome)." in client.get(answer["Location"]).content.decode()

    here = f"/studio/universes/{universe.pk}/schedules/{made.pk}"
    ran = client.post(here, {"act": "run"})
    assert ran["Location"] == f"/studio/jobs/{AgentJob.objects.get().pk}"
    client.post(here, {"act": "pause"})
    assert GenerationSchedule.objects.get().enabled is False
    client.post(here, {"act": "delete"})
    assert not GenerationSchedule.objects.exists()
    assert AgentJob.objects.count() == 1


def test_the_price_of_a_month_is_shown_before(client, universe, form):
    price = client.post(
        f"/studio/universes/{universe.pk}/schedules/new",
        {**form, "rhythm": "daily"},
        headers={"HX-Request": "true"},
    )

    assert "for 30 runs" in price.content.decode()
    assert not GenerationSchedule.objects.exists()


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"rhythm": "own", "crontab": "* * * * *"}, "apart, which is the least here"),
        ({"zone": "Europe/Roma"}, "did you mean Europe/Rome?"),
        ({"input-prompt": ""}, 'class="error" id="input-prompt-error"'),
    ],
)
def test_a_refusal_stands_on_the_form_with_what_was_typed(client, universe, form, typed, words):
    answer = client.post(f"/studio/universes/{universe.pk}/schedules/new", {**form, **typed})

    assert answer.status_code == 400
    shown = answer.content.decode()
    assert words in shown
    assert 'value="Tides"' in shown
    assert not GenerationSchedule.objects.exists()


def test_the_form_opens_like_an_earlier_job(client, universe, creator):
    job = rows.make_job(creator, universe=universe)

    shown = client.get(f"/studio/universes/{universe.pk}/schedules/new?like={job.pk}").content.decode()

    assert job.input_data["prompt"] in shown
