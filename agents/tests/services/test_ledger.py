"""What a call cost, and what a job has cost so far."""

from __future__ import annotations

import datetime
from decimal import Decimal

import pytest
import time_machine

from agents.llm.base import TransientError, Usage
from agents.models import AgentJob, ModelCall, ModelPrice
from agents.services import prices, stats

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _after_the_first_price():
    with time_machine.travel("2026-12-01T12:00:00Z", tick=True):
        yield


@pytest.mark.parametrize(
    ("usage", "cost"),
    [
        (Usage(), "0"),
        (Usage(input_tokens=1_000_000, output_tokens=0), "0.50"),
        (Usage(input_tokens=1000, output_tokens=200), "0.0002"),
        (Usage(cache_read_tokens=1000), "0.00001"),
        (Usage(cache_write_tokens=1000), "0.000125"),
        # The band counts the prompt, cache included, and not the answer.
        (Usage(input_tokens=100_000, output_tokens=100_000), "0.06"),
        (Usage(input_tokens=100_001), "0.0500005"),
        (Usage(input_tokens=50_000, cache_read_tokens=50_000, cache_write_tokens=1), "0.027500625"),
    ],
)
def test_tokens_are_priced_by_kind_and_band(usage, cost):
    assert prices.cost_of("claude-haiku-5-5", usage) == Decimal(cost)


def test_dated_name_has_the_price_of_its_model():
    usage = Usage(input_tokens=1000)

    assert prices.cost_of("claude-haiku-5-5-20261007", usage) == prices.cost_of("claude-haiku-5-5", usage)


@pytest.mark.parametrize("model", ["claude-haiku-5", "claude-haiku-5-50", "gpt", ""])
def test_unknown_model_has_no_price_rather_than_none_to_pay(model):
    assert prices.cost_of(model, Usage(input_tokens=1000)) is None


def add_price(input_usd, valid_from, model="claude-haiku-5-5"):
    ModelPrice.objects.create(
        model=model,
        valid_from=datetime.date.fromisoformat(valid_from),
        input_usd=Decimal(input_usd),
        output_usd=Decimal(0),
        cache_read_usd=Decimal(0),
        cache_write_usd=Decimal(0),
    )


def test_newest_price_that_is_valid_counts():
    add_price("3", "2026-12-01")
    add_price("7", "2026-12-02")

    assert prices.cost_of("claude-haiku-5-5", Usage(input_tokens=1_000)) == Decimal("0.003")


def test_longer_name_is_the_closer_one():
    add_price("3", "2026-11-01", model="claude-haiku-5-5-fast")

    assert prices.cost_of("claude-haiku-5-5-fast", Usage(input_tokens=1_000)) == Decimal("0.003")


def test_there_was_no_price_before_the_first_day():
    with time_machine.travel("2026-10-06T23:00:00Z"):
        assert prices.cost_of("claude-haiku-5-5", Usage(input_tokens=1_000)) is None


# --- The rows -----------------------------------------------------------------------------------------------


def test_call_is_stored_with_all_that_was_measured(submit, run, llm, creator, universe):
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


def test_call_outlives_its_job_and_universe(submit, run, llm, universe):
    job = run(submit())

    AgentJob.objects.filter(pk=job.pk).delete()

    call = ModelCall.objects.get()
    assert (call.job, call.tokens) == (None, 1200)


def test_failed_attempts_are_paid_for_too(submit, run, llm):
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


def test_call_that_never_arrived_has_no_tokens(submit, run, llm):
    llm.will(TransientError("connection", "No way through.", request_id="req_9", latency_ms=30))

    call = run(submit()).calls.get()

    assert (call.model, call.request_id, call.latency_ms) == ("claude-haiku-5-5", "req_9", 30)
    assert (call.tokens, call.error_code, call.cost_usd) == (0, "connection", Decimal(0))


def test_one_call_of_unknown_price_leaves_the_cost_of_the_job_unknown(submit, run, llm):
    llm.will("not JSON", "still not JSON")
    job = run(submit())
    AgentJob.objects.update(available_at=job.created_at)
    llm.model = "claude-unheard-of"

    job = run(job)

    known = Decimal("0.0002")
    assert list(job.calls.order_by("id").values_list("cost_usd", flat=True)) == [known, known, None]
    assert stats.usage_of(job)["cost_usd"] is None
    assert stats.usage_of(job)["tokens"] == 3600


def test_job_without_a_call_has_cost_nothing(submit):
    usage = stats.usage_of(submit())

    assert (usage["calls"], usage["tokens"], usage["cost_usd"]) == (0, 0, "0")


def test_mock_call_costs_zero(submit, run, llm):
    llm.is_mock, llm.model = True, "mock"

    assert stats.usage_of(run(submit()))["cost_usd"] == "0"


def test_overlong_names_from_the_other_side_lose_no_answer(submit, run, llm):
    llm.model = "m" * 300

    job = run(submit())

    assert (job.status, job.calls.get().model) == ("completed", "m" * 100)
