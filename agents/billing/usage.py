"""Usage reports: calls, tokens, cost and approved jobs by day, agent, model and universe.

A call counts for the day of its row in the ledger, a job for the day of its completion. An **approved** job is
completed and was approved or edited by a verdict in force, or was trusted: no verdict, no low-confidence review, no
open review. The cost per approved job is the cost of all calls of a group, those of failed and rejected jobs included,
divided by its approved jobs.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final, TypedDict

from django.contrib.auth import get_user_model
from django.utils import timezone

from agents.billing import usage_parts
from agents.billing.budgets import PICO
from agents.billing.usage_parts import COUNTS, UsageQuery
from agents.billing.usage_rows import UsageCounts, UsageRow, total_of
from agents.common.text.money import format_usd
from agents.errors import FieldError, Forbidden, Invalid
from agents.models.access import may_view_all

if TYPE_CHECKING:
    from django.contrib.auth.models import User

# The groups of a query by name, with the column of calls and jobs.
GROUPS: Final = {"day": "day", "agent": "agent_type", "model": "model", "universe": "universe_id"}
DEFAULT_DAYS: Final = 30
MAX_DAYS: Final = 366
MAX_ROWS: Final = 10_000

# The days before and after these could leave the range of ``date``.
EARLIEST, LATEST = date(2000, 1, 1), date(2999, 12, 31)

Key = tuple[Any, ...]


class DayUsage(TypedDict):
    day: str
    cost_usd: str
    calls: int
    unknown_calls: int


class AgentUsage(UsageCounts):
    agent_type: str


class UsageSummary(TypedDict):
    """JSON-ready usage of a period."""

    total: UsageCounts
    by_agent: list[AgentUsage]
    by_day: list[DayUsage]


def parse_query(
    reader: User,
    *,
    first: str | None = None,
    last: str | None = None,
    group_by: str = "day",
    requested_by: str | None = None,
) -> UsageQuery:
    """Parse a query of days such as "2026-11-22" and comma-separated groups; the default is the last thirty days.

    Raises ``Invalid`` that names each wrong parameter, ``Forbidden`` for the usage of others.
    """
    errors: list[FieldError] = []
    until = _day(last, "?to", errors) or timezone.now().date()
    since = _day(first, "?from", errors) or until - timedelta(days=DEFAULT_DAYS - 1)
    names = tuple(dict.fromkeys(name.strip() for name in group_by.split(",") if name.strip()))
    for name in names:
        if name not in GROUPS:
            detail = f"There is no group {name[:50]!r}; there are: {', '.join(GROUPS)}."
            errors.append(FieldError("?group_by", detail, "invalid_choice"))
    if not errors and since > until:
        errors.append(FieldError("?to", "It is before from."))
    if not errors and until - since >= timedelta(days=MAX_DAYS):
        errors.append(FieldError("?from", f"At most {MAX_DAYS} days at a time."))
    if errors:
        raise Invalid("The query has invalid values.", errors)
    return UsageQuery(
        first=since, last=until, group_by=names, only=_filters_for(reader, requested_by), reader=reader
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


def _filters_for(reader: User, username: str | None) -> dict[str, Any]:
    """Return the filters for a person's own usage, or everybody's or that of ``username``."""
    if not may_view_all(reader, "modelcall"):
        if username not in {None, reader.get_username()}:
            raise Forbidden("You may not see the usage of others.")
        return {"requested_by": reader.pk}
    if username is None:
        return {}
    # PostgreSQL refuses a NUL.
    user = None if "\x00" in username else get_user_model().objects.filter(username=username).first()
    if user is None:
        raise _invalid("?requested_by", "There is no such person.")
    return {"requested_by": user.pk}


def run_query(query: UsageQuery) -> tuple[list[UsageRow], UsageRow]:
    """Return the rows, newest day and highest cost first, and their total, in one database query.

    Raises ``Invalid`` if there would be too many rows.
    """
    columns = [GROUPS[name] for name in query.group_by]
    # One statement, so that a row that is counted meanwhile is seen exactly once.
    days, *others = usage_parts.grouped(query, columns)
    rows: dict[Key, UsageRow] = {}
    for whole_row in days.union(*others, all=True):
        values = dict(zip(columns, whole_row[1:], strict=False))
        *_, cost, pico = whole_row
        row = rows.setdefault(tuple(values.values()), UsageRow(values))
        if "universe_id" in values:
            row.universe_name = whole_row[1 + len(columns)]
        for name, value in zip(COUNTS, whole_row[-len(COUNTS) - 2 :], strict=False):
            setattr(row, name, getattr(row, name) + (value or 0))
        row.cost += (cost or 0) + Decimal(pico or 0) / PICO
    if len(rows) > MAX_ROWS:
        raise _invalid("?group_by", f"That is over {MAX_ROWS} rows: ask for fewer days or groups.")
    ordered = sorted(rows.values(), key=lambda row: (-row.cost, [str(value) for value in row.key.values()]))
    if "day" in query.group_by:
        ordered.sort(key=lambda row: row.key["day"], reverse=True)
    return ordered, total_of(ordered)


def summary(first: date, last: date) -> UsageSummary:
    """Return everybody's usage by day without gaps, by agent and in total."""
    rows, total = run_query(UsageQuery(first=first, last=last, group_by=("day", "agent")))
    by_day: dict[date, list[UsageRow]] = defaultdict(list)
    by_agent: dict[str, list[UsageRow]] = defaultdict(list)
    for row in rows:
        by_day[row.key["day"]].append(row)
        by_agent[row.key["agent_type"]].append(row)
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    return {
        "total": total.counts(),
        "by_agent": [
            {"agent_type": name, **total_of(rows).counts()} for name, rows in sorted(by_agent.items())
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


def _invalid(pointer: str, detail: str) -> Invalid:
    return Invalid("The query has invalid values.", [FieldError(pointer, detail)])
