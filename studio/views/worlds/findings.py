"""The work list of a universe: contradictions in canon, and what a person does about each."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from django.contrib import messages
from django.contrib.auth.models import User
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from agents.choices import FindingState
from agents.common import world_context
from agents.models import AgentJob, IntentionalFinding, SceneFix, WorldFinding, WorldRecheck
from agents.models.jobs.states import UNFINISHED
from agents.worlds import recheck, work_list
from studio.paging import PageOf
from studio.web import back_to, page, show
from studio.worlds.sources import Source, sources_of
from studio.worlds.universe_page import Frame, context_of, open_universe
from universes.choices import CanonStatus, Role
from universes.errors import NotFound

PAGE_SIZE = 30
ALL = "all"
STRENGTHS = (("proven", "Proven"), ("likely", "Likely"), ("hint", "Hint"))


@dataclass(frozen=True, slots=True)
class FindingRow:
    """A finding with its source, the reason of its mark, and the newest job that was asked to mend it."""

    finding: WorldFinding
    source: Source
    reason: str
    fix: AgentJob | None

    @property
    def is_open(self) -> bool:
        return self.finding.now == FindingState.OPEN and self.finding.scene.canon_status == CanonStatus.CANON

    @property
    def is_being_mended(self) -> bool:
        return self.fix is not None and self.fix.status in UNFINISHED


@page("GET", "POST")
def findings(request: HttpRequest, user: User, universe_id: uuid.UUID) -> HttpResponse:
    """Show the work list; the form has the scenes checked again."""
    is_sent = request.method == "POST"
    frame = open_universe(user, universe_id, at_least=Role.EDITOR if is_sent else Role.VIEWER)
    if is_sent:
        world_context.refuse_archived(frame.universe)
        recheck.ask_for_recheck(frame.universe)
        messages.success(request, "The scenes are being checked again. Come back in a minute.")
        return HttpResponseRedirect(reverse("studio:findings", args=[universe_id]))
    shown = {name: request.GET.get(name, "")[:40] for name in ("state", "strength")}
    rows = work_list.findings_in(frame.universe)
    if shown["state"] != ALL:
        state = shown["state"] if shown["state"] in FindingState.values else FindingState.OPEN
        rows = rows.filter(Q(("now", state)))
    if shown["strength"] in dict(STRENGTHS):
        rows = rows.filter(strength=shown["strength"])
    found = PageOf(request, rows, PAGE_SIZE)
    context = context_of(
        frame,
        "work",
        page=found,
        rows=_rows(frame, found.rows),
        shown=shown,
        states=[(state.value, state.label.split(":")[0]) for state in FindingState],
        strengths=STRENGTHS,
        recheck=WorldRecheck.objects.filter(universe=universe_id).defer("world", "timeline").first(),
        scenes_left=recheck.due_scenes(universe_id).count(),
    )
    return show(request, "worlds/findings.html", context)


@page("POST")
def finding(
    request: HttpRequest, user: User, universe_id: uuid.UUID, world_finding_id: uuid.UUID
) -> HttpResponse:
    """Have an agent fix it, mark it as intentional, or undo the mark."""
    frame = open_universe(user, universe_id, at_least=Role.EDITOR)
    act = request.POST.get("act", "")
    if act == "fix":
        job = work_list.ask_for_fix(frame.universe, world_finding_id, by=user)
        messages.success(
            request, "An agent is fixing the scene. If you accept its version, it replaces the scene."
        )
        return HttpResponseRedirect(reverse("studio:job", args=[job.pk]))
    if act == "intentional":
        reason = request.POST.get("reason", "")
        work_list.mark_intentional(frame.universe, world_finding_id, by=user, reason=reason)
        messages.success(request, "Marked as intentional. Checks ignore it from now on.")
    elif act == "unmark":
        work_list.unmark(frame.universe, world_finding_id)
        messages.success(request, "It is no longer marked as intentional.")
    else:
        raise NotFound("There is nothing of this kind to do.", code="unknown_act")
    return HttpResponseRedirect(back_to(request))


def _rows(frame: Frame, found: list[WorldFinding]) -> list[FindingRow]:
    sources = sources_of(frame.universe, {row.source_id for row in found})
    marks = IntentionalFinding.objects.filter(
        universe=frame.universe, finding_id__in=[row.finding_id for row in found]
    )
    reasons = dict(marks.values_list("finding_id", "reason"))
    fixes: dict[uuid.UUID | None, AgentJob] = {}
    rows = SceneFix.objects.filter(finding__in=[row.pk for row in found]).select_related("job")
    for fix in rows.defer("text").order_by("job__created_at"):
        fixes[fix.finding_id] = fix.job
    return [
        FindingRow(row, sources[row.source_id], reasons.get(row.finding_id, ""), fixes.get(row.pk))
        for row in found
    ]
