"""Concurrent senders, pollers and workers, with real threads and connections."""

from __future__ import annotations

import pytest

from agents.batches import polling, sending
from agents.batches.answer_source import process_job
from agents.jobs import actions
from agents.models import AgentJob, AgentJobEvent, BatchItem, MessageBatch, ModelCall
from tests.support.threads import run_concurrently

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("broker")]


def test_two_senders_share_no_job(lane, submit_batch_job):
    made = [submit_batch_job() for _ in range(8)]

    counts = run_concurrently(*[sending.send_batches] * 2)

    assert sum(count["jobs"] for count in counts) == 8
    sent = [item for call in lane.log.calls if call.body for item in call.body["requests"]]
    assert sorted(item["custom_id"] for item in sent) == sorted(f"{job.pk.hex}-1" for job in made)
    assert set(AgentJob.objects.values_list("status", "attempts")) == {("processing", 1)}
    assert AgentJobEvent.objects.filter(kind="batched").count() == 8


def test_answers_are_stored_applied_and_booked_once(lane, submit_batch_job, enqueued):
    made = [submit_batch_job() for _ in range(6)]
    sending.send_batches()

    run_concurrently(*[polling.poll_batches] * 3)
    assert sorted(enqueued) == sorted(job.pk for job in made)
    run_concurrently(*[lambda job=job: process_job(job.pk) for job in made for _ in range(2)])

    assert MessageBatch.objects.get().state == "ended"
    assert set(AgentJob.objects.values_list("status", flat=True)) == {"completed"}
    assert sorted(ModelCall.objects.values_list("job", "is_batch")) == sorted((job.pk, True) for job in made)
    assert AgentJobEvent.objects.filter(kind="completed").count() == 6
    assert lane.calls == []


def test_jobs_cancelled_while_their_answers_are_applied_are_booked_once(lane, submit_batch_job, creator):
    made = [submit_batch_job() for _ in range(6)]
    sending.send_batches()
    polling.poll_batches()

    def cancel(job):
        return lambda: actions.cancel_job(job.pk, by=creator)

    run_concurrently(*[lambda job=job: process_job(job.pk) for job in made], *map(cancel, made))
    polling.poll_batches()

    assert set(AgentJob.objects.values_list("status", flat=True)) <= {"completed", "cancelled"}
    assert ModelCall.objects.count() == 6
    assert BatchItem.objects.filter(applied_at__isnull=True).count() == 0


def test_two_pollers_release_the_jobs_of_a_late_batch_once(lane, submit_batch_job, age, enqueued):
    lane.latency(batch_s=30_000)
    made = [submit_batch_job() for _ in range(6)]
    sending.send_batches()
    age(hours=7)

    run_concurrently(*[polling.poll_batches] * 3)

    assert sorted(enqueued) == sorted(job.pk for job in made)
    assert set(AgentJob.objects.values_list("status", "attempts", "attempt_limit")) == {("pending", 1, 5)}
    assert AgentJobEvent.objects.filter(kind="batch_left").count() == 6
