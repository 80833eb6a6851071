"""The review page: one item, its claim, and the forms to decide it."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.contrib import admin
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils import timezone

from agents.canon import placement
from agents.choices import ReviewKind, ReviewState, Verdict
from agents.common import permissions
from agents.common.admin import diff, display
from agents.common.admin.base import own_page
from agents.common.output_form import EditForm, edit_form
from agents.errors import DomainError, FieldError, Invalid
from agents.models import ReviewComment, ReviewItem
from agents.notify import notifications
from agents.review import comments as review_comments
from agents.review import intentional, self_review
from agents.review.admin import claims, navigation
from agents.review.admin.badges import kind_badge, opinion_badges
from agents.review.admin.item.context import page_context
from agents.review.admin.item.guest_context import guest_context
from agents.review.admin.item.opinions import Opinions, opinions_on, undoable_by
from agents.review.verdicts import decisions

# Forms that open over the page; an error is shown inside, because the open form covers the action bar.
PANELS = (Verdict.REJECTED, Verdict.ASKED_AGAIN, "skip", "hand")
MAX_UNKNOWN_NAMES = 5
# Actions on the page; each is a POST to its own URL.
ACTIONS = ("decide", "next", "skip", "hand", "claim", "release", "break", "comment", "edit_comment")


@dataclass
class FormState:
    """Input of a form that was rejected, or whose edit waits for confirmation, to be shown again.

    ``panel`` is the form: a verdict, "skip", "hand", "comment", or the id of a comment or a finding. ``confirmed``
    identifies the edit whose ``changes`` are shown; sending it with the same edit confirms the edit.
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


def rejected_form(
    item: ReviewItem,
    panel: str,
    refusal: DomainError,
    *,
    note: str = "",
    reason: str = "",
    to: str = "",
    edited: Mapping[str, Any] | None = None,
) -> FormState:
    """Build the state of a form that a service refused, each error beside its control."""
    errors: list[FieldError] = list(refusal.errors) if isinstance(refusal, Invalid) else []
    in_form = [error for error in errors if error.pointer.startswith("/output")]
    elsewhere = " ".join(error.detail for error in errors if error not in in_form)
    state = FormState(panel=panel, note=note, reason=reason, to=to, error=elsewhere or refusal.message)
    if edited is not None:
        state.is_edited = True
        state.form = edit_form(item.agent_type, edited)
        state.form.add_errors(in_form)
    return state


def find_item(request: HttpRequest, object_id: str) -> ReviewItem | None:
    """Return the item with the relations that the page shows; raise 403 without the view permission."""
    if not admin.site.get_model_admin(ReviewItem).has_view_permission(request):
        raise PermissionDenied
    try:
        pk = uuid.UUID(object_id)
    except ValueError:
        return None
    related = ("job__requested_by", "job__universe", "universe", "claimed_by", "assigned_to")
    visible = ReviewItem.objects.shown_to(request.user).select_related(*related)
    return visible.with_decisions().with_guest_opinions().filter(pk=pk).first()


def missing_item(request: HttpRequest, object_id: str) -> HttpResponse:
    """Redirect to the admin's index with the admin's usual message."""
    model_admin: Any = admin.site.get_model_admin(ReviewItem)
    response: HttpResponseBase = model_admin._get_obj_does_not_exist_redirect(
        request, ReviewItem._meta, object_id
    )
    assert isinstance(response, HttpResponse)
    return response


def may_decide(request: HttpRequest, item: ReviewItem) -> bool:
    """Return whether the page shows action buttons; the service checks again."""
    user = request.user
    if item.state != ReviewState.OPEN or not permissions.is_reviewer(user):
        return False
    assert isinstance(user, User)
    return ReviewItem.objects.claimable_by(user, timezone.now()).filter(pk=item.pk).exists()


def show_item(request: HttpRequest, object_id: str) -> HttpResponse:
    """Render the page for a GET; ``?edit`` opens the edit form, ``?from`` starts it from another opinion."""
    item = find_item(request, object_id)
    if item is None:
        return missing_item(request, object_id)
    assert isinstance(request.user, User)
    notifications.mark_item_read(request.user, item.pk)
    state = FormState()
    if "edit" in request.GET and may_decide(request, item):
        state = _edit_state(request.user, item, request.GET.get("from", ""))
    return render_item(request, item, state)


def _edit_state(user: User, item: ReviewItem, opinion_id: str) -> FormState:
    """Start an edit from the agent's output, or from the edit in an opinion that this person may read."""
    readable = opinions_on(item, user).shown
    edits = (o.decision for o in readable if str(o.decision.pk) == opinion_id and o.changes)
    start = next(edits, None)
    output = item.job.output_data if start is None else start.after
    form = edit_form(item.agent_type, output or {})
    return FormState(panel=Verdict.EDITED, form=form, is_edited=start is not None)


