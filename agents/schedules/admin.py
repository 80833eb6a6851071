"""Admin pages of schedules, with actions to enable and disable them."""

from __future__ import annotations

from django.contrib import admin
from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString

from agents.common.admin import display, number_format
from agents.common.admin.base import ReadOnlyAdmin, act_on_each, link
from agents.common.money import format_usd
from agents.models import GenerationSchedule
from agents.schedules import scheduling


@admin.register(GenerationSchedule)
class GenerationScheduleAdmin(ReadOnlyAdmin):
    make_in_studio = ("New schedule", "studio:any-new-schedule")
    empty_text = "No schedules yet. Make one in the studio, or with POST /agents/schedules."
    list_display = [
        "name",
        "agent_type",
        "universe",
        "enabled",
        "next_run_at",
        "last_run",
        "consecutive_failures",
        "owner",
    ]
    list_select_related = ["universe", "owner"]
    list_filter = ["enabled", "agent_type"]
    search_fields = ["name", "owner__username", "universe__name"]
    actions = ["enable", "disable"]
    fields = [
        "name",
        "owner",
        "universe",
        "agent_type",
        ("crontab", "time_zone"),
        "enabled",
        "disabled_reason",
        "next_run_at",
        "last_run",
        "overlap",
        "month_limit",
        ("last_skipped_at", "last_skip_reason"),
        "consecutive_failures",
        "input_shown",
        "created_at",
        "updated_at",
    ]
    readonly_fields = ["last_run", "month_limit", "input_shown", "created_at", "updated_at"]

    @admin.display(description="Last run", ordering="last_run_at")
    def last_run(self, schedule: GenerationSchedule) -> SafeString | str:
        when = display.at(schedule.last_run_at)
        return link("agents_agentjob_change", schedule.last_job_id, when) if schedule.last_job_id else when

    @admin.display(description="Limit for a month")
    def month_limit(self, schedule: GenerationSchedule) -> SafeString | str:
        limit_usd = schedule.month_limit_usd
        if limit_usd is None:
            return "None"
        budget = next(b for b in schedule.budgets.all() if b.limit_usd == limit_usd)
        return link("agents_budget_change", budget.pk, number_format.usd(format_usd(limit_usd)))

    @admin.display(description="Input")
    def input_shown(self, schedule: GenerationSchedule) -> SafeString:
        return display.json_block(schedule.input_data)

    def has_operate_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm(scheduling.CHANGE)

    @admin.action(description="Enable selected", permissions=["operate"])
    def enable(self, request: HttpRequest, queryset: QuerySet[GenerationSchedule]) -> None:
        self._switch(request, queryset, to=True)

    @admin.action(description="Disable selected", permissions=["operate"])
    def disable(self, request: HttpRequest, queryset: QuerySet[GenerationSchedule]) -> None:
        self._switch(request, queryset, to=False)

    def _switch(self, request: HttpRequest, queryset: QuerySet[GenerationSchedule], *, to: bool) -> None:
        user = request.user
        assert isinstance(user, User)
        act_on_each(
            request,
            list(queryset),
            lambda schedule: scheduling.update_schedule(schedule.pk, {"enabled": to}, by=user),
            "{} enabled" if to else "{} disabled",
            noun="schedule",
        )
