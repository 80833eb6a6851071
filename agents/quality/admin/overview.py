"""The first page of the admin: the queue, the models, the metrics and the cost."""

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
from agents.common.admin import charts, number_format
from agents.engine.confidence.statistics import Bin
from agents.llm.limits.snapshots import ModelState
from agents.llm.limits.types import Cause
from agents.models import ErrorPromise
from agents.providers import lifecycle, status
from agents.quality import reports
from agents.quality.admin import metric_rows
from agents.quality.promise import wording
from agents.quality.types import Calibration, Escaped, ReviewMetrics
from agents.review import queue_stats
from agents.review.admin import choice_rows

PERMISSION = "agents.view_reviewitem"
# More would be a page of their own, which there is.
MAX_PROMISES = 12


def context(request: HttpRequest) -> dict[str, Any] | None:
    """Build the context of the template, or return None for a user who may not see review items."""
    if not request.user.has_perm(PERMISSION):
        return None
    days = _period(request.GET.get("days"))
    report = reports.latest(days)
    metrics: ReviewMetrics = report.figures
    now = timezone.now()
    return {
        "now": now,
        "live": queue_stats.live(request.user, now),
        "notices": lifecycle.notices(),
        "quotas": [_quota(state) for state in status.model_states()],
        "days": days,
        "as_of": report.computed_at,
        "is_of_today": report.computed_at.date() == now.date(),
        "periods": [
            {"days": period, "is_shown": period == days, "url": _url(period)}
            for period in REPORT_PERIODS_DAYS
        ],
        "metrics": metrics,
        "week_chart": metric_rows.week_chart(metrics["per_week"]),
        "verdict_headings": metric_rows.verdict_headings(),
        "groups": _groups(metrics),
        "choices": choice_rows.choice_rows(metrics["variants"]["by_model"]),
        "calibration": _calibration(metrics["calibration"]),
        "escaped": _escaped(metrics["escaped"]),
        "promises": _promises(),
        "times": _times(metrics),
        "costs": costs.card(metrics["usage"]),
        "budgets": costs.nearly_used(request.user),
        "may_see_usage": request.user.has_perm(costs.PERMISSION),
    }


def _period(raw: str | None) -> int:
    """Return the period in days, or the default for any other value."""
    return next((days for days in REPORT_PERIODS_DAYS if str(days) == raw), reports.DEFAULT_PERIOD)


def _url(days: int) -> str:
    return f"{reverse('admin:index')}?days={days}#figures"


@require_POST
def refresh_view(request: HttpRequest) -> HttpResponse:
    """Recompute the metrics, for every user who may see them."""
    if not request.user.has_perm(PERMISSION):
        raise PermissionDenied
    days = _period(request.POST.get("days"))
    report = reports.refresh(days)
    messages.success(request, f"Metrics computed at {report.computed_at:%H:%M:%S} UTC.")
    return HttpResponseRedirect(_url(days))


def _quota(model: ModelState) -> dict[str, Any]:
    paused = status.paused_by(model)
    until = max((breaker.until for breaker in model.breakers if breaker.until), default=None)
    state = "open"
    if paused:
        state = f"paused: {', '.join(paused)}"
        state += f", until {until:%H:%M:%S} UTC; one job then tests the model" if until else ""
    elif model.closed_until:
        state = f"rate-limited until {model.closed_until:%H:%M:%S} UTC"
    tripped = [breaker for breaker in model.breakers if breaker.state != "closed"]
    return {
        "model": model.model,
        "state": state,
        "is_paused": bool(paused),
        "is_stopped": any(breaker.cause == Cause.STOPPED.value for breaker in tripped),
        "messages": [breaker.message for breaker in tripped if breaker.message],
        "in_flight": model.in_flight,
        "cap": model.cap,
        "waiting": sum(model.waiting.values()),
        "buckets": [
            f"{bucket.limit:,.0f} ({max(0.0, min(1.0, bucket.left / bucket.capacity)):.0%})"
            for bucket in model.buckets
        ],
    }


def _promises() -> list[dict[str, Any]]:
    now = ErrorPromise.objects.filter(until__isnull=True).select_related("universe")
    return [
        {
            "agent": promise.get_agent_type_display(),
            "universe": promise.universe and promise.universe.name,
            "sentence": wording.sentence(promise),
            "model": promise.model,
            "since": promise.counts_from,
            "bounds": [
                _bound(candidate) for candidate in promise.evidence["candidates"] if candidate["bound"]
            ],
        }
        for promise in now.order_by("agent_type", "universe__name")[:MAX_PROMISES]
    ]


def _bound(candidate: dict[str, Any]) -> dict[str, str]:
    sums = {
        name: f"{sum(stratum[name] for stratum in candidate['strata']):,}"
        for name in ("outputs", "verdicts", "errors")
    }
    return {"cut_off": f"{candidate['cut_off']:.1f}", "bound": f"{candidate['bound']:.1%}", **sums}


def _groups(metrics: ReviewMetrics) -> list[dict[str, Any]]:
    total = metric_rows.verdict_row("All", metrics["decided"], metrics["verdicts"])
    return [
        {
            "name": name,
            "rows": [metric_rows.verdict_row(row["name"], row["decided"], row) for row in groups["rows"]],
            "all": total,
            "left_out": groups["left_out"],
        }
        for name, groups in (
            ("Agent", metrics["by_agent"]),
            ("Model", metrics["by_model"]),
            ("Prompt and version", metrics["by_prompt"]),
        )
    ]


def _calibration(calibration: Calibration) -> dict[str, Any]:
    ece, brier, auroc = (
        number_format.score(score)
        for score in (calibration["ece"], calibration["brier"], calibration["auroc"])
    )
    description = (
        f"{calibration['count']} verdicts. Expected calibration error {ece}, Brier score {brier}. "
        "The table below has each bin."
    )
    return {
        "chart": charts.reliability(calibration["bins"], description),
        "ece": ece,
        "brier": brier,
        "auroc": auroc,
        "count": calibration["count"],
        "speaks_for": round(calibration["speaks_for"]),
        "rows": [
            {
                "range": f"{row['low']:.1f} to {row['high']:.1f}",
                "count": row["count"],
                "confidence": f"{row['mean_confidence']:.2f}",
                "right": number_format.percent(row["right"]),
                "interval": _percent_range(row),
            }
            for row in calibration["bins"]
            if row["count"]
        ],
    }


def _percent_range(row: Bin) -> str:
    return f"{number_format.percent(row['right_low'])} to {number_format.percent(row['right_high'])}"


def _escaped(escaped: Escaped) -> dict[str, Any]:
    return {
        "overall": metric_rows.rate_row("All audits", escaped["overall"]) if escaped["overall"] else None,
        "groups": [
            {"name": name, "rows": [metric_rows.rate_row(row["name"], row["rate"]) for row in rates]}
            for name, rates in (("Agent", escaped["by_agent"]), ("Universe", escaped["by_universe"]))
        ],
        "left_out": escaped["universes_left_out"],
    }


def _times(metrics: ReviewMetrics) -> list[dict[str, Any]]:
    return [
        {
            "name": name,
            "median": number_format.duration(spread["median"]),
            "p90": number_format.duration(spread["p90"]),
            "count": spread["count"],
        }
        for name, spread in (
            ("Time to decision", metrics["time_to_decision_s"]),
            ("Work on an item", metrics["work_s"]),
        )
    ]
