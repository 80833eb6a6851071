"""Verdicts from the review page: given, looked over before they are sent, and taken back."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_POST

from agents.choices import Verdict
from agents.common.admin import diff
from agents.engine.envelope import canonical_json
from agents.errors import DomainError, Forbidden
from agents.models import ReviewDecision, ReviewItem
from agents.review import claims, decisions
from agents.review.admin.actions import ReviewActions, reviewer
from agents.review.admin.edit_form import edit_form, read_form
from agents.review.admin.screen import Typed, typed_again

SAID = {
    Verdict.APPROVED: "Approved",
    Verdict.EDITED: "Edited and approved",
    Verdict.REJECTED: "Rejected",
    Verdict.ASKED_AGAIN: "Asked again; a new job has the note",
}
# A message with this tag has a button to take the verdict back.
UNDOABLE = "undoable"


class ReviewVerdicts(ReviewActions):
    @method_decorator(require_POST)
    def decide_view(self, request: HttpRequest, item_id: uuid.UUID) -> HttpResponse:
        """Carry a reviewer's verdict to the service; then the next open item. An edit is shown before it is sent."""
        item, user = self._find(request, str(item_id)), reviewer(request)
        if item is None:
            return self._gone(request, str(item_id))
        sent = request.POST.get("verdict", "")
        if sent not in Verdict.values:
            messages.error(request, "Choose what to decide.")
            return HttpResponseRedirect(self._page_url(request, item))
        verdict = Verdict(sent)
        note, reason = request.POST.get("note", ""), request.POST.get("reason", "")
        edited = None
        if verdict == Verdict.EDITED:
            edited = read_form(item.agent_type, item.job.output_data or {}, request.POST.dict())
        try:
            if edited is not None:
                look = self._to_look_over(request, item, user, edited)
                if look is not None:
                    return self._page(request, item, look)
            decision = decisions.decide(item.pk, verdict, by=user, note=note, reason=reason, edited=edited)
        except Forbidden:
            raise PermissionDenied from None
        except DomainError as refusal:
            typed = typed_again(item, verdict, refusal, note=note, reason=reason, edited=edited)
            return self._refused(request, item, typed)
        return self._done(request, item, user, _said(decision), tags=UNDOABLE)

    def _to_look_over(
        self, request: HttpRequest, item: ReviewItem, user: User, edited: Mapping[str, Any]
    ) -> Typed | None:
        """What an edit changes; None where it changes nothing, and for the one that has been looked over."""
        output = item.job.output_data or {}
        after = decisions.check_edit(item, edited)
        print_of_edit = hashlib.sha256(canonical_json(after).encode()).hexdigest()
        if after == output or request.POST.get("confirmed") == print_of_edit:
            return None
        # Whoever else has the item is named before anything is looked over.
        claims.claim(item.pk, user)
        return Typed(
            panel=Verdict.EDITED,
            note=request.POST.get("note", ""),
            form=edit_form(item.agent_type, after),
            is_edited=True,
            changes=diff.changes(output, after),
            confirmed=print_of_edit,
        )

    @method_decorator(require_POST)
    def undo_view(self, request: HttpRequest, item_id: uuid.UUID) -> HttpResponse:
        """Take one's own verdict back and open its item; where that is refused, back to where one was."""
        user = reviewer(request)
        try:
            item = decisions.undo(item_id, by=user)
        except DomainError as refusal:
            messages.error(request, f"It was not taken back. {refusal.message}")
            return self._back(request)
        messages.success(request, "Your verdict was taken back. The item is open again.")
        return HttpResponseRedirect(self._page_url(request, item))

    def _back(self, request: HttpRequest) -> HttpResponse:
        try:
            here = uuid.UUID(request.POST.get("here", ""))
        except ValueError:
            return self._to_queue(request)
        return HttpResponseRedirect(self._with_filters("change", [here], self._kept(request)))


def _said(decision: ReviewDecision) -> str:
    if decision.takes_effect:
        return SAID[Verdict(decision.verdict)]
    is_disputed = ReviewItem.objects.filter(pk=decision.item_id, disputed_at__isnull=False).exists()
    then = "the reviewers disagree, and a lead settles it" if is_disputed else "others give theirs"
    return f"Your opinion is kept; {then}"
