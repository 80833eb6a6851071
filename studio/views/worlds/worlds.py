"""Making a universe with its world on one page, and changing it."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.contrib.auth.models import User
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from studio.once import new_key, once
from studio.web import errors_of, page, show
from studio.worlds import previews, world_form
from studio.worlds.universe_page import context_of, open_universe
from studio.worlds.world_form import WorldForm
from universes.choices import Role
from universes.errors import Invalid, PreconditionFailed
from universes.models import Universe, WorldConfig, WorldRule
from universes.services import locks, universes

SUGGESTIONS = {
    "genres": world_form.GENRES,
    "tones": world_form.TONES,
    "tech_levels": world_form.TECH_LEVELS,
}


@page("GET", "POST")
def new(request: HttpRequest, user: User) -> HttpResponse:
    if request.method != "POST":
        return _show_new(request, world_form.empty_form(is_example="example" in request.GET))
    form = world_form.read_form(request.POST)
    if "step" in request.POST:
        return _show_new(request, form)

    def create() -> HttpResponse:
        with transaction.atomic():
            universe = universes.create_universe(
                user, name=form.values["name"], description=form.values["description"]
            )
            universes.update_world_config(universe, **form.world_fields(), rules=form.rule_inputs(), by=user)
        messages.success(
            request, f"“{universe.name}” has been created. Add its people, or ask for a first scene."
        )
        return HttpResponseRedirect(reverse("studio:universe", args=[universe.pk]))

    try:
        return once(request, user, create)
    except Invalid as refusal:
        form.errors = errors_of(refusal)
        return _show_new(request, form, status=400)


def _show_new(request: HttpRequest, form: WorldForm, *, status: int = 200) -> HttpResponse:
    context = {"section": "home", "form": form, "once": new_key(), **SUGGESTIONS}
    return show(request, "worlds/world_new.html", context, status=status)


@page("GET", "POST")
def world(request: HttpRequest, user: User, universe_id: uuid.UUID) -> HttpResponse:
    """Show the world; with the form, change it, unless somebody else has changed it since the form was opened."""
    is_sent = request.method == "POST"
    frame = open_universe(user, universe_id, at_least=Role.EDITOR if is_sent else Role.VIEWER)
    config, rules = _stored(frame.universe)
    form = seen = world_form.form_of(frame.universe, config, rules)
    preview = None
    status = 200
    if is_sent:
        form = world_form.read_form(request.POST)
        if request.POST.get("step") == "preview":
            preview = previews.of_world(frame.universe, form, seen)
        elif "step" not in request.POST:
            try:
                _save(frame.universe, form, seen=request.POST.get("seen", ""), by=user)
            except Invalid as refusal:
                form.errors, status = errors_of(refusal), 400
            except PreconditionFailed as refusal:
                form.errors, status = {"": refusal.message}, 412
            else:
                messages.success(request, "Saved. Agents use it from now on.")
                return HttpResponseRedirect(reverse("studio:world", args=[universe_id]))
    context = context_of(
        frame,
        "world",
        form=form,
        seen=request.POST.get("seen", "") if "step" in request.POST else seen.state,
        config=config,
        rules=rules,
        preview=preview,
        is_editing=frame.may_write and (is_sent or "edit" in request.GET),
        **SUGGESTIONS,
    )
    return show(request, "worlds/world.html", context, status=status)


def _stored(universe: Universe) -> tuple[WorldConfig, list[WorldRule]]:
    config = WorldConfig.objects.filter(universe=universe).first() or WorldConfig(universe=universe)
    return config, list(WorldRule.objects.filter(universe=universe).order_by("position"))


def _save(universe: Universe, form: WorldForm, *, seen: str, by: User) -> None:
    with transaction.atomic():
        locked = locks.lock_universe(universe.pk)
        if world_form.form_of(locked, *_stored(locked)).state != seen:
            raise PreconditionFailed(
                "Somebody has changed the world since you opened this page. Your version is below and not saved yet; "
                "save again to replace theirs."
            )
        universes.update_universe(locked, name=form.values["name"], description=form.values["description"])
        universes.update_world_config(locked, **form.world_fields(), rules=form.rule_inputs(), by=by)
