"""Admin pages of style guides: the rules in force, their history, their effect, proposals and exemplars."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.views.decorators.http import require_POST, require_safe

from agents.choices import AgentType, ProposalState
from agents.common import guidance, permissions
from agents.common.admin import charts, display
from agents.common.admin.base import ReadOnlyAdmin, link, own_page, signed_in_staff
from agents.errors import DomainError, Forbidden, NotFound
from agents.learning import access, effect, exemplars, guides, proposals
from agents.models import RuleProposal, StyleGuide
from universes.models import Universe

MAX_VERSIONS = 20
MAX_SHOWN = 50


class LeadsOnly(ReadOnlyAdmin):
    """Read-only pages for leads."""

    def has_module_permission(self, request: HttpRequest) -> bool:
        return permissions.is_lead(request.user)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return permissions.is_lead(request.user)


@admin.register(StyleGuide)
class StyleGuideAdmin(LeadsOnly):
    """The guides in force; each has a page of its own, on which it is changed."""

    empty_text = "No style guides yet. Open one from the page of a universe."
    list_display = ["universe_name", "agent_type", "version", "rule_count", "trial", "by", "at"]
    list_select_related = ["universe", "by"]
    list_filter = ["agent_type"]
    ordering = ["-at", "-id"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[StyleGuide]:
        return guidance.newest_guides()

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        guide = self.get_object(request, object_id)
        if guide is None:
            return super().change_view(request, object_id, form_url, extra_context)
        return HttpResponseRedirect(page_of(guide.universe_id, guide.agent_type))

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path("exemplar/<uuid:job_id>/", view(exemplify_view), name="agents_styleguide_exemplify"),
            path("<uuid:universe_id>/<str:agent_type>/", view(guide_view), name="agents_styleguide_guide"),
            path("<uuid:universe_id>/<str:agent_type>/act/", view(act_view), name="agents_styleguide_act"),
            *super().get_urls(),
        ]

    @admin.display(description="Universe", ordering="universe__name")
    def universe_name(self, guide: StyleGuide) -> SafeString | str:
        return display.isolated(guide.universe.name)

    @admin.display(description="Rules")
    def rule_count(self, guide: StyleGuide) -> int:
        return len(guide.rules)

    @admin.display(description="Trial", boolean=True)
    def trial(self, guide: StyleGuide) -> bool:
        return guide.has_trial


@admin.register(RuleProposal)
class RuleProposalAdmin(LeadsOnly):
    """List of all proposed rules, which are decided on the page of their guide."""

    empty_text = "No proposals yet. One is made once three verdicts on different requests point the same way."
    list_display = ["text", "universe_name", "agent_type", "state", "verdicts", "chances", "created_at"]
    list_select_related = ["universe"]
    list_filter = ["state", "agent_type"]
    ordering = ["-created_at", "-id"]
    fields = [
        "text",
        "state",
        "guide",
        "pattern",
        "is_worded_by_model",
        "created_at",
        "decided_by",
        "decided_at",
    ]
    readonly_fields = ["guide"]

    @admin.display(description="Universe", ordering="universe__name")
    def universe_name(self, proposal: RuleProposal) -> SafeString | str:
        return display.isolated(proposal.universe.name)

    @admin.display(description="Verdicts")
    def verdicts(self, proposal: RuleProposal) -> int:
        return len(proposal.evidence)

    @admin.display(description="Style guide")
    def guide(self, proposal: RuleProposal) -> SafeString:
        url = page_of(proposal.universe_id, proposal.agent_type)
        return format_html('<a href="{}">{}</a>', url, "Decide on the page of the guide")


def page_of(universe_id: uuid.UUID, agent_type: str) -> str:
    return reverse("admin:agents_styleguide_guide", args=[universe_id, agent_type])


@require_safe
def guide_view(request: HttpRequest, universe_id: uuid.UUID, agent_type: str) -> HttpResponse:
    universe, _ = _taught(request, universe_id, agent_type)
    return _render(request, universe, agent_type)


def _render(
    request: HttpRequest, universe: Universe, agent_type: str, *, typed: str | None = None
) -> HttpResponse:
    guide = guides.current(universe.pk, agent_type)
    of_scope = RuleProposal.objects.filter(universe=universe, agent_type=agent_type)
    shown = effect.effect_of(universe.pk, agent_type)
    context = {
        "title": "Style guide",
        "universe": universe,
        "agent_type": agent_type,
        "agent": AgentType(agent_type).label,
        "tabs": [(value, label, page_of(universe.pk, value)) for value, label in AgentType.choices],
        "guide": guide,
        "typed": "\n".join(guide.texts) if typed is None else typed,
        "versions": guides.versions_of(universe.pk, agent_type)[:MAX_VERSIONS],
        "proposals": [
            {"row": row, "evidence": [_evidence(one) for one in row.evidence]}
            for row in of_scope.filter(state=ProposalState.OPEN).order_by("-created_at")[:MAX_SHOWN]
        ],
        "decided": of_scope.exclude(state=ProposalState.OPEN).order_by("-decided_at")[:MAX_SHOWN],
        "exemplars": exemplars.exemplars_of(universe.pk).filter(agent_type=agent_type)[:MAX_SHOWN],
        "effect": shown,
        "sides": [_side("With", shown.with_rules), _side("Without", shown.without_rules)],
        "act_url": reverse("admin:agents_styleguide_act", args=[universe.pk, agent_type]),
    }
    return own_page(request, StyleGuide, "styleguide/guide.html", context)


def _evidence(one: dict[str, Any]) -> dict[str, Any]:
    if one["item_id"]:
        return {**one, "link": link("agents_reviewitem_change", one["item_id"], "verdict")}
    return {**one, "link": link("agents_agentjob_change", one["job_id"], one["kind"])}


def _side(name: str, side: effect.Side) -> dict[str, Any]:
    low, high = side.share_low, side.share_high
    return {
        "name": name,
        "verdicts": side.verdicts,
        "picture": "" if low is None or high is None else charts.interval(low, high, side.share or 0.0),
        "share": _with_interval(side.share, low, high),
        "distance": _with_interval(side.distance, side.distance_low, side.distance_high),
    }


def _with_interval(value: float | None, low: float | None, high: float | None) -> str:
    if value is None:
        return "–"
    return f"{value:.0%}" if low is None or high is None else f"{value:.0%} ({low:.0%} to {high:.0%})"


@require_POST
def act_view(request: HttpRequest, universe_id: uuid.UUID, agent_type: str) -> HttpResponse:
    """Save or undo the guide, decide a proposal, or remove an exemplar."""
    universe, user = _taught(request, universe_id, agent_type)
    sent = request.POST
    try:
        done = _act(sent, universe.pk, agent_type, user)
    except DomainError as refusal:
        messages.error(request, " ".join([refusal.message, *_details(refusal)]))
        return _render(request, universe, agent_type, typed=sent.get("rules"))
    messages.success(request, done)
    return HttpResponseRedirect(page_of(universe.pk, agent_type))


def _act(sent: Any, universe_id: uuid.UUID, agent_type: str, by: User) -> str:
    act, pk = sent.get("act", ""), _parsed(sent.get("id", ""))
    if act == "save":
        rules = [line for line in sent.get("rules", "").splitlines() if line.strip()]
        guide = guides.save(universe_id, agent_type, rules, by=by, note=sent.get("note", ""))
        return f"Version {guide.version} applies to the next jobs."
    if act == "restore":
        version = int(sent["version"]) if sent.get("version", "").isdecimal() else None
        guide = guides.restore(universe_id, agent_type, by=by, version=version)
        return f"Version {guide.version} applies, with the rules as they were."
    if act == "end_trial":
        effect.end_trial(universe_id, agent_type, by=by)
        return "The trial has ended: all later jobs read the rules."
    if act == "accept":
        guide = proposals.accept(pk, by=by, universe_id=universe_id, text=sent.get("text"))
        return f"Accepted: version {guide.version} applies to the next jobs."
    if act == "refuse":
        proposals.refuse(pk, by=by, universe_id=universe_id)
        return "Refused. It is not proposed again."
    if act == "remove":
        exemplars.unmark(universe_id, pk, by=by)
        return "Removed. Later jobs do not read it."
    raise NotFound("Unknown action.", code="unknown_act")


def _details(refusal: DomainError) -> list[str]:
    return [error.detail for error in getattr(refusal, "errors", ())]


def _parsed(raw: str) -> uuid.UUID:
    try:
        return uuid.UUID(raw)
    except ValueError:
        return uuid.UUID(int=0)


def _taught(request: HttpRequest, universe_id: uuid.UUID, agent_type: str) -> tuple[Universe, User]:
    user = signed_in_staff(request)
    try:
        guides.check_agent_type(agent_type)
        return access.taught_universe(user, universe_id), user
    except Forbidden as refusal:
        raise PermissionDenied from refusal
    except NotFound as refusal:
        if permissions.is_lead(user):
            raise Http404(refusal.message) from refusal
        raise PermissionDenied from refusal


@require_POST
def exemplify_view(request: HttpRequest, job_id: uuid.UUID) -> HttpResponse:
    """Mark the output of a job as it should be, and return to the page that the reviewer came from."""
    user = signed_in_staff(request)
    if not permissions.is_reviewer(user):
        raise PermissionDenied
    universe_id = _parsed(request.POST.get("universe", ""))
    try:
        exemplars.mark(job_id, by=user, universe_id=universe_id)
    except DomainError as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, "Kept as an example for later jobs of its kind.")
    return HttpResponseRedirect(reverse("admin:agents_agentjob_change", args=[job_id]))
