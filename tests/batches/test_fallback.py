"""Fallback to direct calls for jobs without a result from their batch."""

from __future__ import annotations

from datetime import timedelta

import pytest

from agents.batches import polling
from agents.llm.anthropic.batches import AnthropicBatches
from agents.models import MessageBatch, ModelCall
from dev.standin import faults, status
from tests.batches.conftest import batch_calls
from tests.support.facts import event_kinds, reload, wait_s

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        (faults.expired, "batch_expired"),
        (faults.canceled, "batch_canceled"),
        (faults.overloaded.at("batch_item"), "overloaded"),
        (status(404).at("batch_item"), "model_not_found"),
    ],
)
def test_unanswered_job_is_called_directly_with_all_its_tries(
    lane, submit_batch_job, send, run, enqueued, fault, code, django_capture_on_commit_callbacks
):
    job = submit_batch_job()
    lane.next(fault)
    send()

    with django_capture_on_commit_callbacks(execute=True):
        polling.poll_batches()

    job = reload(job)
    assert (job.status, job.error_code, job.batch_until) == ("pending", code, None)
    assert (job.attempt_limit - job.attempts, wait_s(job) <= 0, enqueued) == (4, True, [job.pk])
    assert event_kinds(job) == ["submitted", "batched", "batch_left"]
    assert job.calls.count() == 0
    job = run(job)
    assert (job.status, job.attempts) == ("completed", 2)
    assert [call.is_batch for call in job.calls.all()] == [False]


def test_direct_call_after_a_batch_yields_to_other_jobs(lane, submit_batch_job, send, poll, llm, run):
    lane.next(faults.expired)
    job = submit_batch_job()
    send()
    polling.poll_batches()

    run(job)

    assert llm.requests[0].lane == "batch_fallback"


def test_late_batch_is_abandoned_and_cancelled(lane, submit_batch_job, send, run, age):
    lane.latency(batch_s=30_000)
    job = submit_batch_job()
    send()
    age(hours=7)

    polling.poll_batches()

    job = reload(job)
    assert (job.status, job.error_code, event_kinds(job)[-1]) == ("pending", "batch_late", "batch_left")
    assert run(job).status == "completed"
    polling.poll_batches()
    polling.poll_batches()
    assert MessageBatch.objects.get().state == "ended"
    assert batch_calls(lane) == []


def test_late_answer_is_charged_and_changes_nothing(lane, submit_batch_job, send, run, age, monkeypatch):
    job = submit_batch_job()
    send()
    monkeypatch.setattr(polling, "_poll_one", lambda batch, provider: None)
    age(hours=7)
    polling.poll_batches()
    done = run(job)
    monkeypatch.undo()

    for _ in range(2):
        polling.poll_batches()

    job = reload(job)
    assert (job.status, job.completed_at, event_kinds(job)[-1]) == (
        "completed",
        done.completed_at,
        "late_result_dropped",
    )
    assert sorted(job.calls.values_list("attempt", "is_batch")) == [(1, True), (2, False)]


def test_job_that_stays_missing_from_the_results_is_called_directly(
    lane, submit_batch_job, send, monkeypatch
):
    job = submit_batch_job()
    send()
    monkeypatch.setattr(AnthropicBatches, "results", lambda self, batch_id: iter(()))
    monkeypatch.setattr(polling, "SHORT_FOR", timedelta(0))

    polling.poll_batches()

    assert (reload(job).status, reload(job).error_code) == ("pending", "batch_incomplete")
    assert MessageBatch.objects.get().state == "ended"


def test_unreachable_provider_does_not_keep_jobs_waiting(lane, submit_batch_job, send, age):
    job = submit_batch_job()
    send()
    lane.next(faults.server_error.at("batches").repeated(2))

    polling.poll_batches()
    batch = MessageBatch.objects.get()
    assert (batch.state, "500" in batch.error) == ("running", True)
    age(hours=7)
    polling.poll_batches()

    assert reload(job).error_code == "batch_late"


def test_batch_unknown_to_the_provider_is_abandoned(lane, submit_batch_job, send, age):
    submit_batch_job()
    send()
    lane.reset()
    age(hours=31)

    polling.poll_batches()

    assert MessageBatch.objects.get().state == "ended"
    call = ModelCall.objects.get()
    assert (call.error_code, call.is_batch, call.cost_usd) == ("batch_incomplete", True, None)
