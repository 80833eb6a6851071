"""Calls and feedback on the admin page of a job, and the parts hidden from reviewers who still have to judge it."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.auth.models import User
from django.db.models import BooleanField, Case, Q, QuerySet, When
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString

from agents.choices import EventKind, JobOutcome
from agents.common import visibility
from agents.common.admin import display
from agents.common.admin.base import ReadOnlyInline, signed_in_staff
from agents.common.admin.number_format import exact_usd
from agents.models import AgentJob, AgentJobEvent, JobFeedback, ModelCall

HIDDEN = format_html('<span class="quiet">{}</span>', "hidden until reviewed")
# Events that reveal nothing to reviewers who still have to judge the output.
NEUTRAL_EVENTS = [
    EventKind.SUBMITTED,
    EventKind.CLAIMED,
    EventKind.BATCHED,
    EventKind.BATCH_LEFT,
    EventKind.COMPLETED,
    EventKind.RESCHEDULED,
    EventKind.RESCUED,
    EventKind.FAILED,
    EventKind.RETRIED,
    EventKind.CANCELLED,
]


def visible_events(reader: User, events: QuerySet[AgentJobEvent]) -> QuerySet[AgentJobEvent]:
    """Leave out the events that could sway a reader who still has to judge the job's output."""
    is_withheld = Q(job__in=visibility.withheld_ids(reader))
    marked = events.annotate(
        is_withheld=Case(When(is_withheld, then=True), default=False, output_field=BooleanField())
    )
    return marked.exclude(is_withheld & ~Q(kind__in=NEUTRAL_EVENTS))


def event_data(event: AgentJobEvent) -> SafeString | str:
    """Render the data of an event from ``visible_events``; "" if it has none."""
    if event.kind == EventKind.COMPLETED and event.is_withheld:  # type: ignore[attr-defined]
        return HIDDEN
    return display.json_block(event.data) if event.data else ""


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
        "is_batch",
        "cost",
    ]
    readonly_fields = ["tokens", "cost"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[ModelCall]:
        return super().get_queryset(request).order_by("id")

    @admin.display(description="Cost")
    def cost(self, call: ModelCall) -> str:
        return exact_usd(call.cost_usd)


class FeedbackInline(ReadOnlyInline):
    """The requester's opinion, which could sway a reader who still has to judge the output."""

    model = JobFeedback
    fields = ["at", "rating", "reason", "note", "is_edited"]
    readonly_fields = ["is_edited"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[JobFeedback]:
        withheld = visibility.withheld_ids(signed_in_staff(request))
        return super().get_queryset(request).select_related("reason").exclude(job__in=withheld)

    @admin.display(description="Edited", boolean=True)
    def is_edited(self, feedback: JobFeedback) -> bool:
        return feedback.edited_output is not None


class OutcomeFilter(admin.SimpleListFilter):
    """Filter of the outcome column: a withheld job counts as awaiting review, whatever opened its item."""

    title = "outcome"
    parameter_name = "outcome"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(str(value), label) for value, label in JobOutcome.choices]

    def queryset(self, request: HttpRequest, queryset: QuerySet[AgentJob]) -> QuerySet[AgentJob]:
        if self.value() not in JobOutcome.values:
            return queryset
        withheld = visibility.withheld_ids(signed_in_staff(request))
        if self.value() != JobOutcome.AWAITING_REVIEW:
            return queryset.filter(outcome=self.value()).exclude(pk__in=withheld)
        # As a set of ids, because a condition on two tables would be tried on every job.
        waiting = AgentJob.objects.filter(outcome=JobOutcome.AWAITING_REVIEW).order_by().values("pk")
        return queryset.filter(pk__in=waiting.union(withheld, all=True))


def is_withheld(job: AgentJob) -> bool:
    """Return True if the viewer may still have to judge the output of a job from ``AgentJobAdmin.get_queryset``."""
    return bool(job.is_withheld)  # type: ignore[attr-defined]
