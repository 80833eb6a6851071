"""Real workers that share the limits of a model."""

from __future__ import annotations

import time
from collections import Counter

import pytest

from agents.jobs import maintenance
from agents.models import AgentJob
from dev.standin import KEY, StandInProcess
from tests.support.site.servers import wait_until

pytestmark = [pytest.mark.queue, pytest.mark.django_db(transaction=True)]

# One a second: those that wait need a minute, however slow this machine is.
PER_MINUTE = 60


@pytest.fixture
def standin():
    with StandInProcess() as server:
        yield server


@pytest.fixture
def schedule(make_schedule):
    return make_schedule(enabled=False)


def statuses(standin):
    return Counter(call.status for call in standin.read_log().messages)


def answered(standin):
    return [call for call in standin.read_log().messages if call.status == 200]


def test_interactive_job_overtakes_waiting_jobs_without_refusals(worker_process, submit, schedule, standin):
    standin.limits(rpm=PER_MINUTE)
    standin.latency(first_byte_s=0.2)
    for _ in range(60):
        submit()
    AgentJob.objects.update(schedule=schedule)
    scheduled = AgentJob.objects.filter(schedule=schedule)
    env = {"ANTHROPIC_API_KEY": KEY, "ANTHROPIC_BASE_URL": standin.url, "LIMIT_PROCESSES": "2"}
    for _ in range(2):
        worker_process(concurrency=16, **env)
    wait_until(lambda: len(answered(standin)) >= 3, within_s=30, what="the first answers")
    # The broker delivers in order: every scheduled job has to be claimed before the marker.
    claimed = scheduled.exclude(attempts=0)
    wait_until(lambda: claimed.count() == 60, within_s=60, what="each job is claimed")

    marker = submit(prompt="The marker of a person who waits.")
    is_done = AgentJob.objects.filter(pk=marker.pk, status="completed")
    wait_until(is_done.exists, within_s=60, what="the marker")

    assert scheduled.filter(status="pending").exists()
    assert scheduled.filter(events__kind="postponed").exists()
    counts = statuses(standin)
    assert counts[429] <= 0.005 * counts.total()
    assert not AgentJob.objects.filter(status="failed").exists()


def sweep_until(condition, *, within_s, what):
    """Wait for the condition, and enqueue jobs that have come due meanwhile, as beat does."""
    wait_until(lambda: maintenance.enqueue_due_jobs() and condition(), within_s=within_s, what=what)


def test_wrong_key_pauses_all_jobs_until_it_is_corrected(worker_process, submit, standin):
    standin.key("the-right-one")
    waiting = {submit().pk for _ in range(6)}
    worker = worker_process(
        ANTHROPIC_API_KEY="the-wrong-one", ANTHROPIC_BASE_URL=standin.url, LIMIT_STOPPED_PAUSE_S="3"
    )
    started = time.monotonic()
    unfinished = AgentJob.objects.exclude(status="completed")
    paused = AgentJob.objects.filter(status="pending", error_code="line_paused")
    put_back = AgentJob.objects.filter(events__kind="postponed").distinct()
    sweep_until(lambda: put_back.count() == 6, within_s=30, what="all jobs are postponed")
    sweep_until(lambda: statuses(standin)[401] >= 3, within_s=30, what="a second probe")

    assert set(AgentJob.objects.values_list("status", flat=True)) <= {"pending", "processing"}
    # A worker may be looking at all of them just now.
    said = "paused (stopped): The model's API answered 401"
    sweep_until(
        lambda: paused.filter(error_message__contains=said).exists(), within_s=10, what="a job says why"
    )
    # The first call, and one probe after each pause of 3 s.
    refused = statuses(standin)
    assert set(refused) == {401}
    assert refused[401] <= 1 + (time.monotonic() - started) / 3

    standin.key("the-wrong-one")
    sweep_until(lambda: not unfinished.exists(), within_s=30, what="all jobs are finished")

    assert set(AgentJob.objects.filter(status="completed").values_list("pk", flat=True)) == waiting
    # The thread that wakes jobs ends with its worker.
    assert worker.stop() == 0
    # No retry is used up.
    assert {job.attempt_limit - job.attempts for job in AgentJob.objects.all()} == {3}
