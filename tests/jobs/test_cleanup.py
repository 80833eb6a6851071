"""Clean-up: the jobs that are deleted, and those that are kept."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from agents.choices import JobStatus, Verdict
from agents.jobs import maintenance
from agents.models import AgentJob, AgentJobEvent, GoldStandard, ModelCall, ReviewDecision, ReviewItem
from agents.review.verdicts import decisions
from universes.models import Scene
from universes.services import canon

pytestmark = pytest.mark.django_db

OLD = timedelta(days=31)


def age(*jobs):
    """Move the completion of the jobs to 31 days ago."""
    AgentJob.objects.filter(pk__in=[job.pk for job in jobs]).update(completed_at=timezone.now() - OLD)


def forget_figures():
    """Make every decision too old for the metrics of the last 90 days."""
    ReviewDecision.objects.update(at=timezone.now() - timedelta(days=91))


def counts(**values):
    return {"days": 30, "deleted": 0, "kept_for_review": 0, "kept_in_canon": 0, **values}


@pytest.mark.parametrize("status", ["completed", "failed", "cancelled"])
def test_old_finished_job_is_deleted_with_its_events(make_job, status):
    job = make_job(status, completed_at=timezone.now() - OLD)
    AgentJobEvent.objects.create(job=job, kind="submitted", attempt=0)

    assert maintenance.cleanup_old_jobs(30) == counts(deleted=1)

    assert (AgentJob.objects.count(), AgentJobEvent.objects.count()) == (0, 0)


def test_ledger_is_kept(submit, run, llm):
    job = run(submit())
    age(job)

    maintenance.cleanup_old_jobs(30)

    assert ModelCall.objects.get().job is None


@pytest.mark.parametrize(("days", "deleted"), [(29, 1), (30, 1), (31, 0), (32, 0)])
def test_age_is_counted_from_completion(make_job, days, deleted):
    long_ago = timezone.now() - timedelta(days=100)
    make_job("completed", created_at=long_ago, completed_at=timezone.now() - timedelta(days=30, hours=12))

    assert maintenance.cleanup_old_jobs(days)["deleted"] == deleted


def test_unfinished_job_is_kept_at_any_age(make_job):
    long_ago = timezone.now() - timedelta(days=100)
    kept = {make_job(status, created_at=long_ago).pk for status in ("pending", "processing")}

    assert maintenance.cleanup_old_jobs(30) == counts()

    assert set(AgentJob.objects.values_list("pk", flat=True)) == kept


def test_job_in_review_is_kept_until_its_verdict_leaves_the_metrics(review_item, reviewer):
    age(review_item.job)

    assert maintenance.cleanup_old_jobs(30) == counts(kept_for_review=1)
    assert ReviewItem.objects.count() == 1

    decisions.decide(review_item.pk, Verdict.REJECTED, by=reviewer, note="No.")
    assert maintenance.cleanup_old_jobs(30) == counts(kept_for_review=1)
    forget_figures()
    assert maintenance.cleanup_old_jobs(30) == counts(deleted=1)
    assert (AgentJob.objects.count(), ReviewDecision.objects.count()) == (0, 0)


def test_job_is_kept_while_its_output_is_canon(review_item, reviewer):
    decisions.decide(review_item.pk, Verdict.APPROVED, by=reviewer)
    age(review_item.job)
    forget_figures()

    assert maintenance.cleanup_old_jobs(30) == counts(kept_in_canon=1)
    assert AgentJob.objects.count() == 1

    canon.retire(Scene.objects.get())
    assert maintenance.cleanup_old_jobs(30) == counts(deleted=1)
    assert Scene.objects.count() == 1


@pytest.mark.parametrize("is_active", [True, False])
def test_gold_is_kept_even_when_retired(make_job, staff, is_active):
    job = make_job("completed", completed_at=timezone.now() - OLD)
    GoldStandard.objects.create(
        job=job, answer="accept", why="Flawless.", is_active=is_active, added_by=staff
    )

    assert maintenance.cleanup_old_jobs(30) == counts(kept_for_review=1)
    assert AgentJob.objects.count() == 1


def test_job_marked_as_gold_during_cleanup_is_kept(make_job, staff, monkeypatch):
    job = make_job("completed", completed_at=timezone.now() - OLD)

    def marked_just_now(refs):
        GoldStandard.objects.create(job=job, answer="accept", why="Flawless.", added_by=staff)
        return set()

    monkeypatch.setattr(maintenance, "canon_origin_refs", marked_just_now)

    assert maintenance.cleanup_old_jobs(30) == counts()

    assert AgentJob.objects.count() == 1


def test_job_is_kept_while_its_follow_up_is_open(review_item, reviewer, run, llm):
    decisions.decide(review_item.pk, Verdict.ASKED_AGAIN, by=reviewer, note="Again.")
    follow_up = AgentJob.objects.get(follows=review_item.job)
    age(review_item.job)
    forget_figures()

    # The follow-up reads the text of its predecessor.
    assert maintenance.cleanup_old_jobs(30) == counts(kept_for_review=1)

    llm.will(lambda request: {"title": "Low Tide", "content": "Short."})
    follow_up = run(follow_up)
    assert maintenance.cleanup_old_jobs(30) == counts(kept_for_review=1)

    decisions.decide(follow_up.review_items.get().pk, Verdict.REJECTED, by=reviewer, note="No.")
    forget_figures()
    assert maintenance.cleanup_old_jobs(30) == counts(deleted=1)
    follow_up.refresh_from_db()
    assert follow_up.follows is None


def test_cleanup_continues_past_batches_of_kept_jobs(make_job, monkeypatch):
    monkeypatch.setattr(maintenance, "CLEANUP_BATCH", 3)
    same_moment = timezone.now() - OLD
    old = [make_job("completed", completed_at=same_moment) for _ in range(10)]
    for job in old[:4]:
        ReviewItem.objects.create(
            job=job, agent_type="narrative", confidence=0.5, reasons=[], reason_codes="|x|"
        )

    assert maintenance.cleanup_old_jobs(30) == counts(deleted=6, kept_for_review=4)

    assert set(AgentJob.objects.values_list("pk", flat=True)) == {job.pk for job in old[:4]}


def test_job_retried_during_cleanup_is_kept(make_job, monkeypatch):
    job = make_job("failed", completed_at=timezone.now() - OLD)

    def retried_just_now(refs):
        AgentJob.objects.retry(job.pk, more_attempts=4)
        return set()

    monkeypatch.setattr(maintenance, "canon_origin_refs", retried_just_now)

    assert maintenance.cleanup_old_jobs(30) == counts()

    assert AgentJob.objects.get().status == JobStatus.PENDING


@pytest.mark.parametrize("days", [0, -1])
def test_retention_below_one_day_is_refused(make_job, days):
    make_job("cancelled", completed_at=timezone.now() - OLD)

    with pytest.raises(ValueError, match="at least one day"):
        maintenance.cleanup_old_jobs(days)

    assert AgentJob.objects.count() == 1
