"""Statistics of jobs and reviews, whose cost does not grow with the number of jobs."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final, TypedDict

from django.db.models import Case, Count, FloatField, Min, Q, QuerySet, Sum, Value, When
from django.db.models.functions import Concat
from django.utils import timezone

from agents.billing.totals import VERDICT
from agents.choices import (
    COMPLETED_OUTCOMES,
    AgentType,
    JobOutcome,
    JobStatus,
    ReviewKind,
    ReviewState,
    Verdict,
)
from agents.common.text.money import format_usd
from agents.models import AgentJob, JobTotal, ModelCall, ReviewDecision, ReviewItem
from agents.models.access import may_view_all
from agents.models.jobs.states import FINISHED

if TYPE_CHECKING:
    from django.contrib.auth.models import User


NOTHING: Final = Value(0.0, output_field=FloatField())
TOKEN_KINDS = ("input_tokens", "output_tokens", "cache_read_tokens", "cache_write_tokens")


class JobStats(TypedDict):
    """Statistics of many jobs. ``human_review_required`` counts open reviews; averages are None without data."""

    total_jobs: int
    status_counts: dict[str, int]
    outcome_counts: dict[str, int]
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
    counts, confidences = count_jobs(user)
    by_status = {status: _sum(counts, AgentType.values, [status]) for status in JobStatus.values}
    completed = {agent: counts[agent, JobStatus.COMPLETED] for agent in AgentType.values}
    return {
        "total_jobs": sum(by_status.values()),
        "status_counts": by_status,
        "outcome_counts": {
            outcome: _sum(counts, AgentType.values, [outcome]) for outcome in JobOutcome.values
        },
        "agent_type_counts": {agent: _sum(counts, [agent], JobStatus.values) for agent in AgentType.values},
        "avg_confidence": _mean(sum(confidences.values()), sum(completed.values())),
        "avg_confidence_by_type": {
            agent: _mean(confidences[agent], completed[agent]) for agent in AgentType.values
        },
        "human_review_required": _sum(counts, AgentType.values, [ReviewState.OPEN]),
        "review": {
            verdict: _sum(counts, AgentType.values, [VERDICT + verdict]) for verdict in Verdict.values
        },
    }


def count_jobs(user: User | None = None) -> tuple[Counter[tuple[str, str]], dict[str, float]]:
    """Count jobs by agent and status, outcome, verdict or open review; the second value sums confidences by agent."""
    counts: Counter[tuple[str, str]] = Counter()
    confidences: defaultdict[str, float] = defaultdict(float)
    # One statement, so that a job that is counted meanwhile is seen exactly once.
    first, *others = _parts(user)
    for agent, outcome, number, confidence in first.union(*others, all=True):
        counts[agent, outcome] += number
        confidences[agent] += confidence
    for agent in AgentType.values:
        counts[agent, JobStatus.COMPLETED] = _sum(counts, [agent], COMPLETED_OUTCOMES)
    return counts, confidences


def _parts(user: User | None) -> Iterator[QuerySet[Any, tuple[str, str, int, float]]]:
    """Yield agent, outcome, number and sum of confidences: what the totals hold, and what is not in them yet."""
    is_of_all = user is None or may_view_all(user, "agentjob")
    yield JobTotal.objects.filter(requested_by=None if is_of_all else user).values_list(
        "agent_type", "outcome", "number", "confidence_sum"
    )
    jobs = AgentJob.objects.all() if user is None else AgentJob.objects.visible_to(user)
    uncounted = jobs.uncounted().order_by()
    # Only completed jobs have one that counts; they stay completed, whatever becomes of their outputs.
    confidence = Sum("confidence_score", filter=Q(status=JobStatus.COMPLETED), default=0.0)
    yield (
        uncounted.filter(status__in=FINISHED)
        .values_list("agent_type", "outcome")
        .annotate(number=Count("pk"), confidence=confidence)
    )
    yield (
        uncounted.exclude(counted_as="")
        .values_list("agent_type", "counted_as")
        .annotate(number=-Count("pk"), confidence=-confidence)
    )
    yield (
        jobs.unfinished()
        .order_by()
        .values_list("agent_type", "status")
        .annotate(number=Count("pk"), confidence=NOTHING)
    )
    decisions = ReviewDecision.objects.uncounted().exclude(item__kind=ReviewKind.GOLD).order_by()
    # The same items as in the queue: a count without the person's gold items would reveal them.
    items = ReviewItem.objects.waiting() if user is None else ReviewItem.objects.open().shown_to(user)
    if not is_of_all:
        decisions = decisions.filter(item__job__requested_by=user)
        items = items.filter(job__requested_by=user)
    yield decisions.values_list("item__job__agent_type", Concat(Value(VERDICT), "verdict")).annotate(
        number=Sum(Case(When(undone_at__isnull=True, then=1), default=-1)), confidence=NOTHING
    )
    yield items.order_by().values_list("agent_type", "state").annotate(number=Count("pk"), confidence=NOTHING)


def _sum(counts: Counter[tuple[str, str]], agents: Sequence[str], outcomes: Sequence[str]) -> int:
    return sum(counts[agent, outcome] for agent in agents for outcome in outcomes)


def _mean(total: float, number: int) -> float | None:
    return round(total / number, 4) if number else None


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


def usage_in(calls: Sequence[ModelCall]) -> JobUsage:
    """Return ``usage_of`` a job, all of whose calls the caller has read."""
    costs = [call.cost_usd for call in calls]
    return {
        "calls": len(calls),
        "input_tokens": sum(call.input_tokens for call in calls),
        "output_tokens": sum(call.output_tokens for call in calls),
        "cache_read_tokens": sum(call.cache_read_tokens for call in calls),
        "cache_write_tokens": sum(call.cache_write_tokens for call in calls),
        "tokens": sum(call.tokens for call in calls),
        "cost_usd": None if None in costs else format_usd(sum(filter(None, costs), Decimal(0))),
    }


def oldest_due_age_s() -> float | None:
    """Return the waiting time of the oldest due job; None if no job is due."""
    now = timezone.now()
    oldest = AgentJob.objects.due(now).aggregate(oldest=Min("available_at"))["oldest"]
    return None if oldest is None else (now - oldest).total_seconds()
