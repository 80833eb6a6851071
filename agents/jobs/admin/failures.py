"""Page of the failed and the delayed jobs by cause, and filters of the list by what failed."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from agents.choices import JobStatus
from agents.common.admin.base import own_page, signed_in_staff
from agents.errors import Invalid
from agents.jobs import failures
from agents.models import AgentJob
from agents.models.access import may_view_all

# Refusals that a message shows; the rest is counted.
MAX_REFUSALS = 5
MAX_CHOICES = 20


@require_safe
def failures_view(request: HttpRequest) -> HttpResponse:
    if not may_view_all(signed_in_staff(request), "agentjob"):
        raise PermissionDenied
    context = {
        "title": "Failed jobs",
        "failed": failures.failed(),
        "waiting": failures.waiting(),
        "statuses": {"failed": JobStatus.FAILED, "waiting": JobStatus.PENDING},
        "max_at_once": failures.MAX_AT_ONCE,
        "may_operate": request.user.has_perm(failures.OPERATE),
    }
    return own_page(request, AgentJob, "agentjob/failures.html", context)


@require_POST
def act_view(request: HttpRequest) -> HttpResponse:
    """Retry the failed, or cancel the waiting, jobs of a cause."""
    user = signed_in_staff(request)
    if not user.has_perm(failures.OPERATE):
        raise PermissionDenied
    status, code = request.POST.get("status", ""), request.POST.get("code", "")
    try:
        done = failures.act_on_cause(status, code, by=user)
    except Invalid as refusal:
        messages.error(request, refusal.message)
        return HttpResponseRedirect(reverse("admin:agents_agentjob_failures"))
    jobs = f"{done.count} {'job' if done.count == 1 else 'jobs'}"
    told = messages.success if done.count else messages.info
    told(request, f"{jobs} {'queued again' if status == JobStatus.FAILED else 'cancelled'}.")
    for refusal_text in done.refusals[:MAX_REFUSALS]:
        messages.error(request, refusal_text)
    if done.refused > 1:
        messages.warning(request, f"{done.refused} were refused.")
    if done.left:
        messages.warning(
            request,
            f"{done.left} more {'has' if done.left == 1 else 'have'} this cause. Press the button again.",
        )
    return HttpResponseRedirect(reverse("admin:agents_agentjob_failures"))


class _OfFailed(admin.SimpleListFilter):
    """Filter offered beside failed jobs, with the most frequent values among the latest of them."""

    column = ""

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        if request.GET.get("status__exact") != JobStatus.FAILED and not self.value():
            return []
        latest = AgentJob.objects.filter(status=JobStatus.FAILED).order_by("-created_at", "-id")
        counts = Counter(latest.values_list(*self.columns())[: failures.MAX_COUNTED])
        return [self.choice(row) for row, _ in counts.most_common(MAX_CHOICES) if row[0]]

    def has_output(self) -> bool:
        # Django would ignore a value that none of the choices has.
        return bool(self.lookup_choices) or self.value() is not None

    def columns(self) -> list[str]:
        return [self.column]

    def choice(self, row: tuple[Any, ...]) -> tuple[str, str]:
        return str(row[0]), str(row[-1]).replace("_", " ")

    def queryset(self, request: HttpRequest, queryset: QuerySet[AgentJob]) -> QuerySet[AgentJob]:
        return queryset.filter(**{self.column: self.value()}) if self.value() else queryset


class CauseFilter(_OfFailed):
    title = "cause"
    parameter_name = column = "error_code"


class ModelFilter(_OfFailed):
    title = "model"
    parameter_name = column = "model"

    def choice(self, row: tuple[Any, ...]) -> tuple[str, str]:
        return str(row[0]), str(row[0])


class FailedUniverseFilter(_OfFailed):
    title = "universe"
    parameter_name = column = "universe"

    def columns(self) -> list[str]:
        return ["universe", "universe__name"]

    def choice(self, row: tuple[Any, ...]) -> tuple[str, str]:
        return str(row[0]), str(row[1])
