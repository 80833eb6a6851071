"""Cost of the models on the overview, and the usage page with its CSV download."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any, Final

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from agents.billing import budget_settings, usage
from agents.billing.admin import budgets
from agents.billing.usage import DayUsage, UsageSummary
from agents.billing.usage_parts import UsageQuery
from agents.billing.usage_rows import TOKENS, UsageCounts, UsageRow
from agents.choices import AgentType
from agents.common.admin import charts, display
from agents.common.admin.base import signed_in_staff
from agents.common.admin.csv_export import csv_response
from agents.common.admin.number_format import percent, usd
from agents.errors import FieldError, Invalid
from agents.models import Budget

PERMISSION: Final = "agents.view_modelcall"
MICRO: Final = 10**6
CENT: Final = 10_000

# The rows on the page; the download has all.
MAX_ROWS: Final = 500

HEADINGS: Final = {"day": "Day", "agent_type": "Agent", "model": "Model", "universe_id": "Universe"}

AGENT_NAMES: Final = {value: str(label) for value, label in AgentType.choices}

LABELS: Final = {
    "?from": "From",
    "?to": "To",
    "?group_by": "Grouped by",
    "?requested_by": "Requested by",
}


# --- The overview


def card(summary: UsageSummary) -> dict[str, Any]:
    """Build the template context of a ``usage.summary``."""
    total = summary["total"]
    return {
        **_in_words(total),
        "total": usd(total["cost_usd"]),
        "chart": _chart(summary["by_day"]) if total["calls"] else "",
        "days": [{**day, "cost": usd(day["cost_usd"])} for day in summary["by_day"] if day["calls"]],
        "agents": [
            {**_in_words(row), "name": AGENT_NAMES.get(row["agent_type"], row["agent_type"])}
            for row in summary["by_agent"]
        ],
    }


def _in_words(row: UsageCounts) -> dict[str, Any]:
    """Add the cost and the rates as people read them."""
    return {
        **row,
        "cost": usd(row["cost_usd"]),
        "per_approved": usd(row["cost_per_approved_usd"]),
        "hit_rate": percent(row["cache_hit_rate"]),
    }


def _chart(days: Iterable[DayUsage]) -> SafeString:
    rows = [
        charts.Column(
            day["day"][5:],
            round(Decimal(day["cost_usd"]) * MICRO),
            0,
            f"{day['day']}: {usd(day['cost_usd'])} for {day['calls']} calls"
            + (f", {day['unknown_calls']} more of unknown cost" if day["unknown_calls"] else ""),
        )
        for day in days
    ]
    most_expensive = max(rows, key=lambda row: row.whole)
    description = f"The most expensive of {len(rows)} days was {most_expensive.words}."
    return charts.columns(
        "costs", "Cost by day", description, rows, is_dense=True, axis_label=_axis, min_top=CENT
    )


def _axis(micro_usd: int) -> str:
    return usd(str(Decimal(micro_usd) / MICRO))


def nearly_used(user: Any) -> list[dict[str, Any]]:
    """Return the nearly used budgets for the template; none to a user who may not see budgets."""
    if not user.has_perm("agents.view_budget"):
        return []
    usages = budget_settings.nearly_used(budget_settings.with_current_period(Budget.objects.order_by("id")))
    return [
        {
            "name": display.isolated(budget_usage.name),
            "period": budget_usage.budget.get_period_display().lower(),
            "bar": budgets.bar(budget_usage),
            "words": budgets.used_words(budget_usage),
            "limit": usd(str(budget_usage.budget.limit_usd)),
            "pk": budget_usage.budget.pk,
        }
        for budget_usage in usages
    ]


# --- The page


@require_safe
def usage_view(request: HttpRequest) -> HttpResponseBase:
    """Show the usage of the query, as a page or with ``format=csv`` as a download."""
    user = signed_in_staff(request)
    if not user.has_perm(PERMISSION):
        raise PermissionDenied
    parameters = request.GET
    # A submitted form may have no group at all; the default is for a page without a form.
    groups = parameters.getlist("group") if "from" in parameters else ["day"]
    problems: tuple[FieldError, ...] = ()
    rows: list[UsageRow] = []
    total = UsageRow({})
    try:
        query = usage.parse_query(
            user,
            first=parameters.get("from") or None,
            last=parameters.get("to") or None,
            group_by=",".join(groups),
            requested_by=parameters.get("by") or None,
        )
        rows, total = usage.run_query(query)
    except Invalid as refusal:
        problems = refusal.errors
        query = usage.parse_query(user)
    if parameters.get("format") == "csv" and not problems:
        return _csv(query, rows)
    context = {
        **admin.site.each_context(request),
        "title": "Usage and cost",
        "is_nav_sidebar_enabled": False,
        "first": parameters.get("from") or query.first.isoformat(),
        "last": parameters.get("to") or query.last.isoformat(),
        "by": parameters.get("by", ""),
        "groups": [
            {"name": name, "label": HEADINGS[column], "is_on": name in groups}
            for name, column in usage.GROUPS.items()
        ],
        "problems": [(LABELS.get(problem.pointer, ""), problem.detail) for problem in problems],
        "headings": [HEADINGS[usage.GROUPS[name]] for name in query.group_by],
        "rows": [_table_row(row) for row in rows[:MAX_ROWS]],
        "is_empty": not rows,
        "left_out": max(0, len(rows) - MAX_ROWS),
        "total": _table_row(total),
        "csv_query": _with_format(request),
    }
    return TemplateResponse(request, "admin/agents/usage.html", context)


def _with_format(request: HttpRequest) -> str:
    query = request.GET.copy()
    query["format"] = "csv"
    return query.urlencode()


def _names(row: UsageRow) -> list[str]:
    """Return the names of the row's group, in the order of ``group_by``."""
    names: dict[str, Callable[[Any], str]] = {
        "day": str,
        "agent_type": lambda value: AGENT_NAMES.get(value, value),
        "model": lambda value: value or "not recorded",
        "universe_id": lambda value: row.universe_name or ("deleted" if value else "without a universe"),
    }
    return [names[column](value) for column, value in row.key.items()]


def _table_row(row: UsageRow) -> dict[str, Any]:
    return {
        **_in_words(row.counts()),
        "names": [display.isolated(name) for name in _names(row)],
        "tokens": f"{sum(getattr(row, name) for name in TOKENS):,}",
    }


def _csv(query: UsageQuery, rows: Iterable[UsageRow]) -> HttpResponseBase:
    columns = list(UsageRow({}).counts())
    head = [*(HEADINGS[usage.GROUPS[name]] for name in query.group_by), *columns]
    table = ([*_names(row), *row.counts().values()] for row in rows)
    return csv_response("usage", head, table)