def render_item(request: HttpRequest, item: ReviewItem, state: FormState) -> HttpResponse:
    """Render the review page of an item from ``find_item``, with the given state of its forms."""
    user = request.user
    assert isinstance(user, User)
    is_decidable, may_review = may_decide(request, item), permissions.is_reviewer(user)
    opinions, comments = opinions_on(item, user), list(review_comments.comments_for(item, user))
    kept = navigation.kept_filters(request)
    context = {
        **page_context(request, item),
        **_claim_context(request, item, may_decide=is_decidable),
        **navigation.undo_context(request, kept),
        "title": f"{item.get_agent_type_display()} review",
        "may_decide": is_decidable,
        "may_review": may_review,
        "badges": [*opinion_badges(item, opinions.given), kind_badge(item)],
        "opinions": opinions,
        "not_asked": "" if is_decidable else _why_not_asked(item, opinions, user),
        "own_undoable": undoable_by(item, user),
        "comments": comments,
        "unknown_names": _unknown_names(comments, user),
        "typed": state,
        # Another reviewer has the item, so its forms are gone; keep the user's text on the page.
        "unsent": state if state.error and not is_decidable and state.panel != "comment" else None,
        "page_url": navigation.item_url(request, item.pk),
        "edit_url": navigation.item_url(request, item.pk, edit="1"),
        "queue_url": navigation.queue_url(kept),
        **{f"{action}_url": navigation.desk_url(action, [item.pk], kept) for action in ACTIONS},
        "own_undo_url": navigation.desk_url("undo", [item.pk], kept),
    }
    if may_review and intentional.is_offered(item, may_decide=is_decidable):
        context["mark_url"] = navigation.desk_url("mark", [item.pk], kept)
        context["unmark_url"] = navigation.desk_url("unmark", [item.pk], kept)
    if may_review:
        context |= guest_context(request, item, user)
        context["other_reviewers"] = claims.other_reviewers(user)
    if item.state == ReviewState.CLOSED and item.kind != ReviewKind.GOLD and permissions.is_lead(user):
        context |= {"may_reopen": True, "reopen_url": navigation.desk_url("reopen", [item.pk], kept)}
    if item.job.variants_id is not None:
        context["variants_url"] = navigation.desk_url("variants", [item.job.variants_id], kept)
    if is_decidable:
        context["namesake"] = placement.namesake(item.job, item.job.output_data or {})
        context["reject_reasons"] = decisions.reject_reasons(item.agent_type)
    return own_page(request, ReviewItem, "reviewitem/review.html", context)


def rerender_item(request: HttpRequest, item: ReviewItem, state: FormState) -> HttpResponse:
    """Render the page with the item's present state and the user's input."""
    current = find_item(request, str(item.pk))
    if current is None:
        return missing_item(request, str(item.pk))
    return render_item(request, current, state)


def _why_not_asked(item: ReviewItem, opinions: Opinions, user: User) -> str:
    """Explain why a reviewer has no buttons on an open, unclaimed item."""
    if item.state != ReviewState.OPEN:
        return ""
    if opinions.is_disputed:
        return "The reviewers disagree. A lead decides."
    if opinions.has_own:
        return "You have given your opinion. Other opinions are still missing."
    own_job = self_review.refusal(item, user)
    return "" if own_job is None else own_job.message


def _unknown_names(comments: list[ReviewComment], user: User) -> str:
    """List unknown ``@names`` of the last comment, for its author only."""
    if not comments or comments[-1].by_id != user.pk:
        return ""
    names = review_comments.unknown_names(comments[-1].text)
    return ", ".join(display.first_words(f"@{name}", 1) for name in names[:MAX_UNKNOWN_NAMES])


def _claim_context(request: HttpRequest, item: ReviewItem, *, may_decide: bool) -> dict[str, Any]:
    now = timezone.now()
    claim = claims.claim_on(item, request.user.pk, now)
    is_for_another = item.assigned_to_id is not None and item.assigned_to_id != request.user.pk
    return {
        "due": claims.due(item.due_at, now) if item.state == ReviewState.OPEN else "",
        "hold": claim,
        "claim_state": "free" if claim is None else "mine" if claim.is_mine else "taken",
        # Opening an item that was handed to somebody else must not claim it.
        "claims_by_itself": may_decide and not is_for_another,
        "renew_every_s": settings.REVIEW_CLAIM_S / 3,
    }
