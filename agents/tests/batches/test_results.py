"""What comes back: applied once, in whatever order and however often it arrives; what does not come back goes on."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from agents.engine.registry import get_agent
from agents.llm.anthropic_batches import AnthropicBatches
from agents.llm.base import TransientError
from agents.models import AgentJob, BatchItem, MessageBatch, ModelCall
from agents.services import batch_items, batch_polling, jobs, maintenance, processing, wiring, worlds
from agents.tests.batches.conftest import kinds, wait_s
from agents.tests.llm.requests import REQUEST
from standin import faults, status
from universes.services import universes

pytestmark = pytest.mark.django_db


def reload(job):
    return AgentJob.objects.get(pk=job.pk)


def batch_calls(server):
    return [call for call in server.log.billed if call.lane == "batch"]


def test_every_job_gets_its_own_answer(lane, wait, send, poll):
    made = [wait("spatial", location_name=f"Weir {number}") for number in range(5)]
    send()

    poll()

    for number, job in enumerate(map(reload, made)):
        assert (job.status, job.attempts, job.error_code) == ("completed", 1, "")
        assert job.output_data is not None
        assert job.output_data["location_name"] == f"Weir {number}"
        assert kinds(job) == ["submitted", "batched", "completed"]
    batch = MessageBatch.objects.get()
    assert (batch.state, batch.error, batch.ended_at is not None) == ("ended", "", True)
    assert lane.calls == [], "nothing was asked live"


def test_books_have_what_the_provider_billed(lane, wait, send, poll):
    job = wait()
    send()
    poll()
    poll()

    (call,), (billed,) = job.calls.all(), batch_calls(lane)
    assert (call.is_batch, call.attempt, call.model, call.error_code) == (True, 1, "claude-haiku-5-5", "")
    assert (call.input_tokens, call.output_tokens) == (billed.used.input, billed.used.output)
    assert (call.prompt_name, call.prompt_version != "") == ("narrative", True)
    item = BatchItem.objects.get()
    assert (item.outcome, item.world, item.run_settings, item.result) == ("succeeded", None, None, None)


def test_batch_under_way_changes_nothing(lane, wait, send, poll):
    lane.latency(batch_s=1000)
    job = wait()
    send()

    poll()

    assert (reload(job).status, kinds(job)) == ("processing", ["submitted", "batched"])
    assert maintenance.rescue_stalled_jobs() == {"rescued": 0}
    lane.advance(1000)
    poll()
    assert reload(job).status == "completed"


def test_results_that_come_again_are_the_same_ones(lane, wait, send, poll, monkeypatch):
    job = wait()
    send()
    provider = wiring.batches()
    assert provider is not None
    twice = [*provider.results(MessageBatch.objects.get().provider_id)] * 2
    monkeypatch.setattr(AnthropicBatches, "results", lambda self, batch_id: iter(twice))
    monkeypatch.setattr(batch_polling, "STORED_AT_ONCE", 1)

    poll()
    MessageBatch.objects.update(state="running")
    poll()

    assert (reload(job).status, job.calls.count()) == ("completed", 1)
    assert BatchItem.objects.get().result is None


def test_world_is_the_one_that_was_asked_about(lane, wait, send, poll, universe):
    universes.update_world_config(universe, tech_level="medieval", rules=[universes.RuleInput("No flying.")])
    asked = worlds.world_view(universe)
    assert asked is not None
    job = wait(universe=universe)
    send()
    universes.update_world_config(universe, tech_level="modern", rules=[])

    poll()

    assert reload(job).world_hash == asked.hash
    assert worlds.world_view(universe) != asked


def test_preferences_are_those_that_were_asked_with(lane, wait, send, poll, settings):
    job = wait()
    send()
    settings.REVIEW_THRESHOLDS = {**settings.REVIEW_THRESHOLDS, "narrative": 1.1}

    poll()

    assert reload(job).human_review_required is False


def test_spoiled_answer_is_mended_by_a_live_call(lane, wait, send, poll):
    job = wait()
    lane.next(faults.not_json.at("batch_item"))
    send()

    poll()

    assert reload(job).status == "completed"
    assert [(call.is_batch, call.error_code) for call in job.calls.order_by("id")] == [
        (True, "invalid_output"),
        (False, ""),
    ]
    assert (len(batch_calls(lane)), len(lane.calls)) == (1, 1)


def test_cut_off_answer_without_a_repair_is_tried_again_directly(lane, wait, send, poll, run):
    job = wait()
    lane.next(faults.truncated.at("batch_item"), faults.truncated)
    send()

    poll()

    job = reload(job)
    assert (job.status, job.error_code, job.batch_until) == ("pending", "truncated", None)
    assert 0 < wait_s(job) <= 4
    assert send() == 0, "it is asked directly from now on"


def test_request_that_the_model_cannot_take_fails_by_name(lane, wait, send, poll):
    job = wait()
    lane.next(status(400, message="The prompt is too long.").at("batch_item"))
    send()

    poll()

    job = reload(job)
    assert (job.status, job.error_code) == ("failed", "bad_request")
    assert "The prompt is too long." in job.error_message
    assert kinds(job)[-1] == "failed"


# --- Who goes on without ----------------------------------------------------------------------------------------


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
    lane, wait, send, run, bell, fault, code, django_capture_on_commit_callbacks
):
    job = wait()
    lane.next(fault)
    send()

    with django_capture_on_commit_callbacks(execute=True):
        batch_polling.poll_batches()

    job = reload(job)
    assert (job.status, job.error_code, job.batch_until) == ("pending", code, None)
    assert (job.attempt_limit - job.attempts, wait_s(job) <= 0, bell) == (4, True, [job.pk])
    assert kinds(job) == ["submitted", "batched", "batch_left"]
    assert job.calls.count() == 0
    job = run(job)
    assert (job.status, job.attempts) == ("completed", 2)
    assert [call.is_batch for call in job.calls.all()] == [False]


def test_job_asked_directly_after_a_batch_gives_way_to_others(lane, wait, send, poll, llm, run):
    lane.next(faults.expired)
    job = wait()
    send()
    batch_polling.poll_batches()

    run(job)

    assert llm.requests[0].lane == "batch_fallback"


def test_batch_that_is_late_is_left_and_called_off(lane, wait, send, run, age):
    lane.latency(batch_s=30_000)
    job = wait()
    send()
    age(hours=7)

    batch_polling.poll_batches()

    job = reload(job)
    assert (job.status, job.error_code, kinds(job)[-1]) == ("pending", "batch_late", "batch_left")
    assert run(job).status == "completed"
    batch_polling.poll_batches()
    batch_polling.poll_batches()
    assert MessageBatch.objects.get().state == "ended"
    assert batch_calls(lane) == []


def test_late_answer_is_in_the_books_and_changes_nothing(lane, wait, send, run, age, monkeypatch):
    job = wait()
    send()
    monkeypatch.setattr(batch_polling, "_look", lambda batch, provider: None)
    age(hours=7)
    batch_polling.poll_batches()
    done = run(job)
    monkeypatch.undo()

    for _ in range(2):
        batch_polling.poll_batches()

    job = reload(job)
    assert (job.status, job.completed_at, kinds(job)[-1]) == (
        "completed",
        done.completed_at,
        "late_result_dropped",
    )
    assert sorted(job.calls.values_list("attempt", "is_batch")) == [(1, True), (2, False)]


def test_batch_without_some_result_sends_its_job_on(lane, wait, send, monkeypatch):
    job = wait()
    send()
    monkeypatch.setattr(AnthropicBatches, "results", lambda self, batch_id: iter(()))

    batch_polling.poll_batches()

    assert (reload(job).status, reload(job).error_code) == ("pending", "batch_incomplete")
    assert MessageBatch.objects.get().state == "ended"


def test_provider_that_cannot_be_asked_keeps_nobody_waiting(lane, wait, send, age):
    job = wait()
    send()
    lane.next(faults.server_error.at("batches").repeated(2))

    batch_polling.poll_batches()
    batch = MessageBatch.objects.get()
    assert (batch.state, "500" in batch.error) == ("running", True)
    age(hours=7)
    batch_polling.poll_batches()

    assert reload(job).error_code == "batch_late"


def test_batch_that_the_provider_no_longer_knows_is_given_up(lane, wait, send, age):
    wait()
    send()
    lane.reset()
    age(hours=31)

    batch_polling.poll_batches()

    assert MessageBatch.objects.get().state == "ended"


# --- Crashes ----------------------------------------------------------------------------------------------------


@pytest.fixture
def lost_answer(monkeypatch):
    """The provider takes the batch, and its answer gets lost."""
    create = AnthropicBatches.create

    def create_and_fail(self, questions):
        create(self, questions)
        raise TransientError("timeout", "No complete answer came within 300 seconds.")

    monkeypatch.setattr(AnthropicBatches, "create", create_and_fail)


def test_batch_whose_arrival_nobody_heard_of_is_found_by_its_results(lane, wait, send, poll, lost_answer):
    lane.latency(batch_s=100)
    job = wait()
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


def test_sender_that_died_is_noticed_after_a_while(lane, wait, send, poll, monkeypatch, age):
    job = wait()
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


def test_batch_that_never_arrived_frees_its_jobs_for_another(lane, wait, send, age):
    job = wait()
    lane.next(faults.reset.at("batches"))
    send()
    batch_polling.poll_batches()
    assert reload(job).status == "processing"

    age(minutes=11)
    batch_polling.poll_batches()

    job = reload(job)
    assert (job.status, job.error_code, job.attempt_limit - job.attempts) == ("pending", "batch_lost", 4)
    assert wait_s(job) > 20_000
    assert MessageBatch.objects.count() == 0
    age(minutes=11)
    assert send() == 1


def test_batch_of_others_that_could_be_ours_leaves_it_open_until_the_deadline(lane, wait, send, run, age):
    lane.latency(batch_s=30_000)
    provider = wiring.batches()
    assert provider is not None
    provider.create({"others": REQUEST})
    job = wait()
    lane.next(faults.reset.at("batches"))
    send()

    age(minutes=11)
    batch_polling.poll_batches()
    assert reload(job).status == "processing"
    MessageBatch.objects.update(fall_back_at=timezone.now())
    batch_polling.poll_batches()

    assert (reload(job).error_code, run(job).status) == ("batch_late", "completed")
    lane.advance(30_000)
    batch_polling.poll_batches()
    assert MessageBatch.objects.count() == 0


def test_batches_of_others_under_the_same_key_are_left_alone(lane, wait, send, lost_answer, monkeypatch):
    job = wait()
    send()
    BatchItem.objects.update(custom_id="another")

    batch_polling.poll_batches()
    batch_polling.poll_batches()

    assert reload(job).status == "processing"
    assert len(batch_polling._Foreign.ids) == 1
    read = [call for call in lane.log.calls if call.batch_id and call.route == "batches"]
    assert len(read) == 2, "made once and read once"


def test_worker_that_dies_leaves_the_answer_to_the_next(lane, wait, send, run):
    job = wait()
    send()
    batch_polling.poll_batches()

    assert batch_items.take(job.pk) is not None
    assert batch_items.take(job.pk) is None
    assert run(job).status == "processing"
    BatchItem.objects.update(held_until=timezone.now() - timedelta(seconds=1))
    assert maintenance.rescue_stalled_jobs() == {"rescued": 0}

    assert run(job).status == "completed"
    assert job.calls.count() == 1


def test_answer_is_applied_by_one_of_two_that_worked_on_it(lane, wait, send, run, monkeypatch):
    job = wait()
    send()
    batch_polling.poll_batches()
    think = get_agent

    def another_was_faster(agent_type):
        monkeypatch.setattr(processing, "get_agent", think)
        BatchItem.objects.update(held_until=None)
        run(job)
        return think(agent_type)

    monkeypatch.setattr(processing, "get_agent", another_was_faster)

    assert run(job).status == "completed"
    assert (job.calls.count(), kinds(job).count("completed")) == (1, 1)
    assert "late_result_dropped" not in kinds(job)


def test_mistake_of_ours_fails_the_job_and_settles_its_answer(lane, wait, send, run, monkeypatch):
    job = wait()
    send()
    batch_polling.poll_batches()
    monkeypatch.setattr(processing, "get_agent", lambda agent_type: 1 / 0)

    assert run(job).error_code == "internal_error"
    assert BatchItem.objects.get().applied_at is not None


# --- Cancelling -------------------------------------------------------------------------------------------------


def test_cancelled_job_pays_for_its_answer_and_takes_nothing_of_it(lane, wait, send, poll, creator):
    job, other = wait(), wait()
    send()
    jobs.cancel_job(job.pk, by=creator)

    poll()

    job = reload(job)
    assert (job.status, job.output_data, kinds(job)[-1]) == ("cancelled", None, "late_result_dropped")
    assert (job.calls.count(), ModelCall.objects.filter(is_batch=True).count()) == (1, 2)
    assert reload(other).status == "completed"


def test_job_that_is_cancelled_with_its_answer_there_is_paid_for(lane, wait, send, run, creator):
    job = wait()
    send()
    batch_polling.poll_batches()
    jobs.cancel_job(job.pk, by=creator)

    run(job)

    assert (reload(job).status, job.calls.count()) == ("cancelled", 1)


def test_cancelled_job_is_kept_until_its_answer_is_paid_for(lane, wait, send, creator):
    lane.latency(batch_s=1000)
    job = wait()
    send()
    jobs.cancel_job(job.pk, by=creator)
    AgentJob.objects.update(completed_at=timezone.now() - timedelta(days=40))

    assert maintenance.cleanup_old_jobs(30)["deleted"] == 0
    lane.advance(1000)
    batch_polling.poll_batches()

    assert maintenance.cleanup_old_jobs(30)["deleted"] == 1
    assert ModelCall.objects.filter(is_batch=True).count() == 1


def test_batch_that_nobody_waits_for_is_cancelled_at_the_provider(lane, wait, send, creator):
    lane.latency(batch_s=1000, cancel_s=5)
    made = [wait(), wait()]
    send()
    jobs.cancel_job(made[0].pk, by=creator)
    batch_polling.poll_batches()
    jobs.cancel_job(made[1].pk, by=creator)
    batch_polling.poll_batches()
    batch_polling.poll_batches()
    lane.advance(5)
    batch_polling.poll_batches()

    assert MessageBatch.objects.get().state == "ended"
    assert list(BatchItem.objects.values_list("outcome", flat=True)) == ["canceled", "canceled"]
    assert lane.log.billed == []


def test_answers_that_wait_for_a_worker_are_rung_for_once_in_a_while(lane, wait, send, bell, age):
    job = wait()
    send()

    batch_polling.poll_batches()
    batch_polling.poll_batches()
    assert bell == [job.pk]
    age(minutes=11)
    batch_polling.poll_batches()

    assert bell == [job.pk, job.pk]
