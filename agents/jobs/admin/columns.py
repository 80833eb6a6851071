"""Columns and fields of jobs in the admin, as their reader may see them."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from agents.choices import JobOutcome, JobStatus, ReviewKind
from agents.common.admin import display
from agents.common.admin.base import link
from agents.jobs.admin import details
from agents.jobs.admin.inlines import HIDDEN, is_withheld
from agents.models import AgentJob


class JobColumns:
    """Columns of the list and the page of jobs, from rows that ``AgentJobAdmin.get_queryset`` annotates."""

    @admin.display(description="Submitted", ordering="created_at")
    def submitted(self, job: AgentJob) -> SafeString:
        return display.ago(job.created_at)

    @admin.display(description="Request")
    def asked(self, job: AgentJob) -> SafeString:
        return display.isolated(display.first_words(getattr(job, "request_text", ""), 8) or "–")

    @admin.display(description="Agent")
    def agent(self, job: AgentJob) -> SafeString:
        return format_html("{} {}", job.get_agent_type_display(), display.mock_badge(job.is_mock))

    @admin.display(description="Requested by")
    def requester(self, job: AgentJob) -> str:
        # Not a link, because most readers of this page may not see accounts.
        return job.requested_by.get_username()

    @admin.display(description="Universe")
    def universe_name(self, job: AgentJob) -> SafeString | str:
        return display.isolated(job.universe.name) if job.universe else "–"

    @admin.display(description="Status")
    def status_badge(self, job: AgentJob) -> SafeString:
        return display.badge(job.get_status_display(), display.JOB_TONES.get(job.status, "quiet"))

    @admin.display(description="Status")
    def status_shown(self, job: AgentJob) -> SafeString:
        status = self.status_badge(job)
        if not job.error_code or job.status not in {JobStatus.FAILED, JobStatus.PENDING}:
            return status
        words = display.first_words(job.error_message, 12)
        code = display.breakable(job.error_code)
        return format_html('{} <span class="job-error">{}: {}</span>', status, code, words)

    @admin.display(description="Confidence")
    def confidence_shown(self, job: AgentJob) -> SafeString | str:
        return HIDDEN if is_withheld(job) else display.confidence_bar(job.confidence_score)

    @admin.display(description="Outcome")
    def outcome_shown(self, job: AgentJob) -> SafeString | str:
        outcome = JobOutcome.AWAITING_REVIEW if is_withheld(job) else job.outcome
        if outcome in ("", JobOutcome.FAILED, JobOutcome.CANCELLED):
            # The status says it.
            return "–"
        return display.badge(JobOutcome(outcome).label, display.OUTCOME_TONES.get(outcome, "quiet"))

    @admin.display(description="Model")
    def written_by(self, job: AgentJob) -> SafeString | str:
        return display.mock_badge(job.is_mock) or job.model or "–"

    @admin.display(description="Reused from")
    def reused(self, job: AgentJob) -> SafeString | str:
        earlier = None if is_withheld(job) else job.reused_from_id
        return (
            link("agents_agentjob_change", earlier, display.short_id(earlier)) if earlier is not None else "–"
        )

    @admin.display(description="Batch")
    def batch(self, job: AgentJob) -> SafeString | str:
        """List the batches that the job was in, and the time until which it waits for another."""
        sent = [
            link("agents_messagebatch_change", batch_id, display.at(at))
            if _may_see_batches(job)
            else display.at(at)
            for batch_id, at in job.batch_items.order_by("pk").values_list("batch_id", "batch__created_at")
        ]
        if job.status == JobStatus.PENDING and job.batch_until:
            sent.append(f"waiting for a batch until {display.at(job.batch_until)} UTC, then sent directly")
        return format_html_join("; ", "{}", ((batch,) for batch in sent)) or "–"

    @admin.display(description="Reviews")
    def review_items_shown(self, job: AgentJob) -> SafeString | str:
        items = job.review_items.order_by("opened_at", "id")
        # The viewer's own gold item is listed while it is open, like any other item.
        items = items.open() if is_withheld(job) else items.exclude(kind=ReviewKind.GOLD)
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
        return _folded(job.input_data)

    @admin.display(description="Output")
    def output_shown(self, job: AgentJob) -> SafeString:
        return _folded(job.output_data)

    @admin.display(description="World context")
    def world_choice_shown(self, job: AgentJob) -> SafeString | str:
        return details.world_choice(job)

    @admin.display(description="Guidance")
    def guidance_shown(self, job: AgentJob) -> SafeString | str:
        return display.json_block(job.guidance) if job.guidance else "–"

    @admin.display(description="Signals")
    def signals_shown(self, job: AgentJob) -> SafeString | str:
        if is_withheld(job):
            return HIDDEN
        return details.signals(job, may_see_world=bool(job.may_see_world))  # type: ignore[attr-defined]


def _folded(value: Any) -> SafeString:
    return format_html("<details><summary>As JSON</summary>{}</details>", display.json_block(value))


def _may_see_batches(job: AgentJob) -> bool:
    return bool(job.may_see_batches)  # type: ignore[attr-defined]
