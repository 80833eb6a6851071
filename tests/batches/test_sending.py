"""Gathering and sending of jobs in batches, and the fallback when a batch is refused."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.utils import timezone

from agents.batches import gathering, sending
from agents.choices import JobPriority
from agents.common import world_context
from agents.jobs import actions, submission
from agents.jobs.submission import JobRequest
from agents.llm.limits.call_result import CallResult
from agents.llm.limits.types import CallStatus
from agents.models import AgentJob, BatchItem, MessageBatch
from agents.providers import factory, run_settings
from agents.schedules import scheduling
from dev.standin import faults, status
from tests.llm.limits import helpers
from tests.support.facts import event_kinds, wait_s
from tests.support.fixtures.jobs import INPUTS

pytestmark = pytest.mark.django_db


def sent_names(server):
    return [
        [item["custom_id"] for item in call.body["requests"]]
        for call in server.log.calls
        if call.route == "batches" and call.body
    ]


def test_batch_job_is_due_at_its_deadline_and_not_enqueued(
    lane, submit_batch_job, enqueued, settings, django_capture_on_commit_callbacks
):
    settings.BATCH_FALL_BACK_S = 3600

    with django_capture_on_commit_callbacks(execute=True):
        job = submit_batch_job()

    assert (job.status, job.priority, job.sent_at, enqueued) == ("pending", "batch", None, [])
    assert job.available_at == job.batch_until
    assert 3590 < wait_s(job) <= 3600


@pytest.mark.parametrize("off", [{"ANTHROPIC_API_KEY": ""}, {"BATCH_LANE": False}])
def test_job_is_enqueued_at_once_without_batches(lane, submit_batch_job, send, settings, off):
    for name, value in off.items():
        setattr(settings, name, value)

    job = submit_batch_job()

    assert (job.priority, job.batch_until) == ("batch", None)
    assert wait_s(job) <= 0
    assert send() == 0
    settings.ANTHROPIC_API_KEY = "test-key"


def test_jobs_are_sent_together_and_held_until_the_batch_ends(lane, submit_batch_job, send):
    made = [submit_batch_job(), submit_batch_job("spatial"), submit_batch_job("consistency")]

    assert send() == 3

    batch = MessageBatch.objects.get()
    assert (batch.state, batch.requests, batch.model) == ("running", 3, "claude-haiku-5-5")
    assert batch.provider_id.startswith("msgbatch_")
    assert batch.fall_back_at == made[0].batch_until
    (names,) = sent_names(lane)
    assert sorted(names) == sorted(f"{job.pk.hex}-1" for job in made)
    for job in AgentJob.objects.all():
        assert (job.status, job.attempts, job.batch_until) == ("processing", 1, None)
        assert event_kinds(job) == ["submitted", "batched"]
    assert send() == 0


def test_jobs_are_gathered_before_sending(lane, submit_batch_job, send, settings, age):
    settings.BATCH_GATHER_S = 60
    submit_batch_job()
    assert send() == 0

    age(seconds=61)
    submit_batch_job()

    assert send() == 2
    assert MessageBatch.objects.count() == 1


def test_each_model_has_its_own_batch(lane, submit_batch_job, send, settings):
    settings.AGENT_MODELS = {**settings.AGENT_MODELS, "spatial": "claude-sonnet-5-5"}
    submit_batch_job()
    submit_batch_job("spatial")

    assert send() == 2

    models = MessageBatch.objects.order_by("model").values_list("model", "requests")
    assert list(models) == [("claude-haiku-5-5", 1), ("claude-sonnet-5-5", 1)]


def test_full_batch_is_sent_and_the_next_begins(lane, submit_batch_job, send, monkeypatch):
    monkeypatch.setattr(gathering, "MAX_ITEMS", 2)
    for _ in range(3):
        submit_batch_job()

    assert send() == 3

    assert sorted(MessageBatch.objects.values_list("requests", flat=True)) == [1, 2]


def test_batch_size_in_bytes_is_limited(lane, submit_batch_job, send, monkeypatch):
    monkeypatch.setattr(gathering, "MAX_BYTES", 1)
    submit_batch_job()
    submit_batch_job()

    assert send() == 2

    assert MessageBatch.objects.count() == 2


def test_large_cached_worlds_make_small_batches(lane, submit_batch_job, send, monkeypatch, universe):
    view = world_context.world_view(universe)
    assert view is not None
    monkeypatch.setattr(gathering, "MAX_WORLD_CHARS", len(view.canonical_json()))
    submit_batch_job(universe=universe)
    submit_batch_job(universe=universe)

    assert send() == 2

    assert MessageBatch.objects.count() == 2


def test_bug_in_one_job_does_not_hold_up_others(lane, submit_batch_job, send, enqueued, monkeypatch):
    bad, good = submit_batch_job(), submit_batch_job()
    plain = run_settings.run_settings
    monkeypatch.setattr(run_settings, "run_settings", lambda job: 1 / 0 if job.pk == bad.pk else plain(job))

    assert send() == 1

    assert enqueued == [bad.pk]
    assert AgentJob.objects.get(pk=bad.pk).batch_until is None
    assert AgentJob.objects.get(pk=good.pk).status == "processing"


def test_job_that_cannot_be_batched_is_enqueued(lane, submit_batch_job, send, run, enqueued):
    bad, good = submit_batch_job(), submit_batch_job()
    AgentJob.objects.filter(pk=bad.pk).update(input_data={})

    assert send() == 1

    assert enqueued == [bad.pk]
    assert (run(bad).error_code, run(bad).status) == ("invalid_input", "failed")
    assert AgentJob.objects.get(pk=good.pk).status == "processing"


def test_reusable_job_does_not_wait_for_a_batch(lane, submit_batch_job, send, run, creator):
    first = run(
        submission.submit_job(JobRequest(by=creator, agent_type="spatial", input_data=INPUTS["spatial"]))
    )
    assert first.status == "completed"
    job = submission.submit_job(
        JobRequest(
            by=creator,
            agent_type="spatial",
            input_data=INPUTS["spatial"],
            priority=JobPriority.BATCH,
            may_reuse=True,
        )
    )

    assert send() == 0

    job = run(job)
    assert (job.status, job.reused_from_id, len(lane.calls)) == ("completed", first.pk, 1)


def test_cancelled_job_is_not_sent(lane, submit_batch_job, send, creator):
    actions.cancel_job(submit_batch_job().pk, by=creator)

    assert send() == 0


def test_jobs_near_their_deadline_are_not_batched(lane, submit_batch_job, send, age):
    submit_batch_job()
    age(hours=5.5)

    assert send() == 0


# --- Where the provider takes nothing ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        (status(401), "authentication"),
        (faults.spend_limit_tier, "billing"),
        (faults.rate_limited, "rate_limited"),
        (faults.overloaded, "overloaded"),
    ],
)
def test_refused_jobs_wait_for_a_later_batch(lane, submit_batch_job, send, fault, code, age):
    job = submit_batch_job()
    lane.next(fault.at("batches"))

    assert send() == 0

    job.refresh_from_db()
    assert (job.status, job.attempts, job.attempt_limit, job.error_code) == ("pending", 1, 5, code)
    assert job.available_at == job.batch_until
    assert wait_s(job) > 21000
    assert event_kinds(job) == ["submitted", "batched", "batch_left"]
    assert (MessageBatch.objects.count(), BatchItem.objects.count()) == (0, 0)
    assert send() == 0, "they are left alone for a while"
    age(minutes=11)
    assert send() == 1
    assert sent_names(lane)[-1] == [f"{job.pk.hex}-2"]


def test_unreachable_provider_has_received_nothing(lane, submit_batch_job, send, settings):
    settings.ANTHROPIC_BASE_URL = "http://127.0.0.1:9"
    job = submit_batch_job()

    assert send() == 0

    job.refresh_from_db()
    assert (job.status, job.error_code, job.available_at) == ("pending", "connection", job.batch_until)


def test_one_job_probes_after_a_refusal(lane, submit_batch_job, send, age):
    for _ in range(3):
        submit_batch_job()
    lane.next(status(401).at("batches").repeated(2))
    send()
    age(minutes=11)

    assert send() == 0

    assert sorted(AgentJob.objects.values_list("attempts", flat=True)) == [1, 1, 2]
    assert send() == 2, "the one that tried is left alone"
    assert [len(names) for names in sent_names(lane)][-2:] == [1, 1]


def test_permanently_rejected_batch_releases_its_jobs_at_once(lane, submit_batch_job, send, enqueued, run):
    job = submit_batch_job()
    lane.next(status(413).at("batches"))

    send()

    job.refresh_from_db()
    assert (job.status, job.batch_until, job.error_code) == ("pending", None, "payload_too_large")
    assert (wait_s(job) <= 0, job.attempt_limit - job.attempts) == (True, 3 + 1)
    assert run(job).status == "completed"
    assert lane.calls[0].lane == "live"


def test_paused_model_is_probed_with_one_job(lane, submit_batch_job, send, monkeypatch):
    limits = factory.limits()
    assert limits is not None
    stop = helpers.must_reserve(limits, helpers.make_request("x", model="claude-haiku-5-5"))
    limits.settle(stop, CallResult(status=CallStatus.STOPPED, message="401"))
    for _ in range(3):
        submit_batch_job()

    assert send() == 0

    monkeypatch.setattr(sending, "_is_paused", lambda model, or_unproven=False: or_unproven)
    # Jobs behind them in the queue go first.
    submit_batch_job()
    assert send() == 1
    AgentJob.objects.filter(status="pending").update(sent_at=timezone.now() - gathering.REFUSED_PAUSE)
    assert send() == 3
    assert [len(names) for names in sent_names(lane)] == [1, 1, 2]


# --- Cost ----------------------------------------------------------------------------------------------


def test_batch_job_is_estimated_at_half_price(lane, creator, settings):
    def high(priority):
        asked = {"by": creator, "agent_type": "spatial", "input_data": INPUTS["spatial"]}
        price = submission.preview_job(JobRequest(**asked, priority=priority))["price_usd"]
        assert price is not None
        return Decimal(price["high"])

    now = high(JobPriority.NORMAL)
    assert high(JobPriority.BATCH) == pytest.approx(now / 2, abs=Decimal("0.00001"))
    settings.BATCH_LANE = False
    assert high(JobPriority.BATCH) == now


# --- Who may wait -----------------------------------------------------------------------------------------------


def test_scheduled_job_may_be_batched(lane, make_schedule):
    schedule = make_schedule()
    schedule.next_run_at = schedule.created_at
    schedule.save()

    assert scheduling.run_due()["submitted"] == 1

    job = AgentJob.objects.get()
    assert (job.priority, job.batch_until is not None) == (JobPriority.BATCH, True)
