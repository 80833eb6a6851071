"""Results of a batch: each is applied once, in any order and however often it arrives."""

from __future__ import annotations

from dataclasses import replace

import pytest
import structlog

from agents.batches import polling
from agents.batches.answer_source import BatchSource
from agents.common import world_context
from agents.jobs.running import rescue
from agents.llm.anthropic.batches import AnthropicBatches
from agents.models import BatchItem, IntentionalFinding, MessageBatch
from agents.providers import factory
from dev.standin import faults, status
from tests.batches.conftest import batch_calls
from tests.support.facts import event_kinds, reload, wait_s
from universes.services import universes
from universes.services.rules import RuleInput

pytestmark = pytest.mark.django_db


def test_each_job_gets_its_own_answer(lane, submit_batch_job, send, poll):
    made = [submit_batch_job("spatial", location_name=f"Weir {number}") for number in range(5)]
    send()

    poll()

    for number, job in enumerate(map(reload, made)):
        assert (job.status, job.attempts, job.error_code) == ("completed", 1, "")
        assert job.output_data is not None
        assert job.output_data["location_name"] == f"Weir {number}"
        assert event_kinds(job) == ["submitted", "batched", "completed"]
    batch = MessageBatch.objects.get()
    assert (batch.state, batch.error, batch.ended_at is not None) == ("ended", "", True)
    assert lane.calls == [], "nothing was asked live"


def test_ledger_matches_what_the_provider_billed(lane, submit_batch_job, send, poll):
    job = submit_batch_job()
    send()
    poll()
    poll()

    (call,), (billed,) = job.calls.all(), batch_calls(lane)
    assert (call.is_batch, call.attempt, call.model, call.error_code) == (True, 1, "claude-haiku-5-5", "")
    assert billed.used is not None
    assert (call.input_tokens, call.output_tokens) == (billed.used.input, billed.used.output)
    assert call.cost_usd == billed.price_usd
    assert (call.prompt_name, call.prompt_version != "") == ("narrative", True)
    item = BatchItem.objects.get()
    assert (item.outcome, item.world, item.run_settings, item.result) == ("succeeded", None, None, None)


def test_answer_is_checked_with_the_marks_set_meanwhile(lane, submit_batch_job, send, universe):
    submit_batch_job(universe=universe)
    IntentionalFinding.objects.create(universe=universe, finding_id="0" * 16)
    send()
    IntentionalFinding.objects.create(universe=universe, finding_id="1" * 16)

    assert BatchSource(BatchItem.objects.get()).context().settings.intentional == {"0" * 16, "1" * 16}


def test_unfinished_batch_changes_nothing(lane, submit_batch_job, send, poll):
    lane.latency(batch_s=1000)
    job = submit_batch_job()
    send()

    poll()

    assert (reload(job).status, event_kinds(job)) == ("processing", ["submitted", "batched"])
    assert rescue.rescue_stalled_jobs() == {"rescued": 0}
    lane.advance(1000)
    poll()
    assert reload(job).status == "completed"


def test_repeated_results_are_applied_once(lane, submit_batch_job, send, poll, monkeypatch):
    job = submit_batch_job()
    send()
    provider = factory.batches()
    assert provider is not None
    twice = [*provider.results(MessageBatch.objects.get().provider_id)] * 2
    monkeypatch.setattr(AnthropicBatches, "results", lambda self, batch_id: iter(twice))
    monkeypatch.setattr(polling, "RESULTS_PER_TRANSACTION", 1)

    poll()
    MessageBatch.objects.update(state="running")
    poll()

    assert (reload(job).status, job.calls.count()) == ("completed", 1)
    assert BatchItem.objects.get().result is None


def some_of(count, batch):
    """Return the first results of a batch, as a provider answers that has not stored them all yet."""
    provider = factory.batches()
    assert provider is not None
    return [*provider.results(batch.provider_id)][:count]


