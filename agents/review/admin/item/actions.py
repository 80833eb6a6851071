"""Actions on the review page and the queue other than verdicts; each is a POST that calls one service."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from functools import wraps

from django.contrib import messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_POST

from agents.common import permissions
from agents.common.admin import display
from agents.common.text.job_text import request_text
from agents.errors import Conflict, DomainError, Forbidden, NotFound
from agents.models import ReviewItem
from agents.review import claims, comments, intentional
from agents.review.admin import navigation
from agents.review.admin.claims import claim_on
from agents.review.admin.item.item_page import (
    find_item,
    may_decide,
    missing_item,
    rejected_form,
    render_item,
    rerender_item,
)

ItemView = Callable[[HttpRequest, ReviewItem, User], HttpResponse]


def signed_in_reviewer(request: HttpRequest) -> User:
    if not permissions.is_reviewer(request.user):
        raise PermissionDenied
    assert isinstance(request.user, User)
    return request.user


def item_view(view: ItemView) -> Callable[[HttpRequest, uuid.UUID], HttpResponse]:
    """Turn ``view(request, item, reviewer)`` into a POST view by the item's id."""

    @require_POST
    @wraps(view)
    def by_id(request: HttpRequest, item_id: uuid.UUID) -> HttpResponse:
        item, user = find_item(request, str(item_id)), signed_in_reviewer(request)
        return missing_item(request, str(item_id)) if item is None else view(request, item, user)

    return by_id


# --- The next item


@require_POST
def start_view(request: HttpRequest) -> HttpResponse:
    """Claim and open the most urgent item that matches the list's filters."""
    return claim_next(request, signed_in_reviewer(request))


@require_POST
def next_view(request: HttpRequest, item_id: uuid.UUID) -> HttpResponse:
    """Open another item, after skipping this one if the reviewer could have decided it."""
    item, user = find_item(request, str(item_id)), signed_in_reviewer(request)
    if item is not None and may_decide(request, item):
        try:
            claims.skip(item.pk, user)
        except Conflict:
            # Claimed or decided by another reviewer since: there is nothing to skip.
            return claim_next(request, user, leaving=item)
    return claim_next(request, user, leaving=item)


def claim_next(request: HttpRequest, user: User, *, leaving: ReviewItem | None = None) -> HttpResponse:
    """Claim and open the next matching item other than ``leaving``, or return to the queue with a message."""
    queue = navigation.filtered_queue(request)
    others = queue.exclude(pk=leaving.pk) if leaving is not None else queue
    try:
        item = claims.claim_next(user, among=others)
    except Conflict as refusal:
        messages.error(request, refusal.message)
        return navigation.redirect_to_queue(request)
    if item is not None:
        return HttpResponseRedirect(navigation.item_url(request, item.pk))
    if others.exists():
        messages.info(request, "Nothing left for you: the remaining items belong to other reviewers.")
    elif queue.exists():
        is_narrowed = navigation.kept_filters(request)
        messages.info(request, f"No other items {'match this filter' if is_narrowed else 'are waiting'}.")
    elif navigation.kept_filters(request):
        messages.info(request, "No items match this filter.")
    else:
        messages.info(request, "The queue is empty.")
    return navigation.redirect_to_queue(request)


def finish(request: HttpRequest, item: ReviewItem, user: User, done: str, *, tags: str = "") -> HttpResponse:
    """Confirm an action on an item with a message, and go on to the next item."""
    text = display.first_words(request_text(item.job), 10)
    messages.success(request, f"{done}: {text}", extra_tags=tags)
    return claim_next(request, user, leaving=item)


# --- Leaving an item without a verdict


@item_view
def skip_view(request: HttpRequest, item: ReviewItem, user: User) -> HttpResponse:
    reason = request.POST.get("note", "")
    try:
        claims.skip(item.pk, user, reason)
    except DomainError as refusal:
        return rerender_item(request, item, rejected_form(item, "skip", refusal, note=reason))
    return finish(request, item, user, "Skipped")


@item_view
def hand_view(request: HttpRequest, item: ReviewItem, user: User) -> HttpResponse:
    to, note = request.POST.get("to", ""), request.POST.get("note", "")
    try:
        claims.hand_to(item.pk, claims.find_reviewer(to), by=user, note=note)
    except DomainError as refusal:
        return rerender_item(request, item, rejected_form(item, "hand", refusal, note=note, to=to))
    return finish(request, item, user, f"Handed to {to}")


