"""Admin pages of schedules: making them, and actions to enable and disable them."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.safestring import SafeString

from agents.common import permissions
from agents.common.admin import display, number_format
from agents.common.admin.asking import Asked, UniverseForm, asking_page
from agents.common.admin.base import ReadOnlyAdmin, act_on_each, link, signed_in_staff
from agents.common.text.money import format_usd
from agents.models import GenerationSchedule
from agents.schedules import preview as previews
from agents.schedules import scheduling


class ScheduleForm(UniverseForm):
    name = forms.CharField(max_length=200)
    crontab = forms.CharField(
        max_length=100,
        initial="0 9 * * 1",
        help_text="Minute, hour, day, month, weekday: “0 9 * * 1” is every Monday at 9:00.",
    )
    time_zone = forms.CharField(max_length=64, initial="UTC", help_text="By its name, such as Europe/Berlin.")
    month_limit_usd = forms.DecimalField(
        required=False,
        min_value=0,
        max_digits=12,
        decimal_places=6,
        label="Limit for a month (US dollars)",
        help_text="Empty: none of its own.",
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
    )


def _new_view(request: HttpRequest) -> HttpResponse:
    user = signed_in_staff(request)

    def wanted(asked: Asked) -> dict[str, Any]:
        around = {**asked.around.cleaned_data}
        universe_id = around.pop("universe").pk
        work = {"agent_type": asked.work.agent_type, "input_data": asked.values}
        return {"owner": user, "universe_id": universe_id, **work, **around}

    def send(asked: Asked) -> HttpResponse:
        schedule = scheduling.create_schedule(**wanted(asked))
        messages.success(request, f"“{schedule.name}” is on. It submits jobs in your name.")
        return HttpResponseRedirect(reverse("admin:agents_generationschedule_change", args=[schedule.pk]))

    return asking_page(
        request,
        GenerationSchedule,
        ScheduleForm,
        title="New schedule",
        button="Create",
        preview=lambda asked: dict(previews.preview_schedule(**wanted(asked))),
        send=send,
    )


@admin.register(GenerationSchedule)
class GenerationScheduleAdmin(ReadOnlyAdmin):
    make_in_studio = ("New schedule", "studio:any-new-schedule")
    empty_text = "No schedules yet. Make one with the button above, or with POST /agents/schedules."
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
    # The texts of the model are those of the API's documentation, which is Markdown.
    HELP: ClassVar = {name: ScheduleForm.base_fields[name].help_text for name in ("crontab", "time_zone")}

    def get_form(
        self,
        request: HttpRequest,
        obj: GenerationSchedule | None = None,
        change: bool = False,
        **kwargs: Any,
    ) -> Any:
        return super().get_form(request, obj, change=change, **{**kwargs, "help_texts": self.HELP})

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

    def has_add_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm(permissions.ASK_ANYWHERE)

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        if not self.has_add_permission(request):
            raise PermissionDenied
        return _new_view(request)

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
