"""What the models cost, for the overview and for a page and a table of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from typing import Any, Final

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.views.decorators.http import require_safe

from agents.billing import budget_settings, usage
from agents.billing.admin import budgets
from agents.billing.usage import UsageQuery
from agents.billing.usage_rows import TOKENS, Row
from agents.choices import AgentType
from agents.common.admin import charts, display, figures
from agents.common.admin.base import signed_in_staff
from agents.common.admin.csv_export import csv_response
from agents.errors import FieldError, Invalid
from agents.models import Budget

PERMISSION: Final = "agents.view_modelcall"
MICRO: Final = 10**6
CENT: Final = 10_000

# How many rows a page shows; the table to download has all.
SHOWN: Final = 500

HEADINGS: Final = {"day": "Day", "agent_type": "Agent", "model": "Model", "universe_id": "Universe"}

LABELS: Final = {
    "?from": "From",
    "?to": "To",
    "?group_by": "Grouped by",
    "?requested_by": "Requested by",
}


# --- The overview


def card(found: Mapping[str, Any]) -> dict[str, Any]:
    """``usage.summary`` in words and as a picture."""
    total = found["total"]
    return {
        **total,
        "total": figures.usd(total["cost_usd"]),
        "per_approved": figures.usd(total["cost_per_approved_usd"]),
        "hit_rate": figures.percent(total["cache_hit_rate"]),
        "chart": _chart(found["by_day"]) if total["calls"] else "",
        "days": [{**day, "cost": figures.usd(day["cost_usd"])} for day in found["by_day"] if day["calls"]],
        "agents": [
            {
                **row,
                "name": dict(AgentType.choices).get(row["agent_type"], row["agent_type"]),
                "cost": figures.usd(row["cost_usd"]),
                "per_approved": figures.usd(row["cost_per_approved_usd"]),
                "hit_rate": figures.percent(row["cache_hit_rate"]),
            }
            for row in found["by_agent"]
        ],
    }


def _chart(days: Iterable[Mapping[str, Any]]) -> Any:
    rows = [
        charts.Column(
            day["day"][5:],
            round(Decimal(day["cost_usd"]) * MICRO),
            0,
            f"{day['day']}: {figures.usd(day['cost_usd'])} for {day['calls']} calls"
            + (f", {day['unknown_calls']} more of unknown cost" if day["unknown_calls"] else ""),
        )
        for day in days
    ]
    dearest = max(rows, key=lambda row: row.whole)
    description = f"The dearest of {len(rows)} days was {dearest.words}."
    return charts.columns(
        "costs", "Cost by day", description, rows, is_dense=True, axis_label=_axis, min_top=CENT
    )


def _axis(micro_usd: int) -> str:
    return figures.usd(str(Decimal(micro_usd) / MICRO))


def nearly_used(user: Any) -> list[dict[str, Any]]:
    """Budgets that are close to their end, for who may see budgets."""
    if not user.has_perm("agents.view_budget"):
        return []
    near = budget_settings.nearly_used(budget_settings.with_current(Budget.objects.order_by("id")))
    return [
        {
            "name": display.isolated(one.name),
            "period": one.budget.get_period_display().lower(),
            "bar": budgets.bar(one),
            "words": budgets.used_words(one),
            "limit": figures.usd(str(one.budget.limit_usd)),
            "pk": one.budget.pk,
        }
        for one in near
    ]


# --- The page


@require_safe
def usage_view(request: HttpRequest) -> HttpResponseBase:
    """Usage as the address asks for it, as a page or, with ``format=csv``, as a table."""
    user = signed_in_staff(request)
    if not user.has_perm(PERMISSION):
        raise PermissionDenied
    asked = request.GET
    # A form without a tick is an answer; an address without a form is none.
    groups = asked.getlist("group") if "from" in asked else ["day"]
    problems: tuple[FieldError, ...] = ()
    rows: list[Row] = []
    total = Row({})
    try:
        question = usage.parse_query(
            user,
            first=asked.get("from") or None,
            last=asked.get("to") or None,
            group_by=",".join(groups),
            requested_by=asked.get("by") or None,
        )
        rows, total = usage.answer(question)
    except Invalid as refusal:
        problems = refusal.errors
        question = usage.parse_query(user)
    if asked.get("format") == "csv" and not problems:
        return _csv(question, rows)
    context = {
        **admin.site.each_context(request),
        "title": "Usage and cost",
        "is_nav_sidebar_enabled": False,
        "first": asked.get("from") or question.first.isoformat(),
        "last": asked.get("to") or question.last.isoformat(),
        "by": asked.get("by", ""),
        "groups": [
            {"name": name, "label": HEADINGS[column], "is_on": name in groups}
            for name, column in usage.GROUPS.items()
        ],
        "problems": [(LABELS.get(one.pointer, ""), one.detail) for one in problems],
        "headings": [HEADINGS[usage.GROUPS[name]] for name in question.group_by],
        "rows": [_shown(row) for row in rows[:SHOWN]],
        "is_empty": not rows,
        "left_out": max(0, len(rows) - SHOWN),
        "total": _shown(total),
        "csv_query": _with_format(request),
    }
    return TemplateResponse(request, "admin/agents/usage.html", context)


def _with_format(request: HttpRequest) -> str:
    query = request.GET.copy()
    query["format"] = "csv"
    return query.urlencode()


def _names(row: Row) -> list[str]:
    """What the row is about, in the order of its groups."""
    agents = dict(AgentType.choices)
    names: dict[str, Callable[[Any], str]] = {
        "day": str,
        "agent_type": lambda value: str(agents.get(value, value)),
        "model": lambda value: value or "not on record",
        "universe_id": lambda value: row.universe_name or ("deleted" if value else "without a universe"),
    }
    return [names[column](value) for column, value in row.key.items()]


def _shown(row: Row) -> dict[str, Any]:
    told = row.as_dict()
    return {
        **told,
        "names": [display.isolated(name) for name in _names(row)],
        "tokens": f"{sum(told[name] for name in TOKENS):,}",
        "cost": figures.usd(told["cost_usd"]),
        "per_approved": figures.usd(told["cost_per_approved_usd"]),
        "hit_rate": figures.percent(told["cache_hit_rate"]),
    }


def _csv(question: UsageQuery, rows: Iterable[Row]) -> HttpResponseBase:
    columns = list(Row({}).as_dict())
    head = [*(HEADINGS[usage.GROUPS[name]] for name in question.group_by), *columns]
    table = ([*_names(row), *(row.as_dict()[name] for name in columns)] for row in rows)
    return csv_response("usage", head, table)
