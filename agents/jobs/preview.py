"""Preview of a job: its price, its chance of a review, and whether a budget would refuse it."""

from __future__ import annotations

from typing import Final, TypedDict

from django.db.models import Exists, OuterRef

from agents.billing import budgets, estimates
from agents.choices import JobStatus, ReviewKind
from agents.common import visibility
from agents.common.text.money import format_usd
from agents.engine.confidence import statistics
from agents.engine.world import WorldView
from agents.models import AgentJob, ReviewItem
from agents.providers import factory, run_settings

RECENT_JOBS: Final = 200
MIN_JOBS: Final = 5


class PriceRange(TypedDict):
    low: str
    high: str
    currency: str


class TokenEstimate(TypedDict):
    prefix: int
    task: int
    output_low: int
    output_high: int


class ReviewChance(TypedDict):
    chance: float | None
    low: float | None
    high: float | None
    of: int
    basis: str


class BudgetCheck(TypedDict):
    would_be_refused: bool
    detail: str | None


class JobPreview(TypedDict):
    """Answer to a dry run of a submission."""

    dry_run: bool
    agent_type: str
    model: str
    is_mock: bool
    priority: str
    price_usd: PriceRange | None
    tokens: TokenEstimate
    review: ReviewChance
    budget: BudgetCheck


def preview(job: AgentJob, world: WorldView | None) -> JobPreview:
    """Predict price and review of a job that is not stored and whose input has been checked."""
    estimate = estimates.estimate(job, world, is_batch=job.batch_until is not None)
    refusal = budgets.refusal_of(job, estimate.high)
    price: PriceRange | None = None
    if estimate.low is not None and estimate.high is not None:
        price = {"low": format_usd(estimate.low), "high": format_usd(estimate.high), "currency": "USD"}
    return {
        "dry_run": True,
        "agent_type": job.agent_type,
        "model": estimate.model,
        "is_mock": estimate.is_mock,
        "priority": job.priority,
        "price_usd": price,
        "tokens": {
            "prefix": estimate.prefix_tokens,
            "task": estimate.task_tokens,
            "output_low": estimate.output_low,
            "output_high": estimate.output_high,
        },
        "review": _review_chance(job),
        "budget": {
            "would_be_refused": refusal is not None,
            "detail": None if refusal is None else refusal.message,
        },
    }


def _review_chance(job: AgentJob) -> ReviewChance:
    """Return the share of recent similar jobs whose output needed a review, with its 95% interval.

    It is 1 for output that is reviewed in any case, such as that of a successor model on trial.
    """
    if reason := run_settings.run_settings(job).forced_review_reason:
        return {"chance": 1.0, "low": 1.0, "high": 1.0, "of": 0, "basis": reason}
    similar = AgentJob.objects.filter(
        agent_type=job.agent_type,
        status=JobStatus.COMPLETED,
        is_mock=factory.uses_mock(),
        # A reused output was not judged again.
        reused_from__isnull=True,
        universe=job.universe,
    )
    where = "in this universe"
    if job.universe is None:
        similar, where = (
            similar.filter(requested_by=job.requested_by),
            "that you asked for without a universe",
        )
    in_doubt = Exists(ReviewItem.objects.filter(job=OuterRef("pk"), kind=ReviewKind.DOUBT))
    newest = visibility.not_withheld(similar, job.requested_by).order_by("-created_at", "-id")
    reviewed = list(newest.values_list(in_doubt, flat=True)[:RECENT_JOBS])
    rate = statistics.rate(sum(reviewed), len(reviewed)) if len(reviewed) >= MIN_JOBS else None
    if rate is None:
        count = "is 1 finished job" if len(reviewed) == 1 else f"are {len(reviewed)} finished jobs"
        reason = f"There {count} of this agent {where}; {MIN_JOBS} are needed."
        return {"chance": None, "low": None, "high": None, "of": len(reviewed), "basis": reason}
    return {
        "chance": round(rate["share"], 4),
        "low": round(rate["low"], 4),
        "high": round(rate["high"], 4),
        "of": rate["count"],
        "basis": f"The last {rate['count']} finished jobs of this agent {where}.",
    }
