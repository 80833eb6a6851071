"""Jobs postponed by the model's limits: they wait as rows and lose no try."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from agents.common import dispatch
from agents.common.text.timestamps import isoformat_utc
from agents.jobs import actions
from agents.jobs.maintenance import PauseWatch, wake_admitted_jobs
from agents.llm.base import ProviderAccountError, Throttled, TransientError
from agents.llm.limits.call_result import CallResult
from agents.llm.limits.config import LimitSettings
from agents.llm.limits.types import CallStatus, Reservation
from agents.models import AgentJob
from agents.providers import factory
from tests.llm.limits import helpers
from tests.support.facts import event_kinds, wait_s

pytestmark = pytest.mark.django_db


def not_now(wait_s=12.0):
    return Throttled("waits_for_turn", "It waits for its turn.", wait_s=wait_s, cause="requests")


def paused(of=None):
    return Throttled("line_paused", "The line is paused.", wait_s=60, cause="stopped", account_error=of)


def make_due():
    AgentJob.objects.update(available_at=timezone.now())


def test_postponed_job_waits_as_told_and_uses_no_try(submit, run, llm):
    llm.will(not_now())

    job = run(submit())

    assert (job.status, job.attempts, job.attempt_limit, job.sent_at) == ("pending", 1, 5, None)
    assert (job.error_code, job.error_message) == ("waits_for_turn", "It waits for its turn.")
    assert 10 < wait_s(job) <= 12
    assert job.calls.count() == 0
    event = job.events.last()
    assert (event.kind, event.attempt, event.data["cause"]) == ("postponed", 1, "requests")
    assert event.data["available_at"] == isoformat_utc(job.available_at)


def test_often_postponed_job_still_has_all_its_tries(submit, run, llm):
    llm.will(*[not_now()] * 6, *[TransientError("overloaded", "Busy.")] * 4)
    job = submit()

    for _ in range(9):
        make_due()
        job = run(job)
    assert job.status == "pending"
    make_due()
    job = run(job)

    assert (job.status, job.attempts) == ("failed", 10)
    assert job.error_message == "Gave up after 4 attempts: Busy."
    assert job.calls.count() == 4


def test_postponement_does_not_lengthen_back_off(submit, run, llm):
    llm.will(*[not_now()] * 3, TransientError("overloaded", "Busy."))
    job = submit()
    for _ in range(4):
        make_due()
        job = run(job)

    assert 1.5 < wait_s(job) <= 4


def test_provider_account_error_is_in_ledger_and_fails_no_job(submit, run, llm):
    llm.will(paused(of=ProviderAccountError("authentication", "The API answered 401.", request_id="req_8")))

    job = run(submit())

    assert (job.status, job.error_code, job.error_message) == (
        "pending",
        "line_paused",
        "The line is paused.",
    )
    assert [(call.error_code, call.request_id) for call in job.calls.all()] == [("authentication", "req_8")]
    # This job is the probe.
    assert 58 < wait_s(job) <= 60


def test_other_jobs_wait_until_a_paused_model_resumes(submit, run, llm):
    llm.will(paused())

    job = run(submit())

    assert (job.status, job.error_code, job.calls.count()) == ("pending", "line_paused", 0)
    assert 290 < wait_s(job) <= 300


def test_repair_refused_by_limits_is_a_failed_attempt(submit, run, llm):
    llm.will("not JSON", not_now())

    job = run(submit())

    assert (job.status, job.error_code, job.attempt_limit) == ("pending", "invalid_output", 4)
    assert job.calls.count() == 1


def test_cancelled_job_is_not_postponed(submit, run, llm, creator):
    job = submit()

    def cancel(request):
        actions.cancel_job(job.pk, by=creator)
        return not_now()

    llm.will(cancel)

    job = run(job)

    assert (job.status, event_kinds(job)[-1]) == ("cancelled", "late_result_dropped")


def test_postponement_is_no_failure_of_the_schedule(submit, run, llm, creator):
    llm.will(not_now())
    job = submit()

    assert run(job).status == "pending"
    assert "failed" not in event_kinds(job)


# --- Whose job it is ----------------------------------------------------------------------------------------


def test_limits_are_asked_with_job_lane_and_universe(submit, run, llm, universe, creator):
    job, loose = submit(universe=universe), submit()
    run(job)
    run(loose)

    first, second = llm.requests
    assert (first.job, first.lane, first.universe) == (str(job.pk), "interactive", str(universe.pk))
    assert second.universe == f"of person {creator.pk}"


def test_scheduled_job_yields_to_interactive_jobs(make_job, run, llm, make_schedule):
    schedule = make_schedule(enabled=False)

    run(make_job(schedule=schedule))

    assert llm.requests[0].lane == "scheduled"


# --- Ringing ------------------------------------------------------------------------------------------------


@pytest.fixture
def redis_client(broker):
    with broker.client() as client:
        yield client


@pytest.fixture
def clock(redis_client):
    return helpers.Clock(redis_client)


@pytest.fixture
def limits(monkeypatch, redis_client, clock):
    own = helpers.clocked_limits(redis_client, LimitSettings())
    monkeypatch.setattr(factory, "limits", lambda: own)
    return own


@pytest.fixture
def pauses():
    """An admission watch that has seen no paused model."""
    watch = PauseWatch()
    watch.has_resumed(set())
    return watch


@pytest.fixture
def enqueued(monkeypatch):
    """The ids of the jobs that were enqueued."""
    rung: list[object] = []

    def enqueue(jobs):
        rung.extend(job.pk for job in jobs)
        return len(jobs)

    monkeypatch.setattr(dispatch, "enqueue", enqueue)
    return rung


def later():
    return timezone.now() + timedelta(seconds=100)


def test_admitted_job_is_due_and_enqueued(make_job, limits, enqueued, monkeypatch, pauses):
    mine, other = (make_job(available_at=later(), sent_at=None) for _ in range(2))
    gone = str(uuid.uuid4())
    monkeypatch.setattr(limits, "ready_jobs", lambda: (str(mine.pk), gone))

    assert wake_admitted_jobs(pauses) == {"enqueued": 1}

    assert enqueued == [mine.pk]
    mine.refresh_from_db()
    other.refresh_from_db()
    assert wait_s(mine) <= 0 < wait_s(other)
    assert mine.sent_at is not None


@pytest.mark.parametrize("status", ["processing", "completed", "cancelled"])
def test_job_that_was_not_postponed_is_left_alone(make_job, limits, enqueued, monkeypatch, status, pauses):
    job = make_job(status)
    monkeypatch.setattr(limits, "ready_jobs", lambda: (str(job.pk),))

    assert wake_admitted_jobs(pauses) == {"enqueued": 0}
    assert AgentJob.objects.get().available_at == job.available_at


def test_due_job_that_was_sent_is_not_enqueued_again(make_job, limits, enqueued, monkeypatch, pauses):
    job = make_job()
    monkeypatch.setattr(limits, "ready_jobs", lambda: (str(job.pk),))

    assert wake_admitted_jobs(pauses) == {"enqueued": 0}


def test_paused_jobs_are_due_when_their_model_resumes(make_job, limits, enqueued, clock, pauses):
    asleep = make_job(available_at=later(), sent_at=None, error_code="line_paused")
    make_job(available_at=later(), sent_at=None, error_code="overloaded")
    stop = helpers.must_reserve(limits, helpers.make_request("x"))
    limits.settle(stop, CallResult(status=CallStatus.STOPPED, message="401"))

    assert wake_admitted_jobs(pauses) == {"enqueued": 0}
    clock.advance(61)
    assert wake_admitted_jobs(pauses) == {"enqueued": 0}, "a probe is due, and nothing is known yet"
    probe = limits.reserve(helpers.make_request("y"))
    assert isinstance(probe, Reservation)
    limits.settle(probe, helpers.answered())

    assert wake_admitted_jobs(pauses) == {"enqueued": 1}
    assert enqueued == [asleep.pk]
    assert wake_admitted_jobs(pauses) == {"enqueued": 0}


def test_paused_model_does_not_hold_up_jobs_of_other_models(make_job, limits, enqueued, clock, pauses):
    asleep = make_job(available_at=later(), sent_at=None, error_code="line_paused")
    for model in ("claude-gone", "claude-mended"):
        stop = helpers.must_reserve(limits, helpers.make_request(model, model=model))
        limits.settle(stop, CallResult(status=CallStatus.STOPPED, message="404"))
    assert wake_admitted_jobs(pauses) == {"enqueued": 0}
    clock.advance(61)
    probe = limits.reserve(helpers.make_request("y", model="claude-mended"))
    limits.settle(probe, helpers.answered())

    assert wake_admitted_jobs(pauses) == {"enqueued": 1}
    assert enqueued == [asleep.pk]


def test_mock_has_no_limits(make_job, enqueued, pauses):
    make_job(available_at=later(), sent_at=None, error_code="line_paused")

    assert factory.limits() is None
    assert wake_admitted_jobs(pauses) == {"enqueued": 0}
