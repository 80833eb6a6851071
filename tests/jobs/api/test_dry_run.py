"""POST /agents/jobs with dry_run: price and review estimates, with nothing stored."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from agents.models import AgentJob, AgentJobEvent, Budget, BudgetPeriod, ModelCall
from agents.providers import run_settings
from tests.support import review_rows
from tests.support.problems import pointers_of

pytestmark = pytest.mark.django_db

ASKED = {"agent_type": "narrative", "input_data": {"prompt": "Mira waits out the tide."}}


@pytest.fixture(autouse=True)
def _with_a_key(settings):
    settings.ANTHROPIC_API_KEY = "a-key"


@pytest.fixture
def dry_run(api):
    def ask(**changes):
        response = api.post("/agents/jobs", {**ASKED, "dry_run": True, **changes})
        assert response.status_code == 200, response.json()
        assert not BudgetPeriod.objects.exists()
        assert not AgentJobEvent.objects.exists()
        return response.json()

    return ask


def test_dry_run_stores_nothing_and_estimates_price_from_tokens(dry_run):
    found = dry_run()

    assert not AgentJob.objects.exists()
    assert (found["dry_run"], found["agent_type"], found["model"], found["is_mock"], found["priority"]) == (
        True,
        "narrative",
        "claude-haiku-5-5",
        False,
        "normal",
    )
    tokens = found["tokens"]
    # From the minimum of 300 words to four tokens for each of at most 1,000 words plus 2,048 for the JSON.
    assert (tokens["output_low"], tokens["output_high"]) == (450, 6048)
    low = tokens["prefix"] * Decimal("0.01") + tokens["task"] * Decimal("0.1") + 450 * Decimal("0.5")
    assert found["price_usd"]["low"] == f"{(low / 10**6).normalize():f}"
    assert found["price_usd"]["currency"] == "USD"
    everything = (tokens["prefix"] + tokens["task"]) * Decimal("0.125") + 6048 * Decimal("0.5")
    assert everything / 10**6 < Decimal(found["price_usd"]["high"]) < everything * 2 / 10**6
    assert found["budget"] == {"would_be_refused": False, "detail": None}


def test_low_estimate_uses_tenth_percentile_of_recent_calls(dry_run, creator):
    job = review_rows.reviewed(creator).job
    for tokens in (1000, 2000, 3000):
        review_rows.call(job, model="claude-haiku-5-5", output_tokens=tokens)
    review_rows.call(job, model="claude-opus-5-5", output_tokens=1)
    review_rows.call(job, model="claude-haiku-5-5", output_tokens=1, error_code="truncated")
    review_rows.call(job, model="claude-haiku-5-5", output_tokens=1, prompt_name="video_prompt")

    assert dry_run()["tokens"]["output_low"] == 1200


def test_batch_estimate_is_half_price_if_batches_are_available(dry_run, settings):
    live, batch = dry_run(), dry_run(priority="batch")

    assert (live["priority"], batch["priority"]) == ("normal", "batch")
    assert Decimal(batch["price_usd"]["low"]) * 2 == Decimal(live["price_usd"]["low"])
    assert Decimal(batch["price_usd"]["high"]) * 2 - Decimal(live["price_usd"]["high"]) in {
        Decimal(0),
        Decimal("0.000001"),
    }
    settings.BATCH_LANE = False
    assert dry_run(priority="batch")["price_usd"] == live["price_usd"]


def test_estimate_includes_second_opinion(dry_run, monkeypatch):
    alone = dry_run()
    plain = run_settings.run_settings
    monkeypatch.setattr(
        run_settings, "run_settings", lambda job, **how: replace(plain(job, **how), second_opinion=True)
    )

    both = dry_run()

    for part in ("prefix", "task", "output_low", "output_high"):
        assert both["tokens"][part] > alone["tokens"][part]
    more = Decimal(both["price_usd"]["high"]) - Decimal(alone["price_usd"]["high"])
    # The second opinion reads the text and writes an answer.
    assert more > Decimal("6048e-6") * Decimal("0.125")


def test_unknown_price_is_null(dry_run, settings):
    settings.AGENT_MODELS = {**settings.AGENT_MODELS, "narrative": "claude-unheard-of"}

    assert dry_run()["price_usd"] is None


def test_mock_model_costs_nothing(dry_run, settings):
    settings.ANTHROPIC_API_KEY = ""

    found = dry_run()

    assert (found["is_mock"], found["price_usd"]) == (True, {"low": "0", "high": "0", "currency": "USD"})


def test_exhausted_budget_is_reported_without_refusal(dry_run, creator):
    Budget.objects.create(scope="user", user=creator, period="day", limit_usd="0.0001")

    found = dry_run()["budget"]

    assert found["would_be_refused"] is True
    assert found["detail"].startswith("The budget of carla for this day has not enough left for this job")


def test_budget_of_exactly_the_ceiling_accepts_the_job(api, dry_run, creator):
    high = dry_run()["price_usd"]["high"]
    Budget.objects.create(scope="user", user=creator, period="day", limit_usd=high)

    answers = [api.post("/agents/jobs", ASKED).status_code for _ in range(2)]

    assert answers == [202, 402]


def test_review_probability_comes_from_similar_jobs(dry_run, creator, universe):
    for number in range(8):
        item = review_rows.reviewed(creator, universe=universe, kind="audit" if number < 6 else "doubt")
        item.delete() if number < 3 else None
    review_rows.reviewed(creator, universe=universe, is_mock=True)
    review_rows.reviewed(creator, universe=universe, agent_type="spatial")
    review_rows.reviewed(creator)

    found = dry_run(universe_id=str(universe.pk))["review"]

    assert found == {
        "chance": 0.25,
        "low": 0.0715,
        "high": 0.5907,
        "of": 8,
        "basis": "The last 8 finished jobs of this agent in this universe.",
    }


def test_review_probability_needs_enough_jobs(dry_run, creator):
    for _ in range(4):
        review_rows.reviewed(creator)

    assert dry_run()["review"] == {
        "chance": None,
        "low": None,
        "high": None,
        "of": 4,
        "basis": "There are 4 finished jobs of this agent that you asked for without a universe; 5 are needed.",
    }


def test_dry_run_refuses_what_submit_refuses(api):
    response = api.post("/agents/jobs", {"agent_type": "narrative", "input_data": {}, "dry_run": True})
    assert pointers_of(response) == {"/input_data/prompt": "required"}

    response = api.post("/agents/jobs", {**ASKED, "dry_run": "yes"})
    assert pointers_of(response) == {"/dry_run": "invalid"}


def test_dry_run_false_submits(api):
    assert api.post("/agents/jobs", {**ASKED, "dry_run": False}).status_code == 202
    assert AgentJob.objects.count() == 1
    assert not ModelCall.objects.exists()
