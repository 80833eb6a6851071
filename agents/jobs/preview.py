"""What would become of a job: its price, how probably a person looks at it, and whether a budget has room for it."""

from __future__ import annotations

from typing import Any, Final

from django.db.models import Exists, OuterRef

from agents.billing import budgets, estimates
from agents.choices import JobStatus, ReviewKind
from agents.common import visibility
from agents.common.money import format_usd
from agents.engine.confidence import statistics
from agents.models import AgentJob, ReviewItem
from agents.providers import factory, run_settings

NEWEST: Final = 200
# From fewer nothing can be told.
FEWEST: Final = 5


def preview(job: AgentJob) -> dict[str, Any]:
    """All that can be said of a job that is not stored; the input has been checked. Nothing is changed."""
    quote = estimates.estimate(job)
    refusal = budgets.refusal_of(job, quote.high)
    price = None
    if quote.low is not None and quote.high is not None:
        price = {"low": format_usd(quote.low), "high": format_usd(quote.high), "currency": "USD"}
    return {
        "dry_run": True,
        "agent_type": job.agent_type,
        "model": quote.model,
        "is_mock": quote.is_mock,
        "priority": job.priority,
        "price_usd": price,
        "tokens": {
            "prefix": quote.prefix_tokens,
            "task": quote.task_tokens,
            "output_low": quote.output_low,
            "output_high": quote.output_high,
        },
        "review": _review_chance(job),
        "budget": {
            "would_be_refused": refusal is not None,
            "detail": None if refusal is None else refusal.message,
        },
    }


def _review_chance(job: AgentJob) -> dict[str, Any]:
    """The share of the newest jobs like it whose output had to wait for a person, with its 95% interval.

    What is reviewed whatever comes of it, as all that a successor on trial writes, is so for certain.
    """
    if reason := run_settings.run_settings(job).review_because:
        return {"chance": 1.0, "low": 1.0, "high": 1.0, "of": 0, "basis": reason}
    alike = AgentJob.objects.filter(
        agent_type=job.agent_type,
        status=JobStatus.COMPLETED,
        is_mock=factory.uses_mock(),
        # What was used again was not judged again.
        reused_from__isnull=True,
        universe=job.universe,
    )
    where = "in this universe"
    if job.universe is None:
        alike, where = alike.filter(requested_by=job.requested_by), "that you asked for without a universe"
    in_doubt = Exists(ReviewItem.objects.filter(job=OuterRef("pk"), kind=ReviewKind.DOUBT))
    newest = visibility.not_withheld(alike, job.requested_by).order_by("-created_at", "-id")
    answers = list(newest.values_list(in_doubt, flat=True)[:NEWEST])
    found = statistics.rate(sum(answers), len(answers)) if len(answers) >= FEWEST else None
    if found is None:
        count = "is 1 finished job" if len(answers) == 1 else f"are {len(answers)} finished jobs"
        reason = f"There {count} of this agent {where}; {FEWEST} are needed."
        return {"chance": None, "low": None, "high": None, "of": len(answers), "basis": reason}
    return {
        "chance": round(found.share, 4),
        "low": round(found.low, 4),
        "high": round(found.high, 4),
        "of": found.count,
        "basis": f"The last {found.count} finished jobs of this agent {where}.",
    }
