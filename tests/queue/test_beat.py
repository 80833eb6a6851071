"""Beat with the periodic tasks of the migrations."""

from __future__ import annotations

import pytest
from django_celery_beat.models import IntervalSchedule, PeriodicTask

from agents.common import dispatch
from agents.models import AgentJobEvent
from tests.support.facts import event_kinds

pytestmark = [pytest.mark.queue, pytest.mark.django_db(transaction=True)]


def test_two_beats_retry_a_job_and_run_a_schedule_once(
    worker_process, beat_process, submit, wait_for, make_schedule
):
    schedule = make_schedule()
    type(schedule).objects.update(next_run_at=schedule.created_at)
    PeriodicTask.objects.filter(task=dispatch.RUN_DUE_SCHEDULES).update(interval=_five_seconds())
    failing = submit(prompt="Mira waits. [mock:fail-once]")

    for _ in range(2):
        beat_process()
    worker_process(RETRY_BACKOFF_S="0.1")
    wait_for("completed", 2, within_s=90)

    failing.refresh_from_db()
    assert (failing.attempts, failing.status) == (2, "completed")
    assert event_kinds(failing)[:5] == [
        "submitted",
        "claimed",
        "rescheduled",
        "claimed",
        "completed",
    ]
    assert schedule.jobs.count() == 1
    assert AgentJobEvent.objects.filter(kind="completed").count() == 2


def _five_seconds():
    return IntervalSchedule.objects.get_or_create(every=5, period="seconds")[0]
