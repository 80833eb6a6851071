"""Admin pages of the results of tasks, which a library stores."""

from __future__ import annotations

import json
from typing import Any, Final

from celery import states
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django_celery_results.models import TaskResult

from agents.common.admin import display
from agents.common.admin.base import ReadOnlyAdmin

admin.site.unregister(TaskResult)

# The library's states, each with its label and tone.
STATES: Final = {
    states.SUCCESS: ("Succeeded", "good"),
    states.FAILURE: ("Failed", "bad"),
    states.RETRY: ("To be retried", "warn"),
    states.STARTED: ("Running", "info"),
    states.PENDING: ("Waiting", "quiet"),
    states.REVOKED: ("Cancelled", "quiet"),
}
# Arguments are stored as the text of a Python value.
_NOTHING: Final[tuple[Any, ...]] = (None, "", "()", "[]", "{}", [], {})


def _name(result: Any) -> str:
    return str(result.periodic_task_name or result.task_name or result.task_id)


# Only pages print these rows.
TaskResult.__str__ = _name  # type: ignore[method-assign]


class StateFilter(admin.SimpleListFilter):
    title = "state"
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(state, label) for state, (label, _) in STATES.items()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[TaskResult]) -> QuerySet[TaskResult]:
        return queryset.filter(status=self.value()) if self.value() else queryset


@admin.register(TaskResult)
class TaskResultsInWordsAdmin(ReadOnlyAdmin):
    change_list_template = "admin/agents/change_list.html"
    empty_text = (
        "No results yet. Tasks that report something, such as the deletion of old jobs, are kept for 7 days."
    )
    list_display = ["task", "state", "finished", "ran_in"]
    list_filter = [StateFilter]
    search_fields = ["task_name", "periodic_task_name", "task_id"]
    search_help_text = "By the name of the task or its id."
    ordering = ["-date_done", "-id"]
    sortable_by = ["finished"]
    fields = ("task", "state", "created", "finished", "ran_in", "arguments", "returned", "error", "id_shown")
    readonly_fields = fields

    @admin.display(description="Task")
    def task(self, result: Any) -> str:
        return _name(result)

    @admin.display(description="State")
    def state(self, result: Any) -> SafeString:
        return display.badge(*STATES.get(result.status, (result.status, "quiet")))

    @admin.display(description="Created")
    def created(self, result: Any) -> SafeString:
        return display.ago(result.date_created)

    @admin.display(description="Finished", ordering="date_done")
    def finished(self, result: Any) -> SafeString:
        return display.ago(result.date_done)

    @admin.display(description="Worker")
    def ran_in(self, result: Any) -> str:
        return result.worker or "–"

    @admin.display(description="Arguments")
    def arguments(self, result: Any) -> SafeString | str:
        given = [
            part for part in map(_parsed, (result.task_args, result.task_kwargs)) if part not in _NOTHING
        ]
        return display.json_block(given[0] if len(given) == 1 else given) if given else "–"

    @admin.display(description="Result")
    def returned(self, result: Any) -> SafeString | str:
        if result.status == states.FAILURE or not result.result:
            return "–"
        return display.json_block(_parsed(result.result))

    @admin.display(description="Error")
    def error(self, result: Any) -> SafeString | str:
        if result.status != states.FAILURE:
            return "–"
        return display.text_block(result.traceback or result.result or "Unknown")

    @admin.display(description="Id")
    def id_shown(self, result: Any) -> str:
        return str(result.task_id)


def _parsed(stored: str | None) -> Any:
    """Return a value that is stored as JSON; the text itself if it is none."""
    try:
        return json.loads(stored or "null")
    except ValueError:
        return stored
