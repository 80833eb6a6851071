"""Accounts with many waiting jobs."""

from __future__ import annotations

import pytest

from agents.common import dispatch
from agents.errors import TooManyWaitingJobs
from agents.jobs import maintenance, submission
from agents.jobs.submission import JobRequest
from agents.models import AgentJob
from tests.support.rows import INPUTS, make_job


@pytest.fixture(autouse=True)
def few(settings):
    settings.CROWDED_AFTER_JOBS, settings.MAX_WAITING_JOBS = 3, 5


def request(by):
    return JobRequest(by=by, agent_type="spatial", input_data=INPUTS["spatial"])


@pytest.mark.django_db
def test_further_jobs_of_an_account_are_crowded(creator, stranger):
    submitted = [submission.submit_job(request(creator)).is_crowded for _ in range(5)]

    assert submitted == [False, False, False, True, True]
    assert not submission.submit_job(request(stranger)).is_crowded


@pytest.mark.django_db
def test_finished_jobs_make_no_crowd(creator):
    for status in ("completed", "failed", "processing"):
        make_job(creator, status=status)
        make_job(creator, status=status)

    assert not submission.submit_job(request(creator)).is_crowded


@pytest.mark.django_db
def test_jobs_beyond_the_quota_are_refused(creator, stranger):
    for _ in range(5):
        submission.submit_job(request(creator))

    with pytest.raises(TooManyWaitingJobs):
        submission.submit_job(request(creator))

    assert AgentJob.objects.count() == 5
    submission.submit_job(request(stranger))


@pytest.mark.django_db
def test_refusal_is_a_429_that_says_when_to_come_back(api, creator):
    body = {"agent_type": "spatial", "input_data": INPUTS["spatial"]}
    answers = [api.post("/agents/jobs", body) for _ in range(6)]

    assert [answer.status_code for answer in answers] == [202] * 5 + [429]
    assert answers[-1].json()["code"] == "too_many_waiting_jobs"
    assert answers[-1]["Retry-After"] == "60"


@pytest.mark.django_db
def test_batch_is_stored_up_to_the_quota(creator):
    answers = submission.submit_jobs([request(creator)] * 7, all_or_none=False)

    assert [isinstance(answer, TooManyWaitingJobs) for answer in answers] == [False] * 5 + [True] * 2
    assert [job.is_crowded for job in AgentJob.objects.order_by("pk")] == [False] * 3 + [True] * 2


@pytest.mark.django_db(transaction=True)
def test_crowded_jobs_have_a_queue_of_their_own(creator, broker):
    for _ in range(5):
        submission.submit_job(request(creator))

    with broker.client() as client:
        assert (client.llen(dispatch.JOBS_QUEUE), client.llen(dispatch.CROWDED_QUEUE)) == (3, 2)
    assert dispatch.queue_length() == 5


@pytest.mark.django_db
def test_idle_worker_takes_crowded_jobs_last(creator, stranger, monkeypatch):
    monkeypatch.setattr("agents.jobs.maintenance.random.sample", lambda jobs, number: jobs[:number])
    make_job(creator, status="pending", is_crowded=True, sent_at=None)
    other = make_job(stranger, status="pending", sent_at=None)

    assert maintenance.overlooked_jobs(1) == [other.pk]
