"""Parts of a usage query: what the totals hold, and the rows that they do not hold yet."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from django.db.models import (
    BigIntegerField,
    Count,
    DecimalField,
    F,
    Q,
    QuerySet,
    Sum,
    Value,
)
from django.db.models.functions import TruncDate

from agents.billing.usage_rows import TOKENS
from agents.choices import COMPLETED_OUTCOMES, COUNTING_OUTCOMES, JobStatus
from agents.models import AgentJob, ModelCall, ReviewItem, UsageDay
from agents.models.jobs.states import UNCOUNTED

if TYPE_CHECKING:
    from django.contrib.auth.models import User

# The counts of a row, in the order of the query.
COUNTS: Final = (
    *TOKENS,
    "calls",
    "unknown_calls",
    "mock_calls",
    "batch_calls",
    "jobs_completed",
    "jobs_approved",
)
# Completed jobs whose output counts.
COUNTING: Final = Q(outcome__in=COUNTING_OUTCOMES)
COST: Final = DecimalField(max_digits=18, decimal_places=12)


@dataclass(frozen=True, slots=True, kw_only=True)
class UsageQuery:
    """A query for the days from ``first`` to ``last``, both included, in UTC.

    ``only`` filters calls and jobs by their columns. Verdicts on the gold items of ``reader`` are hidden; None hides
    nothing.
    """

    first: date
    last: date
    group_by: tuple[str, ...] = ("day",)
    only: dict[str, Any] = field(default_factory=dict)
    reader: User | None = None

    @property
    def since(self) -> datetime:
        return datetime.combine(self.first, time(), UTC)

    @property
    def until(self) -> datetime:
        return datetime.combine(self.last + timedelta(days=1), time(), UTC)


def grouped(query: UsageQuery, columns: Sequence[str]) -> Iterator[QuerySet[Any, tuple[Any, ...]]]:
    """Yield the sums of each part by the columns, all with the same values, for a union.

    The values are a constant, the columns, the name of the universe if it is one of them, ``COUNTS``, the cost in
    dollars and another cost in 10⁻¹² dollars.
    """
    for part, sums in _parts(query):
        yield part.values_list(*_keys(columns)).annotate(**sums)


def _parts(query: UsageQuery) -> Iterator[tuple[QuerySet[Any], dict[str, Any]]]:
    yield (
        _counted_days(query),
        _sums(
            **{name: Sum(name) for name in (*TOKENS, "calls", "unknown_calls", "mock_calls", "batch_calls")},
            jobs_completed=Sum("jobs_completed"),
            jobs_approved=Sum(F("jobs_trusted") + F("jobs_accepted")),
            pico=Sum("pico_usd"),
        ),
    )
    yield (
        _new_calls(query),
        _sums(
            **{name: Sum(name) for name in TOKENS},
            calls=Count("pk"),
            unknown_calls=Count("pk", filter=Q(cost_usd__isnull=True)),
            mock_calls=Count("pk", filter=Q(is_mock=True)),
            batch_calls=Count("pk", filter=Q(is_batch=True)),
            cost=Sum("cost_usd", default=Decimal(0)),
        ),
    )
    # What became of a completed job may have changed since it was counted.
    was_completed, counted_before = Q(counted_as__in=COMPLETED_OUTCOMES), Q(counted_as__in=COUNTING_OUTCOMES)
    yield (
        _completed(query).filter(UNCOUNTED),
        _sums(
            jobs_completed=Count("pk", filter=~was_completed),
            jobs_approved=Count("pk", filter=COUNTING) - Count("pk", filter=counted_before),
        ),
    )
    if query.reader is not None:
        yield _hidden(query), _sums(jobs_approved=-Count("pk"))


def _sums(**sums: Any) -> dict[str, Any]:
    """Return a measure for each name, zero for those that are missing, under names that no column has."""
    zeros = dict.fromkeys((*COUNTS, "pico"), Value(0, output_field=BigIntegerField()))
    zeros |= {"cost": Value(Decimal(0), output_field=COST)}
    return {f"sum_{name}": sums.get(name, zeros[name]) for name in (*COUNTS, "cost", "pico")}


def _counted_days(query: UsageQuery) -> QuerySet[Any]:
    is_of_all = "requested_by" not in query.only
    days = UsageDay.objects.filter(
        day__gte=query.first, day__lte=query.last, is_of_all=is_of_all, **query.only
    )
    return days.annotate(whole=Value(1)).order_by()


def _new_calls(query: UsageQuery) -> QuerySet[Any]:
    calls = ModelCall.objects.filter(is_counted=False, at__gte=query.since, at__lt=query.until, **query.only)
    return calls.annotate(day=TruncDate("at", tzinfo=UTC), whole=Value(1)).order_by()


def _completed(query: UsageQuery) -> QuerySet[Any]:
    jobs = AgentJob.objects.filter(
        status=JobStatus.COMPLETED,
        completed_at__gte=query.since,
        completed_at__lt=query.until,
        **query.only,
    )
    return jobs.annotate(day=TruncDate("completed_at", tzinfo=UTC), whole=Value(1)).order_by()


def _hidden(query: UsageQuery) -> QuerySet[Any]:
    """Select the approved jobs that the reader has as gold items: their verdict must not reach this person yet."""
    assert query.reader is not None
    own_gold = ReviewItem.objects.gold_to_judge(query.reader).values("job")
    return _completed(query).filter(COUNTING, pk__in=own_gold)


def _keys(columns: Sequence[str]) -> list[str]:
    """Return the columns of a part, with the name of the universe behind them where it is one of them."""
    return ["whole", *columns, *(["universe__name"] if "universe_id" in columns else [])]
