"""Preview of a schedule: its runs, and the price of a month."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final, TypedDict

from django.utils import timezone

from agents.choices import JobPriority
from agents.common.text.money import format_usd
from agents.jobs import submission
from agents.jobs.preview import JobPreview, PriceRange
from agents.providers import factory
from agents.schedules import timetable

if TYPE_CHECKING:
    from django.contrib.auth.models import User

MONTH_DAYS: Final = 30
NEXT_RUNS: Final = 5


class SchedulePreview(TypedDict):
    """Answer to a dry run of a schedule; ``month_usd`` is the price of the runs of the next ``MONTH_DAYS`` days."""

    dry_run: bool
    in_words: str
    next_runs: list[datetime]
    runs_a_month: int
    month_usd: PriceRange | None
    run: JobPreview


def preview_schedule(
    *,
    owner: User,
    universe_id: uuid.UUID,
    agent_type: str,
    input_data: dict[str, Any],
    crontab: str,
    time_zone: str,
    **_: Any,
) -> SchedulePreview:
    """Return what a schedule would do, and store nothing; raise what ``create_schedule`` raises for the same input."""
    now = timezone.now()
    priority = JobPriority.BATCH if factory.has_batch_lane() else JobPriority.NORMAL
    run = submission.preview_job(
        submission.JobRequest(
            by=owner,
            agent_type=agent_type,
            input_data=input_data,
            universe_id=universe_id,
            priority=priority,
        )
    )
    first = timetable.next_run(crontab, time_zone, now)
    timetable.check_interval(crontab, time_zone, now)
    runs = timetable.count_runs(crontab, time_zone, now, now + timedelta(days=MONTH_DAYS))
    return {
        "dry_run": True,
        "in_words": timetable.in_words(crontab, time_zone),
        "next_runs": timetable.runs_from(crontab, time_zone, first, count=NEXT_RUNS),
        "runs_a_month": runs,
        "month_usd": _times(run["price_usd"], runs),
        "run": run,
    }


def _times(price: PriceRange | None, runs: int) -> PriceRange | None:
    if price is None:
        return None
    low, high = (format_usd(Decimal(price[end]) * runs) for end in ("low", "high"))
    return {"low": low, "high": high, "currency": price["currency"]}
