"""Schedules: changes by their owner, due runs, and disabling after repeated failures."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
import time_machine
from django.contrib.auth.models import Permission

from agents.errors import Conflict, Forbidden, Invalid, NotFound
from agents.jobs import actions
from agents.llm.base import RequestRejected
from agents.models import AgentJob, GenerationSchedule
from agents.schedules import scheduling
from universes.choices import Role
from universes.services import universes

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture
def clock():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def make_schedule(clock, make_schedule):
    return partial(make_schedule, name="Hourly", crontab="30 * * * *")


@pytest.fixture
def schedule(make_schedule):
    return make_schedule()


def come_due(clock, schedule):
    schedule.refresh_from_db()
    clock.move_to(schedule.next_run_at)


# --- Keeping them -------------------------------------------------------------------------------------------


def test_new_schedule_has_a_next_run(schedule):
    assert schedule.next_run_at == NOW + HOUR / 2
    assert (schedule.last_run_at, schedule.last_job, schedule.consecutive_failures) == (None, None, 0)


def test_disabled_schedule_has_no_next_run(make_schedule):
    assert make_schedule(enabled=False).next_run_at is None


@pytest.mark.parametrize(
    ("fields", "pointer"),
    [
        ({"crontab": "61 * * * *"}, "/crontab"),
        ({"time_zone": "Mars/Olympus"}, "/time_zone"),
        ({"crontab": "61 * * * *", "enabled": False}, "/crontab"),
        ({"agent_type": "poet"}, "/agent_type"),
        ({"input_data": {}}, "/input_data/prompt"),
    ],
)
def test_schedule_with_invalid_fields_is_refused(make_schedule, fields, pointer):
    with pytest.raises(Invalid) as refusal:
        make_schedule(**fields)

    assert [error.pointer for error in refusal.value.errors] == [pointer]
    assert not GenerationSchedule.objects.exists()


def test_schedule_needs_a_writable_universe(make_schedule, viewer, stranger, universe):
    with pytest.raises(Forbidden):
        make_schedule(owner=viewer)
    with pytest.raises(NotFound):
        make_schedule(owner=stranger)
    universes.archive(universe)
    with pytest.raises(Conflict):
        make_schedule()

    assert not GenerationSchedule.objects.exists()


def test_new_crontab_moves_the_next_run(schedule, creator):
    changed = scheduling.update_schedule(schedule.pk, {"crontab": "0 18 * * *"}, by=creator)

    assert changed.next_run_at == NOW.replace(hour=18)


def test_renaming_keeps_the_next_run(schedule, creator, clock):
    """Renaming a schedule that is due now must not lose its run."""
    come_due(clock, schedule)

    scheduling.update_schedule(schedule.pk, {"name": "Every hour"}, by=creator)

    assert scheduling.run_due() == {"submitted": 1, "failed": 0, "skipped": 0}


def test_invalid_change_stores_nothing(schedule, creator):
    with pytest.raises(Invalid):
        scheduling.update_schedule(schedule.pk, {"name": "New", "crontab": "nonsense"}, by=creator)

    schedule.refresh_from_db()
    assert (schedule.name, schedule.crontab) == ("Hourly", "30 * * * *")


def test_disabling_records_the_user(schedule, creator):
    changed = scheduling.update_schedule(schedule.pk, {"enabled": False}, by=creator)

    assert (changed.enabled, changed.next_run_at) == (False, None)
    assert changed.disabled_reason == "Switched off by carla."


@pytest.mark.parametrize("action", ["get", "update", "delete"])
def test_foreign_schedule_is_not_found(schedule, stranger, action):
    call = {
        "get": lambda: scheduling.get_schedule(schedule.pk, by=stranger),
        "update": lambda: scheduling.update_schedule(schedule.pk, {"name": "Mine"}, by=stranger),
        "delete": lambda: scheduling.delete_schedule(schedule.pk, by=stranger),
    }[action]

    with pytest.raises(NotFound) as refusal:
        call()

    assert refusal.value.code == "schedule_not_found"
    assert GenerationSchedule.objects.get().name == "Hourly"


def test_deleting_a_schedule_keeps_its_jobs(schedule, creator, clock):
    come_due(clock, schedule)
    scheduling.run_due()

    scheduling.delete_schedule(schedule.pk, by=creator)

    assert AgentJob.objects.get().schedule is None
    with pytest.raises(NotFound):
        scheduling.delete_schedule(uuid.uuid4(), by=creator)


# --- Running them -------------------------------------------------------------------------------------------


def test_due_schedule_submits_one_job_for_its_owner(schedule, creator, universe, clock):
    assert scheduling.run_due() == {"submitted": 0, "failed": 0, "skipped": 0}
    come_due(clock, schedule)

    assert scheduling.run_due() == {"submitted": 1, "failed": 0, "skipped": 0}
    assert scheduling.run_due() == {"submitted": 0, "failed": 0, "skipped": 0}

    job = AgentJob.objects.get()
    assert (job.requested_by, job.universe, job.schedule) == (creator, universe, schedule)
    assert (job.agent_type, job.input_data) == ("narrative", {"prompt": "What the tide left."})
    schedule.refresh_from_db()
    assert (schedule.last_job, schedule.last_run_at) == (job, NOW + HOUR / 2)
    assert schedule.next_run_at == NOW + 3 * HOUR / 2


def test_missed_runs_are_skipped(schedule, clock):
    clock.move_to(NOW + timedelta(days=2))

    assert scheduling.run_due() == {"submitted": 1, "failed": 0, "skipped": 0}

    schedule.refresh_from_db()
    assert schedule.next_run_at == NOW + timedelta(days=2, minutes=30)
    assert AgentJob.objects.count() == 1


def test_disabled_schedule_does_not_run(schedule, creator, clock):
    scheduling.update_schedule(schedule.pk, {"enabled": False}, by=creator)
    clock.move_to(NOW + timedelta(days=2))

    assert scheduling.run_due() == {"submitted": 0, "failed": 0, "skipped": 0}


def fail_runs(count, schedule, clock, run, llm):
    for _ in range(count):
        come_due(clock, schedule)
        scheduling.run_due()
        llm.will(RequestRejected("bad_request", "No."))
        job = run(AgentJob.objects.get(status="pending"))
        assert job.status == "failed"
    schedule.refresh_from_db()
    return job


def test_fifth_consecutive_failure_disables_it_and_names_the_job(schedule, clock, run, llm):
    fail_runs(4, schedule, clock, run, llm)
    assert (schedule.enabled, schedule.consecutive_failures) == (True, 4)

    last = fail_runs(1, schedule, clock, run, llm)

    assert (schedule.enabled, schedule.next_run_at, schedule.consecutive_failures) == (False, None, 5)
    assert schedule.disabled_reason == (
        f"Switched off after 5 failures in a row; the last was job {last.pk}."
    )
    clock.shift(timedelta(days=1))
    assert scheduling.run_due() == {"submitted": 0, "failed": 0, "skipped": 0}


def test_success_resets_the_failure_count(schedule, clock, run, llm):
    fail_runs(4, schedule, clock, run, llm)
    come_due(clock, schedule)
    scheduling.run_due()
    run(AgentJob.objects.get(status="pending"))
    schedule.refresh_from_db()
    assert schedule.consecutive_failures == 0

    fail_runs(4, schedule, clock, run, llm)

    assert schedule.enabled


def test_failures_of_other_jobs_do_not_count(schedule, clock, submit, run, llm):
    for _ in range(6):
        llm.will(RequestRejected("bad_request", "No."))
        run(submit())

    schedule.refresh_from_db()
    assert (schedule.enabled, schedule.consecutive_failures) == (True, 0)


def test_enabling_resets_the_failure_count(schedule, creator, clock, run, llm):
    fail_runs(5, schedule, clock, run, llm)

    changed = scheduling.update_schedule(schedule.pk, {"enabled": True}, by=creator)

    assert (changed.enabled, changed.consecutive_failures, changed.disabled_reason) == (True, 0, "")
    assert changed.next_run_at is not None
    assert changed.next_run_at > datetime.now(UTC)


def test_refused_run_counts_as_failure_and_the_schedule_continues(schedule, universe, clock):
    universes.archive(universe)
    for number in range(1, 6):
        come_due(clock, schedule)
        assert scheduling.run_due() == {"submitted": 0, "failed": 1, "skipped": 0}
        schedule.refresh_from_db()
        assert schedule.consecutive_failures == number
        assert schedule.enabled is (number < 5)

    assert schedule.disabled_reason == (
        "Switched off after 5 failures in a row; the last was refused: "
        "The universe “Low Marsh” is archived; it can only be read."
    )
    assert not AgentJob.objects.exists()


NOTHING = {"submitted": 0, "failed": 0, "skipped": 0}


@pytest.mark.parametrize(
    ("leave", "reason"),
    [
        ("demoted", "Switched off: edgar may only read “Low Marsh”."),
        ("removed", "Switched off: edgar is no longer a member of “Low Marsh”."),
        ("deactivated", "Switched off: the account edgar is deactivated."),
    ],
)
def test_schedule_of_somebody_who_left_stops_before_it_is_due(
    make_schedule, editor, universe, clock, leave, reason
):
    schedule, others = make_schedule(owner=editor), make_schedule()
    if leave == "demoted":
        universes.change_role(universe, editor.pk, Role.VIEWER)
    elif leave == "removed":
        universes.remove_member(universe, editor.pk)
    else:
        editor.is_active = False
        editor.save()

    assert scheduling.run_due() == NOTHING

    schedule.refresh_from_db()
    assert (schedule.enabled, schedule.next_run_at) == (False, None)
    assert schedule.disabled_reason == reason
    assert schedule.consecutive_failures == 0
    come_due(clock, others)
    assert scheduling.run_due() == {**NOTHING, "submitted": 1}
    assert AgentJob.objects.get().schedule_id == others.pk


def test_schedule_is_not_resumed_until_its_owner_is_back(make_schedule, editor, universe, clock):
    schedule = make_schedule(owner=editor)
    universes.remove_member(universe, editor.pk)
    scheduling.run_due()

    with pytest.raises(NotFound):
        scheduling.update_schedule(schedule.pk, {"enabled": True}, by=editor)

    universes.add_member(universe, editor, Role.EDITOR)
    assert scheduling.update_schedule(schedule.pk, {"enabled": True}, by=editor).disabled_reason == ""
    assert scheduling.run_due() == NOTHING
    schedule.refresh_from_db()
    assert schedule.enabled


@pytest.mark.parametrize("action", ["update", "delete"])
def test_permission_to_view_does_not_change_foreign_schedules(schedule, watcher, action):
    call = {
        "update": lambda: scheduling.update_schedule(schedule.pk, {"enabled": False}, by=watcher),
        "delete": lambda: scheduling.delete_schedule(schedule.pk, by=watcher),
    }[action]
    assert scheduling.get_schedule(schedule.pk, by=watcher) == schedule

    with pytest.raises(Forbidden):
        call()
    assert GenerationSchedule.objects.get().enabled

    watcher.user_permissions.set(Permission.objects.filter(content_type__model="generationschedule"))
    call_again = type(watcher).objects.get(pk=watcher.pk)
    if action == "update":
        scheduling.update_schedule(schedule.pk, {"enabled": False}, by=call_again)
    else:
        scheduling.delete_schedule(schedule.pk, by=call_again)
    assert not GenerationSchedule.objects.filter(enabled=True).exists()


def test_failing_schedule_does_not_hold_up_the_others(make_schedule, clock):
    broken, sound = make_schedule(name="Broken"), make_schedule(name="Sound")
    # A time zone that is missing from the machine's database.
    GenerationSchedule.objects.filter(pk=broken.pk).update(
        time_zone="Europe/Atlantis", next_run_at=NOW - HOUR
    )
    come_due(clock, sound)

    assert scheduling.run_due() == {"submitted": 1, "failed": 1, "skipped": 0}

    assert AgentJob.objects.get().schedule == sound
    broken.refresh_from_db()
    assert (broken.enabled, broken.next_run_at) == (False, None)
    assert broken.disabled_reason == (
        "Switched off: “Europe/Atlantis” is not a time zone; use a name such as Europe/Rome."
    )


def test_cancelled_job_is_not_a_failure(schedule, creator, clock):
    come_due(clock, schedule)
    scheduling.run_due()

    actions.cancel_job(AgentJob.objects.get().pk, by=creator)

    schedule.refresh_from_db()
    assert schedule.consecutive_failures == 0