@item_view
def comment_view(request: HttpRequest, item: ReviewItem, user: User) -> HttpResponse:
    text = request.POST.get("text", "")
    try:
        comment = comments.add_comment(item.pk, text, by=user)
    except DomainError as refusal:
        return render_item(request, item, rejected_form(item, "comment", refusal, note=text))
    messages.success(request, "Your comment was added.")
    # Not to its field, where the next key would be typed instead of pressed.
    return HttpResponseRedirect(f"{navigation.item_url(request, item.pk)}#comment-{comment.pk}")


@item_view
def edit_comment_view(request: HttpRequest, item: ReviewItem, user: User) -> HttpResponse:
    """Change or delete one's own comment, as the pressed button says."""
    text, comment_id = request.POST.get("text", ""), request.POST.get("comment", "")
    try:
        pk = _id_of_comment(comment_id)
        if request.POST.get("what") == "delete":
            comments.delete_comment(item.pk, pk, by=user)
            messages.success(request, "Your comment was deleted.")
            return HttpResponseRedirect(f"{navigation.item_url(request, item.pk)}#comments")
        comments.edit_comment(item.pk, pk, text, by=user)
    except DomainError as refusal:
        return render_item(request, item, rejected_form(item, comment_id, refusal, note=text))
    messages.success(request, "Your comment was changed.")
    return HttpResponseRedirect(f"{navigation.item_url(request, item.pk)}#comment-{pk}")


def _id_of_comment(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError:
        raise NotFound("There is no such comment.", code="comment_not_found") from None


@item_view
def mark_view(request: HttpRequest, item: ReviewItem, user: User) -> HttpResponse:
    finding_id, reason = request.POST.get("finding", ""), request.POST.get("reason", "")
    try:
        intentional.mark(item.pk, finding_id, by=user, reason=reason)
    except DomainError as refusal:
        return rerender_item(request, item, rejected_form(item, finding_id, refusal, note=reason))
    messages.success(request, "Marked as intentional. Later checks will ignore it.")
    return _redirect_to_finding(request, item, finding_id)


@item_view
def unmark_view(request: HttpRequest, item: ReviewItem, user: User) -> HttpResponse:
    finding_id = request.POST.get("finding", "")
    try:
        intentional.unmark(item.pk, finding_id, by=user)
    except DomainError as refusal:
        return rerender_item(request, item, rejected_form(item, finding_id, refusal))
    messages.success(request, "No longer intentional. Later checks will count it again.")
    return _redirect_to_finding(request, item, finding_id)


def _redirect_to_finding(request: HttpRequest, item: ReviewItem, finding_id: str) -> HttpResponse:
    return HttpResponseRedirect(f"{navigation.item_url(request, item.pk)}#finding-{finding_id}")


# --- Claims, for scripts (JSON) and for forms (a redirect to the page)


@require_POST
def claim_view(request: HttpRequest, item_id: uuid.UUID) -> HttpResponse:
    """Claim this item; with ``renew``, only extend a claim that is still the reviewer's own."""
    user = signed_in_reviewer(request)

    def claim() -> dict[str, str]:
        claim_or_renew = claims.renew if "renew" in request.POST else claims.claim
        current = claim_on(claim_or_renew(item_id, user), user.pk, timezone.now())
        return {} if current is None else {"sentence": current.sentence}

    return _run(request, item_id, claim)


@require_POST
def release_view(request: HttpRequest, item_id: uuid.UUID) -> HttpResponse:
    user = signed_in_reviewer(request)
    return _run(request, item_id, lambda: claims.release(item_id, user))


@require_POST
def break_view(request: HttpRequest, item_id: uuid.UUID) -> HttpResponse:
    user = signed_in_reviewer(request)
    return _run(request, item_id, lambda: claims.break_claim(item_id, user))


def _run(request: HttpRequest, item_id: uuid.UUID, action: Callable[[], object]) -> HttpResponse:
    """Run an action; answer scripts with JSON (the action's dict, if any) and forms with the item's page."""
    wants_page = "text/html" in request.headers.get("Accept", "")
    try:
        answer = action()
    except Forbidden:
        raise PermissionDenied from None
    except DomainError as refusal:
        if not wants_page:
            status = 404 if isinstance(refusal, NotFound) else 409
            return JsonResponse({"code": refusal.code, "detail": refusal.message}, status=status)
        messages.error(request, refusal.message)
    else:
        if not wants_page:
            return JsonResponse(answer if isinstance(answer, dict) else {})
    return HttpResponseRedirect(navigation.item_url(request, item_id))
