"""What reviewers say to each other on an item's page."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_POST

from agents.admin import display
from agents.admin.review_actions import reviewer
from agents.admin.review_screen import ReviewScreen, typed_again
from agents.errors import DomainError
from agents.services import review_comments

# Names that are no reviewer's, told in one message.
MOST_NAMED = 5


class ReviewComments(ReviewScreen):
    @method_decorator(require_POST)
    def comment_view(self, request: HttpRequest, item_id: uuid.UUID) -> HttpResponse:
        """Keep a comment, and go on where it was written."""
        item, user = self._find(request, str(item_id)), reviewer(request)
        if item is None:
            return self._gone(request, str(item_id))
        text = request.POST.get("text", "")
        try:
            review_comments.add_comment(item.pk, text, by=user)
        except DomainError as refusal:
            return self._page(request, item, typed_again(item, "comment", refusal, note=text))
        messages.success(request, "Your comment was added.")
        unknown = [display.first_words(f"@{name}", 1) for name in review_comments.unknown_names(text)]
        if unknown:
            named = ", ".join(unknown[:MOST_NAMED])
            messages.warning(request, f"No reviewer is called {named}; nobody was told by that name.")
        return HttpResponseRedirect(f"{self._page_url(request, item)}#comment-text")
