"""Overlap, running now, pausing and resuming of schedules over HTTP."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
import time_machine

from agents.choices import JobStatus
from agents.models import AgentJob, GenerationSchedule
from agents.schedules import scheduling
from tests.support.problems import pointers_of, problem_of
from tests.support.rows import INPUTS, make_job, make_schedule
from tests.support.threads import run_concurrently

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
BODY = {
    "name": "Mondays",
    "agent_type": "narrative",
    "input_data": INPUTS["narrative"],
    "crontab": "0 7 * * 1",
}


@pytest.fixture
def schedule(creator, universe) -> GenerationSchedule:
    return make_schedule(creator, universe)


def come_due(schedule):
    GenerationSchedule.objects.filter(pk=schedule.pk).update(next_run_at=datetime.now(UTC))


def test_schedule_tells_its_next_runs_in_times_and_words(client_of, creator, universe):
    with time_machine.travel(NOW, tick=False):
        body = {**BODY, "universe_id": str(universe.pk), "time_zone": "Europe/Rome"}
        shown = client_of(creator).post("/agents/schedules", body).json()

    assert shown["in_words"] == "At 07:00 on Monday (Europe/Rome)."
    assert shown["overlap"] == "skip"
    assert shown["next_runs"] == [
        f"2026-{day}T06:00:00Z" for day in ("11-23", "11-30", "12-07", "12-14", "12-21")
    ]
    assert shown["next_run_at"] == shown["next_runs"][0]


def test_paused_schedule_has_no_next_runs(api, schedule):
    path = f"/agents/schedules/{schedule.pk}"

    first, again = api.post(f"{path}/pause"), api.post(f"{path}/pause")

    assert (first.status_code, again.status_code) == (200, 200)
    assert (first.json()["enabled"], first.json()["next_runs"]) == (False, [])
    assert again.json()["disabled_reason"] == "Switched off by carla."
    resumed = api.post(f"{path}/resume").json()
    assert (resumed["enabled"], resumed["disabled_reason"], len(resumed["next_runs"])) == (True, "", 5)
    assert resumed == api.get(path).json()


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"crontab": "* * * * *"}, "/crontab"),
        ({"time_zone": "localtime"}, "/time_zone"),
        ({"overlap": "wait"}, "/overlap"),
    ],
)
def test_unusable_timetable_is_named(api, schedule, universe, change, pointer):
    made = api.post("/agents/schedules", {**BODY, "universe_id": str(universe.pk), **change})
    changed = api.patch(f"/agents/schedules/{schedule.pk}", change)

    assert list(pointers_of(made)) == list(pointers_of(changed)) == [pointer]
    assert GenerationSchedule.objects.count() == 1


def test_old_schedule_with_a_short_interval_can_be_renamed(api, creator, universe):
    schedule = make_schedule(creator, universe, crontab="* * * * *")

    assert api.patch(f"/agents/schedules/{schedule.pk}", {"name": "Often"}).status_code == 200


@pytest.mark.parametrize("status", [JobStatus.PENDING, JobStatus.PROCESSING])
def test_run_is_skipped_while_an_earlier_job_is_unfinished(api, creator, schedule, status):
    earlier = make_job(creator, status=status, schedule=schedule)
    come_due(schedule)

    assert scheduling.run_due() == {"submitted": 0, "failed": 0, "skipped": 1}

    shown = api.get(f"/agents/schedules/{schedule.pk}").json()
    assert shown["last_skip_reason"] == f"Job {earlier.pk} of an earlier run was not finished."
    assert shown["last_skipped_at"] is not None
    assert datetime.fromisoformat(shown["next_run_at"]) > datetime.now(UTC)
    assert AgentJob.objects.count() == 1


def test_next_run_is_made_once_the_earlier_job_has_ended(creator, schedule):
    make_job(creator, status=JobStatus.FAILED, schedule=schedule)
    come_due(schedule)

    assert scheduling.run_due()["submitted"] == 1


def test_schedule_that_queues_submits_another_job(creator, universe):
    schedule = make_schedule(creator, universe, overlap="queue")
    make_job(creator, status=JobStatus.PENDING, schedule=schedule)
    come_due(schedule)

    assert scheduling.run_due()["submitted"] == 1
    assert AgentJob.objects.filter(schedule=schedule).count() == 2


@pytest.mark.parametrize("enabled", [True, False])
def test_schedule_is_run_now(api, schedule, creator, enabled):
    if not enabled:
        api.post(f"/agents/schedules/{schedule.pk}/pause")
    before = api.get(f"/agents/schedules/{schedule.pk}").json()

    response = api.post(f"/agents/schedules/{schedule.pk}/run")

    job = AgentJob.objects.get()
    assert (response.status_code, response.json()["job_id"]) == (202, str(job.pk))
    assert response.headers["Location"] == f"/agents/jobs/{job.pk}"
    assert (job.schedule_id, job.requested_by) == (schedule.pk, creator)
    after = api.get(f"/agents/schedules/{schedule.pk}").json()
    assert after["last_job_id"] == str(job.pk)
    assert (after["next_runs"], after["enabled"]) == (before["next_runs"], enabled)


def test_running_twice_is_refused_by_a_schedule_that_skips(api, schedule):
    path = f"/agents/schedules/{schedule.pk}"
    job_id = api.post(f"{path}/run").json()["job_id"]

    refused = api.post(f"{path}/run")

    assert problem_of(refused, 409, "schedule_running")["existing"]["id"] == job_id
    assert AgentJob.objects.count() == 1
    api.patch(path, {"overlap": "queue"})
    assert api.post(f"{path}/run").status_code == 202


@pytest.mark.parametrize("action", ["run", "pause", "resume"])
def test_only_the_owner_acts(stranger_api, schedule, action):
    problem_of(stranger_api.post(f"/agents/schedules/{schedule.pk}/{action}"), 404, "schedule_not_found")

    assert not AgentJob.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_run_now_and_due_run_at_once_make_one_job(client_of, creator, schedule, broker):
    come_due(schedule)
    path = f"/agents/schedules/{schedule.pk}/run"

    answers = run_concurrently(*[lambda: client_of(creator).post(path)] * 5, *[scheduling.run_due] * 2)

    assert AgentJob.objects.count() == 1
    assert {answer.status_code for answer in answers[:5]} <= {202, 409}
    next_run_at = GenerationSchedule.objects.get().next_run_at
    assert next_run_at is not None
    assert next_run_at > datetime.now(UTC)
