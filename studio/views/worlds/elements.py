"""People, places and things of a universe: the list, and reading, adding and changing one."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.models import User
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from agents.worlds import naming
from studio.once import new_key, once
from studio.paging import PageOf
from studio.web import errors_of, in_words, page, show
from studio.worlds import entries, previews
from studio.worlds.universe_page import context_of, open_universe
from universes import fulltext
from universes.choices import CanonStatus, ElementKind, Role
from universes.errors import Conflict, Invalid, PreconditionFailed
from universes.fields import fold
from universes.models import Element
from universes.passports.entries import passport_of
from universes.services import canon, namesakes

PAGE_SIZE = 36
NAMED_IN = 12
CARD_RELATIONS = 5
# Time for texts that nobody has read yet.
READING_S = 1.0


@page("GET")
def elements(request: HttpRequest, user: User, universe_id: uuid.UUID) -> HttpResponse:
    frame = open_universe(user, universe_id)
    shown = {name: request.GET.get(name, "")[:200] for name in ("q", "kind", "status")}
    rows: QuerySet[Element] = Element.objects.filter(universe=universe_id)
    if shown["status"] in CanonStatus.values:
        rows = rows.filter(canon_status=shown["status"])
    else:
        rows = rows.exclude(canon_status=CanonStatus.RETIRED)
    if shown["kind"] in ElementKind.values:
        rows = rows.filter(kind=shown["kind"])
    if wanted := fold(shown["q"]):
        # A part of the name, or words of the summary.
        written = fulltext.matching(Element.objects.filter(universe=universe_id), shown["q"])
        rows = rows.filter(Q(name_key__contains=wanted) | Q(pk__in=written.order_by().values("pk")))
    found = PageOf(request, rows.order_by("kind", "name_key", "pk"), PAGE_SIZE)
    context = context_of(
        frame,
        "elements",
        page=found,
        elements=found.rows,
        shown=shown,
        kinds=ElementKind.choices,
        statuses=CanonStatus.choices,
    )
    return show(request, "worlds/entries/elements.html", context)


@page("GET", "POST")
def element(request: HttpRequest, user: User, universe_id: uuid.UUID, element_id: uuid.UUID) -> HttpResponse:
    """Show an element; with ``edit``, its form."""
    is_sent = request.method == "POST"
    frame = open_universe(user, universe_id, at_least=Role.EDITOR if is_sent else Role.VIEWER)
    found = entries.find_element(frame.universe, element_id)
    typed = {"name": found.name, "summary": found.summary}
    traits = entries.trait_rows(found.traits)
    errors: dict[str, str] = {}
    act, preview = request.POST.get("act", ""), None
    status = 200
    if act == "preview-retiring":
        preview = previews.of_retiring(found)
    elif is_sent:
        typed = {name: request.POST.get(name, "").replace("\r\n", "\n") for name in typed}
        keys, values = request.POST.getlist("trait"), request.POST.getlist("value")
        new_traits = entries.read_traits(keys, values, found.traits)
        traits = entries.trait_rows(new_traits)
        try:
            if act == "preview":
                preview = previews.of_element(found, typed["name"], typed["summary"], new_traits)
            else:
                entries.refuse_changed(found, request.POST.get("seen", ""))
                canon.revise_element(
                    found, name=typed["name"], summary=typed["summary"], traits=new_traits, by=user
                )
        except (Invalid, Conflict) as refusal:
            errors, status = _errors(refusal), 400
        except PreconditionFailed as refusal:
            errors, status = {"": refusal.message}, 412
        else:
            if act != "preview":
                messages.success(request, "Saved. The previous version is in the history.")
                return HttpResponseRedirect(reverse("studio:element", args=[universe_id, element_id]))
    is_editing = (
        frame.may_write
        and found.canon_status != CanonStatus.RETIRED
        and (is_sent or "edit" in request.GET)
        and act != "preview-retiring"
    )
    context = context_of(
        frame,
        "elements",
        element=found,
        typed=typed,
        traits=traits,
        errors=errors,
        is_editing=is_editing,
        preview=preview,
        is_previewed=bool(act),
        **entries.origin_of(found, user),
        passport=passport_of(found),
        looks_like=namesakes.looked_like([found]).get(found.pk),
        **({} if is_editing else _appearances(found, user)),
        history=[] if is_editing else entries.history_of(found),
    )
    return show(request, "worlds/entries/element.html", context, status=status)


def _appearances(element: Element, user: User) -> dict[str, Any]:
    """Return the texts that name an element, and its relations."""
    naming.read_due_texts(element.universe_id, budget_s=READING_S)
    rows = naming.texts_naming(element, user)
    texts = [
        {
            "address": reverse("studio:scene", args=[element.universe_id, row.text.scene_id])
            if row.text.scene_id
            else reverse("studio:job", args=[row.text.job_id]),
            "title": naming.title_of(row.text),
            "excerpt": naming.excerpt_of(row),
            "is_output": row.text.job_id is not None,
        }
        for row in rows[:NAMED_IN]
    ]
    return {"named_in": texts, "named_in_count": rows.count(), "relations": entries.relations_of(element)}


@page("GET")
def card(request: HttpRequest, user: User, universe_id: uuid.UUID, element_id: uuid.UUID) -> HttpResponse:
    """Show an element in short, for the card that a name in a text opens."""
    frame = open_universe(user, universe_id)
    found = entries.find_element(frame.universe, element_id)
    context = context_of(
        frame, "elements", element=found, relations=entries.relations_of(found)[:CARD_RELATIONS]
    )
    return show(request, "worlds/entries/element_card.html", context)


def _errors(refusal: Invalid | Conflict) -> dict[str, str]:
    found = errors_of(refusal) if isinstance(refusal, Invalid) else {}
    told = {name: text for name, text in found.items() if name in {"name", "summary", "kind"}}
    return told or {"": in_words(refusal)}


@page("GET", "POST")
def new(request: HttpRequest, user: User, universe_id: uuid.UUID) -> HttpResponse:
    frame = open_universe(user, universe_id, at_least=Role.EDITOR)
    typed = {name: request.POST.get(name, "").replace("\r\n", "\n") for name in ("kind", "name", "summary")}
    typed["kind"] = typed["kind"] or request.GET.get("kind", "")
    traits = entries.read_traits(request.POST.getlist("trait"), request.POST.getlist("value"), {})
    errors: dict[str, str] = {}
    if request.method == "POST":

        def add() -> HttpResponse:
            made = canon.add_element(
                frame.universe,
                kind=typed["kind"],
                name=typed["name"],
                summary=typed["summary"],
                traits=traits,
                status=CanonStatus.CANON,
                by=user,
            )
            messages.success(request, f"“{made.name}” has been added to “{frame.universe.name}”.")
            return HttpResponseRedirect(reverse("studio:element", args=[universe_id, made.pk]))

        try:
            return once(request, user, add)
        except (Invalid, Conflict) as refusal:
            errors = _errors(refusal)
    context = context_of(
        frame,
        "elements",
        typed=typed,
        traits=entries.trait_rows(traits),
        errors=errors,
        kinds=ElementKind.choices,
        once=new_key(),
    )
    return show(request, "worlds/entries/element_new.html", context, status=400 if errors else 200)


@page("POST")
def status(request: HttpRequest, user: User, universe_id: uuid.UUID, element_id: uuid.UUID) -> HttpResponse:
    """Make a draft canon, or retire an element."""
    frame = open_universe(user, universe_id, at_least=Role.EDITOR)
    found = entries.find_element(frame.universe, element_id)
    entries.decide(request, found, user)
    return HttpResponseRedirect(reverse("studio:element", args=[universe_id, element_id]))
