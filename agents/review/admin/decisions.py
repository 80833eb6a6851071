"""Admin pages for review decisions, with a CSV export."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.template.defaultfilters import linebreaksbr
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from agents.common import visibility
from agents.common.admin import diff, display
from agents.common.admin.base import ReadOnlyAdmin, link
from agents.common.admin.csv_export import csv_response
from agents.common.text.job_text import request_text
from agents.models import ReviewDecision
from universes.admin.searching import search

COLUMNS = [
    "When (UTC)",
    "Verdict",
    "Reason",
    "Note",
    "By",
    "Agent",
    "Universe",
    "Confidence",
    "Job",
    "Item",
    "Kind",
    "Seconds of work",
    "Takes effect",
    "Undone (UTC)",
]
# Rows read from the database at once.
CHUNK = 500


@admin.register(ReviewDecision)
class ReviewDecisionAdmin(ReadOnlyAdmin):
    change_list_template = "admin/agents/reviewdecision/change_list.html"
    list_display = ["at", "verdict", "in_force", "by", "item_link", "reason", "note_start"]
    list_select_related = ["by", "item__job", "reason"]
    list_filter = ["verdict", "reason", "item__agent_type", "takes_effect", "at"]
    search_fields = ["item__id", "by__username", "note"]
    search_help_text = "By id (or its end), reviewer or words of the note."
    ordering = ["-at", "-id"]
    # Any other order would sort all decisions.
    sortable_by = ["at"]
    fields = [
        "item_link",
        "verdict",
        "in_force",
        "by",
        "at",
        "reason",
        "note_shown",
        "work_shown",
        ("undone_at", "undone_by"),
        "follow_up_link",
        "changes_shown",
        "before_shown",
        "after_shown",
    ]
    readonly_fields = [
        "item_link",
        "in_force",
        "note_shown",
        "work_shown",
        "follow_up_link",
        "changes_shown",
        "before_shown",
        "after_shown",
    ]

    def get_urls(self) -> list[URLPattern]:
        export = path(
            "export/", self.admin_site.admin_view(self.export_view), name="agents_reviewdecision_export"
        )
        return [export, *super().get_urls()]

    def get_queryset(self, request: HttpRequest) -> QuerySet[ReviewDecision]:
        decisions = visibility.visible_decisions(request.user)
        if request.resolver_match and request.resolver_match.url_name == "agents_reviewdecision_change":
            return decisions.select_related("item__job", "by", "reason", "undone_by")
        # The list does not need the outputs, which are long.
        return decisions.defer(
            "before", "after", "item__reasons", "item__job__output_data", "item__job__signals"
        )

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[ReviewDecision], search_term: str
    ) -> tuple[QuerySet[ReviewDecision], bool]:
        texts = ["by__username", "note"]
        return search(queryset, search_term, ids=["item", "item__job"], texts=texts), False

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        url = reverse("admin:agents_reviewdecision_export")
        query = request.GET.urlencode()
        context = {"export_url": f"{url}?{query}" if query else url, **(extra_context or {})}
        return super().changelist_view(request, context)

    def export_view(self, request: HttpRequest) -> HttpResponseBase:
        """Export all rows of the list under its filters."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        try:
            decisions = self.get_changelist_instance(request).queryset
        except IncorrectLookupParameters:
            return HttpResponseRedirect(f"{reverse('admin:agents_reviewdecision_changelist')}?e=1")
        return csv_response("review-decisions", COLUMNS, _rows(decisions))

    # --- Columns

    @admin.display(description="Counts")
    def in_force(self, decision: ReviewDecision) -> SafeString:
        if decision.undone_at is not None:
            return display.badge("undone")
        return (
            display.badge("in effect", "good") if decision.takes_effect else display.badge("opinion", "info")
        )

    @admin.display(description="Review")
    def item_link(self, decision: ReviewDecision) -> SafeString | str:
        item = decision.item
        request = display.first_words(request_text(item.job))
        return link("agents_reviewitem_change", item.pk, f"{item.get_agent_type_display()}: {request}")

    @admin.display(description="Note")
    def note_start(self, decision: ReviewDecision) -> SafeString | str:
        return display.isolated(display.first_words(decision.note)) if decision.note else "–"

    @admin.display(description="Note")
    def note_shown(self, decision: ReviewDecision) -> SafeString | str:
        if not decision.note:
            return "–"
        return format_html('<span dir="auto">{}</span>', linebreaksbr(display.visible(decision.note)))

    @admin.display(description="Seconds of work")
    def work_shown(self, decision: ReviewDecision) -> str:
        return "–" if decision.work_s is None else f"{decision.work_s:.0f}"

    @admin.display(description="New job")
    def follow_up_link(self, decision: ReviewDecision) -> SafeString | str:
        job_id = decision.follow_up_id
        return link("agents_agentjob_change", job_id, display.short_id(job_id)) if job_id else "–"

    @admin.display(description="What was edited")
    def changes_shown(self, decision: ReviewDecision) -> SafeString | str:
        if decision.after is None:
            return "–"
        return diff.side_by_side(diff.changes(decision.before, decision.after)) or "–"

    @admin.display(description="Before")
    def before_shown(self, decision: ReviewDecision) -> SafeString:
        return display.json_block(decision.before)

    @admin.display(description="After")
    def after_shown(self, decision: ReviewDecision) -> SafeString:
        return display.json_block(decision.after)


def _rows(decisions: QuerySet[ReviewDecision]) -> Iterator[list[Any]]:
    with_names = decisions.select_related("by", "reason", "item__universe").defer(
        "before", "after", "item__reasons", "item__universe__description"
    )
    for decision in with_names.iterator(chunk_size=CHUNK):
        item = decision.item
        confidence = visibility.confidence_of(item)
        yield [
            decision.at,
            decision.get_verdict_display(),
            decision.reason.name if decision.reason else "",
            decision.note,
            decision.by.get_username(),
            item.get_agent_type_display(),
            item.universe.name if item.universe else "",
            None if confidence is None else round(confidence, 4),
            item.job_id,
            item.pk,
            visibility.kind_of(item),
            None if decision.work_s is None else round(decision.work_s, 1),
            decision.takes_effect,
            decision.undone_at,
        ]
