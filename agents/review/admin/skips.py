"""Admin page for skipped review items."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString

from agents.common.admin import display
from agents.common.admin.base import ReadOnlyAdmin, link
from agents.common.text.job_text import request_text
from agents.models import ReviewSkip
from universes.admin.searching import search


@admin.register(ReviewSkip)
class ReviewSkipAdmin(ReadOnlyAdmin):
    list_display = ["at", "by", "item_link", "reason_start"]
    list_select_related = ["by", "item__job"]
    list_filter = ["at"]
    search_fields = ["item__id", "by__username", "reason"]
    search_help_text = "By id (or its end), reviewer or words of the reason."
    ordering = ["-at", "-id"]
    fields = ["item_link", "by", "at", "reason"]
    readonly_fields = ["item_link"]

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[ReviewSkip], search_term: str
    ) -> tuple[QuerySet[ReviewSkip], bool]:
        texts = ["by__username", "reason"]
        return search(queryset, search_term, ids=["item", "item__job"], texts=texts), False

    def get_queryset(self, request: HttpRequest) -> QuerySet[ReviewSkip]:
        skips: QuerySet[ReviewSkip] = super().get_queryset(request)
        return skips.defer("item__job__output_data", "item__job__signals")

    @admin.display(description="Review")
    def item_link(self, skip: ReviewSkip) -> SafeString | str:
        item = skip.item
        request = display.first_words(request_text(item.job))
        return link("agents_reviewitem_change", item.pk, f"{item.get_agent_type_display()}: {request}")

    @admin.display(description="Reason")
    def reason_start(self, skip: ReviewSkip) -> SafeString | str:
        return display.isolated(display.first_words(skip.reason)) if skip.reason else "–"
