"""Metrics of the reviewers: a table for leads, and a page for each person."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any, cast

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_GET

from agents.choices import GoldAnswer, Verdict
from agents.common import permissions
from agents.common.admin import display, number_format
from agents.common.admin.base import link
from agents.engine.confidence.statistics import Rate
from agents.errors import Forbidden, NotFound
from agents.quality import reviewer_metrics
from agents.quality.admin.metric_rows import rate_row, verdict_headings, verdict_row, week_chart
from agents.quality.types import ReviewerRow, Work, WrongGold

if TYPE_CHECKING:
    from django.contrib.auth.models import User


@require_GET
def table_view(request: HttpRequest) -> HttpResponse:
    """Show all reviewers to a lead, and redirect other users to their own page."""
    user = cast("User", request.user)
    if not permissions.is_lead(user):
        return HttpResponseRedirect(_page_of(user.pk))
    table = reviewer_metrics.table(user)
    context = {
        "title": "Reviewers",
        "days": table["days"],
        "rows": [_reviewer_row(row) for row in table["reviewers"]],
        "verdict_headings": verdict_headings(),
        "everybody": _row("Everybody", table["everybody"]),
    }
    return _render(request, "table.html", context)


@require_GET
def reviewer_view(request: HttpRequest, user_id: int) -> HttpResponse:
    """Show one reviewer beside everybody, to that person or a lead."""
    viewer = cast("User", request.user)
    try:
        metrics = reviewer_metrics.of_reviewer(viewer, user_id)
    except Forbidden as refusal:
        raise PermissionDenied(refusal.message) from None
    except NotFound as refusal:
        raise Http404(refusal.message) from None
    own, everybody = metrics["reviewer"], metrics["everybody"]
    is_self = user_id == viewer.pk
    context = {
        "title": "My reviews" if is_self else f"Reviews by {own['username']}",
        "days": metrics["days"],
        "own": _reviewer_row(own),
        "is_lead": permissions.is_lead(viewer),
        "week_chart": week_chart(metrics["per_week"]),
        "per_week": metrics["per_week"],
        "verdicts": [
            verdict_row("You" if is_self else own["username"], own["decided"], own["verdicts"]),
            verdict_row("Everybody", everybody["decided"], everybody["verdicts"]),
        ],
        "verdict_headings": verdict_headings(),
        "work": number_format.duration(own["work_s_median"]),
        "work_of_all": number_format.duration(everybody["work_s_median"]),
        "agreement": _agreement(own, everybody),
        "gold_wrong": [_missed(gold) for gold in metrics["gold_wrong"]],
    }
    return _render(request, "reviewer.html", context)


def _page_of(user_id: Any) -> str:
    return reverse("admin:agents_reviewitem_reviewer", args=[user_id])


def _render(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    return TemplateResponse(
        request,
        f"admin/agents/reviewers/{template}",
        {**admin.site.each_context(request), "is_nav_sidebar_enabled": False, **context},
    )


def _row(name: str, work: Work) -> dict[str, Any]:
    return {
        **work,
        "verdict_row": verdict_row(name, work["decided"], work["verdicts"]),
        "work": number_format.duration(work["work_s_median"]),
        "audits": _short(work["audits_approved"]),
    }


def _reviewer_row(metrics: ReviewerRow) -> dict[str, Any]:
    return {
        **_row(metrics["username"], metrics),
        "name": display.isolated(metrics["username"]),
        "url": _page_of(metrics["user_id"]),
        "outcome": _short(metrics["agrees_with_outcome"]),
        "lead": _short(metrics["agrees_with_lead"]),
        "gold": _short(metrics["gold_right"]),
    }


def _short(rate: Rate | None) -> str:
    """Format a rate without its interval: "92% of 24"."""
    return f"{number_format.percent(rate['share'])} of {rate['count']}" if rate else number_format.NOTHING


def _missed(gold: WrongGold) -> dict[str, Any]:
    return {
        "job": link("agents_agentjob_change", gold["job_id"], display.short_id(uuid.UUID(gold["job_id"]))),
        "at": gold["at"][:10],
        "verdict": Verdict(gold["verdict"]).label.lower(),
        "answer": "accepted" if gold["answer"] == GoldAnswer.ACCEPT else "refused",
        "why": display.isolated(gold["why"]),
    }


def _agreement(own: ReviewerRow, everybody: Work) -> list[dict[str, Any]]:
    return [
        {"row": rate_row(name, rate), "meaning": meaning, "everybody": _short(rate_of_all)}
        for name, rate, rate_of_all, meaning in (
            (
                "Agreed with the outcome",
                own["agrees_with_outcome"],
                None,
                "Items with several reviewers: same verdict as the one that took effect.",
            ),
            (
                "Agreed with leads",
                own["agrees_with_lead"],
                None,
                "Disagreements settled by a lead: same verdict as the lead's.",
            ),
            (
                "Audits approved",
                own["audits_approved"],
                everybody["audits_approved"],
                "Trusted outputs drawn for review: approved unchanged.",
            ),
            (
                "Gold",
                own["gold_right"],
                None,
                "Items with a known verdict: decided correctly.",
            ),
        )
    ]
