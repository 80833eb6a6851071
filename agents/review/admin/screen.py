"""The review page: one item, who holds it, and the bar to decide it by."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils import timezone

from agents.choices import ReviewState, Verdict
from agents.common import permissions
from agents.common.admin import diff, display
from agents.common.admin.base import own_page
from agents.errors import DomainError, FieldError, Invalid
from agents.models import ReviewComment, ReviewItem
from agents.notify import notifications
from agents.review import comments as review_comments
from agents.review import decisions
from agents.review.admin import claims
from agents.review.admin.edit_form import EditForm, edit_form
from agents.review.admin.opinions import Opinions, opinions_on, undoable_by
from agents.review.admin.page import page_context
from agents.review.admin.queue_list import ReviewList, kind_badge, opinion_badges

# The forms that open over the page from the bar; one that was refused says so itself, for it covers the bar.
PANELS = (Verdict.REJECTED, Verdict.ASKED_AGAIN, "skip", "hand")
# Names that are no reviewer's, told at once.
MOST_NAMED = 5
# What a reviewer does on the page, each a POST to an address of its own.
VERBS = ("decide", "next", "skip", "hand", "claim", "release", "break", "comment")


@dataclass
class Typed:
    """What a reviewer had typed when it was refused, or is to look over, to be shown to them again.

    ``panel`` is the form it was typed into: a verdict, "skip", "hand" or "comment". With ``confirmed``, which stands
    for the edit whose ``changes`` are shown, the same edit is sent.
    """

    panel: str = ""
    note: str = ""
    reason: str = ""
    to: str = ""
    error: str = ""
    form: EditForm | None = None
    is_edited: bool = False
    changes: list[diff.Change] = field(default_factory=list)
    confirmed: str = ""

    @property
    def is_in_panel(self) -> bool:
        return self.panel in PANELS


def typed_again(
    item: ReviewItem,
    panel: str,
    refusal: DomainError,
    *,
    note: str = "",
    reason: str = "",
    to: str = "",
    edited: Mapping[str, Any] | None = None,
) -> Typed:
    """The form that was refused, each error beside its control."""
    errors: list[FieldError] = list(refusal.errors) if isinstance(refusal, Invalid) else []
    in_form = [error for error in errors if error.pointer.startswith("/output")]
    elsewhere = " ".join(error.detail for error in errors if error not in in_form)
    typed = Typed(panel=panel, note=note, reason=reason, to=to, error=elsewhere or refusal.message)
    if edited is not None:
        typed.is_edited = True
        typed.form = edit_form(item.agent_type, edited)
        typed.form.add_errors(in_form)
    return typed


def _why_not_asked(item: ReviewItem, opinions: Opinions) -> str:
    """Why somebody whom nobody keeps from it has no buttons on an open item."""
    if item.state != ReviewState.OPEN:
        return ""
    if opinions.is_disputed:
        return "The reviewers disagree; a lead settles this."
    if opinions.has_own:
        return "You have given your opinion; others give theirs."
    return ""


def _unknown_names(comments: list[ReviewComment], user: User) -> str:
    """Whom the last comment would have told, had it been another's name; said to its writer alone."""
    if not comments or comments[-1].by_id != user.pk:
        return ""
    names = review_comments.unknown_names(comments[-1].text)
    return ", ".join(display.first_words(f"@{name}", 1) for name in names[:MOST_NAMED])


