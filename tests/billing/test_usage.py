"""Usage reports: calls, tokens, cost, and the cost per approved output."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine

from agents.billing import usage
from agents.billing.usage_parts import UsageQuery
from agents.billing.usage_rows import UsageRow
from agents.choices import Verdict
from agents.models import AgentJob
from tests.support import review_rows, rows

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
TODAY = NOW.date()
LAST_30: dict[str, Any] = {"first": TODAY - timedelta(days=29), "last": TODAY}


@pytest.fixture(autouse=True)
def _clock():
    with time_machine.travel(NOW, tick=False):
        yield


def done(owner, *, days_ago=0, verdict=None, by=None, kind=None, cost=None, model="claude-one", **fields):
    """Make a completed job: trusted without ``kind``, and with one call if it has a cost."""
    item = review_rows.reviewed(owner, **({"kind": kind} if kind else {}), **fields)
    job = item.job
    at = NOW - timedelta(days=days_ago)
    AgentJob.objects.filter(pk=job.pk).update(completed_at=at, model=model)
    if verdict:
        review_rows.decide(item, by or owner, verdict)
    if kind is None:
        item.delete()
        AgentJob.objects.filter(pk=job.pk).update(outcome="trusted")
    if cost is not None:
        review_rows.call(job, cost=cost, at=at, model=model, requested_by=owner, universe=job.universe)
    return job


def row_of(question, **key):
    rows, _ = usage.run_query(question)
    return next(row for row in rows if row.key == key)


def test_calls_are_summed_by_day_and_unknown_ones_counted(creator):
    job = done(creator)
    tokens = {
        "input_tokens": 100,
        "output_tokens": 50,
        "cache_read_tokens": 800,
        "cache_write_tokens": 100,
    }
    review_rows.call(job, cost="0.000000000001", at=NOW, **tokens)
    review_rows.call(job, cost="0.1", at=datetime(2026, 11, 22, tzinfo=UTC), is_batch=True, **tokens)
    review_rows.call(job, cost=None, at=NOW, error_code="timeout")
    review_rows.call(job, cost="0", at=NOW, model="mock", is_mock=True)
    review_rows.call(job, cost="7", at=datetime(2026, 11, 21, 23, 59, 59, tzinfo=UTC))
    review_rows.call(job, cost="9", at=NOW - timedelta(days=30))

    rows, total = usage.run_query(UsageQuery(**LAST_30))

    assert [row.key for row in rows] == [{"day": TODAY}, {"day": date(2026, 11, 21)}]
    assert rows[0].as_dict() == {
        "day": TODAY,
        "calls": 4,
        "input_tokens": 200,
        "output_tokens": 100,
        "cache_read_tokens": 1600,
        "cache_write_tokens": 200,
        "cache_hit_rate": 0.8,
        "cost_usd": "0.100000000001",
        "unknown_calls": 1,
        "mock_calls": 1,
        "batch_calls": 1,
        "jobs_completed": 1,
        "jobs_approved": 1,
        "cost_per_approved_usd": "0.100000000001",
    }
    assert (total.calls, total.cost, total.jobs_approved) == (5, Decimal("7.100000000001"), 1)


def test_unknown_cost_is_none_without_groups(creator):
    everything = UsageQuery(**LAST_30, group_by=())
    assert usage.run_query(everything) == ([UsageRow({})], UsageRow({}))
    jobs = [done(creator), done(creator)]
    assert (row_of(everything).hit_rate, row_of(everything).per_approved) == (None, None)

    for job in jobs:
        review_rows.call(job, cost=None, at=NOW)

    shown = row_of(everything).as_dict()
    assert (shown["cost_usd"], shown["cost_per_approved_usd"], shown["unknown_calls"]) == (None, None, 2)
    assert (shown["calls"], shown["jobs_completed"]) == (2, 2)


def test_approved_counts_standing_approvals_and_trusted_output(creator, reviewer):
    approved = [
        done(creator),
        done(creator, kind="doubt", verdict=Verdict.APPROVED, by=reviewer),
        done(creator, kind="doubt", verdict=Verdict.EDITED, by=reviewer),
        done(creator, kind="audit", verdict=Verdict.APPROVED, by=reviewer),
        # Trusted until its audit says otherwise.
        done(creator, kind="audit"),
    ]
    others = [
        done(creator, kind="doubt"),
        done(creator, kind="audit", verdict=Verdict.REJECTED, by=reviewer),
        done(creator, kind="doubt", verdict=Verdict.REJECTED, by=reviewer),
        done(creator, kind="doubt", verdict=Verdict.ASKED_AGAIN, by=reviewer),
    ]
    undone = review_rows.reviewed(creator)
    review_rows.decide(undone, reviewer, undone_at=NOW, undone_by=reviewer)
    AgentJob.objects.filter(pk=undone.job_id).update(completed_at=NOW)
    AgentJob.objects.create(
        requested_by=creator,
        agent_type="spatial",
        status="failed",
        outcome="failed",
        input_data={},
        attempt_limit=4,
        error_code="x",
        completed_at=NOW,
        attempts=1,
    )
    for job in (*approved, *others):
        review_rows.call(job, cost="0.02", at=NOW)

    _, total = usage.run_query(UsageQuery(**LAST_30))

    assert (total.jobs_completed, total.jobs_approved) == (10, 5)
    # Rejected outputs were paid for too.
    assert total.as_dict()["cost_per_approved_usd"] == "0.036"


def test_groups_combine_and_universes_have_names(creator, universe):
    done(creator, cost="1", universe=universe, days_ago=1)
    done(creator, cost="2", agent_type="spatial", model="claude-two")
    done(creator, cost="4")
    done(creator, cost="8", model="claude-two")

    rows, _ = usage.run_query(UsageQuery(**LAST_30, group_by=("agent", "model")))
    assert [(tuple(row.key.values()), int(row.cost), row.jobs_completed) for row in rows] == [
        (("narrative", "claude-two"), 8, 1),
        (("narrative", "claude-one"), 5, 2),
        (("spatial", "claude-two"), 2, 1),
    ]

    rows, total = usage.run_query(UsageQuery(**LAST_30, group_by=("universe", "day")))
    assert [(row.universe_name, row.key["day"].day, int(row.cost)) for row in rows] == [
        (None, 22, 14),
        ("Low Marsh", 21, 1),
    ]
    assert total.cost == 15

    assert row_of(UsageQuery(**LAST_30, only={"universe_id": universe.pk}, group_by=())).cost == 1


def test_usage_does_not_reveal_the_verdict_on_own_gold(creator, reviewer):
    job = done(creator, kind="doubt", verdict=Verdict.APPROVED, by=creator)
    rows.item_of(job, kind="gold", only_for=reviewer)
    question = {**LAST_30, "group_by": ()}

    assert row_of(UsageQuery(**question, reader=creator)).jobs_approved == 1
    assert row_of(UsageQuery(**question, reader=reviewer)).jobs_approved == 0


def test_usage_takes_one_query(creator, universe, django_assert_num_queries):
    for days_ago in range(20):
        done(creator, cost="1", universe=universe, days_ago=days_ago)

    with django_assert_num_queries(1):
        usage.run_query(UsageQuery(**LAST_30, group_by=("day", "agent", "model", "universe")))


def test_summary_has_every_day(creator):
    done(creator, cost="0.25", days_ago=2)

    found = usage.summary(**LAST_30)

    assert [day["cost_usd"] for day in found["by_day"]] == ["0"] * 27 + ["0.25", "0", "0"]
    assert found["by_day"][-1]["day"] == "2026-11-22"
    assert found["total"]["cost_per_approved_usd"] == "0.25"
    assert [row["agent_type"] for row in found["by_agent"]] == ["narrative"]
