"""Admin page for the receipt of a job."""

from __future__ import annotations

import uuid
from typing import Any, cast

from django.contrib import admin
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils.decorators import method_decorator
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from agents.choices import AgentType, EventKind, ReviewKind, ReviewState, Verdict
from agents.common import findings
from agents.common.admin import diff, display, signals
from agents.common.admin.base import AnyModelAdmin, link, own_page
from agents.common.admin.quotes import Quotation, QuoteMarks
from agents.common.text import job_text
from agents.common.text.money import format_usd
from agents.jobs.admin.inlines import is_withheld, visible_events
from agents.jobs.admin.jobs import AgentJobAdmin
from agents.models import AgentJob, AgentJobEvent, ModelCall
from agents.receipts import receipt as receipts
from agents.receipts.types import Canon, Decision, Review
from agents.review.admin.item.chain import template_of
from agents.review.admin.item.context import checked_text_of, violations_of
from agents.review.admin.item.history import entries_of


@admin.register(AgentJob)
class AgentJobWithReceiptAdmin(AgentJobAdmin):
    """Pages of jobs: what happened and the output as it reads come first, and each has a receipt."""

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        job = self.get_object(request, object_id)
        context = {} if job is None else _reading(request, job)
        return super().change_view(request, object_id, form_url, {**context, **(extra_context or {})})

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.receipt_view)
        return [
            path("<uuid:job_id>/receipt/", view, name="agents_agentjob_receipt"),
            *super().get_urls(),
        ]

    @method_decorator(require_safe)
    def receipt_view(self, request: HttpRequest, job_id: uuid.UUID) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        return _receipt_page(self, request, job_id)


def _reading(request: HttpRequest, job: AgentJob) -> dict[str, Any]:
    reader = cast("User", request.user)
    events = visible_events(reader, AgentJobEvent.objects.filter(job=job))
    is_shown = not is_withheld(job)
    marks = QuoteMarks(
        Quotation(finding["quote"], f"Against “{finding['statement']}”.", finding["id"])
        for finding in (findings.findings_in(job) if is_shown else ())
    )
    return {
        "steps": entries_of(request, events, shows_verdicts=is_shown, shows_confidence=is_shown),
        "output": job.output_data or {},
        "output_template": template_of(job),
        "violations": violations_of(job, job.output_data or {}),
        "checked_text": checked_text_of(job, marks),
        "marks": marks,
        "asked": job_text.request_text(job),
    }


def _receipt_page(job_admin: AnyModelAdmin, request: HttpRequest, job_id: uuid.UUID) -> HttpResponse:
    found = AgentJob.objects.select_related("universe", "requested_by", "schedule")
    job = found.filter(pk=job_id).first()
    if job is None:
        raise Http404(f"There is no job {job_id}.")
    receipt = receipts.receipt_of(job, cast("User", request.user))
    context = {
        "title": "Receipt",
        "subtitle": str(job),
        "job": job,
        "asked": job_text.request_text(job),
        "agent": AgentType(job.agent_type).label,
        "universe": _universe(request, job),
        "receipt": receipt,
        "signals": _signals(request, job) if not receipt["withheld"] else [],
        "attempts": [
            {**attempt, "outcome": EventKind(attempt["outcome"]).label if attempt["outcome"] else "Running"}
            for attempt in receipt["attempts"]
        ],
        "calls": [_call(call) for call in receipt["calls"]],
        "reviews": [_review(request, review) for review in receipt["reviews"] or ()],
        "entry": _entry(request, receipt["canon"]),
    }
    return own_page(request, AgentJob, "agentjob/receipt.html", context)


def _universe(request: HttpRequest, job: AgentJob) -> SafeString | str:
    if job.universe is None:
        return ""
    return _link_if(request, "universe", job.universe.pk, job.universe.name)


def _signals(request: HttpRequest, job: AgentJob) -> list[signals.SignalRow]:
    return signals.rows_of(job, may_see_world=request.user.has_perms(signals.WORLD_PERMISSIONS))


def _call(call: ModelCall) -> dict[str, Any]:
    cost = "unknown" if call.cost_usd is None else format_usd(call.cost_usd)
    return {"call": call, "latency_s": call.latency_ms / 1000, "cost": cost}


def _review(request: HttpRequest, review: Review) -> dict[str, Any]:
    kind = review["kind"]
    may_see = request.user.has_perm("agents.view_reviewitem")
    return {
        **review,
        "kind": ReviewKind(kind).label if kind else "",
        "state": ReviewState(review["state"]).label,
        "decisions": [_decision(decision) for decision in review["decisions"]],
        "link": link("agents_reviewitem_change", review["id"], "Review page") if may_see else "",
    }


def _decision(decision: Decision) -> dict[str, Any]:
    edit = decision["edit"]
    return {
        **decision,
        "label": Verdict(decision["verdict"]).label,
        "changes": diff.changes(edit["before"], edit["after"]) if edit else [],
    }


def _entry(request: HttpRequest, canon: Canon | None) -> dict[str, Any] | None:
    if canon is None or canon["entry"] is None:
        return None
    entry = canon["entry"]
    model = "scene" if entry.kind == "scene" else "element"
    return {
        "kind": entry.kind,
        "status": entry.status,
        "link": _link_if(request, model, entry.id, entry.name),
    }


def _link_if(request: HttpRequest, model: str, pk: Any, name: str) -> SafeString | str:
    """Return the name, as a link for users who may see the page."""
    may_see = request.user.has_perm(f"universes.view_{model}")
    return link(f"universes_{model}_change", pk, name) if may_see else display.isolated(name)
