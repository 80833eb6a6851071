"""Totals: whatever happens in whatever order, a report is what a count of all rows says."""

from __future__ import annotations

import random
from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from agents.billing import totals, usage
from agents.billing.usage_parts import UsageQuery
from agents.choices import Verdict
from agents.jobs import actions, maintenance, stats
from agents.models import AgentJob, JobTotal, ModelCall, ReviewDecision, ReviewItem, UsageDay
from tests.support import review_rows, rows

pytestmark = pytest.mark.django_db


def count_anew():
    """Forget all totals, so that reports count the rows."""
    JobTotal.objects.all().delete()
    UsageDay.objects.all().delete()
    AgentJob.objects.update(counted_as="", is_counted=False)
    ModelCall.objects.update(is_counted=False)
    ReviewDecision.objects.update(is_counted=False)


def reports(*people):
    today = timezone.now().date()
    days = {"first": today - timedelta(days=40), "last": today}
    return [
        *(stats.job_stats(person) for person in (None, *people)),
        *(
            usage.run_query(UsageQuery(**days, group_by=groups, only=only, reader=person))
            for groups in ((), ("day", "agent"), ("universe", "model"))
            for person in people
            for only in ({}, {"requested_by": person.pk})
        ),
    ]


def finish(dice, owner, universe):
    now = timezone.now() - timedelta(days=dice.randrange(30))
    status = dice.choice(["completed", "completed", "completed", "failed", "cancelled"])
    is_completed = status == "completed"
    job = AgentJob.objects.create(
        requested_by=owner,
        universe=dice.choice([universe, None]),
        agent_type=dice.choice(["narrative", "spatial"]),
        status=status,
        outcome="trusted" if is_completed else status,
        input_data={},
        output_data={} if is_completed else None,
        confidence_score=dice.randrange(1000) / 1000 if is_completed else None,
        model=dice.choice(["one", "two"]),
        error_code="timeout" if status == "failed" else "",
        attempts=1,
        attempt_limit=4,
        completed_at=now,
    )
    review_rows.call(
        job,
        cost=dice.choice([None, "0.000000000001", "1.5"]),
        at=now,
        model=job.model,
        universe=job.universe,
        requested_by=owner,
        input_tokens=7,
        is_batch=dice.random() < 0.5,
    )
    if is_completed and dice.random() < 0.6:
        rows.item_of(job, kind=dice.choice(["doubt", "audit"]))


def step(dice, people, reviewer, universe):
    """Do one thing that changes what the reports say, or count."""
    match dice.randrange(7):
        case 0 | 1:
            finish(dice, dice.choice(people), universe)
        case 2:
            item = _any(dice, ReviewItem.objects.open())
            if item is not None:
                ReviewItem.objects.release(item.pk)
                review_rows.decide(item, reviewer, dice.choice(Verdict.values))
        case 3:
            decision = _any(dice, ReviewDecision.objects.in_force())
            if decision is not None:
                ReviewDecision.objects.undo(decision.pk, reviewer, since=timezone.now() - timedelta(days=1))
                ReviewItem.objects.reopen(decision.item_id, reviewer, claim_s=60)
        case 4:
            failed = _any(dice, AgentJob.objects.filter(status="failed"))
            if failed is not None:
                AgentJob.objects.retry(failed.pk, more_attempts=1)
        case 5:
            pending = _any(dice, AgentJob.objects.filter(status="pending"))
            if pending is not None:
                AgentJob.objects.cancel(pending.pk)
        case 6:
            totals.count_new_rows()


def _any(dice, rows):
    found = list(rows.order_by("pk"))
    return dice.choice(found) if found else None


@pytest.mark.parametrize("seed", range(4))
def test_reports_are_those_of_a_count_after_anything_in_any_order(
    creator, stranger, reviewer, universe, seed
):
    dice = random.Random(seed)
    for _ in range(60):
        step(dice, [creator, stranger], reviewer, universe)
    said = reports(creator, reviewer)

    count_anew()

    assert said == reports(creator, reviewer)


def test_counted_rows_are_read_from_the_totals_alone(creator, make_job):
    job = make_job("completed", requested_by=creator, confidence_score=0.5)
    review_rows.call(job, cost="2", requested_by=creator)
    before = reports(creator)
    assert totals.count_new_rows() == {"jobs": 1, "decisions": 0, "calls": 1}
    assert totals.count_new_rows() == {"jobs": 0, "decisions": 0, "calls": 0}

    # Behind the back of the totals.
    AgentJob.objects.filter(pk=job.pk).update(confidence_score=0.9)
    ModelCall.objects.update(cost_usd=99)

    assert reports(creator) == before


def test_interrupted_count_changes_nothing(creator, make_job, monkeypatch):
    make_job("completed", requested_by=creator)
    before = reports(creator)
    add = totals._add

    def fail_at_the_usage(table, *args):
        if table is UsageDay:
            raise RuntimeError("killed")
        add(table, *args)

    monkeypatch.setattr(totals, "_add", fail_at_the_usage)
    with pytest.raises(RuntimeError):
        totals.count_new_rows()

    assert (JobTotal.objects.count(), AgentJob.objects.get().counted_as) == (0, "")
    assert reports(creator) == before


def test_deleted_jobs_leave_the_statistics_but_not_the_usage(creator, make_job):
    old = timezone.now() - timedelta(days=31)
    for _ in range(2):
        job = make_job("completed", requested_by=creator, completed_at=old)
        review_rows.call(job, cost="2", at=old, requested_by=creator)
        if not JobTotal.objects.exists():
            # The second job is not counted when it is deleted.
            totals.count_new_rows()
    [_, own, *used] = reports(creator)

    assert maintenance.cleanup_old_jobs(30)["deleted"] == 2

    assert (own["total_jobs"], stats.job_stats(creator)["total_jobs"]) == (2, 0)
    assert reports(creator)[2:] == used
    assert (used[0][1].jobs_completed, used[0][1].cost) == (2, 4)


def test_retried_job_is_no_longer_failed(creator, make_job):
    job = make_job("failed", requested_by=creator)
    totals.count_new_rows()

    actions.retry_job(job.pk, by=creator)

    assert stats.job_stats(creator)["status_counts"]["failed"] == 0
    totals.count_new_rows()
    assert stats.job_stats(creator)["status_counts"]["failed"] == 0
    assert stats.job_stats(creator)["status_counts"]["pending"] == 1


def test_usage_of_a_deleted_universe_is_kept_without_it(creator, universe, make_job):
    job = make_job("completed", requested_by=creator, universe=universe)
    review_rows.call(job, cost="2", requested_by=creator, universe=universe)
    totals.count_new_rows()

    universe.delete()

    today = timezone.now().date()
    rows, _ = usage.run_query(UsageQuery(first=today, last=today, group_by=("universe",)))
    assert [(row.key["universe_id"], row.cost, row.jobs_completed) for row in rows] == [(None, Decimal(2), 1)]
