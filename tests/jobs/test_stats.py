"""Job statistics, compared with a count in Python over random rows."""

from __future__ import annotations

import random
from collections import Counter
from datetime import timedelta

import pytest
from django.utils import timezone

from agents.choices import AgentType, JobOutcome, JobStatus, Verdict
from agents.jobs import stats
from agents.models import AgentJob, ReviewDecision, ReviewItem

pytestmark = pytest.mark.django_db


@pytest.fixture
def random_rows(make_job, creator, stranger, reviewer):
    dice = random.Random(20261122)
    for _ in range(120):
        status = dice.choice(JobStatus.values)
        fields = {
            "agent_type": dice.choice(AgentType.values),
            "requested_by": dice.choice([creator, creator, stranger]),
        }
        if status == "completed":
            fields["confidence_score"] = round(dice.random(), 4)
        job = make_job(status, **fields)
        # An old score on a job that is not completed must not count.
        if status == "failed":
            AgentJob.objects.filter(pk=job.pk).update(confidence_score=0.01)
        if status == "completed" and dice.random() < 0.5:
            item = ReviewItem.objects.create(
                job=job, agent_type=job.agent_type, confidence=0.5, reasons=[], reason_codes=""
            )
            if dice.random() < 0.6:
                ReviewItem.objects.close(item.pk, reviewer)
                verdict = dice.choice(Verdict.values)
                AgentJob.objects.decide(job.pk, JobOutcome(verdict))
                after: dict[str, str] | None = {} if verdict == "edited" else None
                ReviewDecision.objects.create(
                    item=item, verdict=verdict, by=reviewer, note="Because.", before={}, after=after
                )


def mean(scores):
    return round(sum(scores) / len(scores), 4) if scores else None


def counted_by_hand(jobs, items, decisions):
    scores = [(job.agent_type, job.confidence_score) for job in jobs if job.status == "completed"]
    return {
        "total_jobs": len(jobs),
        "outcome_counts": {o: sum(job.outcome == o for job in jobs) for o in JobOutcome.values},
        "status_counts": {s: sum(job.status == s for job in jobs) for s in JobStatus.values},
        "agent_type_counts": {t: sum(job.agent_type == t for job in jobs) for t in AgentType.values},
        "avg_confidence": mean([score for _, score in scores]),
        "avg_confidence_by_type": {
            kind: mean([score for t, score in scores if t == kind]) for kind in AgentType.values
        },
        "human_review_required": sum(item.state == "open" for item in items),
        "review": {
            verdict: Counter(decision.verdict for decision in decisions)[verdict]
            for verdict in Verdict.values
        },
    }


@pytest.mark.usefixtures("random_rows")
def test_user_gets_stats_of_own_jobs(creator):
    expected = counted_by_hand(
        list(AgentJob.objects.filter(requested_by=creator)),
        list(ReviewItem.objects.filter(job__requested_by=creator)),
        list(ReviewDecision.objects.filter(item__job__requested_by=creator)),
    )

    assert stats.job_stats(creator) == expected
    assert 0 < expected["total_jobs"] < 120


@pytest.mark.usefixtures("random_rows")
def test_permission_and_system_get_stats_of_all_jobs(watcher):
    expected = counted_by_hand(
        list(AgentJob.objects.all()), list(ReviewItem.objects.all()), list(ReviewDecision.objects.all())
    )

    assert stats.job_stats(watcher) == stats.job_stats() == expected


def test_empty_stats_are_zero_and_averages_none(creator):
    assert stats.job_stats(creator) == counted_by_hand([], [], [])
    assert stats.job_stats(creator)["avg_confidence"] is None


@pytest.mark.usefixtures("random_rows")
def test_number_of_queries_is_fixed(creator, django_assert_num_queries):
    # Two for the permissions of an account that was not read from a token.
    with django_assert_num_queries(3):
        stats.job_stats(creator)


def test_age_of_oldest_due_job_is_in_seconds(make_job):
    assert stats.oldest_due_age_s() is None
    now = timezone.now()
    make_job(available_at=now + timedelta(hours=1))
    make_job("processing", available_at=now - timedelta(hours=9))
    assert stats.oldest_due_age_s() is None

    make_job(available_at=now - timedelta(seconds=30))
    make_job(available_at=now - timedelta(seconds=90))

    age_s = stats.oldest_due_age_s()
    assert age_s is not None
    assert 90 <= age_s < 100
