"""Budgets: reserve at submit, settle with each call, release when the job ends."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from agents.billing import budgets, estimates
from agents.choices import Verdict
from agents.common.text.money import format_usd
from agents.common.world_context import world_view
from agents.errors import BudgetExceeded
from agents.jobs import actions
from agents.jobs.running import rescue
from agents.llm.anthropic.errors import lost
from agents.llm.base import RequestRejected, TransientError, Usage
from agents.models import AgentJob, Budget, BudgetPeriod, BudgetReservation, ModelCall
from agents.review.verdicts import decisions
from agents.schedules import scheduling
from universes.services import universes

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
# 1,000 uncached tokens in and 200 out.
ONE_CALL = 200 * 10**6


@pytest.fixture(autouse=True)
def clock(settings):
    settings.ANTHROPIC_API_KEY = "a-key"
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def ceiling(creator):
    """The maximum cost of one job of these tests."""
    job = AgentJob(
        agent_type="narrative", requested_by=creator, input_data={"prompt": "Mira waits out the tide."}
    )
    return estimates.ceiling_of(job, None, is_batch=False)


def make_budget(limit, scope="site", period="day", **of):
    return Budget.objects.create(scope=scope, period=period, limit_usd=limit, **of)


def state(budget):
    """Return reserved and spent pico-dollars and the unknown calls of the newest period."""
    period = budget.periods.order_by("starts_on").last()
    return period and (period.reserved_pico_usd, period.spent_pico_usd, period.unknown_calls)


def pico(usd):
    return int(usd * 10**12)


def test_ceiling_is_full_prompt_write_plus_longest_answer(ceiling):
    # Most of it: 2,048 tokens plus four for each of 1,000 words, at $0.50 a million.
    answer = Decimal("0.003024")
    assert answer < ceiling < answer + Decimal("0.0005")


def test_submit_reserves_the_ceiling_in_each_applicable_budget(submit, ceiling, creator, universe, staff):
    other = universes.create_universe(staff, name="High Marsh")
    applying = [
        make_budget(1),
        make_budget(2, period="month"),
        make_budget(3, "universe", universe=universe),
        make_budget(4, "user", user=creator),
    ]
    others = [make_budget(0, "universe", universe=other), make_budget(0, "user", user=staff)]

    job = submit(universe=universe)

    held = estimates.ceiling_of(job, world_view(universe), is_batch=False)
    assert [state(budget) for budget in applying] == [(pico(held), 0, 0)] * 4
    assert [state(budget) for budget in others] == [None, None]
    assert job.reservations.count() == 4


def test_submits_over_the_limit_store_nothing(submit, ceiling):
    budget = make_budget(2 * ceiling)
    submit()
    submit()

    with pytest.raises(BudgetExceeded) as refused:
        submit()

    assert (AgentJob.objects.count(), BudgetReservation.objects.count()) == (2, 2)
    assert state(budget) == (2 * pico(ceiling), 0, 0)
    taken, wanted = format_usd(2 * ceiling), format_usd(ceiling)
    assert refused.value.message == (
        f"The budget of the site for this day has not enough left for this job, which may cost ${wanted}: "
        f"of ${taken}, $0 is spent and ${taken} reserved for running jobs. "
        "The next day begins at 2026-11-23 00:00 UTC."
    )
    assert refused.value.details["budget"] == {
        "id": budget.pk,
        "scope": "site",
        "universe_id": None,
        "schedule_id": None,
        "username": None,
        "period": "day",
        "limit_usd": taken,
        "spent_usd": "0",
        "reserved_usd": taken,
        "left_usd": "0",
        "wanted_usd": wanted,
        "next_period_at": "2026-11-23T00:00:00Z",
    }


def test_refusal_by_one_budget_leaves_the_others_unchanged(submit, ceiling, creator):
    wide = make_budget(1)
    make_budget(ceiling / 2, "user", user=creator)

    with pytest.raises(BudgetExceeded, match="The budget of carla for this day"):
        submit()

    assert state(wide) is None


def test_raised_limit_applies_at_once(submit, ceiling):
    budget = make_budget(ceiling)
    submit()
    with pytest.raises(BudgetExceeded):
        submit()

    Budget.objects.filter(pk=budget.pk).update(limit_usd=2 * ceiling)

    assert submit().status == "pending"


def test_next_day_starts_a_new_day_in_the_same_month(submit, run, llm, ceiling, clock):
    day, month = make_budget(ceiling), make_budget(1, period="month")
    run(submit())
    clock.move_to(datetime(2026, 11, 23, 0, 0, tzinfo=UTC))

    submit()

    assert [period.starts_on.isoformat() for period in day.periods.order_by("starts_on")] == [
        "2026-11-22",
        "2026-11-23",
    ]
    assert state(day) == (pico(ceiling), 0, 0)
    assert state(month) == (pico(ceiling), ONE_CALL, 0)


def test_job_finished_after_midnight_releases_in_the_old_period(submit, run, llm, clock):
    budget = make_budget(1)
    job = submit()
    clock.move_to(datetime(2026, 11, 23, 0, 0, tzinfo=UTC))

    run(job)

    rows = BudgetPeriod.objects.order_by("starts_on").values_list("reserved_pico_usd", "spent_pico_usd")
    assert list(rows) == [(0, 0), (0, ONE_CALL)]
    assert state(budget) == (0, ONE_CALL, 0)


# --- Settling -----------------------------------------------------------------------------------------------


def test_completed_job_spends_its_calls_and_releases_the_rest(submit, run, llm):
    budget = make_budget(1)
    llm.usage = Usage(cache_read_tokens=3, cache_write_tokens=1, output_tokens=1)

    run(submit())

    assert state(budget) == (0, 655_000, 0)
    assert pico(ModelCall.objects.get().cost_usd) == 655_000
    assert not BudgetReservation.objects.exists()


def test_retried_job_keeps_its_reservation_and_counts_unknown_calls(submit, run, llm, ceiling):
    budget = make_budget(1)
    llm.will(lost(TransientError("timeout", "Too slow.")))

    job = run(submit())

    assert (job.status, state(budget)) == ("pending", (pico(ceiling), 0, 1))


def test_failed_job_releases_and_manual_retry_reserves_again(submit, run, llm, creator, ceiling):
    budget = make_budget(ceiling)
    llm.will(RequestRejected("bad_request", "No."))
    job = run(submit())
    assert (job.status, state(budget)) == ("failed", (0, 0, 0))

    actions.retry_job(job.pk, by=creator)
    assert state(budget) == (pico(ceiling), 0, 0)

    with pytest.raises(BudgetExceeded):
        submit()


def test_retry_of_batch_job_reserves_the_full_price(make_job, creator, ceiling):
    budget = make_budget(1)
    input_data = {"prompt": "Mira waits out the tide."}
    job = make_job("failed", priority="batch", batch_until=timezone.now(), input_data=input_data)

    actions.retry_job(job.pk, by=creator)

    assert state(budget) == (pico(ceiling), 0, 0)


def test_refused_retry_leaves_the_job_failed(make_job, creator):
    make_budget(0)
    job = make_job("failed")

    with pytest.raises(BudgetExceeded):
        actions.retry_job(job.pk, by=creator)

    job.refresh_from_db()
    assert (job.status, job.events.count()) == ("failed", 0)


def test_cancelled_job_releases_once_and_spends_late_calls(submit, run, llm, creator):
    budget = make_budget(1)
    job = submit()

    def cancel(request):
        actions.cancel_job(job.pk, by=creator)
        assert state(budget) == (0, 0, 0)
        return {"title": "Late", "content": "Too late."}

    llm.will(cancel)
    run(job)

    assert state(budget) == (0, ONE_CALL, 0)


def test_lost_worker_counts_as_unknown_call(submit):
    budget = make_budget(1)
    job = submit()
    AgentJob.objects.claim(job.pk, claim_s=-1)

    rescue.rescue_stalled_jobs()

    assert state(budget)[1:] == (0, 1)


def test_mock_reserves_nothing_but_respects_an_exhausted_budget(submit, run, llm, settings):
    settings.ANTHROPIC_API_KEY = ""
    llm.is_mock, llm.model = True, "mock"
    budget = make_budget(1)

    run(submit())
    assert state(budget) == (0, 0, 0)

    Budget.objects.update(limit_usd=0)
    with pytest.raises(BudgetExceeded):
        submit()


def test_unknown_price_reserves_nothing_but_respects_the_limit(submit, settings):
    settings.AGENT_MODELS = {**settings.AGENT_MODELS, "narrative": "claude-unheard-of"}
    budget = make_budget(Decimal("0.0002"))
    submit()
    assert state(budget) == (0, 0, 0)

    BudgetPeriod.objects.update(spent_pico_usd=ONE_CALL)

    with pytest.raises(BudgetExceeded):
        submit()


def test_submit_without_budgets_only_locks_the_versions(submit):
    submit()

    with CaptureQueriesContext(connection) as queries:
        submit()

    read = [query["sql"] for query in queries if "agent_budget" in query["sql"]]
    versions = [query["sql"] for query in queries if "agent_data_versions" in query["sql"]]
    assert (len(read), len(versions)) == (0, 1)


# --- Who else submits ---------------------------------------------------------------------------------------


def test_schedule_skips_a_run_over_budget_and_continues(make_schedule, clock):
    schedule = make_schedule(crontab="30 * * * *")
    make_budget(0)
    for hour in range(6):
        clock.move_to(NOW + timedelta(hours=hour, minutes=30))
        assert scheduling.run_due() == {"submitted": 0, "failed": 0, "skipped": 1}

    schedule.refresh_from_db()
    assert (schedule.enabled, schedule.consecutive_failures, schedule.disabled_reason) == (True, 0, "")
    assert schedule.next_run_at == NOW + timedelta(hours=6, minutes=30)
    assert not AgentJob.objects.exists()


def test_follow_up_over_budget_leaves_the_review_open(review_item, reviewer):
    make_budget(0)

    with pytest.raises(BudgetExceeded):
        decisions.decide(review_item.pk, Verdict.ASKED_AGAIN, by=reviewer, note="Again.")

    review_item.refresh_from_db()
    assert (review_item.state, review_item.decisions.count(), AgentJob.objects.count()) == ("open", 0, 1)


def test_follow_up_reserves_more_for_its_longer_prompt(review_item, reviewer, ceiling):
    budget = make_budget(1)

    decisions.decide(review_item.pk, Verdict.ASKED_AGAIN, by=reviewer, note="Again.")

    assert state(budget)[0] > pico(ceiling)
    undone = AgentJob.objects.get(follows=review_item.job)
    decisions.undo(review_item.pk, by=reviewer)
    undone.refresh_from_db()
    assert (undone.status, state(budget)) == ("cancelled", (0, 0, 0))


@pytest.mark.parametrize(
    ("kind", "at", "first", "following"),
    [
        ("day", "2026-12-31T23:59:59+00:00", "2026-12-31", "2027-01-01T00:00:00+00:00"),
        ("month", "2026-12-31T23:59:59+00:00", "2026-12-01", "2027-01-01T00:00:00+00:00"),
        ("month", "2026-03-01T00:30:00+01:00", "2026-02-01", "2026-03-01T00:00:00+00:00"),
    ],
)
def test_periods_begin_at_midnight_utc(kind, at, first, following):
    moment = datetime.fromisoformat(at)

    assert budgets.first_day(kind, moment).isoformat() == first
    assert budgets.next_period_at(kind, moment).isoformat() == following
