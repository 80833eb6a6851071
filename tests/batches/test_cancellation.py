"""Cancellation in the batch lane: paid answers are booked, unneeded batches are cancelled."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from agents.batches import polling
from agents.jobs import actions, maintenance
from agents.models import AgentJob, BatchItem, MessageBatch, ModelCall
from tests.support.facts import event_kinds, reload

pytestmark = pytest.mark.django_db


def test_cancelled_job_is_charged_but_drops_its_answer(lane, submit_batch_job, send, poll, creator):
    job, other = submit_batch_job(), submit_batch_job()
    send()
    actions.cancel_job(job.pk, by=creator)

    poll()

    job = reload(job)
    assert (job.status, job.output_data, event_kinds(job)[-1]) == ("cancelled", None, "late_result_dropped")
    assert (job.calls.count(), ModelCall.objects.filter(is_batch=True).count()) == (1, 2)
    assert reload(other).status == "completed"


def test_job_cancelled_after_arrival_is_charged(lane, submit_batch_job, send, run, creator):
    job = submit_batch_job()
    send()
    polling.poll_batches()
    actions.cancel_job(job.pk, by=creator)

    run(job)

    assert (reload(job).status, job.calls.count()) == ("cancelled", 1)


def test_cancelled_job_is_kept_until_its_answer_is_charged(lane, submit_batch_job, send, creator):
    lane.latency(batch_s=1000)
    job = submit_batch_job()
    send()
    actions.cancel_job(job.pk, by=creator)
    AgentJob.objects.update(completed_at=timezone.now() - timedelta(days=40))

    assert maintenance.cleanup_old_jobs(30)["deleted"] == 0
    lane.advance(1000)
    polling.poll_batches()

    assert maintenance.cleanup_old_jobs(30)["deleted"] == 1
    assert ModelCall.objects.filter(is_batch=True).count() == 1


def test_batch_without_waiting_jobs_is_cancelled_at_the_provider(lane, submit_batch_job, send, creator):
    lane.latency(batch_s=1000, cancel_s=5)
    made = [submit_batch_job(), submit_batch_job()]
    send()
    actions.cancel_job(made[0].pk, by=creator)
    polling.poll_batches()
    actions.cancel_job(made[1].pk, by=creator)
    polling.poll_batches()
    polling.poll_batches()
    lane.advance(5)
    polling.poll_batches()

    assert MessageBatch.objects.get().state == "ended"
    assert list(BatchItem.objects.values_list("outcome", flat=True)) == ["canceled", "canceled"]
    assert lane.log.billed == []


def test_jobs_with_unapplied_answers_are_enqueued_periodically(lane, submit_batch_job, send, enqueued, age):
    job = submit_batch_job()
    send()

    polling.poll_batches()
    polling.poll_batches()
    assert enqueued == [job.pk]
    age(minutes=11)
    polling.poll_batches()

    assert enqueued == [job.pk, job.pk]
