"""Admin pages of the batches and of their items."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import Count, F, Q, QuerySet
from django.http import HttpRequest
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from agents.choices import BatchOutcome, BatchState
from agents.common.admin import display
from agents.common.admin.base import ReadOnlyAdmin, link
from agents.models import BatchItem, MessageBatch

# Jobs beyond this number are only counted.
MAX_JOBS = 200

STATE_TONES = {BatchState.SENDING: "warn", BatchState.RUNNING: "info", BatchState.ENDED: "good"}
OUTCOME_TONES = {BatchOutcome.SUCCEEDED: "good", BatchOutcome.ERRORED: "bad"}


@admin.register(MessageBatch)
class MessageBatchAdmin(ReadOnlyAdmin):
    empty_text = (
        "No batches yet. Jobs with “priority”: “batch”, and those of schedules and re-checks, are sent to the "
        "provider together, at half the price. The mock model has no batches."
    )
    list_display = ["created_at", "state_shown", "model", "requests", "waiting", "answered", "unanswered"]
    list_filter = ["state", "model"]
    search_fields = ["provider_id"]
    search_help_text = "The provider’s id."
    ordering = ["-created_at", "-id"]
    fields = [
        "id",
        "provider_id",
        "model",
        "state_shown",
        ("requests", "waiting"),
        ("answered", "unanswered", "applied"),
        ("created_at", "sent_at", "checked_at", "ended_at"),
        "fall_back_at",
        "error",
        "jobs",
    ]
    readonly_fields = [
        "id",
        "created_at",
        "state_shown",
        "waiting",
        "answered",
        "unanswered",
        "applied",
        "jobs",
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[MessageBatch]:
        answered = Q(items__outcome=BatchOutcome.SUCCEEDED)
        counted: QuerySet[MessageBatch] = (
            super()
            .get_queryset(request)
            .annotate(
                seen_waiting=Count("items", filter=Q(items__outcome="", items__applied_at=None)),
                seen_answered=Count("items", filter=answered),
                seen_unanswered=F("requests") - F("seen_waiting") - F("seen_answered"),
                seen_applied=Count("items", filter=answered & Q(items__applied_at__isnull=False)),
            )
        )
        return counted

    @admin.display(description="State", ordering="state")
    def state_shown(self, batch: MessageBatch) -> SafeString:
        return display.badge(batch.get_state_display(), STATE_TONES[BatchState(batch.state)])

    @admin.display(description="Waits", ordering="seen_waiting")
    def waiting(self, batch: MessageBatch) -> int:
        return int(batch.seen_waiting)  # type: ignore[attr-defined]

    @admin.display(description="Answered", ordering="seen_answered")
    def answered(self, batch: MessageBatch) -> int:
        return int(batch.seen_answered)  # type: ignore[attr-defined]

    @admin.display(description="Not answered", ordering="seen_unanswered")
    def unanswered(self, batch: MessageBatch) -> int:
        return int(batch.seen_unanswered)  # type: ignore[attr-defined]

    @admin.display(description="Applied", ordering="seen_applied")
    def applied(self, batch: MessageBatch) -> int:
        return int(batch.seen_applied)  # type: ignore[attr-defined]

    @admin.display(description="Jobs")
    def jobs(self, batch: MessageBatch) -> SafeString | str:
        """List the jobs, unapplied ones first."""
        items = batch.items.select_related("job").defer("world", "run_settings", "result")
        shown = items.order_by(F("applied_at").asc(nulls_first=True), "pk")[:MAX_JOBS]
        rows = format_html_join(
            "",
            "<li>{} {} {}</li>",
            ((_job(item), _outcome(item), item.job.get_status_display()) for item in shown),
        )
        more = batch.requests - MAX_JOBS
        rest = format_html("<li>and {} more</li>", more) if more > 0 else ""
        return format_html('<ul class="signals">{}{}</ul>', rows, rest) if rows else "–"


def _job(item: BatchItem) -> SafeString | str:
    return link("agents_agentjob_change", item.job_id, display.short_id(item.job_id))


def _outcome(item: BatchItem) -> SafeString:
    if not item.outcome:
        return display.badge("Waits" if item.applied_at is None else "No result", "quiet")
    return display.badge(item.get_outcome_display(), OUTCOME_TONES.get(BatchOutcome(item.outcome), "warn"))
