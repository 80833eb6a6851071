"""Statistics of jobs and reviews, in a fixed number of queries."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, TypedDict

from django.db.models import Avg, Count, Min, Sum
from django.utils import timezone

from agents.choices import AgentType, JobStatus, Verdict
from agents.common.money import format_usd
from agents.models import AgentJob, ModelCall, ReviewDecision, ReviewItem
from agents.models.access import may_view_all

if TYPE_CHECKING:
    from django.contrib.auth.models import User

    from agents.models.job import AgentJobQuerySet


TOKEN_KINDS = ("input_tokens", "output_tokens", "cache_read_tokens", "cache_write_tokens")


class JobStats(TypedDict):
    """Statistics of many jobs. ``human_review_required`` counts open reviews; averages are None without data."""

    total_jobs: int
    status_counts: dict[str, int]
    agent_type_counts: dict[str, int]
    avg_confidence: float | None
    avg_confidence_by_type: dict[str, float | None]
    human_review_required: int
    review: dict[str, int]


class JobUsage(TypedDict):
    """Tokens and price of one job; ``cost_usd`` is None if the price of any call is unknown."""

    calls: int
    input_tokens: int
    output_tokens: int
    cache_read_tokens: int
    cache_write_tokens: int
    tokens: int
    cost_usd: str | None


def job_stats(user: User | None = None) -> JobStats:
    """Count and average the jobs that the person may view; all jobs for the system (None)."""
    jobs = AgentJob.objects.all() if user is None else AgentJob.objects.visible_to(user)
    by_status = _counts(jobs, "status")
    by_type = _counts(jobs, "agent_type")
    completed = jobs.filter(status=JobStatus.COMPLETED)
    averages = {
        row["agent_type"]: row["average"]
        for row in completed.order_by().values("agent_type").annotate(average=Avg("confidence_score"))
    }
    # The same items as in the queue: a count without the person's gold items would reveal them.
    items = ReviewItem.objects.waiting() if user is None else ReviewItem.objects.open().shown_to(user)
    decisions = ReviewDecision.objects.effective()
    if user is not None and not may_view_all(user, "agentjob"):
        items = items.filter(job__requested_by=user)
        decisions = decisions.filter(item__job__requested_by=user)
    verdicts = dict(decisions.order_by().values_list("verdict").annotate(Count("pk")))
    return {
        "total_jobs": sum(by_status.values()),
        "status_counts": {status: by_status.get(status, 0) for status in JobStatus.values},
        "agent_type_counts": {agent: by_type.get(agent, 0) for agent in AgentType.values},
        "avg_confidence": _rounded(completed.aggregate(average=Avg("confidence_score"))["average"]),
        "avg_confidence_by_type": {agent: _rounded(averages.get(agent)) for agent in AgentType.values},
        "human_review_required": items.count(),
        "review": {verdict: verdicts.get(verdict, 0) for verdict in Verdict.values},
    }


def _counts(jobs: AgentJobQuerySet, column: str) -> dict[str, int]:
    return dict(jobs.order_by().values_list(column).annotate(Count("pk")))


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)


def usage_of(job: AgentJob) -> JobUsage:
    """Sum up the tokens and the price of all calls of a job, including failed attempts."""
    totals = ModelCall.objects.filter(job=job).aggregate(
        calls=Count("pk"),
        priced_calls=Count("cost_usd"),
        cost=Sum("cost_usd"),
        **{kind: Sum(kind, default=0) for kind in TOKEN_KINDS},
    )
    is_priced = totals["calls"] == totals["priced_calls"]
    return {
        "calls": totals["calls"],
        "input_tokens": totals["input_tokens"],
        "output_tokens": totals["output_tokens"],
        "cache_read_tokens": totals["cache_read_tokens"],
        "cache_write_tokens": totals["cache_write_tokens"],
        "tokens": sum(totals[kind] for kind in TOKEN_KINDS),
        "cost_usd": format_usd(totals["cost"] or Decimal(0)) if is_priced else None,
    }


def oldest_due_age_s() -> float | None:
    """Return the waiting time of the oldest due job; None if no job is due."""
    now = timezone.now()
    oldest = AgentJob.objects.due(now).aggregate(oldest=Min("available_at"))["oldest"]
    return None if oldest is None else (now - oldest).total_seconds()
