"""How each reviewer works: a table for leads, and a page a person."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, cast

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_GET

from agents.choices import GoldAnswer, Verdict
from agents.common import permissions
from agents.common.admin import display, figures
from agents.common.admin.base import link
from agents.errors import Forbidden, NotFound
from agents.quality import reviewer_metrics

if TYPE_CHECKING:
    from django.contrib.auth.models import User


@require_GET
def table_view(request: HttpRequest) -> HttpResponse:
    """All reviewers, for leads; others are sent to their own page."""
    user = cast("User", request.user)
    if not permissions.is_lead(user):
        return HttpResponseRedirect(_page_of(user.pk))
    found = reviewer_metrics.table(user)
    context = {
        "title": "Reviewers",
        "days": found["days"],
        "rows": [_row(row) for row in found["reviewers"]],
        "verdict_legend": figures.verdict_legend(),
        "everybody": _row(found["everybody"]),
    }
    return _answer(request, "table.html", context)


@require_GET
def reviewer_view(request: HttpRequest, user_id: int) -> HttpResponse:
    """One reviewer beside everybody, for that person and for leads."""
    viewer = cast("User", request.user)
    try:
        found = reviewer_metrics.of_reviewer(viewer, user_id)
    except Forbidden as refusal:
        raise PermissionDenied(refusal.message) from None
    except NotFound as refusal:
        raise Http404(refusal.message) from None
    own = found["reviewer"]
    context = {
        "title": "My reviews" if user_id == viewer.pk else f"Reviews by {own['username']}",
        "days": found["days"],
        "own": _row(own),
        "is_self": user_id == viewer.pk,
        "is_lead": permissions.is_lead(viewer),
        "weeks": figures.weeks(found["per_week"]),
        "per_week": found["per_week"],
        "verdicts": [
            figures.verdict_row(
                "You" if user_id == viewer.pk else own["username"], own["decided"], own["verdicts"]
            ),
            figures.verdict_row("Everybody", found["everybody"]["decided"], found["everybody"]["verdicts"]),
        ],
        "verdict_names": [called for _, called in figures.VERDICT_TONES.values()],
        "verdict_legend": figures.verdict_legend(),
        "work": figures.duration(own["work_s_median"]),
        "work_of_all": figures.duration(found["everybody"]["work_s_median"]),
        "agreement": _agreement(own, found["everybody"]),
        "gold_wrong": [_missed(one) for one in found["gold_wrong"]],
    }
    return _answer(request, "reviewer.html", context)


def _page_of(user_id: Any) -> str:
    return reverse("admin:agents_reviewitem_reviewer", args=[user_id])


def _answer(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    return TemplateResponse(
        request,
        f"admin/agents/reviewers/{template}",
        {**admin.site.each_context(request), "is_nav_sidebar_enabled": False, **context},
    )


def _row(found: Mapping[str, Any]) -> dict[str, Any]:
    """What the templates show of one reviewer, or of everybody."""
    verdicts = figures.verdict_row(found.get("username", "Everybody"), found["decided"], found["verdicts"])
    return {
        **found,
        "name": display.isolated(found.get("username", "Everybody")),
        "url": _page_of(found["user_id"]) if "user_id" in found else "",
        "verdict_row": verdicts,
        "work": figures.duration(found["work_s_median"]),
        "audits": _short(found["audits_approved"]),
        "outcome": _short(found.get("agrees_with_outcome")),
        "lead": _short(found.get("agrees_with_lead")),
        "gold": _short(found.get("gold_right")),
    }


def _short(rate: Mapping[str, Any] | None) -> str:
    """Without the interval, for a table of many: "92% of 24"."""
    return f"{figures.percent(rate['share'])} of {rate['count']}" if rate else figures.NOTHING


def _missed(one: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "job": link("agents_agentjob_change", one["job_id"], display.short_id(uuid.UUID(one["job_id"]))),
        "at": one["at"][:10],
        "verdict": Verdict(one["verdict"]).label.lower(),
        "answer": "accepted" if one["answer"] == GoldAnswer.ACCEPT else "refused",
        "why": display.isolated(one["why"]),
    }


def _agreement(own: Mapping[str, Any], everybody: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [
        {
            "row": figures.rate_row(name, found),
            "meaning": meaning,
            "everybody": _short(everybody.get("audits_approved")) if of_all else figures.NOTHING,
        }
        for name, found, meaning, of_all in (
            (
                "With the outcome",
                own["agrees_with_outcome"],
                "Items that several reviewed: the same verdict as the one that took effect.",
                False,
            ),
            (
                "With leads",
                own["agrees_with_lead"],
                "Disagreements that a lead settled: the same verdict as the lead's.",
                False,
            ),
            (
                "Audits approved",
                own["audits_approved"],
                "Outputs that had passed and were drawn for review: approved as they were.",
                True,
            ),
            (
                "Gold",
                own["gold_right"],
                "Planted items whose right verdict is known: accepted or refused as they had to be.",
                False,
            ),
        )
    ]
