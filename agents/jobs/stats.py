"""Figures about jobs and reviews, in a fixed number of queries."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db.models import Avg, Count, Min, Sum
from django.utils import timezone

from agents.choices import AgentType, JobStatus, Verdict
from agents.common.money import format_usd
from agents.models import AgentJob, ModelCall, ReviewDecision, ReviewItem

if TYPE_CHECKING:
    from django.contrib.auth.models import User

    from agents.models.job import AgentJobQuerySet


def job_stats(user: User | None = None) -> dict[str, Any]:
    """Counts and averages over a person's jobs; over everybody's for staff and for the system (None).

    ``human_review_required`` is what waits now. Averages are None where there is nothing to average.
    """
    jobs = AgentJob.objects.all() if user is None else AgentJob.objects.visible_to(user)
    by_status = _counts(jobs, "status")
    by_type = _counts(jobs, "agent_type")
    completed = jobs.filter(status=JobStatus.COMPLETED)
    averages = {
        row["agent_type"]: row["average"]
        for row in completed.order_by().values("agent_type").annotate(average=Avg("confidence_score"))
    }
    # As the queue lists them: own gold that was missing here would be recognised.
    items = ReviewItem.objects.waiting() if user is None else ReviewItem.objects.open().shown_to(user)
    decisions = ReviewDecision.objects.effective()
    if user is not None and not user.is_staff:
        items = items.filter(job__requested_by=user)
        decisions = decisions.filter(item__job__requested_by=user)
    verdicts = dict(decisions.order_by().values_list("verdict").annotate(Count("pk")))
    return {
        "total_jobs": sum(by_status.values()),
        "status_counts": {status: by_status.get(status, 0) for status in JobStatus.values},
        "agent_type_counts": {kind: by_type.get(kind, 0) for kind in AgentType.values},
        "avg_confidence": _rounded(completed.aggregate(average=Avg("confidence_score"))["average"]),
        "avg_confidence_by_type": {kind: _rounded(averages.get(kind)) for kind in AgentType.values},
        "human_review_required": items.count(),
        "review": {verdict: verdicts.get(verdict, 0) for verdict in Verdict.values},
    }


def _counts(jobs: AgentJobQuerySet, column: str) -> dict[str, int]:
    return dict(jobs.order_by().values_list(column).annotate(Count("pk")))


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)


def usage_of(job: AgentJob) -> dict[str, Any]:
    """Tokens and money that a job has taken so far, failed attempts included.

    ``cost_usd`` is None as soon as the price of one call is unknown.
    """
    totals = ModelCall.objects.filter(job=job).aggregate(
        calls=Count("pk"),
        input_tokens=Sum("input_tokens", default=0),
        output_tokens=Sum("output_tokens", default=0),
        cache_read_tokens=Sum("cache_read_tokens", default=0),
        cache_write_tokens=Sum("cache_write_tokens", default=0),
        cost=Sum("cost_usd"),
        priced=Count("cost_usd"),
    )
    cost, priced = totals.pop("cost"), totals.pop("priced")
    tokens = sum(count for name, count in totals.items() if name.endswith("_tokens"))
    known = totals["calls"] == priced
    return {
        **totals,
        "tokens": tokens,
        "cost_usd": format_usd(cost or Decimal(0)) if known else None,
    }


def oldest_due_age_s() -> float | None:
    """Seconds that the oldest due job has been waiting; None where nothing is due."""
    now = timezone.now()
    oldest = AgentJob.objects.due(now).aggregate(oldest=Min("available_at"))["oldest"]
    return None if oldest is None else (now - oldest).total_seconds()
