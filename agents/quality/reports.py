"""Precomputed review reports, so that the cost of a page does not grow with the number of jobs."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from django.utils import timezone

from agents.choices import REPORT_PERIODS_DAYS
from agents.errors import FieldError, Invalid
from agents.models import ReviewReport
from agents.quality import metrics

DEFAULT_PERIOD: Final = 30
# Minimum interval between recomputations.
FRESH_FOR: Final = timedelta(seconds=10)


def latest(days: int = DEFAULT_PERIOD) -> ReviewReport:
    """Return the latest report of a period; compute it if there is none.

    Raises ``Invalid`` for an unknown period.
    """
    if days not in REPORT_PERIODS_DAYS:
        choices = ", ".join(str(period) for period in REPORT_PERIODS_DAYS)
        raise Invalid(
            "There is no such period.", [FieldError("?days", f"One of {choices}.", "invalid_choice")]
        )
    report = ReviewReport.objects.filter(days=days).first()
    # A report of an older format does not fit the page.
    if report is None or report.figures.get("form") != metrics.FORM:
        return _compute(days)
    return report


def refresh(days: int = DEFAULT_PERIOD) -> ReviewReport:
    """Recompute the report unless it is fresh."""
    report = latest(days)
    return report if report.computed_at > timezone.now() - FRESH_FOR else _compute(days)


def refresh_all() -> dict[str, int]:
    """Recompute all periods; return the number of decisions in each."""
    return {str(days): _compute(days).figures["decided"] for days in REPORT_PERIODS_DAYS}


def _compute(days: int) -> ReviewReport:
    now = timezone.now()
    figures = metrics.compute(days, now)
    # Concurrent computations write nearly the same; the later one wins.
    report, _ = ReviewReport.objects.update_or_create(
        days=days, defaults={"computed_at": now, "figures": figures}
    )
    return report
