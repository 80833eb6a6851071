"""Admin pages of jobs, with actions to retry and cancel them."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from django.contrib import admin
from django.contrib.admin.options import InlineModelAdmin
from django.core.exceptions import PermissionDenied
from django.db.models import BooleanField, Case, QuerySet, Value, When
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_POST

from agents.choices import JobOutcome, JobStatus
from agents.common import permissions, visibility
from agents.common.admin import signals
from agents.common.admin.base import ReadOnlyAdmin, act_on_each, signed_in_staff
from agents.common.text.job_text import listed_request_text
from agents.jobs import actions as jobs
from agents.jobs.admin import asking, failures
from agents.jobs.admin.columns import JobColumns
from agents.jobs.admin.inlines import (
    CallInline,
    FeedbackInline,
    OutcomeFilter,
    is_withheld,
)
from agents.models import AgentJob, JobFeedback, ReviewItem
from universes.admin.searching import search

# Fields of the page that most jobs have nothing for, each with the column that says so.
OPTIONAL = {
    "universe": "universe_id",
    "schedule": "schedule_id",
    "follows": "follows_id",
    "revision_note": "revision_note",
    "reused": "reused_from_id",
    "world_hash": "world_hash",
    "guidance_shown": "guidance",
}


class AgentJobAdmin(JobColumns, ReadOnlyAdmin):
    """Pages of jobs. ``agents.receipts.admin`` adds the receipt page and registers the final class."""

    make_in_studio = ("Ask an agent", "studio:ask")
    empty_text = (
        "No jobs yet. Clients submit them with POST /agents/jobs; schedules and re-checks create them, too."
    )
    change_form_template = "admin/agents/agentjob/change_form.html"
    list_display = [
        "asked",
        "agent",
        "universe_name",
        "status_shown",
        "confidence_shown",
        "outcome_shown",
        "requested_by",
        "submitted",
    ]
    list_display_links = ["asked"]
    list_select_related = ["universe", "requested_by"]
    list_filter = [
        "status",
        failures.CauseFilter,
        failures.FailedUniverseFilter,
        failures.ModelFilter,
        "agent_type",
        OutcomeFilter,
        "priority",
        "is_mock",
        "created_at",
    ]
    search_fields = ["id", "requested_by__username"]
    search_help_text = "By words of the request or the output, id (or its end), or requester."
    ordering = ["-created_at", "-id"]
    # Any other order would sort all jobs.
    sortable_by = ["submitted"]
    actions = ["retry", "cancel"]
    fieldsets = [
        (
            None,
            {
                "fields": [
                    "id",
                    "status_badge",
                    "outcome_shown",
                    "agent_type",
                    "universe",
                    "requester",
                    "schedule",
                    "review_items_shown",
                ]
            },
        ),
        ("Input", {"fields": ["follows", "revision_note", "input_shown"]}),
        ("Output", {"fields": ["confidence_shown", "written_by", "reused", "signals_shown", "output_shown"]}),
        (
            "Processing",
            {
                "classes": ["collapse"],
                "fields": [
                    "priority",
                    "batch",
                    ("attempts", "attempt_limit"),
                    ("created_at", "available_at", "sent_at"),
                    ("started_at", "claimed_until", "completed_at"),
                    "world_hash",
                    "world_choice_shown",
                    "guidance_shown",
                ],
            },
        ),
    ]
    readonly_fields = [
        "id",
        "requester",
        "status_badge",
        "outcome_shown",
        "review_items_shown",
        "input_shown",
        "confidence_shown",
        "written_by",
        "reused",
        "signals_shown",
        "output_shown",
        "batch",
        "world_choice_shown",
        "guidance_shown",
        "created_at",
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[AgentJob]:
        withheld = visibility.withheld_from(signed_in_staff(request))
        jobs_seen: QuerySet[AgentJob] = (
            super()
            .get_queryset(request)
            .annotate(is_withheld=Case(When(withheld, then=True), default=False, output_field=BooleanField()))
        )
        if request.resolver_match and request.resolver_match.url_name == "agents_agentjob_changelist":
            # The list shows only the first words of these long columns.
            listed: QuerySet[AgentJob] = jobs_seen.annotate(request_text=listed_request_text())
            return listed.defer("input_data", "output_data", "signals", "universe__description")
        may_see_batches = request.user.has_perm("agents.view_messagebatch")
        may_see_world = request.user.has_perms(signals.WORLD_PERMISSIONS)
        shown: QuerySet[AgentJob] = jobs_seen.annotate(
            may_see_batches=Value(may_see_batches, output_field=BooleanField()),
            may_see_world=Value(may_see_world, output_field=BooleanField()),
        )
        return shown.select_related("universe", "requested_by", "schedule", "follows")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[AgentJob], search_term: str
    ) -> tuple[QuerySet[AgentJob], bool]:
        return search(
            queryset, search_term, ids=["pk"], texts=["requested_by__username"], written="pk"
        ), False

    def get_fieldsets(self, request: HttpRequest, obj: AgentJob | None = None) -> Any:
        """Leave out the fields that this job has nothing for."""
        fieldsets = super().get_fieldsets(request, obj)
        if obj is None:
            return fieldsets
        empty = {name for name, column in OPTIONAL.items() if not getattr(obj, column)}
        if is_withheld(obj):
            empty.add("reused")
        return [
            (title, {**options, "fields": [name for name in options["fields"] if name not in empty]})
            for title, options in fieldsets
        ]

    def get_inlines(
        self, request: HttpRequest, obj: AgentJob | None
    ) -> list[type[InlineModelAdmin[Any, Any]]]:
        has_feedback = obj is not None and JobFeedback.objects.filter(job=obj).exists()
        return [FeedbackInline, CallInline] if has_feedback else [CallInline]

    # --- actions

    def has_add_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm(permissions.ASK_ANYWHERE)

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        if not self.has_add_permission(request):
            raise PermissionDenied
        return asking.ask_view(request)

    def has_operate_permission(self, request: HttpRequest) -> bool:
        # Jobs are not edited by hand; the change permission allows to retry and to cancel them.
        return request.user.has_perm(jobs.OPERATE)

    @admin.action(description="Retry selected (failed jobs only)", permissions=["operate"])
    def retry(self, request: HttpRequest, queryset: QuerySet[AgentJob]) -> None:
        self._act(request, list(queryset), jobs.retry_job, "{} queued again")

    @admin.action(description="Cancel selected", permissions=["operate"])
    def cancel(self, request: HttpRequest, queryset: QuerySet[AgentJob]) -> None:
        self._act(request, list(queryset), jobs.cancel_job, "{} cancelled")

    def _act(
        self, request: HttpRequest, rows: list[AgentJob], act: Callable[..., AgentJob], done: str
    ) -> None:
        user = signed_in_staff(request)
        act_on_each(request, rows, lambda job: act(job.pk, by=user), done)

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        own = [
            path("failed/", view(failures.failures_view), name="agents_agentjob_failures"),
            path("failed/act/", view(failures.act_view), name="agents_agentjob_act_on_cause"),
            path("<uuid:job_id>/retry/", view(self.retry_view), name="agents_agentjob_retry"),
            path("<uuid:job_id>/cancel/", view(self.cancel_view), name="agents_agentjob_cancel"),
        ]
        return [*own, *super().get_urls()]

    @method_decorator(require_POST)
    def retry_view(self, request: HttpRequest, job_id: uuid.UUID) -> HttpResponse:
        return self._act_on_one(request, job_id, jobs.retry_job, "{} queued again")

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
        context = {
            "may_flag": AgentJob.objects.filter(
                pk=object_id, outcome=JobOutcome.TRUSTED, reused_from__isnull=True
            )
            .exclude(pk__in=ReviewItem.objects.open().values("job"))
            .exists(),
            "may_operate": self.has_operate_permission(request),
            "retryable": JobStatus.FAILED,
            "cancellable": [JobStatus.PENDING, JobStatus.PROCESSING],
        }
        return super().change_view(request, object_id, form_url, {**context, **(extra_context or {})})
