"""What the models were used for, what that cost, and what an approved piece of work costs.

A call counts for the day on which it was written down, a job for the day on which it was completed. **Approved** is a
completed job that a verdict in force has approved, edited or not, or that was trusted and that nobody is looking at:
no verdict, never in doubt, no open review. What an approved piece costs is the cost of all calls of a group, failed and
rejected work included, by its approved jobs.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from django.contrib.auth import get_user_model
from django.db.models import Case, Count, Exists, IntegerField, OuterRef, Q, QuerySet, Sum, Value, When
from django.db.models.functions import TruncDate
from django.utils import timezone

from agents.billing.usage_rows import TOKENS, Row, total_of
from agents.choices import ACCEPTED_VERDICTS, JobStatus, ReviewKind
from agents.common.money import format_usd
from agents.errors import FieldError, Forbidden, Invalid
from agents.models import AgentJob, ModelCall, ReviewDecision, ReviewItem
from universes.models import Universe

if TYPE_CHECKING:
    from django.contrib.auth.models import User

# What rows may be grouped by: the name in questions and answers, and the column of calls and of jobs.
GROUPS: Final = {"day": "day", "agent": "agent_type", "model": "model", "universe": "universe_id"}
USUAL_DAYS: Final = 30
MOST_DAYS: Final = 366
# Of more groups nobody reads a table; a shorter time or fewer groups are asked for.
MOST_ROWS: Final = 10_000

# Beyond these no day before or after could be reckoned.
EARLIEST, LATEST = date(2000, 1, 1), date(2999, 12, 31)

Key = tuple[Any, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class UsageQuery:
    """From the first day to the last, both included, in UTC; ``only`` narrows calls and jobs by their columns.

    ``reader`` is who asks, for what is still withheld from reviewers; None for everybody's figures.
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


def parse_query(
    reader: User,
    *,
    first: str | None = None,
    last: str | None = None,
    group_by: str = "day",
    requested_by: str | None = None,
) -> UsageQuery:
    """A question in a person's words: days as in "2026-11-22", groups with commas between; thirty days without.

    Raises ``Invalid`` that names each wrong part by its parameter, ``Forbidden`` for the usage of others.
    """
    errors: list[FieldError] = []
    until = _day(last, "?to", errors) or timezone.now().date()
    since = _day(first, "?from", errors) or until - timedelta(days=USUAL_DAYS - 1)
    names = tuple(dict.fromkeys(name.strip() for name in group_by.split(",") if name.strip()))
    for name in names:
        if name not in GROUPS:
            detail = f"There is no group {name[:50]!r}; there are: {', '.join(GROUPS)}."
            errors.append(FieldError("?group_by", detail, "invalid_choice"))
    if not errors and since > until:
        errors.append(FieldError("?to", "It is before from."))
    if not errors and until - since >= timedelta(days=MOST_DAYS):
        errors.append(FieldError("?from", f"At most {MOST_DAYS} days at a time."))
    if errors:
        raise Invalid("The query has invalid values.", errors)
    return UsageQuery(
        first=since, last=until, group_by=names, only=_seen_by(reader, requested_by), reader=reader
    )


def _day(raw: str | None, pointer: str, errors: list[FieldError]) -> date | None:
    if raw is None:
        return None
    try:
        day = date.fromisoformat(raw)
    except ValueError:
        day = LATEST + timedelta(days=1)
    if day.isoformat() != raw or not EARLIEST <= day <= LATEST:
        errors.append(FieldError(pointer, f"Use a day as in 2026-11-22, from {EARLIEST} to {LATEST}."))
    return day


def _seen_by(reader: User, username: str | None) -> dict[str, Any]:
    """``only`` for what a person may ask of: their own jobs; for staff everybody's, or those of ``username``."""
    if not reader.is_staff:
        if username not in {None, reader.get_username()}:
            raise Forbidden("Only staff may ask what others have used.")
        return {"requested_by": reader.pk}
    if username is None:
        return {}
    # No name holds a NUL, and PostgreSQL cannot be asked for one.
    found = None if "\x00" in username else get_user_model().objects.filter(username=username).first()
    if found is None:
        raise _wrong("?requested_by", "There is no such person.")
    return {"requested_by": found.pk}


def answer(question: UsageQuery) -> tuple[list[Row], Row]:
    """The rows, newest day and dearest first, and their total. Three queries, whatever is asked.

    Raises ``Invalid`` where there would be too many rows.
    """
    columns = [GROUPS[name] for name in question.group_by]
    rows: dict[Key, Row] = {}
    for found in _calls(question, columns):
        row = _row(rows, columns, found)
        for name in (*TOKENS, "calls", "mock_calls", "batch_calls"):
            setattr(row, name, found[name])
        row.cost, row.unknown_calls = found["cost"], found["calls"] - found["priced"]
    for found in _jobs(question, columns):
        row = _row(rows, columns, found)
        row.jobs_completed, row.jobs_approved = found["completed"], found["approved"]
    _name_universes(rows.values())
    ordered = sorted(rows.values(), key=lambda row: (-row.cost, [str(value) for value in row.key.values()]))
    if "day" in question.group_by:
        ordered.sort(key=lambda row: row.key["day"], reverse=True)
    return ordered, total_of(ordered)


