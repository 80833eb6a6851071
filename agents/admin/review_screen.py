"""The review page: one item, who holds it, and the bar to decide it by."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.template.response import TemplateResponse
from django.utils import timezone

from agents.admin import claims
from agents.admin.edit_form import EditForm, edit_form
from agents.admin.review_list import ReviewList
from agents.admin.review_page import page_context
from agents.choices import ReviewState, Verdict
from agents.errors import DomainError, FieldError, Invalid
from agents.models import ReviewItem
from agents.services import review_queue


@dataclass
class Typed:
    """What a reviewer had typed when it was refused, to be shown to them again.

    ``panel`` is the form it was typed into: a verdict, "skip" or "hand".
    """

    panel: str = ""
    note: str = ""
    to: str = ""
    error: str = ""
    form: EditForm | None = None


def typed_again(
    item: ReviewItem,
    panel: str,
    refusal: DomainError,
    *,
    note: str = "",
    to: str = "",
    edited: Mapping[str, Any] | None = None,
) -> Typed:
    """The form that was refused, each error beside its control."""
    errors: list[FieldError] = list(refusal.errors) if isinstance(refusal, Invalid) else []
    in_form = [error for error in errors if error.pointer.startswith("/output")]
    elsewhere = " ".join(error.detail for error in errors if error not in in_form)
    typed = Typed(panel=panel, note=note, to=to, error=elsewhere or refusal.message)
    if edited is not None:
        typed.form = edit_form(item.agent_type, edited)
        typed.form.add_errors(in_form)
    return typed


class ReviewScreen(ReviewList):
    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        item = self._find(request, object_id)
        if item is None:
            return self._gone(request, object_id)
        typed = Typed()
        if "edit" in request.GET and self._may_decide(request, item):
            typed = Typed(panel=Verdict.EDITED, form=edit_form(item.agent_type, item.job.output_data or {}))
        return self._page(request, item, typed)

    def _find(self, request: HttpRequest, object_id: str) -> ReviewItem | None:
        """The item with what the page shows of its surroundings; 403 for those who may not see any."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        try:
            pk = uuid.UUID(object_id)
        except ValueError:
            return None
        related = (
            "job__requested_by",
            "job__universe",
            "job__follows",
            "universe",
            "claimed_by",
            "assigned_to",
        )
        return ReviewItem.objects.select_related(*related).filter(pk=pk).first()

    def _may_decide(self, request: HttpRequest, item: ReviewItem) -> bool:
        """Whether the page has buttons: nobody else holds the item. The service has the last word."""
        if item.state != ReviewState.OPEN or not request.user.has_perm(review_queue.PERMISSION):
            return False
        hold = claims.hold_of(item, request.user.pk, timezone.now())
        return hold is None or hold.is_mine

    def _page(self, request: HttpRequest, item: ReviewItem, typed: Typed) -> HttpResponse:
        may_decide = self._may_decide(request, item)
        context = {
            **self.admin_site.each_context(request),
            **page_context(request, item),
            **self._claim_context(request, item),
            "title": f"{item.get_agent_type_display()} review",
            "opts": self.opts,
            "media": self.media,
            "is_nav_sidebar_enabled": False,
            "may_decide": may_decide,
            "may_review": request.user.has_perm(review_queue.PERMISSION),
            "typed": typed,
            # Refused for good: somebody else has it. What was typed must not be lost with the form.
            "unsent": typed if typed.error and not may_decide else None,
            "page_url": self._page_url(request, item),
            "edit_url": self._page_url(request, item, edit="1"),
            "queue_url": self._queue_url(request),
            **{
                f"{verb}_url": self._with_filters(verb, [item.pk], self._kept(request))
                for verb in ("decide", "next", "skip", "hand", "claim", "release", "break")
            },
        }
        if may_decide:
            assert isinstance(request.user, User)
            context["other_reviewers"] = claims.others_who_may_decide(request.user)
        request.current_app = self.admin_site.name
        return TemplateResponse(request, "admin/agents/reviewitem/review.html", context)

    def _claim_context(self, request: HttpRequest, item: ReviewItem) -> dict[str, Any]:
        now = timezone.now()
        hold = claims.hold_of(item, request.user.pk, now)
        is_for_another = item.assigned_to_id is not None and item.assigned_to_id != request.user.pk
        return {
            "due": claims.due(item.due_at, now) if item.state == ReviewState.OPEN else "",
            "hold": hold,
            "claim_state": "free" if hold is None else "mine" if hold.is_mine else "taken",
            # To look at what was handed to somebody else is not to take it from them.
            "claims_by_itself": not is_for_another,
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
