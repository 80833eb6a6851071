"""Jobs, to be looked at, retried and cancelled."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from django.contrib import admin
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet, TextField, Value
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Coalesce, Left
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.decorators import method_decorator
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.views.decorators.http import require_POST

from agents.admin import display
from agents.admin.base import ReadOnlyAdmin, ReadOnlyInline, act_on_each, link, search
from agents.admin.review_page import MAIN_INPUT
from agents.choices import JobStatus
from agents.models import AgentJob, AgentJobEvent, ModelCall
from agents.services import jobs


class EventInline(ReadOnlyInline):
    model = AgentJobEvent
    fields = ["at", "kind", "attempt", "by", "data_shown"]
    readonly_fields = ["data_shown"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[AgentJobEvent]:
        return super().get_queryset(request).select_related("by").order_by("id")

    @admin.display(description="Data")
    def data_shown(self, event: AgentJobEvent) -> SafeString | str:
        return display.json_block(event.data) if event.data else "–"


class CallInline(ReadOnlyInline):
    model = ModelCall
    fields = [
        "at",
        "attempt",
        "model",
        "prompt_name",
        "tokens",
        "latency_ms",
        "stop_reason",
        "error_code",
        "cost_usd",
    ]
    readonly_fields = ["tokens"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[ModelCall]:
        return super().get_queryset(request).order_by("id")


@admin.register(AgentJob)
class AgentJobAdmin(ReadOnlyAdmin):
    change_form_template = "admin/agents/agentjob/change_form.html"
    list_display = [
        "asked",
        "agent",
        "universe_name",
        "status_shown",
        "confidence_shown",
        "review",
        "requested_by",
        "created_at",
        "short_id",
    ]
    list_display_links = ["asked", "short_id"]
    list_select_related = ["universe", "requested_by"]
    list_filter = ["status", "agent_type", "human_review_required", "is_mock", "created_at"]
    search_fields = ["id", "requested_by__username"]
    search_help_text = "An id or the end of one, or who asked."
    ordering = ["-created_at", "-id"]
    actions = ["retry", "cancel"]
    inlines = [EventInline, CallInline]
    fieldsets = [
        (
            None,
            {
                "fields": [
                    "id",
                    "status_shown",
                    "agent_type",
                    "universe",
                    "requester",
                    "schedule",
                    "review_items_shown",
                    "error_code",
                    "error_message",
                ]
            },
        ),
        ("Input", {"fields": ["follows", "revision_note", "input_shown"]}),
        ("Output", {"fields": ["confidence_shown", "mock", "signals_shown", "output_shown"]}),
        (
            "Course",
            {
                "fields": [
                    ("attempts", "attempt_limit"),
                    ("created_at", "available_at", "sent_at"),
                    ("started_at", "claimed_until", "completed_at"),
                    "world_hash",
                ]
            },
        ),
    ]
    readonly_fields = [
        "id",
        "requester",
        "status_shown",
        "review_items_shown",
        "input_shown",
        "confidence_shown",
        "mock",
        "signals_shown",
        "output_shown",
        "created_at",
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[AgentJob]:
        found = super().get_queryset(request)
        if request.resolver_match and request.resolver_match.url_name == "agents_agentjob_changelist":
            # Long, and not in the list but for its first words.
            asked = Coalesce(
                *(Left(KeyTextTransform(key, "input_data"), 200) for key in MAIN_INPUT.values()),
                Value(""),
                output_field=TextField(),
            )
            listed: QuerySet[AgentJob] = found.annotate(asked_text=asked)
            return listed.defer("input_data", "output_data", "signals", "universe__description")
        return found.select_related("universe", "requested_by", "schedule", "follows")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[AgentJob], search_term: str
    ) -> tuple[QuerySet[AgentJob], bool]:
        return search(queryset, search_term, ids=["pk"], texts=["requested_by__username"]), False

    # --- columns

    @admin.display(description="Job", ordering="id")
    def short_id(self, job: AgentJob) -> str:
        return display.short_id(job.pk)

    @admin.display(description="What was asked")
    def asked(self, job: AgentJob) -> SafeString:
        return display.isolated(display.first_words(getattr(job, "asked_text", ""), 8) or "–")

    @admin.display(description="Agent", ordering="agent_type")
    def agent(self, job: AgentJob) -> SafeString:
        return format_html("{} {}", job.get_agent_type_display(), display.mock_badge(job.is_mock))

    @admin.display(description="Requested by")
    def requester(self, job: AgentJob) -> str:
        # Not a link: most of those who read this may not see the accounts.
        return job.requested_by.get_username()

    @admin.display(description="Universe", ordering="universe__name")
    def universe_name(self, job: AgentJob) -> SafeString | str:
        return display.isolated(job.universe.name) if job.universe else "–"

    @admin.display(description="Status", ordering="status")
    def status_shown(self, job: AgentJob) -> SafeString:
        return display.badge(job.get_status_display(), display.JOB_TONES.get(job.status, "quiet"))

    @admin.display(description="Confidence", ordering="confidence_score")
    def confidence_shown(self, job: AgentJob) -> SafeString | str:
        return display.confidence_bar(job.confidence_score)

    @admin.display(description="Review", ordering="human_review_required")
    def review(self, job: AgentJob) -> SafeString | str:
        return display.badge("waits", "warn") if job.human_review_required else "–"

    @admin.display(description="Model")
    def mock(self, job: AgentJob) -> SafeString | str:
        return display.mock_badge(job.is_mock) or "–"

    @admin.display(description="Reviews")
    def review_items_shown(self, job: AgentJob) -> SafeString | str:
        items = job.review_items.order_by("opened_at", "id")
        return (
            format_html_join(
                ", ",
                "{}",
                ((link("agents_reviewitem_change", item.pk, item.get_state_display()),) for item in items),
            )
            or "–"
        )

    @admin.display(description="Input")
    def input_shown(self, job: AgentJob) -> SafeString:
        return display.json_block(job.input_data)

    @admin.display(description="Output")
    def output_shown(self, job: AgentJob) -> SafeString:
        return display.json_block(job.output_data)

    @admin.display(description="Signals")
    def signals_shown(self, job: AgentJob) -> SafeString | str:
        rows = format_html_join(
            "",
            "<li>{} <b>{}</b> {}</li>",
            (
                (
                    display.confidence_bar(float(signal.get("value", 0))),
                    str(signal.get("name", "")).replace("_", " "),
                    display.isolated(signal.get("sentence", "")),
                )
                for signal in job.signals
            ),
        )
        return format_html('<ul class="signals">{}</ul>', rows) if rows else "–"

    # --- actions

    def has_operate_permission(self, request: HttpRequest) -> bool:
        # Nobody changes a job by hand; who may "change" it may have it tried again, or stopped.
        return request.user.has_perm(jobs.OPERATE)

    @admin.action(description="Retry the failed ones among the selected", permissions=["operate"])
    def retry(self, request: HttpRequest, queryset: QuerySet[AgentJob]) -> None:
        self._act(request, list(queryset), jobs.retry_job, "{} will be tried again")

    @admin.action(description="Cancel the selected", permissions=["operate"])
    def cancel(self, request: HttpRequest, queryset: QuerySet[AgentJob]) -> None:
        self._act(request, list(queryset), jobs.cancel_job, "{} cancelled")

    def _act(
        self, request: HttpRequest, rows: list[AgentJob], act: Callable[..., AgentJob], done: str
    ) -> None:
        user = request.user
        assert isinstance(user, User)
        act_on_each(request, rows, lambda job: act(job.pk, by=user), done)

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        own = [
            path("<uuid:job_id>/retry/", view(self.retry_view), name="agents_agentjob_retry"),
            path("<uuid:job_id>/cancel/", view(self.cancel_view), name="agents_agentjob_cancel"),
        ]
        return [*own, *super().get_urls()]

    @method_decorator(require_POST)
    def retry_view(self, request: HttpRequest, job_id: uuid.UUID) -> HttpResponse:
        return self._act_on_one(request, job_id, jobs.retry_job, "{} will be tried again")

    @method_decorator(require_POST)
    def cancel_view(self, request: HttpRequest, job_id: uuid.UUID) -> HttpResponse:
        return self._act_on_one(request, job_id, jobs.cancel_job, "{} cancelled")

    def _act_on_one(
        self, request: HttpRequest, job_id: uuid.UUID, act: Callable[..., AgentJob], done: str
    ) -> HttpResponse:
        if not self.has_operate_permission(request):
            raise PermissionDenied
        self._act(request, list(AgentJob.objects.filter(pk=job_id)), act, done)
        return HttpResponseRedirect(reverse("admin:agents_agentjob_change", args=[job_id]))

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        may = self.has_operate_permission(request)
        context = {
            "may_operate": may,
            "retryable": JobStatus.FAILED,
            "cancellable": [JobStatus.PENDING, JobStatus.PROCESSING],
        }
        return super().change_view(request, object_id, form_url, {**context, **(extra_context or {})})
