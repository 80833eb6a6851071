"""Verdicts from the review page: decide, confirm an edit, undo."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_POST

from agents.choices import Verdict
from agents.common.admin import diff
from agents.common.output_form import edit_form, read_form
from agents.engine.envelope import canonical_json
from agents.errors import DomainError, Forbidden
from agents.models import ReviewDecision, ReviewItem
from agents.review import claims
from agents.review.admin import navigation
from agents.review.admin.item.actions import finish, item_view, signed_in_reviewer
from agents.review.admin.item.item_page import FormState, rejected_form, render_item, rerender_item
from agents.review.verdicts import decisions, edits

DONE = {
    **{verdict: verdict.label for verdict in Verdict},
    Verdict.ASKED_AGAIN: f"{Verdict.ASKED_AGAIN.label}, with your note",
}
# Message tag that adds an undo button.
UNDOABLE = "undoable"


@item_view
def decide_view(request: HttpRequest, item: ReviewItem, user: User) -> HttpResponse:
    """Decide an item and go on to the next one; an edit is shown for confirmation first."""
    value = request.POST.get("verdict", "")
    if value not in Verdict.values:
        messages.error(request, "Choose a verdict.")
        return HttpResponseRedirect(navigation.item_url(request, item.pk))
    verdict = Verdict(value)
    note, reason = request.POST.get("note", ""), request.POST.get("reason", "")
    edited = None
    if verdict == Verdict.EDITED:
        edited = read_form(item.agent_type, item.job.output_data or {}, request.POST.dict())
    try:
        if edited is not None and (to_confirm := _edit_to_confirm(request, item, user, edited)) is not None:
            return render_item(request, item, to_confirm)
        decision = decisions.decide(
            item.pk,
            verdict,
            by=user,
            note=note,
            reason=reason,
            edited=edited,
            merge_into=_posted_id(request, "merge_into"),
        )
    except Forbidden:
        raise PermissionDenied from None
    except DomainError as refusal:
        state = rejected_form(item, verdict, refusal, note=note, reason=reason, edited=edited)
        return rerender_item(request, item, state)
    return finish(request, item, user, _confirmation(decision), tags=UNDOABLE)


def _posted_id(request: HttpRequest, name: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(request.POST.get(name, ""))
    except ValueError:
        return None


def _edit_to_confirm(
    request: HttpRequest, item: ReviewItem, user: User, edited: Mapping[str, Any]
) -> FormState | None:
    """Return the changes of an edit for confirmation; None if it changes nothing or was confirmed."""
    output = item.job.output_data or {}
    after = decisions.check_edit(item, edited)
    fingerprint = hashlib.sha256(canonical_json(after).encode()).hexdigest()
    if edits.look_alike(after, output) or request.POST.get("confirmed") == fingerprint:
        return None
    # Refuse before the confirmation if another reviewer has the item.
    claims.claim(item.pk, user)
    return FormState(
        panel=Verdict.EDITED,
        note=request.POST.get("note", ""),
        form=edit_form(item.agent_type, after),
        is_edited=True,
        changes=diff.changes(output, after),
        confirmed=fingerprint,
    )


@require_POST
def undo_view(request: HttpRequest, item_id: uuid.UUID) -> HttpResponse:
    """Undo the reviewer's own verdict and open its item; if refused, return to the page it was sent from."""
    user = signed_in_reviewer(request)
    try:
        item = decisions.undo(item_id, by=user)
    except DomainError as refusal:
        messages.error(request, f"Nothing was undone. {refusal.message}")
        return _redirect_back(request)
    messages.success(request, "Your verdict was undone. The item is open again.")
    return HttpResponseRedirect(navigation.item_url(request, item.pk))


def _redirect_back(request: HttpRequest) -> HttpResponse:
    try:
        here = uuid.UUID(request.POST.get("here", ""))
    except ValueError:
        return navigation.redirect_to_queue(request)
    return HttpResponseRedirect(navigation.item_url(request, here))


def _confirmation(decision: ReviewDecision) -> str:
    if decision.takes_effect:
        return DONE[Verdict(decision.verdict)]
    is_disputed = ReviewItem.objects.filter(pk=decision.item_id, disputed_at__isnull=False).exists()
    then = "the reviewers disagree, and a lead decides" if is_disputed else "other opinions are still missing"
    return f"Your opinion was saved; {then}"
