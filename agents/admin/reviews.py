"""The reviewers' desk: the queue, the page and what can be done there, under one roof."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.urls import URLPattern, path

from agents.admin.review_actions import ReviewActions
from agents.models import ReviewItem


@admin.register(ReviewItem)
class ReviewItemAdmin(ReviewActions):
    def get_urls(self) -> list[URLPattern]:
        def of_item(verb: str, function: Any) -> URLPattern:
            view: Any = self.admin_site.admin_view(function)
            route: URLPattern = path(f"<uuid:item_id>/{verb}/", view, name=f"agents_reviewitem_{verb}")
            return route

        own = [
            path("start/", self.admin_site.admin_view(self.start_view), name="agents_reviewitem_start"),
            of_item("next", self.next_view),
            of_item("decide", self.decide_view),
            of_item("skip", self.skip_view),
            of_item("hand", self.hand_view),
            of_item("claim", self.claim_view),
            of_item("release", self.release_view),
            of_item("break", self.break_view),
        ]
        return [*own, *super().get_urls()]