class ReviewScreen(ReviewList):
    def change_view(self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any) -> HttpResponse:
        item = self._find(request, object_id)
        if item is None:
            return self._gone(request, object_id)
        assert isinstance(request.user, User)
        notifications.mark_item_read(request.user, item.pk)
        typed = Typed()
        if "edit" in request.GET and self._may_decide(request, item):
            typed = self._edit_from(request.user, item, request.GET.get("from", ""))
        return self._page(request, item, typed)

    def _edit_from(self, user: User, item: ReviewItem, opinion_id: str) -> Typed:
        """The form to edit in, as the agent wrote it or as one of the opinions that this person may read has it."""
        readable = opinions_on(item, user).shown
        edits = (one.decision for one in readable if str(one.decision.pk) == opinion_id and one.changes)
        start = next(edits, None)
        output = item.job.output_data if start is None else start.after
        form = edit_form(item.agent_type, output or {})
        return Typed(panel=Verdict.EDITED, form=form, is_edited=start is not None)

    def _find(self, request: HttpRequest, object_id: str) -> ReviewItem | None:
        """The item with what the page shows of its surroundings; 403 for those who may not see any."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        try:
            pk = uuid.UUID(object_id)
        except ValueError:
            return None
        related = ("job__requested_by", "job__universe", "universe", "claimed_by", "assigned_to")
        shown = ReviewItem.objects.shown_to(request.user).select_related(*related)
        return shown.with_decisions().filter(pk=pk).first()

    def _may_decide(self, request: HttpRequest, item: ReviewItem) -> bool:
        """Whether the page has buttons: nobody else holds the item, and this person is asked. The service has the
        last word.
        """
        user = request.user
        if item.state != ReviewState.OPEN or not permissions.is_reviewer(user):
            return False
        assert isinstance(user, User)
        return ReviewItem.objects.claimable_by(user, timezone.now()).filter(pk=item.pk).exists()

    def _page(self, request: HttpRequest, item: ReviewItem, typed: Typed) -> HttpResponse:
        user = request.user
        assert isinstance(user, User)
        may_decide, may_review = self._may_decide(request, item), permissions.is_reviewer(user)
        opinions, comments = opinions_on(item, user), review_comments.comments_for(item, user)
        kept = self._kept(request)
        context = {
            **page_context(request, item),
            **self._claim_context(request, item, may_decide=may_decide),
            **self._undo_context(request, kept),
            "title": f"{item.get_agent_type_display()} review",
            "may_decide": may_decide,
            "may_review": may_review,
            "badges": [*opinion_badges(item, opinions.given), kind_badge(item)],
            "opinions": opinions,
            "not_asked": "" if may_decide else _why_not_asked(item, opinions),
            "own_undoable": undoable_by(item, user),
            "comments": comments,
            "unknown_names": _unknown_names(comments, user),
            "typed": typed,
            # Refused for good: somebody else has it. What was typed must not be lost with the form.
            "unsent": typed if typed.error and not may_decide and typed.panel != "comment" else None,
            "page_url": self._page_url(request, item),
            "edit_url": self._page_url(request, item, edit="1"),
            "queue_url": self._queue_url(request),
            **{f"{verb}_url": self._with_filters(verb, [item.pk], kept) for verb in VERBS},
            "own_undo_url": self._with_filters("undo", [item.pk], kept),
        }
        if may_review:
            context["other_reviewers"] = claims.others_who_may_decide(user)
        if may_decide:
            context["reject_reasons"] = decisions.reject_reasons()
        return own_page(self, request, "reviewitem/review.html", context)

    def _claim_context(self, request: HttpRequest, item: ReviewItem, *, may_decide: bool) -> dict[str, Any]:
        now = timezone.now()
        hold = claims.hold_of(item, request.user.pk, now)
        is_for_another = item.assigned_to_id is not None and item.assigned_to_id != request.user.pk
        return {
            "due": claims.due(item.due_at, now) if item.state == ReviewState.OPEN else "",
            "hold": hold,
            "claim_state": "free" if hold is None else "mine" if hold.is_mine else "taken",
            # To look at what was handed to somebody else is not to take it from them.
            "claims_by_itself": may_decide and not is_for_another,
            "renew_every_s": settings.REVIEW_CLAIM_S / 3,
        }

    def _page_url(self, request: HttpRequest, item: ReviewItem, **query: str) -> str:
        return self._with_filters("change", [item.pk], self._kept(request), **query)

    def _gone(self, request: HttpRequest, object_id: str) -> HttpResponse:
        response: HttpResponseBase = self._get_obj_does_not_exist_redirect(  # type: ignore[attr-defined]
            request, self.opts, object_id
        )
        assert isinstance(response, HttpResponse)
        return response
