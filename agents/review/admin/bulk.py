"""One verdict on many items of the queue: selected, looked over, confirmed."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_POST

from agents.choices import ReviewState, Verdict
from agents.common import permissions
from agents.common.admin import display
from agents.common.admin.base import own_page
from agents.common.job_text import request_text
from agents.errors import Invalid
from agents.models import AgentJob, ReviewItem
from agents.review import bulk, decisions
from agents.review.admin.actions import reviewer
from agents.review.admin.filters import StateFilter
from agents.review.admin.queue_list import FILTERS, ReviewList

# The field of an output that has most of its words.
MAIN_OUTPUT = {"narrative": "content", "spatial": "description", "consistency": "explanation"}
# More names than this make no message; the rest are still in the queue.
MOST_NAMED = 20


@dataclass(frozen=True, slots=True)
class Sample:
    item: ReviewItem
    asked: str
    written: str


@dataclass(frozen=True, slots=True)
class Left:
    """An item that is left out, by what was asked of the agent."""

    item_id: uuid.UUID
    asked: str
    why: str


class ReviewBulk(ReviewList):
    actions = ["approve_selected", "reject_selected"]

    def has_decide_permission(self, request: HttpRequest) -> bool:
        return permissions.is_reviewer(request.user)

    def get_actions(self, request: HttpRequest) -> Any:
        # Of closed items nothing is left to decide.
        is_closed = request.GET.get(StateFilter.parameter_name) == ReviewState.CLOSED
        return {} if is_closed else super().get_actions(request)

    @admin.action(description="Approve selected", permissions=["decide"])
    def approve_selected(self, request: HttpRequest, queryset: QuerySet[ReviewItem]) -> HttpResponse | None:
        return self._to_confirm(request, queryset, Verdict.APPROVED)

    @admin.action(description="Reject selected", permissions=["decide"])
    def reject_selected(self, request: HttpRequest, queryset: QuerySet[ReviewItem]) -> HttpResponse | None:
        return self._to_confirm(request, queryset, Verdict.REJECTED)

    def _to_confirm(
        self, request: HttpRequest, queryset: QuerySet[ReviewItem], verdict: Verdict
    ) -> HttpResponse | None:
        ids = list(queryset.order_by().values_list("pk", flat=True))
        try:
            return self._confirmation(request, ids, verdict, kept=request.GET.urlencode())
        except Invalid as refusal:
            messages.error(request, _in_words(refusal))
            return None

    @method_decorator(require_POST)
    def bulk_view(self, request: HttpRequest) -> HttpResponse:
        """Decide what was confirmed, and say what was left out; a missing reason is asked for on the same page."""
        user, ids = reviewer(request), _ids(request, "id")
        verdict = Verdict.REJECTED if request.POST.get("verdict") == Verdict.REJECTED else Verdict.APPROVED
        note, reason = request.POST.get("note", ""), request.POST.get("reason", "")
        wrong = _wrong_words(verdict, note, reason)
        try:
            if wrong:
                typed = {"note": note, "reason": reason, "error": wrong}
                return self._confirmation(
                    request, ids, verdict, kept=request.GET.get(FILTERS, ""), typed=typed
                )
            outcome = bulk.decide_all(ids, verdict, by=user, note=note, reason=reason)
        except Invalid as refusal:
            messages.error(request, _in_words(refusal))
            return self._to_queue(request)
        count = len(outcome.decided)
        done = "approved" if verdict == Verdict.APPROVED else "rejected"
        messages.success(request, f"{count} {'item' if count == 1 else 'items'} {done}.")
        left = _named([*outcome.left_out, *_left_before(request, user)], user)
        if left:
            names = " ".join(f"“{one.asked}”: {one.why}" for one in left[:MOST_NAMED])
            more = f" And {len(left) - MOST_NAMED} more." if len(left) > MOST_NAMED else ""
            messages.warning(request, f"{len(left)} left out. {names}{more}")
        return self._to_queue(request)

    def _confirmation(
        self,
        request: HttpRequest,
        ids: Sequence[uuid.UUID],
        verdict: Verdict,
        *,
        kept: str,
        typed: dict[str, str] | None = None,
    ) -> HttpResponse:
        user = reviewer(request)
        plan = bulk.plan(ids, by=user)
        is_rejection = verdict == Verdict.REJECTED
        context = {
            "title": "Reject selected items" if is_rejection else "Approve selected items",
            "plan": plan,
            "sample": [Sample(one, request_text(one.job), _written(one.job)) for one in plan.sample],
            "left_out": _named(plan.left_out, user),
            "verdict": verdict,
            "is_rejection": is_rejection,
            "reject_reasons": decisions.reject_reasons() if is_rejection else [],
            "typed": typed or {},
            "bulk_url": self._with_filters("bulk", [], kept),
            "queue_url": self._with_filters("changelist", [], "") + (f"?{kept}" if kept else ""),
        }
        return own_page(self, request, "reviewitem/bulk.html", context)


def _ids(request: HttpRequest, name: str) -> list[uuid.UUID]:
    """Those that a page of ours has sent; anything else is no item."""
    found = []
    for sent in request.POST.getlist(name):
        try:
            found.append(uuid.UUID(sent))
        except ValueError:
            continue
    return found


def _left_before(request: HttpRequest, user: User) -> list[bulk.SkippedItem]:
    """Those that the confirmation named: they are not decided even if nothing is in their way any more."""
    ids = _ids(request, "left")[: bulk.MAX_ITEMS]
    if not ids:
        return []
    whys = {one.item_id: one.why for one in bulk.plan(ids, by=user).left_out}
    return [bulk.SkippedItem(pk, whys.get(pk, "It was not among those that you confirmed.")) for pk in ids]


def _named(left_out: Iterable[bulk.SkippedItem], user: User) -> list[Left]:
    whys = {one.item_id: one.why for one in left_out}
    items = ReviewItem.objects.shown_to(user).filter(pk__in=whys).select_related("job").queue_order()
    known = items.defer("job__output_data", "job__signals")
    named = [Left(item.pk, display.first_words(request_text(item.job), 8), whys[item.pk]) for item in known]
    strangers = whys.keys() - {one.item_id for one in named}
    return [*named, *(Left(pk, display.short_id(pk), whys[pk]) for pk in strangers)]


def _written(job: AgentJob) -> str:
    output = job.output_data or {}
    return str(output.get(MAIN_OUTPUT.get(job.agent_type, ""), "")) or str(output)


def _wrong_words(verdict: Verdict, note: str, reason: str) -> str:
    """What is wrong with the words that were typed; "" where the verdict can be given with them."""
    try:
        decisions.check_note_and_reason(verdict, note=note, reason=reason)
    except Invalid as refusal:
        return _in_words(refusal)
    return ""


def _in_words(refusal: Invalid) -> str:
    return " ".join(error.detail for error in refusal.errors) or refusal.message