def summary(first: date, last: date) -> dict[str, Any]:
    """For everybody to read: by day without a gap, by agent, and all together; ready for JSON."""
    rows, total = answer(UsageQuery(first=first, last=last, group_by=("day", "agent")))
    by_day: dict[date, list[Row]] = defaultdict(list)
    by_agent: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        by_day[row.key["day"]].append(row)
        by_agent[row.key["agent_type"]].append(row)
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    return {
        "total": total.as_dict(),
        "by_agent": [
            {"agent_type": name, **total_of(inside).as_dict()} for name, inside in sorted(by_agent.items())
        ],
        "by_day": [
            {
                "day": day.isoformat(),
                "cost_usd": format_usd(row.cost),
                "calls": row.calls,
                "unknown_calls": row.unknown_calls,
            }
            for day in days
            for row in [total_of(by_day[day])]
        ],
    }


def _calls(question: UsageQuery, columns: Sequence[str]) -> QuerySet[Any, dict[str, Any]]:
    calls = ModelCall.objects.filter(at__gte=question.since, at__lt=question.until, **question.only)
    found = (
        calls.annotate(day=TruncDate("at", tzinfo=UTC), whole=Value(1))
        .order_by()
        .values("whole", *columns)
        .annotate(
            calls=Count("pk"),
            priced=Count("cost_usd"),
            cost=Sum("cost_usd", default=Decimal(0)),
            mock_calls=Count("pk", filter=Q(is_mock=True)),
            batch_calls=Count("pk", filter=Q(is_batch=True)),
            **{name: Sum(name, default=0) for name in TOKENS},
        )
    )
    return _limited(found)


def _jobs(question: UsageQuery, columns: Sequence[str]) -> QuerySet[Any, dict[str, Any]]:
    jobs = AgentJob.objects.filter(
        status=JobStatus.COMPLETED,
        completed_at__gte=question.since,
        completed_at__lt=question.until,
        **question.only,
    )
    is_approved = Case(When(_approved(question), then=1), default=0, output_field=IntegerField())
    found = (
        jobs.annotate(day=TruncDate("completed_at", tzinfo=UTC), whole=Value(1), is_approved=is_approved)
        .order_by()
        .values("whole", *columns)
        .annotate(completed=Count("pk"), approved=Sum("is_approved", default=0))
    )
    return _limited(found)


def _approved(question: UsageQuery) -> Q:
    """Of jobs that were completed since then: what is said of a job is said after it."""
    verdicts = ReviewDecision.objects.effective().filter(item__job=OuterRef("pk"), at__gte=question.since)
    items = ReviewItem.objects.filter(job=OuterRef("pk"), opened_at__gte=question.since)
    is_trusted = ~Exists(verdicts) & ~Exists(items.filter(kind=ReviewKind.DOUBT)) & ~Exists(items.waiting())
    approved = Q(Exists(verdicts.filter(verdict__in=ACCEPTED_VERDICTS)) | is_trusted)
    if question.reader is None:
        return approved
    # Whoever has it as gold must not find out what was said of it.
    own_gold = ReviewItem.objects.gold_to_judge(question.reader).filter(job=OuterRef("pk"))
    return approved & ~Q(Exists(own_gold))


def _limited(groups: QuerySet[Any, dict[str, Any]]) -> QuerySet[Any, dict[str, Any]]:
    found = groups[: MOST_ROWS + 1]
    if len(found) > MOST_ROWS:
        raise _wrong("?group_by", f"That is over {MOST_ROWS} rows: ask for fewer days or groups.")
    return found


def _row(rows: dict[Key, Row], columns: Sequence[str], found: dict[str, Any]) -> Row:
    values = {name: found[name] for name in columns}
    return rows.setdefault(tuple(values.values()), Row(values))


def _name_universes(rows: Collection[Row]) -> None:
    wanted = {row.key["universe_id"] for row in rows if row.key.get("universe_id")}
    if not wanted:
        return
    names = dict(Universe.objects.filter(pk__in=wanted).values_list("pk", "name"))
    for row in rows:
        if row.key["universe_id"] is not None:
            row.universe_name = names.get(row.key["universe_id"])


def _wrong(pointer: str, detail: str) -> Invalid:
    return Invalid("The query has invalid values.", [FieldError(pointer, detail)])
