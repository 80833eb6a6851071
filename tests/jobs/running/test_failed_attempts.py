"""Failed attempts: retries, final failures, and results that arrive too late."""

from __future__ import annotations

import logging
from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from agents.common.text.timestamps import isoformat_utc
from agents.engine.agents.narrative import NarrativeAgent
from agents.jobs import actions
from agents.jobs.running import processing, retry_policy
from agents.llm.base import ProviderAccountError, RequestRejected, TransientError, Usage
from agents.models import AgentJob
from tests.support.facts import event_kinds, wait_s
from universes.models import Scene

pytestmark = pytest.mark.django_db


def busy(retry_after_s=None):
    return TransientError("overloaded", "The model is overloaded.", retry_after_s=retry_after_s)


def make_due():
    AgentJob.objects.update(available_at=timezone.now())


def test_transient_failure_is_retried_later(submit, run, llm):
    llm.will(busy())

    job = run(submit())

    assert (job.status, job.attempts, job.sent_at) == ("pending", 1, None)
    assert (job.error_code, job.error_message) == ("overloaded", "The model is overloaded.")
    assert 1.5 < wait_s(job) <= 4
    assert job.completed_at is None
    event = job.events.last()
    assert (event.kind, event.attempt, event.data["code"]) == ("rescheduled", 1, "overloaded")
    assert event.data["available_at"] == isoformat_utc(job.available_at)


def test_successful_retry_clears_the_error(submit, run, llm):
    llm.will(busy())
    job = run(submit())
    make_due()

    job = run(job)

    assert (job.status, job.attempts, job.error_code, job.error_message) == ("completed", 2, "", "")
    assert event_kinds(job) == ["submitted", "claimed", "rescheduled", "claimed", "completed"]
    assert [request.attempt for request in llm.requests] == [1, 2]


@pytest.mark.parametrize(("nth", "backoff_s"), [(1, 4), (2, 8), (3, 16), (6, 128)])
def test_back_off_doubles_with_jitter_in_upper_half(nth, backoff_s):
    delays = [retry_policy.delay_before(nth, None).total_seconds() for _ in range(200)]

    assert backoff_s / 2 <= min(delays) < 0.6 * backoff_s
    assert 0.9 * backoff_s < max(delays) <= backoff_s


@pytest.mark.parametrize(("asked_s", "waits_s"), [(60, 60), (899, 899), (900, 900), (86_400, 900)])
def test_retry_after_is_honoured_up_to_the_cap(submit, run, llm, asked_s, waits_s):
    llm.will(busy(retry_after_s=asked_s))

    assert waits_s - 2 < wait_s(run(submit())) <= waits_s


def test_short_retry_after_does_not_shorten_back_off(submit, run, llm):
    llm.will(busy(retry_after_s=0.1))

    assert wait_s(run(submit())) > 1.5


@pytest.mark.parametrize("nth", [20, 5000])
def test_back_off_is_capped(nth):
    assert retry_policy.delay_before(nth, None) == timedelta(seconds=900)


def test_manual_retry_restarts_back_off(make_job, run, llm, creator):
    job = make_job("failed", attempts=4)
    actions.retry_job(job.pk, by=creator)
    llm.will(busy(), busy())

    assert 1.5 < wait_s(run(job)) <= 4
    make_due()
    assert 3.5 < wait_s(run(job)) <= 8


def test_last_failed_try_fails_the_job_with_its_message(submit, run, llm):
    llm.will(*[busy()] * 4)
    job = submit()

    for _ in range(4):
        make_due()
        job = run(job)

    assert (job.status, job.attempts, job.error_code) == ("failed", 4, "overloaded")
    assert job.error_message == "Gave up after 4 attempts: The model is overloaded."
    assert job.completed_at is not None
    assert event_kinds(job) == ["submitted", *["claimed", "rescheduled"] * 3, "claimed", "failed"]


def test_manual_retry_grants_a_fresh_set_of_tries(submit, run, llm, creator, settings):
    settings.JOB_MAX_RETRIES = 0
    llm.will(busy(), busy())
    job = run(submit())
    assert job.status == "failed"
    assert job.error_message == "The model is overloaded."

    settings.JOB_MAX_RETRIES = 1
    actions.retry_job(job.pk, by=creator)
    job = run(job)

    assert (job.status, job.attempts, job.attempt_limit) == ("pending", 2, 3)


