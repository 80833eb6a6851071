"""Style guides of a universe: reading and changing one, proposed rules, and earlier versions."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from django.contrib import messages
from django.contrib.auth.models import User
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import reverse

from agents.choices import ProposalState
from agents.common import permissions, world_context
from agents.common.asking.works import agents_offered
from agents.learning import effect, guides, proposals
from agents.models import RuleProposal, StyleGuide
from studio.jobs.asking import parsed_id
from studio.web import in_words, page, show
from studio.worlds.universe_page import Frame, context_of, open_universe
from universes.errors import Invalid, NotFound, PreconditionFailed

VERSIONS, PROPOSALS = 20, 20


@dataclass(frozen=True, slots=True)
class VersionRow:
    """A version with the rules that it added and dropped."""

    guide: StyleGuide
    added: list[str]
    dropped: list[str]


@page("GET", "POST")
def style_guide(request: HttpRequest, user: User, universe_id: uuid.UUID, agent_type: str) -> HttpResponse:
    """Show a style guide; a form saves it, brings a version back or decides on a proposal."""
    frame = open_universe(user, universe_id)
    guides.check_agent_type(agent_type)
    if request.method != "POST":
        return _show(request, user, frame, agent_type)
    try:
        done = _act(request.POST, frame, agent_type, user)
    except (Invalid, PreconditionFailed) as refusal:
        is_changed = isinstance(refusal, PreconditionFailed)
        return _show(
            request,
            user,
            frame,
            agent_type,
            error=refusal.message if is_changed else in_words(refusal),
            status=412 if is_changed else 400,
        )
    messages.success(request, done)
    return HttpResponseRedirect(reverse("studio:style-guide", args=[universe_id, agent_type]))


def _act(sent: QueryDict, frame: Frame, agent_type: str, by: User) -> str:
    act, universe_id = sent.get("act", ""), frame.universe.pk
    if act == "save":
        texts = [line for line in sent.get("rules", "").splitlines() if line.strip()]
        with transaction.atomic():
            world_context.lock_universe(universe_id)
            _refuse_changed(guides.current(universe_id, agent_type), sent.get("seen", ""))
            guide = guides.save(universe_id, agent_type, texts, by=by, note=sent.get("note", ""))
        return f"Saved as version {guide.version}. Agents follow these rules from the next text on."
    if act == "restore":
        raw = sent.get("version", "")
        version = int(raw) if raw.isascii() and raw.isdigit() and len(raw) < 10 else None
        guide = guides.restore(universe_id, agent_type, by=by, version=version)
        return f"The rules are as they were, in version {guide.version}."
    if act == "end-trial":
        effect.end_trial(universe_id, agent_type, by=by)
        return "The trial has ended. Every text from now on is written with the rules."
    proposal_id = parsed_id(sent.get("proposal", "")) or uuid.UUID(int=0)
    if act == "accept":
        proposals.accept(proposal_id, by=by, universe_id=universe_id, text=sent.get("text"))
        return "Accepted. Agents follow it from the next text on."
    if act == "refuse":
        proposals.refuse(proposal_id, by=by, universe_id=universe_id)
        return "Refused. It will not be proposed again."
    raise NotFound("Unknown action.", code="unknown_act")


def _refuse_changed(guide: StyleGuide, seen: str) -> None:
    if seen != str(guide.version):
        raise PreconditionFailed(
            "Somebody has changed the guide since you opened this page. Your version is below and not saved yet; save "
            "again to replace theirs."
        )


def _show(
    request: HttpRequest, user: User, frame: Frame, agent_type: str, *, error: str = "", status: int = 200
) -> HttpResponse:
    universe = frame.universe
    stored = list(guides.versions_of(universe.pk, agent_type)[: VERSIONS + 1])
    guide = stored[0] if stored else guides.current(universe.pk, agent_type)
    may_change = (frame.is_owner or permissions.is_lead(user)) and not universe.archived
    is_typed = bool(error) and request.POST.get("act") == "save"
    open_proposals = RuleProposal.objects.filter(
        universe=universe, agent_type=agent_type, state=ProposalState.OPEN
    )
    context = context_of(
        frame,
        "style",
        agent_type=agent_type,
        agents=agents_offered(),
        guide=guide,
        trial=guide.on_trial if guide.has_trial else [],
        effect=effect.effect_of(universe.pk, agent_type) if guide.on_trial else None,
        versions=_version_rows(stored)[:VERSIONS],
        proposals=list(open_proposals.order_by("-created_at", "-pk")[:PROPOSALS]) if may_change else [],
        may_change=may_change,
        is_editing=may_change and (is_typed or "edit" in request.GET),
        typed=request.POST.get("rules", "") if is_typed else "\n".join(guide.texts),
        note=request.POST.get("note", "") if is_typed else "",
        error=error,
        most=guides.MAX_RULES,
    )
    return show(request, "worlds/style_guide.html", context, status=status)


def _version_rows(versions: list[StyleGuide]) -> list[VersionRow]:
    """Return versions, newest first, each compared with the one before; the oldest of them is not compared."""
    rows = []
    for index, guide in enumerate(versions):
        before = versions[index + 1].texts if index + 1 < len(versions) else ()
        rows.append(
            VersionRow(
                guide,
                added=[text for text in guide.texts if text not in before],
                dropped=[text for text in before if text not in guide.texts],
            )
        )
    return rows
