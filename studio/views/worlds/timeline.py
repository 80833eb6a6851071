"""The timeline of a universe: events and scenes by their moments, and who is where and knows what."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.models import User
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from studio.jobs.asking import parsed_id
from studio.once import new_key, once
from studio.paging import PageOf
from studio.web import back_to, errors_of, in_words, page, show
from studio.worlds import entries, story
from studio.worlds.universe_page import Frame, context_of, open_universe
from universes.choices import Role, StoryEventKind
from universes.errors import Conflict, Invalid, NotFound, PreconditionFailed
from universes.models import Scene, StoryEvent, Universe
from universes.services import locks
from universes.services import timeline as service

PAGE_SIZE = 60
# Scenes that a form offers to be placed; others are placed on their own page.
OFFERED = 100


@page("GET")
def timeline(request: HttpRequest, user: User, universe_id: uuid.UUID) -> HttpResponse:
    """Show what happens in order; with ``at``, who is where and knows what at a moment."""
    frame = open_universe(user, universe_id)
    found = PageOf(request, story.keys_of(frame.universe), PAGE_SIZE)
    raw = request.GET.get("at", "")[:40]
    at = story.parsed_number(raw)
    unplaced = Scene.objects.filter(universe=universe_id, moment__isnull=True).canon().in_story_order()
    context = context_of(
        frame,
        "timeline",
        page=found,
        rows=story.rows_of(found.rows),
        at=raw.strip(),
        is_wrong=bool(raw.strip()) and at is None,
        people=None if at is None else service.people_at(frame.universe, at),
        unplaced=list(unplaced.only("title")[:OFFERED]) if frame.may_write else [],
    )
    return show(request, "worlds/timeline.html", context)


@page("GET", "POST")
def new(request: HttpRequest, user: User, universe_id: uuid.UUID) -> HttpResponse:
    frame = open_universe(user, universe_id, at_least=Role.EDITOR)
    if request.method != "POST":
        return _form(request, frame, story.empty_form())
    typed = story.read_form(request.POST)

    def add() -> HttpResponse:
        made = service.add_event(frame.universe, story.event_fields(frame.universe, typed), by=user)
        messages.success(request, f"“{made.title}” is on the timeline.")
        return _back(universe_id, made.pk)

    try:
        return once(request, user, add)
    except (Invalid, NotFound, Conflict) as refusal:
        return _form(request, frame, typed, errors=_errors(refusal), status=400)


@page("GET", "POST")
def event(request: HttpRequest, user: User, universe_id: uuid.UUID, event_id: uuid.UUID) -> HttpResponse:
    """Change, move or delete an event."""
    frame = open_universe(user, universe_id, at_least=Role.EDITOR)
    found = service.find_event(frame.universe, event_id)
    if request.method != "POST":
        return _form(request, frame, story.typed_in(found), event=found)
    if request.POST.get("act") == "delete":
        service.remove_event(frame.universe, event_id, by=user)
        messages.success(request, f"“{found.title}” has been removed from the timeline.")
        return _back(universe_id)
    typed = story.read_form(request.POST)
    try:
        fields = story.event_fields(frame.universe, typed, found)
        _save(frame.universe, event_id, fields, seen=request.POST.get("seen", ""), by=user)
    except PreconditionFailed as refusal:
        return _form(request, frame, typed, event=found, errors={"": refusal.message}, status=412)
    except (Invalid, Conflict) as refusal:
        return _form(request, frame, typed, event=found, errors=_errors(refusal), status=400)
    messages.success(request, "Saved.")
    return _back(universe_id, event_id)


@page("POST")
def place(request: HttpRequest, user: User, universe_id: uuid.UUID) -> HttpResponse:
    """Place the scene that the form names on the timeline, or take it off."""
    frame = open_universe(user, universe_id, at_least=Role.EDITOR)
    scene = entries.find_scene(frame.universe, parsed_id(request.POST.get("scene", "")) or uuid.UUID(int=0))
    if request.POST.get("act") == "unplace":
        service.unplace_scene(scene, by=user)
        messages.success(request, f"“{scene.title}” has been removed from the timeline.")
    else:
        key = story.parsed_number(request.POST.get("key", ""))
        if key is None:
            raise Invalid("The moment needs a number by which moments are ordered, such as a year.")
        service.place_scene(scene, key=key, label=request.POST.get("label", ""), by=user)
        messages.success(request, f"“{scene.title}” is on the timeline.")
    return HttpResponseRedirect(back_to(request))


def _save(
    universe: Universe, event_id: uuid.UUID, fields: dict[str, Any], *, seen: str, by: User
) -> StoryEvent:
    with transaction.atomic():
        locks.lock_universe(universe.pk)
        if seen != service.find_event(universe, event_id).updated_at.isoformat():
            raise PreconditionFailed(
                "Somebody has changed this since you opened the page. Your version is below and not saved yet; save "
                "again to replace theirs."
            )
        return service.change_event(universe, event_id, fields, by=by)


def _form(
    request: HttpRequest,
    frame: Frame,
    typed: dict[str, str],
    *,
    event: StoryEvent | None = None,
    errors: dict[str, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    context = context_of(
        frame,
        "timeline",
        event=event,
        typed=typed,
        errors=errors or {},
        kinds=StoryEventKind.choices,
        once=new_key(),
    )
    return show(request, "worlds/event.html", context, status=status)


def _errors(refusal: Invalid | NotFound | Conflict) -> dict[str, str]:
    found = errors_of(refusal) if isinstance(refusal, Invalid) else {}
    return found or {"": in_words(refusal)}


def _back(universe_id: uuid.UUID, event_id: uuid.UUID | None = None) -> HttpResponseRedirect:
    address = reverse("studio:timeline", args=[universe_id])
    return HttpResponseRedirect(f"{address}#event-{event_id}" if event_id else address)
