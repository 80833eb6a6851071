"""Admin page of the contradictions in canon."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString

from agents.choices import FindingState
from agents.common.admin import display
from agents.common.admin.base import ReadOnlyAdmin, act_on_each, link, signed_in_staff
from agents.models import WorldFinding
from agents.worlds import work_list
from universes.admin.searching import search


class StateFilter(admin.SimpleListFilter):
    """Filter by the state with the marks of today."""

    title = "state"
    parameter_name = "state"

    def lookups(
        self, request: HttpRequest, model_admin: admin.ModelAdmin[WorldFinding]
    ) -> list[tuple[str, str]]:
        return [(state.value, state.label) for state in FindingState]

    def queryset(self, request: HttpRequest, queryset: QuerySet[WorldFinding]) -> QuerySet[WorldFinding]:
        return queryset.filter(Q(("now", self.value()))) if self.value() else queryset


@admin.register(WorldFinding)
class WorldFindingAdmin(ReadOnlyAdmin):
    """Contradictions that re-checks have found, each with what can be done about it."""

    empty_text = "None. They come from re-checks, a setting of each universe."
    list_display = ["found_at", "universe_name", "scene_link", "quote_start", "statement_start", "state_now"]
    list_select_related = ["universe", "scene"]
    list_filter = [StateFilter, "strength", "found_at"]
    search_fields = ["universe__name", "scene__title", "quote", "statement"]
    search_help_text = "By universe, scene or words of either."
    ordering = ["-found_at", "-id"]
    fields = [
        *("universe", "scene_link", "quote", "statement", "source_id", "why", "strength"),
        *("state_now", "found_at", "closed_at"),
    ]
    readonly_fields = ["scene_link", "state_now"]
    actions = ["mark_intentional", "undo_mark", "ask_for_fix"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[WorldFinding]:
        rows: QuerySet[WorldFinding] = WorldFinding.objects.with_state()
        return rows.select_related("universe", "scene").order_by(*self.ordering)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[WorldFinding], search_term: str
    ) -> tuple[QuerySet[WorldFinding], bool]:
        return search(queryset, search_term, texts=self.search_fields), False

    @admin.display(description="Universe", ordering="universe__name")
    def universe_name(self, row: WorldFinding) -> SafeString | str:
        return display.isolated(row.universe.name)

    @admin.display(description="Scene", ordering="scene__title")
    def scene_link(self, row: WorldFinding) -> SafeString | str:
        return link("universes_scene_change", row.scene_id, row.scene.title)

    @admin.display(description="Text")
    def quote_start(self, row: WorldFinding) -> SafeString | str:
        return display.isolated(display.first_words(row.quote))

    @admin.display(description="World")
    def statement_start(self, row: WorldFinding) -> SafeString | str:
        return display.isolated(display.first_words(row.statement))

    @admin.display(description="State", ordering="state")
    def state_now(self, row: WorldFinding) -> str:
        return str(FindingState(row.now).label)

    def has_settle_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("universes.change_scene")

    @admin.action(description="Mark as intentional", permissions=["settle"])
    def mark_intentional(self, request: HttpRequest, queryset: QuerySet[WorldFinding]) -> None:
        by = signed_in_staff(request)
        act_on_each(
            request,
            queryset,
            lambda row: work_list.mark_intentional(row.universe, row.pk, by=by),
            "{} marked as intentional",
            noun="finding",
        )

    @admin.action(description="Undo: no longer intentional", permissions=["settle"])
    def undo_mark(self, request: HttpRequest, queryset: QuerySet[WorldFinding]) -> None:
        act_on_each(
            request,
            queryset,
            lambda row: work_list.unmark(row.universe, row.pk),
            "{} no longer intentional",
            noun="finding",
        )

    @admin.action(description="Ask an agent to fix the scene", permissions=["settle"])
    def ask_for_fix(self, request: HttpRequest, queryset: QuerySet[WorldFinding]) -> None:
        by = signed_in_staff(request)
        act_on_each(
            request, queryset, lambda row: work_list.ask_for_fix(row.universe, row.pk, by=by), "{} asked for"
        )