def test_short_results_are_asked_for_again_before_a_job_is_asked_twice(
    lane, submit_batch_job, send, poll, monkeypatch, enqueued
):
    jobs = [submit_batch_job(), submit_batch_job()]
    send()
    batch = MessageBatch.objects.get()
    first = some_of(1, batch)

    with monkeypatch.context() as short, structlog.testing.capture_logs() as logs:
        short.setattr(AnthropicBatches, "results", lambda self, batch_id: iter(first))
        poll()

    assert sorted(reload(job).status for job in jobs) == ["completed", "processing"]
    batch.refresh_from_db()
    assert (batch.state, batch.error) == (
        "running",
        "1 of 2 results have come; they are asked for again.",
    )
    (told,) = (entry for entry in logs if entry["event"] == "batch_results_short")
    assert (told["log_level"], told["found"], told["promised"]) == ("error", 1, 2)

    poll()

    batch.refresh_from_db()
    assert (batch.state, batch.error) == ("ended", "")
    assert [(reload(job).status, job.calls.count()) for job in jobs] == [("completed", 1)] * 2
    assert lane.calls == [], "nothing was asked live"


def test_first_of_two_results_for_a_request_counts(lane, submit_batch_job, send, poll, monkeypatch):
    job = submit_batch_job("spatial", location_name="Weir")
    send()
    (first,) = some_of(1, MessageBatch.objects.get())
    second = replace(first, outcome="expired", is_final=False, result='{"type": "expired"}')
    monkeypatch.setattr(AnthropicBatches, "results", lambda self, batch_id: iter([first, second]))

    with structlog.testing.capture_logs() as logs:
        poll()

    done = reload(job)
    assert done.output_data is not None
    assert (done.output_data["location_name"], job.calls.count()) == ("Weir", 1)
    (told,) = (entry for entry in logs if entry["event"] == "batch_result_repeated")
    assert (told["log_level"], told["custom_id"]) == ("error", first.custom_id)


def test_result_is_judged_against_the_world_as_sent(lane, submit_batch_job, send, poll, universe):
    universes.update_world_config(universe, tech_level="medieval", rules=[RuleInput("No flying.")])
    asked = world_context.world_view(universe)
    assert asked is not None
    job = submit_batch_job(universe=universe)
    send()
    universes.update_world_config(universe, tech_level="modern", rules=[])

    poll()

    assert reload(job).world_hash == asked.hash
    assert world_context.world_view(universe) != asked


def test_result_is_judged_with_the_preferences_as_sent(lane, submit_batch_job, send, poll, settings):
    job = submit_batch_job()
    send()
    settings.REVIEW_THRESHOLDS = {**settings.REVIEW_THRESHOLDS, "narrative": 1.1}

    poll()

    assert reload(job).human_review_required is False


def test_invalid_answer_is_repaired_by_a_live_call(lane, submit_batch_job, send, poll):
    job = submit_batch_job()
    lane.next(faults.not_json.at("batch_item"))
    send()

    poll()

    assert reload(job).status == "completed"
    assert [(call.is_batch, call.error_code) for call in job.calls.order_by("id")] == [
        (True, "invalid_output"),
        (False, ""),
    ]
    assert (len(batch_calls(lane)), len(lane.calls)) == (1, 1)


def test_truncated_answer_without_repair_is_retried_directly(lane, submit_batch_job, send, poll, run):
    job = submit_batch_job()
    lane.next(faults.truncated.at("batch_item"), faults.truncated)
    send()

    poll()

    job = reload(job)
    assert (job.status, job.error_code, job.batch_until) == ("pending", "truncated", None)
    assert 0 < wait_s(job) <= 4
    assert send() == 0, "it is asked directly from now on"


def test_request_rejected_by_the_model_fails_with_its_code(lane, submit_batch_job, send, poll):
    job = submit_batch_job()
    lane.next(status(400, message="The prompt is too long.").at("batch_item"))
    send()

    poll()

    job = reload(job)
    assert (job.status, job.error_code) == ("failed", "bad_request")
    assert "The prompt is too long." in job.error_message
    assert event_kinds(job)[-1] == "failed"
