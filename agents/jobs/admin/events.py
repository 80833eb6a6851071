"""Read-only admin page of job events."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString

from agents.common.admin import display
from agents.common.admin.base import ReadOnlyAdmin, link, signed_in_staff
from agents.jobs.admin.inlines import event_data, visible_events
from agents.models import AgentJobEvent
from universes.admin.searching import search


@admin.register(AgentJobEvent)
class AgentJobEventAdmin(ReadOnlyAdmin):
    list_display = ["at", "kind", "job_link", "attempt", "by"]
    list_select_related = ["by"]
    list_filter = ["kind"]
    search_fields = ["job__id"]
    search_help_text = "By job id (or its end)."
    ordering = ["-id"]
    # Any other order would sort all events.
    sortable_by = ()
    fields = ["job_link", "kind", "attempt", "at", "by", "data_shown"]
    readonly_fields = ["job_link", "data_shown"]

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[AgentJobEvent], search_term: str
    ) -> tuple[QuerySet[AgentJobEvent], bool]:
        return search(queryset, search_term, ids=["job"]), False

    def get_queryset(self, request: HttpRequest) -> QuerySet[AgentJobEvent]:
        return visible_events(signed_in_staff(request), super().get_queryset(request))

    @admin.display(description="Job")
    def job_link(self, event: AgentJobEvent) -> SafeString | str:
        return link("agents_agentjob_change", event.job_id, display.short_id(event.job_id))

    @admin.display(description="Data")
    def data_shown(self, event: AgentJobEvent) -> SafeString | str:
        return event_data(event) or display.json_block({})
