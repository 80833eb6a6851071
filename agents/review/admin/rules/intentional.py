"""Admin page for the findings that reviewers have marked as intentional."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString

from agents.common import permissions
from agents.common.admin import display
from agents.common.admin.base import ReadOnlyAdmin, act_on_each, link, signed_in_staff
from agents.models import IntentionalFinding
from agents.review import intentional
from universes.admin.searching import search


@admin.register(IntentionalFinding)
class IntentionalFindingAdmin(ReadOnlyAdmin):
    """The marks of all universes; an action undoes those whose review item is gone."""

    empty_text = "None yet. Reviewers mark findings on the page of a review item."
    list_display = [
        "created_at",
        "universe_name",
        "quote_start",
        "statement_start",
        "marked_by",
        "reason_start",
    ]
    list_select_related = ["universe", "marked_by"]
    list_filter = ["created_at"]
    search_fields = ["finding_id", "universe__name", "quote", "statement", "marked_by__username"]
    search_help_text = "By universe, reviewer or words of the text or the world."
    ordering = ["-created_at", "-id"]
    fields = ["universe", "job_link", "quote", "statement", "source_id", "marked_by", "created_at", "reason"]
    readonly_fields = ["job_link"]
    actions = ["undo"]

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[IntentionalFinding], search_term: str
    ) -> tuple[QuerySet[IntentionalFinding], bool]:
        return search(queryset, search_term, texts=self.search_fields), False

    @admin.display(description="Universe", ordering="universe__name")
    def universe_name(self, mark: IntentionalFinding) -> SafeString | str:
        return display.isolated(mark.universe.name)

    @admin.display(description="Text")
    def quote_start(self, mark: IntentionalFinding) -> SafeString | str:
        return display.isolated(display.first_words(mark.quote))

    @admin.display(description="World")
    def statement_start(self, mark: IntentionalFinding) -> SafeString | str:
        return display.isolated(display.first_words(mark.statement))

    @admin.display(description="Reason")
    def reason_start(self, mark: IntentionalFinding) -> SafeString | str:
        return display.isolated(display.first_words(mark.reason)) if mark.reason else "–"

    @admin.display(description="Job")
    def job_link(self, mark: IntentionalFinding) -> SafeString | str:
        return (
            link("agents_agentjob_change", mark.job_id, display.short_id(mark.job_id)) if mark.job_id else "–"
        )

    def has_undo_permission(self, request: HttpRequest) -> bool:
        return permissions.is_reviewer(request.user)

    @admin.action(description="Undo: no longer intentional", permissions=["undo"])
    def undo(self, request: HttpRequest, queryset: QuerySet[IntentionalFinding]) -> None:
        by = signed_in_staff(request)
        marks = queryset.select_related("job")
        act_on_each(request, marks, lambda mark: intentional.withdraw(mark, by=by), "{} undone", noun="mark")
