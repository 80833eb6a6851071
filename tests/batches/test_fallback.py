"""Jobs that a batch does not answer, or not in time, go on without it."""

from __future__ import annotations

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
def test_job_that_was_not_answered_is_asked_directly_and_has_all_its_tries(
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


def test_job_asked_directly_after_a_batch_gives_way_to_others(lane, submit_batch_job, send, poll, llm, run):
    lane.next(faults.expired)
    job = submit_batch_job()
    send()
    polling.poll_batches()

    run(job)

    assert llm.requests[0].lane == "batch_fallback"


def test_batch_that_is_late_is_left_and_called_off(lane, submit_batch_job, send, run, age):
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


def test_late_answer_is_in_the_books_and_changes_nothing(lane, submit_batch_job, send, run, age, monkeypatch):
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


def test_batch_without_some_result_sends_its_job_on(lane, submit_batch_job, send, monkeypatch):
    job = submit_batch_job()
    send()
    monkeypatch.setattr(AnthropicBatches, "results", lambda self, batch_id: iter(()))

    polling.poll_batches()

    assert (reload(job).status, reload(job).error_code) == ("pending", "batch_incomplete")
    assert MessageBatch.objects.get().state == "ended"


def test_provider_that_cannot_be_asked_keeps_nobody_waiting(lane, submit_batch_job, send, age):
    job = submit_batch_job()
    send()
    lane.next(faults.server_error.at("batches").repeated(2))

    polling.poll_batches()
    batch = MessageBatch.objects.get()
    assert (batch.state, "500" in batch.error) == ("running", True)
    age(hours=7)
    polling.poll_batches()

    assert reload(job).error_code == "batch_late"


def test_batch_that_the_provider_no_longer_knows_is_given_up(lane, submit_batch_job, send, age):
    submit_batch_job()
    send()
    lane.reset()
    age(hours=31)

    polling.poll_batches()

    assert MessageBatch.objects.get().state == "ended"
    call = ModelCall.objects.get()
    assert (call.error_code, call.is_batch, call.cost_usd) == ("batch_incomplete", True, None)
