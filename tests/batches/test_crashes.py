"""Crashes of senders and workers, and lost replies."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from agents.batches import polling, recovery
from agents.batches.answer_source import BatchSource
from agents.engine.registry import get_agent
from agents.jobs.running import processing, rescue
from agents.llm.anthropic.batches import AnthropicBatches
from agents.llm.base import TransientError
from agents.models import BatchItem, MessageBatch
from agents.providers import factory
from dev.standin import faults
from tests.llm.requests import REQUEST
from tests.support.facts import event_kinds, reload, wait_s

pytestmark = pytest.mark.django_db


@pytest.fixture
def lost_answer(monkeypatch):
    """Lose the provider's reply after it has accepted the batch."""
    create = AnthropicBatches.create

    def create_and_fail(self, questions):
        create(self, questions)
        raise TransientError("timeout", "No complete answer came within 300 seconds.")

    monkeypatch.setattr(AnthropicBatches, "create", create_and_fail)


def test_batch_with_lost_reply_is_found_by_its_results(lane, submit_batch_job, send, poll, lost_answer):
    lane.latency(batch_s=100)
    job = submit_batch_job()
    send()
    batch = MessageBatch.objects.get()
    assert (batch.state, batch.provider_id) == ("sending", "")
    assert batch.error == "No complete answer came within 300 seconds."

    poll()
    assert MessageBatch.objects.get().state == "sending"
    lane.advance(100)
    poll()

    batch = MessageBatch.objects.get()
    assert (batch.state, batch.provider_id.startswith("msgbatch_"), batch.error) == ("ended", True, "")
    assert (reload(job).status, job.calls.count(), len(lane.calls)) == ("completed", 1, 0)


def test_dead_sender_is_noticed_after_a_while(lane, submit_batch_job, send, poll, monkeypatch, age):
    job = submit_batch_job()
    create = AnthropicBatches.create

    def create_and_die(self, questions):
        create(self, questions)
        raise SystemExit

    monkeypatch.setattr(AnthropicBatches, "create", create_and_die)
    with pytest.raises(SystemExit):
        send()

    poll()
    assert reload(job).status == "processing"
    age(minutes=11)
    poll()

    assert reload(job).status == "completed"


def test_batch_that_never_arrived_releases_its_jobs(lane, submit_batch_job, send, age):
    job = submit_batch_job()
    lane.next(faults.reset.at("batches"))
    send()
    polling.poll_batches()
    assert reload(job).status == "processing"

    age(minutes=11)
    polling.poll_batches()

    job = reload(job)
    assert (job.status, job.error_code, job.attempt_limit - job.attempts) == ("pending", "batch_lost", 4)
    assert wait_s(job) > 20_000
    assert MessageBatch.objects.count() == 0
    age(minutes=11)
    assert send() == 1


def test_ambiguous_foreign_batch_keeps_ours_open_until_the_deadline(lane, submit_batch_job, send, run, age):
    lane.latency(batch_s=30_000)
    provider = factory.batches()
    assert provider is not None
    provider.create({"others": REQUEST})
    job = submit_batch_job()
    lane.next(faults.reset.at("batches"))
    send()

    age(minutes=11)
    polling.poll_batches()
    assert reload(job).status == "processing"
    MessageBatch.objects.update(fall_back_at=timezone.now())
    polling.poll_batches()

    assert (reload(job).error_code, run(job).status) == ("batch_late", "completed")
    lane.advance(30_000)
    polling.poll_batches()
    assert MessageBatch.objects.count() == 0


def test_foreign_batches_of_the_same_api_key_are_left_alone(
    lane, submit_batch_job, send, lost_answer, monkeypatch
):
    job = submit_batch_job()
    send()
    BatchItem.objects.update(custom_id="another")

    foreign = recovery.ForeignBatches()
    polling.poll_batches(foreign)
    polling.poll_batches(foreign)

    assert reload(job).status == "processing"
    assert len(foreign) == 1
    read = [call for call in lane.log.calls if call.batch_id and call.route == "batches"]
    assert len(read) == 2, "made once and read once"


def test_foreign_batches_beyond_the_maximum_are_forgotten():
    foreign = recovery.ForeignBatches(max_size=2)

    for batch_id in ("a", "b", "c"):
        foreign.add(batch_id)

    assert (len(foreign), "a" in foreign, "c" in foreign) == (2, False, True)


def test_answer_of_a_dead_worker_is_applied_by_the_next(lane, submit_batch_job, send, run):
    job = submit_batch_job()
    send()
    polling.poll_batches()

    assert BatchSource.lease(job.pk) is not None
    assert BatchSource.lease(job.pk) is None
    assert run(job).status == "processing"
    BatchItem.objects.update(held_until=timezone.now() - timedelta(seconds=1))
    assert rescue.rescue_stalled_jobs() == {"rescued": 0}

    assert run(job).status == "completed"
    assert job.calls.count() == 1


def test_unreadable_batch_does_not_hold_up_others(lane, submit_batch_job, send, monkeypatch, poll):
    bad = submit_batch_job()
    send()
    good = submit_batch_job()
    send()
    read = polling._store

    def cannot_read(batch, results):
        if batch.items.filter(job=bad).exists():
            raise ValueError("a mistake of ours")
        read(batch, results)

    monkeypatch.setattr(polling, "_store", cannot_read)

    poll()

    assert (reload(bad).status, reload(good).status) == ("processing", "completed")
    monkeypatch.setattr(polling, "_store", read)
    poll()
    assert reload(bad).status == "completed"


def test_answer_that_crashes_workers_is_abandoned_after_an_hour(lane, submit_batch_job, send, run):
    job = submit_batch_job()
    send()
    polling.poll_batches()
    BatchItem.objects.update(arrived_at=timezone.now() - timedelta(minutes=59))
    assert BatchSource.lease(job.pk) is not None

    with time_machine.travel(timezone.now() + timedelta(minutes=4)):
        assert rescue.rescue_stalled_jobs() == {"rescued": 1}
        polling.poll_batches()

        assert BatchItem.objects.get().applied_at is not None
        assert run(job).status == "completed"
    assert sorted(job.calls.values_list("is_batch", "error_code")) == [
        (False, ""),
        (False, "worker_lost"),
        (True, ""),
    ]


def test_answer_is_applied_once_by_two_workers(lane, submit_batch_job, send, run, monkeypatch):
    job = submit_batch_job()
    send()
    polling.poll_batches()
    think = get_agent

    def another_was_faster(agent_type):
        monkeypatch.setattr(processing, "get_agent", think)
        BatchItem.objects.update(held_until=None)
        run(job)
        return think(agent_type)

    monkeypatch.setattr(processing, "get_agent", another_was_faster)

    assert run(job).status == "completed"
    assert (job.calls.count(), event_kinds(job).count("completed")) == (1, 1)
    assert "late_result_dropped" not in event_kinds(job)


def test_bug_fails_the_job_and_settles_its_answer(lane, submit_batch_job, send, run, monkeypatch):
    job = submit_batch_job()
    send()
    polling.poll_batches()
    monkeypatch.setattr(processing, "get_agent", lambda agent_type: 1 / 0)

    assert run(job).error_code == "internal_error"
    assert BatchItem.objects.get().applied_at is not None
