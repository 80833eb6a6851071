"""The ledger of model calls, and the cost of a job so far."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
import time_machine
from django.utils import timezone

from agents.billing import ledger, totals, usage
from agents.billing.usage_parts import UsageQuery
from agents.jobs import stats
from agents.jobs.running import rescue
from agents.llm.base import TransientError, Usage
from agents.models import AgentJob, ModelCall
from tests.support import review_rows
from tests.support.fake_llm import FakeLLM

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _after_the_first_price():
    with time_machine.travel("2026-12-01T12:00:00Z", tick=True):
        yield


def test_call_is_stored_with_all_measurements(submit, run, llm, creator, universe):
    llm.usage = Usage(input_tokens=10, output_tokens=20, cache_read_tokens=30, cache_write_tokens=40)

    job = run(submit(universe=universe))

    call = job.calls.get()
    assert (call.universe, call.requested_by, call.agent_type, call.attempt) == (
        universe,
        creator,
        "narrative",
        1,
    )
    assert (call.model, call.request_id, call.stop_reason, call.latency_ms) == (
        "claude-haiku-5-5",
        "req_1",
        "end_turn",
        12,
    )
    assert (call.prompt_name, call.prompt_version) == (
        llm.requests[0].prompt_name,
        llm.requests[0].prompt_version,
    )
    assert (call.input_tokens, call.output_tokens, call.cache_read_tokens, call.cache_write_tokens) == (
        10,
        20,
        30,
        40,
    )
    assert (call.tokens, job.output_data["tokens_used"], call.error_code) == (100, 100, "")
    assert call.cost_usd == Decimal("0.0000163")
    assert [call.input_usd, call.output_usd, call.cache_read_usd, call.cache_write_usd] == [
        Decimal("0.1"),
        Decimal("0.5"),
        Decimal("0.01"),
        Decimal("0.125"),
    ]


def test_cost_is_exact_to_the_fraction_of_a_token(submit, run, llm):
    llm.usage = Usage(cache_write_tokens=1, cache_read_tokens=3)

    assert run(submit()).calls.get().cost_usd == Decimal("0.000000155")


def test_batch_call_is_stored_at_batch_prices(submit, run, llm):
    def reply_of_a_batch(text, stop_reason="end_turn"):
        return replace(FakeLLM.reply(llm, text, stop_reason), is_batch=True)

    llm.reply = reply_of_a_batch

    call = run(submit()).calls.get()

    assert (call.is_batch, call.input_usd, call.output_usd) == (True, Decimal("0.05"), Decimal("0.25"))
    assert call.cost_usd == Decimal("0.0001")


def test_call_outlives_its_job_and_universe(submit, run, llm, universe):
    job = run(submit())

    AgentJob.objects.filter(pk=job.pk).delete()

    call = ModelCall.objects.get()
    assert (call.job, call.tokens) == (None, 1200)


def test_failed_attempts_are_charged(submit, run, llm):
    llm.will("not JSON", "still not JSON")
    job = run(submit())
    AgentJob.objects.update(available_at=job.created_at)

    job = run(job)

    assert stats.usage_of(job) == {
        "calls": 3,
        "input_tokens": 3000,
        "output_tokens": 600,
        "cache_read_tokens": 0,
        "cache_write_tokens": 0,
        "tokens": 3600,
        "cost_usd": "0.0006",
    }


@pytest.mark.parametrize(("may_be_billed", "cost"), [(False, 0), (True, None)])
def test_call_without_answer_is_free_only_if_never_sent(submit, run, llm, may_be_billed, cost):
    error = TransientError("connection", "No way through.", request_id="req_9", latency_ms=30)
    error.may_be_billed = may_be_billed
    llm.will(error)

    call = run(submit()).calls.get()

    assert (call.model, call.request_id, call.latency_ms) == ("claude-haiku-5-5", "req_9", 30)
    assert (call.tokens, call.error_code, call.cost_usd) == (0, "connection", cost)


def test_lost_worker_leaves_a_call_of_unknown_cost(make_job, settings):
    settings.ANTHROPIC_API_KEY = "a-key"
    job = make_job("processing", claimed_until=timezone.now() - timedelta(seconds=1))

    assert rescue.rescue_stalled_jobs() == {"rescued": 1}
    assert rescue.rescue_stalled_jobs() == {"rescued": 0}

    call = job.calls.get()
    assert (call.model, call.error_code, call.attempt) == ("claude-haiku-5-5", "worker_lost", 1)
    assert (call.tokens, call.cost_usd) == (0, None)
    assert stats.usage_of(job)["cost_usd"] is None


def test_one_unknown_price_makes_the_job_cost_unknown(submit, run, llm):
    llm.will("not JSON", "still not JSON")
    job = run(submit())
    AgentJob.objects.update(available_at=job.created_at)
    llm.model = "claude-unheard-of"

    job = run(job)

    known = Decimal("0.0002")
    assert list(job.calls.order_by("id").values_list("cost_usd", flat=True)) == [known, known, None]
    assert job.calls.latest("id").output_usd is None
    assert stats.usage_of(job)["cost_usd"] is None
    assert stats.usage_of(job)["tokens"] == 3600


def test_job_without_calls_costs_nothing(submit):
    usage = stats.usage_of(submit())

    assert (usage["calls"], usage["tokens"], usage["cost_usd"]) == (0, 0, "0")


def test_mock_call_costs_zero(submit, run, llm):
    llm.is_mock, llm.model = True, "mock"

    job = run(submit())

    assert stats.usage_of(job)["cost_usd"] == "0"
    assert (job.calls.get().input_usd, job.calls.get().output_usd) == (0, 0)


def test_overlong_names_from_the_provider_lose_no_answer(submit, run, llm):
    llm.model = "m" * 300

    job = run(submit())

    assert (job.status, job.calls.get().model) == ("completed", "m" * 100)


def test_old_calls_of_deleted_jobs_leave_the_ledger_but_not_the_usage(creator, make_job, monkeypatch):
    monkeypatch.setattr(ledger, "PRUNED_AT_ONCE", 2)
    now = timezone.now()
    kept = make_job("completed", requested_by=creator)
    # The job of the first one still exists.
    for job, days in [(kept, 401), (None, 399), (None, 401), (None, 402), (None, 403)]:
        call = review_rows.call(kept, cost="1", at=now - timedelta(days=days), requested_by=creator)
        ModelCall.objects.filter(pk=call.pk).update(job=job)
    # None is in the totals yet.
    assert ledger.prune_calls(400) == 0
    totals.count_new_rows()

    assert ledger.prune_calls(400) == 3

    assert ModelCall.objects.count() == 2
    long_ago = UsageQuery(first=(now - timedelta(days=404)).date(), last=now.date(), group_by=())
    assert usage.run_query(long_ago)[1].cost == 5
