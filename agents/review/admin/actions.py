"""What a reviewer does from the page or the queue besides verdicts: each a POST, each one call to a service."""

from __future__ import annotations

import uuid
from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_POST

from agents.common import permissions
from agents.common.admin import display
from agents.common.job_text import request_text
from agents.errors import Conflict, DomainError, Forbidden, NotFound
from agents.models import ReviewItem
from agents.review import claims as review_claims
from agents.review.admin import claims
from agents.review.admin.screen import ReviewScreen, Typed, typed_again


def reviewer(request: HttpRequest) -> User:
    if not permissions.is_reviewer(request.user):
        raise PermissionDenied
    assert isinstance(request.user, User)
    return request.user


def _wants_page(request: HttpRequest) -> bool:
    """A form was sent, not a script's request or the signal on leaving."""
    return "text/html" in request.headers.get("Accept", "")


class ReviewActions(ReviewScreen):
    # --- on to the next

    @method_decorator(require_POST)
    def start_view(self, request: HttpRequest) -> HttpResponse:
        """Claim and open the most urgent item that fits the filters of the list one comes from."""
        return self._claim_next(request, reviewer(request))

    @method_decorator(require_POST)
    def next_view(self, request: HttpRequest, item_id: uuid.UUID) -> HttpResponse:
        """Another item; this one goes to the end of one's own queue if it could have been decided."""
        item, user = self._find(request, str(item_id)), reviewer(request)
        if item is not None and self._may_decide(request, item):
            try:
                review_claims.skip(item.pk, user)
            except Conflict:
                # Taken or decided meanwhile, so there is nothing to leave behind.
                return self._claim_next(request, user, leaving=item)
        return self._claim_next(request, user, leaving=item)

    def _claim_next(
        self, request: HttpRequest, user: User, *, leaving: ReviewItem | None = None
    ) -> HttpResponse:
        queue = self._queue(request)
        others = queue.exclude(pk=leaving.pk) if leaving is not None else queue
        try:
            item = review_claims.claim_next(user, among=others)
        except Conflict as refusal:
            messages.error(request, refusal.message)
            return self._to_queue(request)
        if item is not None:
            return HttpResponseRedirect(self._page_url(request, item))
        if others.exists():
            messages.info(request, "What waits is held by others, or handed to them.")
        elif queue.exists():
            messages.info(request, "No other item waits.")
        else:
            messages.info(request, "No item fits this filter." if self._kept(request) else "Nothing waits.")
        return self._to_queue(request)

    # --- leaving an item without a verdict

    @method_decorator(require_POST)
    def skip_view(self, request: HttpRequest, item_id: uuid.UUID) -> HttpResponse:
        item, user = self._find(request, str(item_id)), reviewer(request)
        if item is None:
            return self._gone(request, str(item_id))
        reason = request.POST.get("note", "")
        try:
            review_claims.skip(item.pk, user, reason)
        except DomainError as refusal:
            return self._refused(request, item, typed_again(item, "skip", refusal, note=reason))
        return self._done(request, item, user, "Skipped")

    @method_decorator(require_POST)
    def hand_view(self, request: HttpRequest, item_id: uuid.UUID) -> HttpResponse:
        item, user = self._find(request, str(item_id)), reviewer(request)
        if item is None:
            return self._gone(request, str(item_id))
        to, note = request.POST.get("to", ""), request.POST.get("note", "")
        try:
            review_claims.hand_to(item.pk, review_claims.find_reviewer(to), by=user, note=note)
        except DomainError as refusal:
            return self._refused(request, item, typed_again(item, "hand", refusal, note=note, to=to))
        return self._done(request, item, user, f"Handed to {to}")

    def _done(
        self, request: HttpRequest, item: ReviewItem, user: User, said: str, *, tags: str = ""
    ) -> HttpResponse:
        messages.success(
            request, f"{said}: {display.first_words(request_text(item.job), 10)}", extra_tags=tags
        )
        return self._claim_next(request, user, leaving=item)

    def _refused(self, request: HttpRequest, item: ReviewItem, typed: Typed) -> HttpResponse:
        """The page as it is now, with what was typed."""
        now = self._find(request, str(item.pk))
        return self._page(request, now, typed) if now is not None else self._gone(request, str(item.pk))

    # --- claims

    @method_decorator(require_POST)
    def claim_view(self, request: HttpRequest, item_id: uuid.UUID) -> HttpResponse:
        """Hold this item; with ``renew`` only if it was not lost meanwhile."""
        user = reviewer(request)

        def hold() -> dict[str, str]:
            take = review_claims.renew if "renew" in request.POST else review_claims.claim
            found = claims.hold_of(take(item_id, user), user.pk, timezone.now())
            return {"sentence": found.sentence} if found is not None else {}

        return self._answer(request, item_id, hold)

    @method_decorator(require_POST)
    def release_view(self, request: HttpRequest, item_id: uuid.UUID) -> HttpResponse:
        user = reviewer(request)

        def release() -> dict[str, str]:
            review_claims.release(item_id, user)
            return {}

        return self._answer(request, item_id, release)

    @method_decorator(require_POST)
    def break_view(self, request: HttpRequest, item_id: uuid.UUID) -> HttpResponse:
        user = reviewer(request)

        def take() -> dict[str, str]:
            review_claims.break_claim(item_id, user)
            return {}

        return self._answer(request, item_id, take)

    def _answer(
        self, request: HttpRequest, item_id: uuid.UUID, act: Callable[[], dict[str, str]]
    ) -> HttpResponse:
        """Do it, and answer with JSON, or with the item's page for a form."""
        try:
            said = act()
        except Forbidden:
            raise PermissionDenied from None
        except DomainError as refusal:
            if not _wants_page(request):
                status = 404 if isinstance(refusal, NotFound) else 409
                return JsonResponse({"code": refusal.code, "detail": refusal.message}, status=status)
            messages.error(request, refusal.message)
        else:
            if not _wants_page(request):
                return JsonResponse(said)
        url = self._with_filters("change", [item_id], self._kept(request))
        return HttpResponseRedirect(url)
