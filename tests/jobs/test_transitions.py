"""Every transition of a job, and every transition that must not exist."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from agents.choices import JobOutcome, JobStatus
from agents.models import AgentJob

pytestmark = pytest.mark.django_db

LATER = timedelta(minutes=5)

TRANSITIONS: dict[str, Callable[[AgentJob], object]] = {
    "claim": lambda job: AgentJob.objects.claim(job.pk, claim_s=180),
    "complete": lambda job: AgentJob.objects.complete(
        job.pk,
        job.attempts,
        outcome=JobOutcome.TRUSTED,
        output_data={"content": "New."},
        confidence_score=0.8,
    ),
    "put_back": lambda job: AgentJob.objects.put_back(
        job.pk,
        job.attempts,
        available_at=timezone.now() + LATER,
        error_code="timeout",
        error_message="Slow.",
        is_try=True,
    ),
    "fail": lambda job: AgentJob.objects.fail(
        job.pk, job.attempts, error_code="refused", error_message="No.", is_mock=False
    ),
    "retry": lambda job: AgentJob.objects.retry(job.pk, more_attempts=4),
    "cancel": lambda job: AgentJob.objects.cancel(job.pk),
}
ARROWS = {
    ("pending", "claim"): "processing",
    ("pending", "cancel"): "cancelled",
    ("processing", "complete"): "completed",
    ("processing", "put_back"): "pending",
    ("processing", "fail"): "failed",
    ("processing", "cancel"): "cancelled",
    ("failed", "retry"): "pending",
}
HELD = ("complete", "put_back", "fail")


def row(job: AgentJob) -> Any:
    return AgentJob.objects.filter(pk=job.pk).values().get()


@pytest.mark.parametrize("status", JobStatus.values)
@pytest.mark.parametrize("name", TRANSITIONS)
def test_only_documented_transitions_exist(make_job, status, name):
    job = make_job(status)
    before = row(job)

    answer = TRANSITIONS[name](job)

    if (status, name) in ARROWS:
        assert answer
        assert row(job)["status"] == ARROWS[status, name]
    else:
        assert not answer
        assert row(job) == before


@pytest.mark.parametrize("name", HELD)
@pytest.mark.parametrize("attempt", [1, 3])
def test_attempt_without_the_claim_changes_nothing(make_job, name, attempt):
    job = make_job("processing", attempts=2)
    before = row(job)
    job.attempts = attempt

    assert not TRANSITIONS[name](job)

    assert row(job) == before


def test_transition_affects_no_other_job(make_job):
    other = {status: make_job(status) for status in JobStatus.values}
    before = {status: row(job) for status, job in other.items()}
    for status, name in ARROWS:
        TRANSITIONS[name](make_job(status))

    assert {status: row(job) for status, job in other.items()} == before


def test_claim_increments_attempts_and_sets_the_lease(make_job):
    job = make_job(attempts=2)
    before = timezone.now()

    claimed = AgentJob.objects.claim(job.pk, claim_s=180)

    assert claimed is not None
    assert claimed.started_at is not None
    assert claimed.claimed_until is not None
    assert claimed.attempts == 3
    assert before <= claimed.started_at <= timezone.now()
    assert claimed.claimed_until - claimed.started_at == timedelta(seconds=180)


def test_job_is_not_claimed_before_it_is_available(make_job):
    job = make_job(available_at=timezone.now() + LATER)
    before = row(job)

    assert AgentJob.objects.claim(job.pk, claim_s=180) is None

    assert row(job) == before


def test_completion_clears_the_error_of_an_earlier_attempt(make_job):
    job = make_job("processing", error_code="timeout", error_message="Slow.")

    TRANSITIONS["complete"](job)

    stored = row(job)
    assert (stored["error_code"], stored["error_message"], stored["claimed_until"]) == ("", "", None)
    assert stored["completed_at"] is not None


def test_rescheduled_job_is_unsent(make_job):
    job = make_job("processing")

    TRANSITIONS["put_back"](job)

    stored = row(job)
    assert (stored["sent_at"], stored["claimed_until"], stored["error_code"]) == (None, None, "timeout")
    assert stored["available_at"] > timezone.now() + LATER / 2


def test_retry_extends_the_attempt_limit_and_keeps_the_count(make_job):
    job = make_job("failed", attempts=4, attempt_limit=4, available_at=timezone.now() - LATER)

    TRANSITIONS["retry"](job)

    stored = row(job)
    assert (stored["attempts"], stored["attempt_limit"]) == (4, 8)
    assert (stored["error_code"], stored["error_message"], stored["completed_at"]) == ("", "", None)
    assert stored["available_at"] > timezone.now() - LATER
