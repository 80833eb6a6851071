"""Schedules of a universe: making one, with its price, and pausing, running and deleting it."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from agents.common.asking.input_form import input_form, read_input
from agents.common.asking.works import work_named, works
from agents.schedules import preview, scheduling
from studio import timing
from studio.jobs import asking
from studio.once import new_key, once
from studio.web import errors_of, in_words, is_fragment, page, show, typed_in
from studio.worlds.universe_page import context_of, open_universe, writable_memberships
from universes.choices import Role
from universes.errors import DomainError, Invalid

NAME_CHARS = 200
UNIVERSES = 20
# Refusals of these stand at the fields that say when it runs.
TIMING = frozenset({"crontab", "time_zone"})


@page("GET")
def new_somewhere(request: HttpRequest, user: User) -> HttpResponse:
    """Lead to the form in a universe of the person's; it offers the others."""
    own = writable_memberships(user, 1)
    if own:
        return HttpResponseRedirect(reverse("studio:new-schedule", args=[own[0].universe_id]))
    messages.warning(request, "A schedule needs a universe that you can write in.")
    return HttpResponseRedirect(reverse("studio:home"))


@page("GET", "POST")
def new(request: HttpRequest, user: User, universe_id: uuid.UUID) -> HttpResponse:
    """Show the form of a schedule; with it, its price as a part of the page, or the schedule itself."""
    frame = open_universe(user, universe_id, at_least=Role.EDITOR)
    is_sent = request.method == "POST"
    data = typed_in(request.POST if is_sent else request.GET)
    if is_sent:
        work = work_named(data.get("agent", ""), data.get("type", ""))
        values = read_input(work, data)
    else:
        start = asking.start_of({**data, "universe": str(universe_id)}, user)
        work, values = start.work, dict(start.values)
    form, times = input_form(work, values), timing.read_timing(data)
    wanted: dict[str, Any] = {
        "owner": user,
        "universe_id": universe_id,
        "agent_type": work.agent_type,
        "input_data": values,
        "crontab": timing.crontab_of(times),
        "time_zone": times["zone"],
    }
    if is_fragment(request):
        return show(request, "worlds/schedule_price.html", {"price": _price(wanted)})
    errors: dict[str, str] = {}
    name, status, price = data.get("name", "").strip()[:NAME_CHARS], 200, None
    if "preview" in data:
        price = _price(wanted)
    elif is_sent:
        try:
            return once(request, user, lambda: _create(request, name or f"{work.label}, again", wanted))
        except Invalid as refusal:
            errors, status = errors_of(refusal), 400
            form.add_errors(error for error in refusal.errors if error.pointer.lstrip("/") not in TIMING)
            form.errors += [] if refusal.errors else [refusal.message]
        except DomainError as refusal:
            form.errors.append(in_words(refusal))
            status = 409
    context = context_of(
        frame,
        "work",
        form=form,
        work=work,
        works=works(),
        others=[other for other in writable_memberships(user, UNIVERSES) if other.universe_id != universe_id],
        name=name,
        errors=errors,
        times=times,
        price=price,
        rhythms=timing.RHYTHMS,
        weekdays=timing.WEEKDAYS,
        days=timing.DAYS,
        once=new_key(),
    )
    return show(request, "worlds/schedule_new.html", context, status=status)


def _create(request: HttpRequest, name: str, wanted: dict[str, Any]) -> HttpResponse:
    made = scheduling.create_schedule(name=name, **wanted)
    messages.success(request, f"“{made.name}” is active. It runs in your name until you pause it.")
    return HttpResponseRedirect(reverse("studio:universe-work", args=[made.universe_id]))


def _price(wanted: dict[str, Any]) -> dict[str, Any]:
    try:
        return {"preview": preview.preview_schedule(**wanted)}
    except DomainError as refusal:
        # While somebody types, a form is not complete: that is no error yet.
        is_incomplete = isinstance(refusal, Invalid) and not TIMING.intersection(errors_of(refusal))
        return {"is_incomplete": is_incomplete, "refusal": in_words(refusal)}


@page("POST")
def schedule(
    request: HttpRequest, user: User, universe_id: uuid.UUID, schedule_id: uuid.UUID
) -> HttpResponse:
    """Pause, resume, run or delete a schedule."""
    act = request.POST.get("act")
    if act == "run":
        job = scheduling.run_now(schedule_id, by=user)
        return HttpResponseRedirect(reverse("studio:job", args=[job.pk]))
    if act == "delete":
        scheduling.delete_schedule(schedule_id, by=user)
        messages.success(request, "The schedule has been deleted. Its texts are kept.")
    else:
        scheduling.update_schedule(schedule_id, {"enabled": act == "resume"}, by=user)
        messages.success(
            request, "The schedule is active again." if act == "resume" else "The schedule is paused."
        )
    return HttpResponseRedirect(reverse("studio:universe-work", args=[universe_id]))
