"""Asking an agent: the form, its price before it is sent, names while typing, and sending it."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse

from agents.billing.examples import price_with
from agents.common.asking.input_form import InputForm, input_form
from agents.common.asking.works import Work, work_named, works
from agents.jobs import submission
from agents.providers import factory
from studio.jobs import asking
from studio.once import new_key, once
from studio.web import in_words, is_fragment, page, show, typed_in
from studio.worlds.universe_page import writable_memberships
from universes.errors import DomainError, Invalid
from universes.fields import fold
from universes.models import Element
from universes.services import access

UNIVERSES = 200
NAMES = 8
# The universe that was asked in last, for the next form.
LAST = "last_universe"


@page("GET", "POST")
def ask(request: HttpRequest, user: User) -> HttpResponse:
    if request.method != "POST":
        query = typed_in(request.GET)
        if "universe" not in query and request.session.get(LAST) and "like" not in query:
            query["universe"] = _last_universe(request, user)
        start = asking.start_of(query, user)
        selected = str(start.universe_id or "")
        return _show(
            request, user, start.work, input_form(start.work, start.values), selected, origin=start.origin
        )
    work = work_named(request.POST.get("agent", ""), request.POST.get("type", ""))
    data = typed_in(request.POST)
    wanted = asking.request_in(data, work, user)
    form = input_form(work, wanted.input_data)
    selected = data.get("universe", "")
    if "preview" in data:
        return _show(request, user, work, form, selected, sent=data, price=_price(wanted, data))

    def submit() -> HttpResponse:
        count = asking.variants_in(data)
        if count == 1:
            address = reverse("studio:job", args=[submission.submit_job(wanted).pk])
        else:
            first = submission.submit_variants(wanted, count)[0]
            address = reverse("studio:variants", args=[first.variants_id])
        request.session[LAST] = selected
        return HttpResponseRedirect(address)

    try:
        return once(request, user, submit)
    except Invalid as refusal:
        form.add_errors(refusal.errors)
        if not refusal.errors:
            form.errors.append(refusal.message)
        return _show(request, user, work, form, selected, sent=data, status=400)
    except DomainError as refusal:
        form.errors.append(in_words(refusal))
        return _show(request, user, work, form, selected, sent=data, status=409)


def _last_universe(request: HttpRequest, user: User) -> str:
    """Return the universe that was asked in last, if the person may still ask there."""
    last = asking.parsed_id(str(request.session[LAST]))
    own = {membership.universe_id for membership in writable_memberships(user, UNIVERSES)}
    return str(last) if last in own else ""


def _show(
    request: HttpRequest,
    user: User,
    work: Work,
    form: InputForm,
    selected: str,
    *,
    origin: str = "",
    sent: dict[str, str] | None = None,
    price: dict[str, Any] | None = None,
    status: int = 200,
) -> HttpResponse:
    memberships = writable_memberships(user, UNIVERSES)
    if sent is None and not selected and memberships:
        selected = str(memberships[0].universe_id) if "universe" not in request.GET else ""
    context = {
        "section": "ask",
        "work": work,
        "works": works(),
        "form": form,
        "memberships": memberships,
        "selected": selected,
        "origin": origin,
        "sent": sent or {},
        "variants": str(asking.variants_in(sent or {})),
        "variant_choices": [str(number) for number in range(1, asking.MAX_VARIANTS + 1)],
        "has_batches": factory.has_batch_lane(),
        "price": price,
        "once": new_key(),
    }
    return show(request, "jobs/ask.html", context, status=status)


@page("POST")
def price(request: HttpRequest, user: User) -> HttpResponse:
    """Show what a form that is being filled would cost, as a part of its page."""
    work = work_named(request.POST.get("agent", ""), request.POST.get("type", ""))
    data = typed_in(request.POST)
    if not is_fragment(request):
        return HttpResponseRedirect(reverse("studio:ask"))
    return show(request, "jobs/price.html", {"price": _price(asking.request_in(data, work, user), data)})


def _price(wanted: submission.JobRequest, data: dict[str, str]) -> dict[str, Any]:
    try:
        preview = submission.preview_job(wanted)
    except DomainError as refusal:
        # While somebody types, a form is not complete: that is no error yet.
        return {"is_incomplete": isinstance(refusal, Invalid), "refusal": in_words(refusal)}
    count = asking.variants_in(data)
    cost = preview["price_usd"]
    example = price_with(preview["model"], **preview["tokens"]) if preview["is_mock"] else None
    return {
        "preview": preview,
        "example": None if example is None else tuple(end * count for end in example),
        "count": count,
        "low": None if cost is None else float(cost["low"]) * count,
        "high": None if cost is None else float(cost["high"]) * count,
    }


@page("GET")
def names(request: HttpRequest, user: User) -> HttpResponse:
    """Return names of a universe that begin with, or contain, what was typed."""
    universe_id = asking.parsed_id(request.GET.get("universe", ""))
    if universe_id is None:
        return JsonResponse({"names": []})
    universe = access.find_universe(user, universe_id)
    typed = fold(request.GET.get("q", "")[:100])
    elements = Element.objects.filter(universe=universe, name_key__contains=typed).living()
    if (kind := request.GET.get("kind", "any")) != "any":
        elements = elements.filter(kind=kind)
    found = list(elements.order_by("name_key", "pk").values("name", "kind", "name_key")[: NAMES * 5])
    found.sort(key=lambda row: not row["name_key"].startswith(typed))
    shown = [{"name": row["name"], "kind": row["kind"]} for row in found[:NAMES]]
    return JsonResponse({"names": shown})
