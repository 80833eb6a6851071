"""What reviewers say to each other on an item's page."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_POST

from agents.errors import DomainError
from agents.review import comments
from agents.review.admin.actions import reviewer
from agents.review.admin.screen import ReviewScreen, typed_again


class ReviewComments(ReviewScreen):
    @method_decorator(require_POST)
    def comment_view(self, request: HttpRequest, item_id: uuid.UUID) -> HttpResponse:
        """Keep a comment, and go on where it was written."""
        item, user = self._find(request, str(item_id)), reviewer(request)
        if item is None:
            return self._gone(request, str(item_id))
        text = request.POST.get("text", "")
        try:
            comments.add_comment(item.pk, text, by=user)
        except DomainError as refusal:
            return self._page(request, item, typed_again(item, "comment", refusal, note=text))
        messages.success(request, "Your comment was added.")
        return HttpResponseRedirect(f"{self._page_url(request, item)}#comment-text")
