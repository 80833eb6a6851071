"""A universe: its overview, what is going on in it, and its members."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

from django.contrib import messages
from django.contrib.auth.models import User
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone

from agents.billing import budget_settings, usage
from agents.billing.usage_parts import UsageQuery
from agents.choices import BudgetScope, FindingState
from agents.models import Budget, GenerationSchedule
from agents.models.access import may_view_all
from agents.models.jobs.job import AgentJobQuerySet
from agents.schedules import timetable
from agents.worlds import work_list
from studio.jobs import job_rows
from studio.jobs.asking import parsed_id
from studio.web import page, show
from studio.worlds.universe_page import Frame, context_of, open_universe
from universes.choices import ElementKind, Role
from universes.errors import Invalid
from universes.models import Element, Membership, Scene, StoryEvent, WorldConfig, WorldRule
from universes.services import universes
from universes.services.sharing import invitation_links, invitations, ownership

SCENES, JOBS, SCHEDULES = 5, 6, 50
# Characters of a scene.
BEGINNING = 320
# Jobs of a kind on the page of work, which leads to the others.
OF_A_KIND = 10


@page("GET")
def universe(request: HttpRequest, user: User, universe_id: uuid.UUID) -> HttpResponse:
    frame = open_universe(user, universe_id)
    config = WorldConfig.objects.filter(universe=universe_id).first()
    rules = list(WorldRule.objects.filter(universe=universe_id).order_by("position"))
    living = Element.objects.filter(universe=universe_id).living().order_by()
    kinds = [
        (row["kind"], ElementKind(row["kind"]).label, row["count"])
        for row in living.values("kind").annotate(count=Count("pk")).order_by("-count", "kind")
    ]
    scenes = Scene.objects.filter(universe=universe_id).with_beginning(BEGINNING)
    drafts = [
        *scenes.drafts().newest_first()[:SCENES],
        *Element.objects.filter(universe=universe_id).drafts().newest_first()[:SCENES],
    ]
    context = context_of(
        frame,
        "overview",
        config=config,
        rules=rules,
        kinds=kinds,
        drafts=drafts,
        scenes=scenes.canon().newest_first()[:SCENES],
        jobs=job_rows.rows_of(_own_jobs(user, frame)[:JOBS]),
        contradictions=work_list.findings_in(frame.universe).filter(Q(("now", FindingState.OPEN))).count(),
        events=StoryEvent.objects.filter(universe=universe_id).count(),
    )
    return show(request, "worlds/universe.html", context)


def _own_jobs(user: User, frame: Frame) -> AgentJobQuerySet:
    # Their universe is known.
    return job_rows.own_jobs(user).filter(universe=frame.universe).select_related(None)


@page("GET")
def work(request: HttpRequest, user: User, universe_id: uuid.UUID) -> HttpResponse:
    """Show what waits for a review, what was refused and why, schedules, and what this month costs."""
    frame = open_universe(user, universe_id)
    own = _own_jobs(user, frame)
    waiting, refused = (
        job_rows.rows_of(own.filter(job_rows.GROUPS[group][1])[: OF_A_KIND + 1])
        for group in ("review", "refused")
    )
    schedules = GenerationSchedule.objects.visible_to(user).filter(universe=universe_id)
    context = context_of(
        frame,
        "work",
        waiting=waiting[:OF_A_KIND],
        refused=[(row, job_rows.latest_review(row.job)) for row in refused[:OF_A_KIND]],
        more_wait=len(waiting) > OF_A_KIND,
        more_refused=len(refused) > OF_A_KIND,
        schedules=[
            (schedule, timetable.in_words(schedule.crontab, schedule.time_zone))
            for schedule in schedules.select_related("owner").order_by("name", "pk")[:SCHEDULES]
        ],
        month=_month(user, universe_id),
        budgets=_budgets(user, universe_id),
    )
    return show(request, "worlds/universe_work.html", context)


def _month(user: User, universe_id: uuid.UUID) -> Any:
    """Return what this month's calls in the universe have cost: one's own, or all for those who may see them."""
    today = timezone.now().date()
    only: dict[str, Any] = {"universe_id": universe_id}
    if not may_view_all(user, "modelcall"):
        only["requested_by"] = user.pk
    rows, total = usage.run_query(
        UsageQuery(
            first=date(today.year, today.month, 1), last=today, group_by=("agent",), only=only, reader=user
        )
    )
    return {"rows": rows, "total": total}


def _budgets(user: User, universe_id: uuid.UUID) -> list[budget_settings.BudgetUsage]:
    visible = budget_settings.visible_to(user).filter(
        Q(scope=BudgetScope.SITE) | Q(universe=universe_id) | Q(user=user)
    )
    budgets: list[Budget] = list(budget_settings.with_current_period(visible).order_by("id"))
    return [budget_settings.usage_of_budget(budget) for budget in budgets]


@page("GET", "POST")
def members(request: HttpRequest, user: User, universe_id: uuid.UUID) -> HttpResponse:
    """Show the members; the owner invites, changes roles, removes, hands over and deletes; the others may leave."""
    if request.method == "POST" and request.POST.get("act") != "link":
        return _change_members(request, user, universe_id)
    is_new = request.method == "POST"
    frame = open_universe(user, universe_id, at_least=Role.OWNER if is_new else Role.VIEWER)
    new_link = _new_link(request, user, frame) if is_new else ""
    found = (
        Membership.objects.filter(universe=universe_id).select_related("user").order_by("created_at", "pk")
    )
    listed = list(found[:200])
    context = context_of(
        frame,
        "members",
        members=listed,
        others=[member for member in listed if member.role != Role.OWNER],
        pending=list(invitations.pending_in(frame.universe)[:100]) if frame.is_owner else [],
        links=list(invitation_links.usable_links(frame.universe)[:100]) if frame.is_owner else [],
        new_link=new_link,
        roles=[(role.value, role.label) for role in (Role.EDITOR, Role.VIEWER)],
    )
    return show(request, "worlds/members.html", context)


def _new_link(request: HttpRequest, user: User, frame: Frame) -> str:
    """Create a link, and return its address, which is shown this once."""
    raw = request.POST.get("days", "")
    days = int(raw) if raw.isascii() and raw.isdigit() and len(raw) < 5 else 0
    role = Role.EDITOR if request.POST.get("role") == Role.EDITOR else Role.VIEWER
    _, secret = invitation_links.make_link(frame.universe, role, by=user, days=days)
    return invitation_links.address_of(secret)


def _change_members(request: HttpRequest, user: User, universe_id: uuid.UUID) -> HttpResponse:
    act, raw = request.POST.get("act", ""), request.POST.get("member", "")
    member_id = int(raw) if raw.isascii() and raw.isdigit() and len(raw) < 19 else -1
    here = reverse("studio:members", args=[universe_id])
    if act == "leave":
        frame = open_universe(user, universe_id)
        universes.remove_member(frame.universe, user.pk)
        messages.success(request, f"You have left “{frame.universe.name}”.")
        return HttpResponseRedirect(reverse("studio:home"))
    frame = open_universe(user, universe_id, at_least=Role.OWNER)
    role = Role.EDITOR if request.POST.get("role") == Role.EDITOR else Role.VIEWER
    if act == "invite":
        invitations.invite(frame.universe, request.POST.get("username", "").strip(), role, by=user)
        messages.success(
            request, "Invitation sent, if an account of that name exists. They join once they accept."
        )
    elif act == "role":
        universes.change_role(frame.universe, member_id, role)
        messages.success(request, "The role is changed.")
    elif act == "own":
        changed = ownership.transfer_universe(
            frame.universe, universes.find_member(frame.universe, member_id).user
        )
        messages.success(request, f"{changed.owner.get_username()} owns the universe now. You are an editor.")
    elif act in {"archive", "unarchive"}:
        universes.update_universe(frame.universe, archived=act == "archive")
        messages.success(
            request, "Archived. It can only be read now." if act == "archive" else "It can be changed again."
        )
    elif act == "delete":
        if request.POST.get("name", "").strip() != frame.universe.name:
            raise Invalid(f"Type the name “{frame.universe.name}” to delete the universe.", [])
        universes.delete_universe(frame.universe)
        messages.success(request, f"“{frame.universe.name}” has been deleted.")
        return HttpResponseRedirect(reverse("studio:home"))
    elif act == "remove":
        universes.remove_member(frame.universe, member_id)
        messages.success(request, "The member was removed.")
    elif act == "withdraw":
        invitations.withdraw(frame.universe, parsed_id(request.POST.get("invitation", "")) or uuid.uuid4())
        messages.success(request, "The invitation is withdrawn.")
    elif act == "withdraw-link":
        link_id = parsed_id(request.POST.get("link", "")) or uuid.uuid4()
        invitation_links.withdraw_link(frame.universe, link_id)
        messages.success(request, "The link is withdrawn.")
    return HttpResponseRedirect(here)
