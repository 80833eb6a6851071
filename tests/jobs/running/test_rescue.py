"""Rescue: jobs are taken back from attempts that nobody will finish."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from agents.common.in_flight import InFlight
from agents.jobs.running import rescue
from agents.models import WorkerProcess
from tests.support.facts import event_kinds
from universes.ids import new_id

pytestmark = pytest.mark.django_db


def ago(**span):
    return timezone.now() - timedelta(**span)


@pytest.fixture
def make_worker():
    def make(seen_s_ago, **fields):
        return WorkerProcess.objects.create(
            name="w1@host", started_at=ago(hours=1), seen_at=ago(seconds=seen_s_ago), **fields
        )

    return make


@pytest.fixture
def register(monkeypatch):
    """The register of a worker process, in place of this one's."""
    own = InFlight()
    own.worker = new_id()
    monkeypatch.setattr(rescue, "in_flight", own)
    return own


def causes(job):
    return [event.data["cause"] for event in job.events.filter(kind="rescued")]


def test_job_of_lost_worker_is_pending_at_once(make_job):
    job = make_job("processing", claimed_until=ago(seconds=1))

    assert rescue.rescue_stalled_jobs() == {"rescued": 1}
    assert rescue.rescue_stalled_jobs() == {"rescued": 0}

    job.refresh_from_db()
    assert (job.status, job.attempts, job.sent_at, job.claimed_until) == ("pending", 1, None, None)
    assert job.error_code == "worker_lost"
    assert job.available_at <= timezone.now()
    assert event_kinds(job) == ["rescued", "rescheduled"]


def test_rescued_job_of_a_crowd_keeps_its_turn(make_job):
    job = make_job("processing", is_crowded=True, claimed_until=ago(seconds=1))

    rescue.rescue_stalled_jobs()

    job.refresh_from_db()
    assert not job.is_crowded


def test_valid_claim_is_left_alone(make_job):
    job = make_job("processing")

    assert rescue.rescue_stalled_jobs() == {"rescued": 0}

    job.refresh_from_db()
    assert (job.status, event_kinds(job)) == ("processing", [])


def test_lost_worker_on_last_try_fails_the_job(make_job):
    job = make_job("processing", attempts=4, attempt_limit=4, claimed_until=ago(seconds=1))

    assert rescue.rescue_stalled_jobs() == {"rescued": 1}

    job.refresh_from_db()
    assert (job.status, job.error_code) == ("failed", "worker_lost")
    assert job.error_message == ("Gave up after 4 attempts: The worker stopped before the attempt finished.")
    assert event_kinds(job) == ["rescued", "failed"]


@pytest.mark.parametrize("status", ["pending", "completed", "failed", "cancelled"])
def test_only_running_jobs_are_rescued(make_job, status):
    job = make_job(status, claimed_until=ago(hours=1))

    assert rescue.rescue_stalled_jobs() == {"rescued": 0}

    assert event_kinds(job) == []


# --- Silent workers -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("seen_s_ago", "rescued"), [(9, 0), (11, 1)])
def test_job_of_a_silent_worker_is_taken_back_long_before_its_claim_ends(
    make_job, make_worker, seen_s_ago, rescued
):
    job = make_job("processing", worker=make_worker(seen_s_ago).pk, started_at=ago(seconds=60))

    assert rescue.rescue_stalled_jobs() == {"rescued": rescued}

    job.refresh_from_db()
    assert job.status == ("pending" if rescued else "processing")
    assert causes(job) == ["worker_lost"] * rescued


def test_claim_is_a_sign_of_life(make_job, make_worker):
    make_job("processing", worker=make_worker(60).pk, started_at=ago(seconds=5))

    assert rescue.rescue_stalled_jobs() == {"rescued": 0}


def test_claim_from_the_future_is_no_sign_of_life(make_job, make_worker):
    """The clock of its worker was an hour ahead."""
    make_job("processing", worker=make_worker(60).pk, started_at=ago(hours=-1))

    assert rescue.rescue_stalled_jobs() == {"rescued": 1}


def test_silence_proves_nothing_right_after_an_outage_of_the_database(make_job, make_worker):
    make_job("processing", worker=make_worker(60).pk, started_at=ago(seconds=60))

    assert rescue.rescue_stalled_jobs(trusts_silence=False) == {"rescued": 0}


def test_row_of_a_dead_worker_is_deleted_after_its_jobs_are_rescued(make_job, make_worker):
    dead, living = make_worker(601), make_worker(1)
    make_job("processing", worker=dead.pk, started_at=ago(hours=1))

    rescue.rescue_stalled_jobs()
    assert WorkerProcess.objects.count() == 2
    rescue.rescue_stalled_jobs()

    assert WorkerProcess.objects.get() == living


# --- Calls of unknown cost ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("is_calling", "began_s_ago", "calls"),
    [(True, 60, 1), (False, 60, 0), (False, 19, 1)],
    ids=["asked", "did not ask", "began after the last sign of life"],
)
def test_only_calls_that_may_have_begun_are_booked(make_job, make_worker, is_calling, began_s_ago, calls):
    worker = make_worker(20)
    job = make_job("processing", worker=worker.pk, started_at=ago(seconds=began_s_ago))
    WorkerProcess.objects.update(calling=[str(job.pk)] if is_calling else [])

    assert rescue.rescue_stalled_jobs() == {"rescued": 1}

    assert [call.error_code for call in job.calls.all()] == ["worker_lost"] * calls


# --- Claims without a thread ----------------------------------------------------------------------------------


def test_claim_whose_answer_was_lost_is_given_back_without_using_a_try(make_job, make_worker, register):
    make_worker(1, pk=register.worker)
    lost = make_job("processing", worker=register.worker, started_at=ago(seconds=5))
    running = make_job("processing", worker=register.worker, started_at=ago(seconds=5))
    make_job("processing", worker=register.worker, started_at=ago(seconds=1))
    make_job("processing", worker=make_worker(1).pk, started_at=ago(seconds=60))
    register.add(running.pk)

    assert rescue.rescue_stalled_jobs() == {"rescued": 0}
    register.suspect_loss()
    assert rescue.rescue_stalled_jobs() == {"rescued": 1}

    lost.refresh_from_db()
    assert (lost.status, lost.error_code, lost.attempts, lost.attempt_limit) == (
        "pending",
        "claim_lost",
        1,
        5,
    )
    assert lost.calls.count() == 0


def test_suspicion_ends(register, monkeypatch):
    moment = [100.0]
    watched = InFlight(clock=lambda: moment[0])
    watched.suspect_loss()

    moment[0] = 114.0
    assert watched.may_have_lost_some
    moment[0] = 116.0
    assert not watched.may_have_lost_some


# --- Attempts without an end ----------------------------------------------------------------------------------


def test_job_whose_attempts_have_no_end_fails_by_name(make_job, make_worker):
    worker = make_worker(1)
    job = make_job("processing", worker=worker.pk, claimed_until=ago(seconds=1))

    assert rescue.rescue_stalled_jobs() == {"rescued": 1}
    job.refresh_from_db()
    assert (job.status, job.error_code) == ("pending", "attempt_overdue")
    type(job).objects.update(status="processing", attempts=2, claimed_until=ago(seconds=1))
    assert rescue.rescue_stalled_jobs() == {"rescued": 1}

    job.refresh_from_db()
    assert (job.status, job.error_code) == ("failed", "attempt_overdue")
    assert job.error_message == "Gave up after 2 attempts: The attempt exceeded its time limit."
    assert causes(job) == ["attempt_overdue", "attempt_overdue"]
