"""The reviewers' desk: the queue, the page and what can be done there, under one roof."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.urls import URLPattern, path

from agents.models import ReviewItem
from agents.quality.admin import dashboard, reviewer_pages
from agents.review.admin.bulk import ReviewBulk
from agents.review.admin.comments import ReviewComments
from agents.review.admin.verdicts import ReviewVerdicts


@admin.register(ReviewItem)
class ReviewItemAdmin(ReviewVerdicts, ReviewComments, ReviewBulk):
    def get_urls(self) -> list[URLPattern]:
        def of_item(verb: str, function: Any) -> URLPattern:
            view: Any = self.admin_site.admin_view(function)
            route: URLPattern = path(f"<uuid:item_id>/{verb}/", view, name=f"agents_reviewitem_{verb}")
            return route

        def of_site(route: str, function: Any, name: str) -> URLPattern:
            view: Any = self.admin_site.admin_view(function)
            found: URLPattern = path(route, view, name=f"agents_reviewitem_{name}")
            return found

        own = [
            of_site("figures/refresh/", dashboard.refresh_view, "refresh_figures"),
            of_site("reviewers/", reviewer_pages.table_view, "reviewers"),
            of_site("reviewers/<int:user_id>/", reviewer_pages.reviewer_view, "reviewer"),
            of_site("start/", self.start_view, "start"),
            path("bulk/", self.admin_site.admin_view(self.bulk_view), name="agents_reviewitem_bulk"),
            of_item("next", self.next_view),
            of_item("decide", self.decide_view),
            of_item("undo", self.undo_view),
            of_item("comment", self.comment_view),
            of_item("skip", self.skip_view),
            of_item("hand", self.hand_view),
            of_item("claim", self.claim_view),
            of_item("release", self.release_view),
            of_item("break", self.break_view),
        ]
        return [*own, *super().get_urls()]