@pytest.mark.parametrize(
    "error",
    [
        RequestRejected("bad_request", "The request was rejected."),
        RequestRejected("payload_too_large", "The request is too large."),
        ProviderAccountError("authentication", "The key is not valid."),
        ProviderAccountError("model_not_found", "There is no such model."),
    ],
)
def test_permanent_error_fails_the_job_at_once(submit, run, llm, error):
    llm.will(error)

    job = run(submit())

    assert (job.status, job.attempts, job.error_code, job.error_message) == (
        "failed",
        1,
        error.code,
        error.message,
    )
    assert job.output_data is None
    assert event_kinds(job) == ["submitted", "claimed", "failed"]


def test_refusal_fails_the_job_and_its_tokens_are_charged(submit, run, llm, universe):
    llm.will(llm.refusal())

    job = run(submit(universe=universe))

    assert (job.status, job.error_code, job.output_data) == ("failed", "refused", None)
    call = job.calls.get()
    assert (call.error_code, call.stop_reason, call.tokens) == ("refused", "refusal", 1200)
    assert not Scene.objects.exists()


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        ("", "empty_output"),
        ("Once upon a time", "invalid_output"),
        ({"title": "Low Tide"}, "invalid_output"),
        ({"title": "Low Tide", "content": "  "}, "empty_output"),
    ],
)
def test_unusable_answer_never_completes_a_job(submit, run, llm, answer, code):
    llm.will(answer, answer)

    job = run(submit())

    assert (job.status, job.attempts, job.error_code, job.output_data) == ("pending", 1, code, None)
    assert [call.error_code for call in job.calls.all()] == [code, code]


def test_repaired_answer_completes_the_job_with_both_calls_in_ledger(submit, run, llm):
    llm.will("Once upon a time")

    job = run(submit())

    assert (job.status, job.attempts, job.error_code) == ("completed", 1, "")
    assert [(call.attempt, call.error_code) for call in job.calls.order_by("id")] == [
        (1, "invalid_output"),
        (1, ""),
    ]
    assert [signal["value"] for signal in job.signals if signal["name"] == "second_try"] == [0.5]


def test_bug_fails_the_job_with_its_code_and_is_logged(submit, run, llm, caplog):
    llm.will(lambda request: 1 / 0)

    with caplog.at_level(logging.ERROR):
        job = run(submit())

    assert (job.status, job.error_code, job.attempts) == ("failed", "internal_error", 1)
    assert job.error_message == "ZeroDivisionError while working on the job; the log has the details."
    assert "attempt_crashed" in caplog.text
    assert "ZeroDivisionError: division by zero" in caplog.text


def test_answer_is_in_ledger_even_if_a_bug_follows(submit, run, llm, monkeypatch):
    monkeypatch.setattr(NarrativeAgent, "observe", lambda *args: 1 / 0)

    job = run(submit())

    assert (job.status, job.error_code, len(llm.requests)) == ("failed", "internal_error", 1)
    assert [(call.error_code, call.tokens, call.cost_usd) for call in job.calls.all()] == [
        ("", 1200, Decimal("0.0002"))
    ]


@pytest.mark.parametrize("tokens", [-1, 2**63])
def test_unstorable_outcome_fails_the_job_without_another_call(submit, run, llm, monkeypatch, tokens):
    monkeypatch.setattr(processing, "WRITE_RETRIES_S", ())
    llm.usage = Usage(input_tokens=tokens, output_tokens=1)

    job = run(submit())

    assert (job.status, job.error_code, job.attempts) == ("failed", "internal_error", 1)
    assert (job.output_data, job.calls.count(), len(llm.requests)) == (None, 0, 1)
    assert event_kinds(job) == ["submitted", "claimed", "failed"]


def test_attempts_before_a_manual_retry_are_not_counted_again(submit, run, llm, creator):
    llm.will(*[busy()] * 8)
    job = submit()
    for _ in range(4):
        make_due()
        job = run(job)
    actions.retry_job(job.pk, by=creator)

    for _ in range(4):
        make_due()
        job = run(job)

    assert (job.status, job.attempts) == ("failed", 8)
    assert job.error_message == "Gave up after 4 attempts: The model is overloaded."
