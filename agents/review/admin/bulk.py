"""Bulk decisions from the queue: select, look over, confirm."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_POST

from agents.choices import Verdict
from agents.common.admin import display
from agents.common.admin.base import own_page
from agents.common.text.job_text import output_text, request_text
from agents.errors import Invalid, NotFound
from agents.models import RejectReason, ReviewItem
from agents.review.admin import navigation
from agents.review.admin.item.actions import signed_in_reviewer
from agents.review.verdicts import bulk, decisions

MAX_NAMED = 20


@dataclass(frozen=True, slots=True)
class Sample:
    item: ReviewItem
    asked: str
    written: str


@dataclass(frozen=True, slots=True)
class NamedItem:
    """A skipped item, named by the text of its request."""

    item_id: uuid.UUID
    asked: str
    why: str


@admin.action(description="Approve selected", permissions=["decide"])
def approve_selected(
    model_admin: Any, request: HttpRequest, queryset: QuerySet[ReviewItem]
) -> HttpResponse | None:
    return _confirm_selected(request, queryset, Verdict.APPROVED)


@admin.action(description="Reject selected", permissions=["decide"])
def reject_selected(
    model_admin: Any, request: HttpRequest, queryset: QuerySet[ReviewItem]
) -> HttpResponse | None:
    return _confirm_selected(request, queryset, Verdict.REJECTED)


def _confirm_selected(
    request: HttpRequest, queryset: QuerySet[ReviewItem], verdict: Verdict
) -> HttpResponse | None:
    ids = list(queryset.order_by().values_list("pk", flat=True))
    try:
        return _confirmation(request, ids, verdict, kept=request.GET.urlencode())
    except Invalid as refusal:
        messages.error(request, _error_text(refusal))
        return None


@require_POST
def bulk_view(request: HttpRequest) -> HttpResponse:
    """Decide the confirmed items and report those left out; ask again if the reason is missing."""
    user, ids = signed_in_reviewer(request), _posted_ids(request, "id")
    verdict = Verdict.REJECTED if request.POST.get("verdict") == Verdict.REJECTED else Verdict.APPROVED
    note, reason = request.POST.get("note", ""), request.POST.get("reason", "")
    error = _note_error(verdict, note, reason)
    try:
        if error:
            typed = {"note": note, "reason": reason, "error": error}
            return _confirmation(request, ids, verdict, kept=navigation.kept_filters(request), typed=typed)
        result = bulk.decide_all(ids, verdict, by=user, note=note, reason=reason)
    except Invalid as refusal:
        messages.error(request, _error_text(refusal))
        return navigation.redirect_to_queue(request)
    count = len(result.decided)
    done = "approved" if verdict == Verdict.APPROVED else "rejected"
    if count:
        messages.success(request, f"{_items(count)} {done}.", extra_tags="undoable")
    else:
        messages.info(request, f"No items were {done}.")
    skipped = _with_names([*result.left_out, *_left_out_before(request, user)], user)
    if skipped:
        names = " ".join(f"“{item.asked}”: {item.why}" for item in skipped[:MAX_NAMED])
        more = f" And {len(skipped) - MAX_NAMED} more." if len(skipped) > MAX_NAMED else ""
        messages.warning(request, f"{len(skipped)} left out. {names}{more}")
    return navigation.redirect_to_queue(request)


@require_POST
def undo_bulk_view(request: HttpRequest, bulk_id: uuid.UUID) -> HttpResponse:
    """Undo a bulk decision as a whole, and report the items that keep their verdict."""
    user = signed_in_reviewer(request)
    try:
        result = bulk.undo_all(bulk_id, by=user)
    except NotFound as refusal:
        messages.error(request, refusal.message)
        return navigation.redirect_to_queue(request)
    if result.undone:
        messages.success(request, f"{_items(len(result.undone))} reopened.")
    kept = _with_names(result.left_out, user)
    if kept:
        names = " ".join(f"“{item.asked}”: {item.why}" for item in kept[:MAX_NAMED])
        messages.warning(request, f"{_items(len(kept))} not reopened. {names}")
    if ReviewItem.objects.filter(job__variants_id=bulk_id).exists():
        # A choice between variants has their id.
        return HttpResponseRedirect(
            navigation.desk_url("variants", [bulk_id], navigation.kept_filters(request))
        )
    return navigation.redirect_to_queue(request)


def _items(count: int) -> str:
    return f"{count} {'item' if count == 1 else 'items'}"


def _confirmation(
    request: HttpRequest,
    ids: Sequence[uuid.UUID],
    verdict: Verdict,
    *,
    kept: str,
    typed: dict[str, str] | None = None,
) -> HttpResponse:
    user = signed_in_reviewer(request)
    plan = bulk.plan(ids, verdict, by=user)
    is_rejection = verdict == Verdict.REJECTED
    context = {
        "title": "Reject selected items" if is_rejection else "Approve selected items",
        "plan": plan,
        "sample": [Sample(item, request_text(item.job), output_text(item.job)) for item in plan.sample],
        "left_out": _with_names(plan.left_out, user),
        "verdict": verdict,
        "is_rejection": is_rejection,
        "reject_reasons": _reasons_for(plan) if is_rejection else [],
        "typed": typed or {},
        "bulk_url": navigation.desk_url("bulk", [], kept),
        "queue_url": navigation.queue_url(kept),
    }
    return own_page(request, ReviewItem, "reviewitem/bulk.html", context)


def _reasons_for(plan: bulk.Plan) -> list[RejectReason]:
    """Return the reasons that suit all items of a plan."""
    agents = {item.agent_type for item in plan.items}
    return [reason for reason in decisions.reject_reasons() if all(map(reason.suits, agents))]


def _posted_ids(request: HttpRequest, name: str) -> list[uuid.UUID]:
    """Return the valid UUIDs posted under ``name``."""
    ids = []
    for text in request.POST.getlist(name):
        try:
            ids.append(uuid.UUID(text))
        except ValueError:
            continue
    return ids


def _left_out_before(request: HttpRequest, user: User) -> list[bulk.SkippedItem]:
    """Return the items that the confirmation page left out; they stay undecided even if they could be now."""
    ids = _posted_ids(request, "left")[: bulk.MAX_ITEMS]
    if not ids:
        return []
    whys = {item.item_id: item.why for item in bulk.plan(ids, by=user).left_out}
    return [bulk.SkippedItem(pk, whys.get(pk, "It was not among the items you confirmed.")) for pk in ids]


def _with_names(left_out: Iterable[bulk.SkippedItem], user: User) -> list[NamedItem]:
    whys = {item.item_id: item.why for item in left_out}
    items = ReviewItem.objects.shown_to(user).filter(pk__in=whys).select_related("job").queue_order()
    known = items.defer("job__output_data", "job__signals")
    named = [NamedItem(i.pk, display.first_words(request_text(i.job), 8), whys[i.pk]) for i in known]
    unknown = whys.keys() - {item.item_id for item in named}
    return [*named, *(NamedItem(pk, display.short_id(pk), whys[pk]) for pk in unknown)]


def _note_error(verdict: Verdict, note: str, reason: str) -> str:
    """Return the error in note or reason; "" if the verdict can be given with them."""
    try:
        decisions.check_note_and_reason(verdict, note=note, reason=reason)
    except Invalid as refusal:
        return _error_text(refusal)
    return ""


def _error_text(refusal: Invalid) -> str:
    return " ".join(error.detail for error in refusal.errors) or refusal.message
