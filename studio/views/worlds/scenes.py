"""Scenes of a universe: the list, reading, writing and changing one."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.contrib.auth.models import User
from django.db.models import Sum
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from agents.common.admin.markdown import prose
from studio.jobs.shots import shots_of
from studio.once import new_key, once
from studio.paging import PageOf
from studio.web import back_to, errors_of, page, show
from studio.worlds import entries, story
from studio.worlds.named_text import named_text
from studio.worlds.universe_page import context_of, open_universe
from universes import fulltext
from universes.choices import CanonStatus, Role
from universes.errors import Invalid, PreconditionFailed
from universes.models import Scene, SceneMoment
from universes.passports.entries import passport_of
from universes.services import canon, scene_order

PAGE_SIZE = 30
# Characters of a scene in the list.
BEGINNING = 400


@page("GET")
def scenes(request: HttpRequest, user: User, universe_id: uuid.UUID) -> HttpResponse:
    frame = open_universe(user, universe_id)
    status, order = request.GET.get("status", ""), request.GET.get("order", "")
    wanted = request.GET.get("q", "").strip()[:200]
    rows = Scene.objects.filter(universe=universe_id)
    rows = (
        rows.filter(canon_status=status)
        if status in CanonStatus.values
        else rows.exclude(canon_status=CanonStatus.RETIRED)
    )
    if wanted:
        rows = fulltext.matching(rows, wanted)
    words = rows.aggregate(words=Sum("word_count"))["words"] or 0
    newest_first = order == "newest"
    rows = rows.newest_first() if newest_first else rows.in_story_order()
    found = PageOf(request, rows.with_beginning(BEGINNING), PAGE_SIZE)
    context = context_of(
        frame,
        "scenes",
        page=found,
        scenes=found.rows,
        words=words,
        shown={"q": wanted, "status": status, "order": order},
        statuses=CanonStatus.choices,
    )
    return show(request, "worlds/entries/scenes.html", context)


@page("GET", "POST")
def scene(request: HttpRequest, user: User, universe_id: uuid.UUID, scene_id: uuid.UUID) -> HttpResponse:
    """Show a scene to read; with ``edit``, its form."""
    is_sent = request.method == "POST"
    frame = open_universe(user, universe_id, at_least=Role.EDITOR if is_sent else Role.VIEWER)
    found = entries.find_scene(frame.universe, scene_id)
    typed = {"title": found.title, "text": found.text}
    errors: dict[str, str] = {}
    status = 200
    if is_sent:
        typed = {name: request.POST.get(name, "").replace("\r\n", "\n") for name in typed}
        try:
            entries.refuse_changed(found, request.POST.get("seen", ""))
            canon.revise_scene(found, title=typed["title"], text=typed["text"], by=user)
        except Invalid as refusal:
            errors, status = errors_of(refusal), 400
        except PreconditionFailed as refusal:
            errors, status = {"": refusal.message}, 412
        else:
            messages.success(request, "Saved. The previous version is in the history.")
            return HttpResponseRedirect(reverse("studio:scene", args=[universe_id, scene_id]))
    before, after = _neighbours(found)
    is_editing = (
        frame.may_write and found.canon_status != CanonStatus.RETIRED and (is_sent or "edit" in request.GET)
    )
    context = context_of(
        frame,
        "scenes",
        scene=found,
        typed=typed,
        errors=errors,
        reading="" if is_editing else named_text(found, found.text, prose(found.text)),
        is_editing=is_editing,
        **entries.origin_of(found, user),
        passport=passport_of(found),
        before=before,
        after=after,
        moment=_moment_of(found),
        history=[] if is_editing else entries.history_of(found),
        **shots_of(found.details),
    )
    return show(request, "worlds/entries/scene.html", context, status=status)


def _moment_of(scene: Scene) -> dict[str, str] | None:
    moment = SceneMoment.objects.filter(scene=scene).first()
    return {"key": story.number(moment.key), "label": moment.label} if moment else None


def _neighbours(scene: Scene) -> tuple[Scene | None, Scene | None]:
    """Return the scenes before and after one, in the order of the story."""
    others = Scene.objects.filter(universe=scene.universe_id).living().only("pk", "title", "story_position")
    before = others.filter(story_position__lt=scene.story_position).order_by("-story_position", "-pk").first()
    after = others.filter(story_position__gt=scene.story_position).in_story_order().first()
    return before, after


@page("GET", "POST")
def new(request: HttpRequest, user: User, universe_id: uuid.UUID) -> HttpResponse:
    frame = open_universe(user, universe_id, at_least=Role.EDITOR)
    typed = {name: request.POST.get(name, "").replace("\r\n", "\n") for name in ("title", "text")}
    if request.method != "POST":
        return show(
            request, "worlds/entries/scene_new.html", context_of(frame, "scenes", typed=typed, once=new_key())
        )

    def add() -> HttpResponse:
        status = CanonStatus.CANON if "canon" in request.POST else CanonStatus.DRAFT
        made = canon.add_scene(
            frame.universe, title=typed["title"], text=typed["text"], status=status, by=user
        )
        return HttpResponseRedirect(reverse("studio:scene", args=[universe_id, made.pk]))

    try:
        return once(request, user, add)
    except Invalid as refusal:
        context = context_of(frame, "scenes", typed=typed, errors=errors_of(refusal), once=new_key())
        return show(request, "worlds/entries/scene_new.html", context, status=400)


@page("POST")
def move(request: HttpRequest, user: User, universe_id: uuid.UUID, scene_id: uuid.UUID) -> HttpResponse:
    """Move a scene one place forward or back in the story, or to the place of a number."""
    frame = open_universe(user, universe_id, at_least=Role.EDITOR)
    found = entries.find_scene(frame.universe, scene_id)
    if "to" not in request.POST:
        raw = request.POST.get("place", "").strip()
        if not raw.isascii() or not raw.isdigit() or len(raw) > 6:
            raise Invalid("Give the place as a number, such as 12.", [])
        scene_order.move_to(found, place=int(raw))
        number = max(1, -(-min(int(raw), frame.counts["scenes"]) // PAGE_SIZE))
        return HttpResponseRedirect(
            f"{reverse('studio:scenes', args=[universe_id])}?p={number}#scene-{scene_id}"
        )
    scene_order.move_by_one(found, later=request.POST.get("to") == "later")
    return HttpResponseRedirect(f"{back_to(request)}#scene-{scene_id}")


@page("POST")
def status(request: HttpRequest, user: User, universe_id: uuid.UUID, scene_id: uuid.UUID) -> HttpResponse:
    """Make a draft canon, or retire a scene."""
    frame = open_universe(user, universe_id, at_least=Role.EDITOR)
    found = entries.find_scene(frame.universe, scene_id)
    entries.decide(request, found, user)
    return HttpResponseRedirect(reverse("studio:scene", args=[universe_id, scene_id]))
