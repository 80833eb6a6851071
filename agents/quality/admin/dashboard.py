"""The first page of the admin: what waits now, and how good the machine is."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from agents.billing.admin import costs
from agents.choices import REPORT_PERIODS_DAYS
from agents.common.admin import charts, figures
from agents.llm.limits.kinds import Cause
from agents.llm.limits.snapshots import ModelState
from agents.providers import lifecycle, status
from agents.quality import reports
from agents.review import queue_stats

PERMISSION = "agents.view_reviewitem"


def context(request: HttpRequest) -> dict[str, Any] | None:
    """What the template shows; None for who may not see review items."""
    if not request.user.has_perm(PERMISSION):
        return None
    days = _period(request.GET.get("days"))
    report = reports.latest(days)
    counted = report.figures
    now = timezone.now()
    return {
        "now": now,
        "live": queue_stats.live(request.user, now),
        "notices": lifecycle.notices(),
        "lines": [_line(line) for line in status.lines()],
        "days": days,
        "as_of": report.computed_at,
        "is_of_today": report.computed_at.date() == now.date(),
        "periods": [
            {"days": one, "is_shown": one == days, "url": f"{reverse('admin:index')}?days={one}#figures"}
            for one in REPORT_PERIODS_DAYS
        ],
        "figures": counted,
        "weeks": figures.weeks(counted["per_week"]),
        "verdict_names": [called for _, called in figures.VERDICT_TONES.values()],
        "verdict_legend": figures.verdict_legend(),
        "groups": _groups(counted),
        "calibration": _calibration(counted["calibration"]),
        "escaped": _escaped(counted["escaped"]),
        "times": _times(counted),
        "costs": costs.card(counted["usage"]),
        "budgets": costs.nearly_used(request.user),
        "may_see_usage": request.user.has_perm(costs.PERMISSION),
    }


def _period(asked: str | None) -> int:
    """The period of the address; the usual one for anything else that stands there."""
    return next((days for days in REPORT_PERIODS_DAYS if str(days) == asked), reports.DEFAULT_PERIOD)


@require_POST
def refresh_view(request: HttpRequest) -> HttpResponse:
    """Count anew, for anybody who sees the figures."""
    if not request.user.has_perm(PERMISSION):
        raise PermissionDenied
    days = _period(request.POST.get("days"))
    report = reports.refresh(days)
    messages.success(request, f"The figures are those of {report.computed_at:%H:%M:%S} UTC.")
    return HttpResponseRedirect(f"{reverse('admin:index')}?days={days}#figures")


def _line(line: ModelState) -> dict[str, Any]:
    paused = status.paused_by(line)
    until = max((breaker.until for breaker in line.breakers if breaker.until), default=None)
    state = "open"
    if paused:
        state = f"paused: {', '.join(paused)}"
        state += f", until {until:%H:%M:%S} UTC, when one job tries again" if until else ""
    elif line.closed_until:
        state = f"asked to wait until {line.closed_until:%H:%M:%S} UTC"
    return {
        "model": line.model,
        "state": state,
        "is_paused": bool(paused),
        "is_stopped": any(
            one.cause == Cause.STOPPED.value and one.state != "closed" for one in line.breakers
        ),
        "messages": [one.message for one in line.breakers if one.state != "closed" and one.message],
        "in_flight": line.in_flight,
        "cap": line.cap,
        "waiting": sum(line.waiting.values()),
        "buckets": [
            f"{bucket.limit:,.0f} ({max(0.0, min(1.0, bucket.left / bucket.capacity)):.0%})"
            for bucket in line.buckets
        ],
    }


def _groups(counted: dict[str, Any]) -> list[dict[str, Any]]:
    everything = figures.verdict_row("All", counted["decided"], counted["verdicts"])
    names = {"by_agent": "Agent", "by_model": "Model", "by_prompt": "Prompt and version"}
    return [
        {
            "name": name,
            "rows": [figures.verdict_row(row["name"], row["decided"], row) for row in counted[part]["rows"]],
            "all": everything,
            "left_out": counted[part]["left_out"],
        }
        for part, name in names.items()
    ]


def _calibration(counted: dict[str, Any]) -> dict[str, Any]:
    ece, brier, auroc = (figures.score(counted[name]) for name in ("ece", "brier", "auroc"))
    description = (
        f"{counted['count']} verdicts. Expected calibration error {ece}, Brier score {brier}. "
        "The table below has each bin."
    )
    return {
        "chart": charts.reliability(counted["bins"], description),
        "ece": ece,
        "brier": brier,
        "auroc": auroc,
        "count": counted["count"],
        "speaks_for": round(counted["speaks_for"]),
        "rows": [
            {
                "range": f"{one['low']:.1f} to {one['high']:.1f}",
                "count": one["count"],
                "confidence": f"{one['mean_confidence']:.2f}",
                "right": figures.percent(one["right"]),
                "interval": f"{figures.percent(one['right_low'])} to {figures.percent(one['right_high'])}",
            }
            for one in counted["bins"]
            if one["count"]
        ],
    }


def _escaped(counted: dict[str, Any]) -> dict[str, Any]:
    return {
        "overall": figures.rate_row("All audits", counted["overall"]) if counted["overall"] else None,
        "groups": [
            {"name": name, "rows": [figures.rate_row(row["name"], row["rate"]) for row in counted[part]]}
            for part, name in (("by_agent", "Agent"), ("by_universe", "Universe"))
        ],
        "left_out": counted["universes_left_out"],
    }


def _times(counted: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        {
            "name": name,
            "median": figures.duration(counted[part]["median"]),
            "p90": figures.duration(counted[part]["p90"]),
            "count": counted[part]["count"],
        }
        for part, name in (
            ("time_to_decision_s", "From opening to verdict"),
            ("work_s", "Work on an item"),
        )
    ]
