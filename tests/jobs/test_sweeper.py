"""Sweeper: jobs are enqueued again, and idle workers take what the broker overlooks."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from agents.common import dispatch
from agents.jobs import maintenance
from agents.models import AgentJob

pytestmark = pytest.mark.django_db


def ago(**span):
    return timezone.now() - timedelta(**span)


class Bell:
    """A replacement of the broker that records messages and has a queue length set by the test."""

    def __init__(self):
        self.rung = []
        self.holds = 0

    def enqueue(self, jobs):
        self.rung += [job.pk for job in jobs]
        return len(jobs)


@pytest.fixture
def enqueued(monkeypatch):
    bell = Bell()
    monkeypatch.setattr(dispatch, "enqueue", bell.enqueue)
    monkeypatch.setattr(dispatch, "queue_length", lambda: bell.holds)
    return bell


def test_unsent_due_job_is_enqueued_once(make_job, enqueued):
    job = make_job(sent_at=None)

    assert maintenance.enqueue_due_jobs() == {"sent": 1}
    assert maintenance.enqueue_due_jobs() == {"sent": 0}

    assert enqueued.rung == [job.pk]
    job.refresh_from_db()
    assert job.sent_at > ago(minutes=1)


def test_message_of_a_process_whose_clock_was_ahead_is_sent_again(make_job, enqueued):
    job = make_job(sent_at=ago(hours=-1))

    assert maintenance.overlooked_jobs(9) == [job.pk]
    assert maintenance.enqueue_due_jobs() == {"sent": 1}

    assert enqueued.rung == [job.pk]
    job.refresh_from_db()
    assert job.sent_at < ago(minutes=-1)


def test_job_that_is_not_due_is_not_enqueued(make_job, enqueued):
    make_job(sent_at=None, available_at=timezone.now() + timedelta(minutes=1))
    for status in ("processing", "completed", "failed", "cancelled"):
        make_job(status, sent_at=None)

    assert maintenance.enqueue_due_jobs() == {"sent": 0}

    assert enqueued.rung == []


@pytest.mark.parametrize(("age_s", "sent"), [(59, 0), (61, 1)])
def test_job_lost_by_the_broker_is_enqueued_again_later(make_job, enqueued, age_s, sent):
    make_job(sent_at=ago(seconds=age_s))

    assert maintenance.enqueue_due_jobs() == {"sent": sent}

    assert len(enqueued.rung) == sent


def test_long_queue_is_not_made_longer(make_job, enqueued):
    for _ in range(3):
        make_job(sent_at=ago(hours=1))
    enqueued.holds = 3

    assert maintenance.enqueue_due_jobs() == {"sent": 0}


def test_unsent_job_is_enqueued_despite_a_long_queue(make_job, enqueued):
    make_job(sent_at=ago(hours=1))
    unsent = make_job(sent_at=None)
    enqueued.holds = 50

    maintenance.enqueue_due_jobs()

    assert enqueued.rung == [unsent.pk]


def test_queue_shorter_than_due_jobs_is_refilled(make_job, enqueued):
    for _ in range(3):
        make_job(sent_at=ago(hours=1))
    enqueued.holds = 2

    assert maintenance.enqueue_due_jobs() == {"sent": 3}


def test_oldest_jobs_go_first_and_one_sweep_is_limited(make_job, enqueued, monkeypatch):
    monkeypatch.setattr(maintenance, "MAX_SWEPT", 2)
    waiting = [make_job(sent_at=None, available_at=ago(minutes=minutes)) for minutes in (1, 3, 2)]

    maintenance.enqueue_due_jobs()

    assert sorted(enqueued.rung) == sorted([waiting[1].pk, waiting[2].pk])
    assert AgentJob.objects.get(sent_at=None) == waiting[0]


# --- Without the broker ---------------------------------------------------------------------------------------


def test_idle_worker_takes_jobs_that_the_broker_does_not_know(make_job):
    unsent, lost = make_job(sent_at=None), make_job(sent_at=ago(seconds=3))
    make_job(sent_at=ago(seconds=1))
    make_job(sent_at=None, available_at=timezone.now() + timedelta(minutes=1))
    make_job("processing", sent_at=None)

    assert sorted(maintenance.overlooked_jobs(10)) == sorted([unsent.pk, lost.pk])


def test_idle_worker_takes_jobs_of_people_first(make_job):
    for _ in range(9):
        make_job(sent_at=None, available_at=ago(hours=1), priority="batch")
    of_person = make_job(sent_at=None)

    for _ in range(20):
        assert maintenance.overlooked_jobs(1) == [of_person.pk]
        assert maintenance.overlooked_jobs(3)[0] == of_person.pk


def test_idle_worker_takes_no_more_than_it_has_threads(make_job):
    waiting = {make_job(sent_at=None, available_at=ago(minutes=age)).pk for age in range(12, 0, -1)}

    taken = maintenance.overlooked_jobs(2)

    assert len(set(taken)) == 2
    assert set(taken) < waiting
