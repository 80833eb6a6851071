"""Jobs and their statistics as the API shows them."""

from __future__ import annotations

from itertools import takewhile
from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from agents.canon import witness
from agents.choices import AgentType, JobOutcome, JobPriority, JobStatus, ReviewState
from agents.common import findings
from agents.common.text import results
from agents.engine.confidence.signals import hand_set_score
from agents.jobs import stats
from agents.jobs.api.guidance_serializers import FeedbackOut, GuidanceOut
from agents.jobs.api.signal_serializers import SignalOut
from agents.jobs.event_pages import REVEALING_EVENTS
from agents.models import AgentJob, AgentJobEvent, ReviewItem
from universes.api.bodies.passport_outputs import PassportOut
from universes.api.parameters.light import LightRow


class ReviewOut(serializers.Serializer[ReviewItem]):
    """State of the review of a job's output."""

    id = serializers.UUIDField()
    state = serializers.ChoiceField(choices=ReviewState.choices)
    reasons = serializers.ListField(child=serializers.CharField())
    opened_at = serializers.DateTimeField()
    verdict = serializers.CharField(source="decision.verdict", default=None, allow_null=True)
    by = serializers.CharField(source="decision.by.username", default=None, allow_null=True)
    at = serializers.DateTimeField(source="decision.at", default=None, allow_null=True)
    reason = serializers.CharField(
        source="decision.reason.code", default=None, allow_null=True, help_text="The code of a reject reason."
    )
    reason_name = serializers.CharField(
        source="decision.reason.name",
        default=None,
        allow_null=True,
        help_text="The reason as people read it.",
    )
    note = serializers.CharField(source="decision.note", default=None, allow_null=True)
    edited_output = serializers.JSONField(source="decision.after", default=None, allow_null=True)
    follow_up_job_id = serializers.UUIDField(source="decision.follow_up_id", default=None, allow_null=True)


class ReviewRowOut(ReviewOut):
    """State of the review of a job in a list."""

    edited_output = serializers.JSONField(
        required=False, allow_null=True, help_text="Only with `include=output`."
    )


class ResultField(serializers.DictField):
    """The text of a job that counts, from its prefetched reviews."""

    def get_attribute(self, instance: AgentJob) -> dict[str, Any] | None:
        decisions = [item.decision for item in instance.review_items.all()]
        return results.result_of(instance, [decision for decision in decisions if decision is not None])


class JobOut(serializers.ModelSerializer[AgentJob]):
    """Job. ``is_withheld`` is an attribute of the row or in the context."""

    job_id = serializers.UUIDField(source="id")
    universe_id = serializers.UUIDField(allow_null=True)
    agent_type = serializers.ChoiceField(choices=AgentType.choices)
    status = serializers.ChoiceField(choices=JobStatus.choices)
    outcome = serializers.SerializerMethodField(
        help_text=(
            "What became of it; null while it is not finished or is withheld. An output counts if it is `trusted` (no "
            "review was needed), `approved` or `edited`. One that is `awaiting_review` does not count yet; after "
            "`asked_again` see `review.follow_up_job_id`."
        )
    )
    priority = serializers.ChoiceField(choices=JobPriority.choices)
    requested_by = serializers.CharField(source="requested_by.username")
    attempts = serializers.IntegerField(
        help_text="Number of attempts, including those that were postponed before they reached the model."
    )
    schedule_id = serializers.UUIDField(allow_null=True)
    follows_job_id = serializers.UUIDField(
        source="follows_id", allow_null=True, help_text="Job whose output a reviewer asked to have revised."
    )
    input_data = serializers.DictField()
    output_data = serializers.DictField(allow_null=True, help_text="What the agent wrote, unchanged.")
    result = ResultField(
        allow_null=True,
        help_text="The output that counts, with the edits of its reviewer; null while none counts or it is rejected.",
    )
    reused_from_job_id = serializers.UUIDField(
        source="reused_from_id",
        allow_null=True,
        help_text="Earlier job with the same request, whose output was reused.",
    )
    confidence = serializers.FloatField(source="confidence_score", allow_null=True, help_text="0 to 1.")
    confidence_score = serializers.FloatField(
        allow_null=True, help_text="The same as `confidence`, under its earlier name."
    )
    variants_id = serializers.UUIDField(
        allow_null=True,
        help_text="Shared by the variants of one request, which `GET /agents/variants/{variants_id}` shows together.",
    )
    human_review_required = serializers.BooleanField(
        allow_null=True, help_text="The same as an `outcome` of `awaiting_review`."
    )
    review = serializers.SerializerMethodField()
    withheld = serializers.SerializerMethodField(
        help_text="You may have to review this output blind: confidence, signals, review and later events are left out."
    )

    class Meta:
        model = AgentJob
        fields = [
            "job_id",
            "universe_id",
            "agent_type",
            "status",
            "outcome",
            "priority",
            "input_data",
            "output_data",
            "result",
            "confidence",
            "confidence_score",
            "human_review_required",
            "review",
            "withheld",
            "error_code",
            "error_message",
            "is_mock",
            "model",
            "reused_from_job_id",
            "attempts",
            "requested_by",
            "schedule_id",
            "follows_job_id",
            "variants_id",
            "revision_note",
            "created_at",
            "available_at",
            "started_at",
            "completed_at",
        ]
        read_only_fields = fields

    @extend_schema_field(ReviewOut(allow_null=True))
    def get_review(self, job: AgentJob) -> dict[str, Any] | None:
        # The newest of the prefetched items.
        items = sorted(job.review_items.all(), key=lambda item: (item.opened_at, item.pk))
        return dict(ReviewOut(items[-1]).data) if items else None

    @extend_schema_field(serializers.ChoiceField(choices=JobOutcome.choices, allow_null=True))
    def get_outcome(self, job: AgentJob) -> str | None:
        return job.outcome or None

    def get_withheld(self, job: AgentJob) -> bool:
        return bool(getattr(job, "is_withheld", self.context.get("is_withheld", False)))

    def to_representation(self, job: AgentJob) -> dict[str, Any]:
        shown = super().to_representation(job)
        if shown["withheld"]:
            hidden = {"outcome": None, "result": None} if "result" in shown else {"outcome": None}
            shown |= {
                **hidden,
                "confidence": None,
                "confidence_score": None,
                "human_review_required": None,
                "review": None,
                "reused_from_job_id": None,
            }
        return shown


class JobRowOut(LightRow, JobOut):
    """Job in a list."""

    parts: ClassVar = {"input_data": "input", "output_data": "output", "result": "result"}
    input_data = serializers.DictField(required=False, help_text="Only with `include=input`.")
    output_data = serializers.DictField(
        required=False, allow_null=True, help_text="Only with `include=output`."
    )

    result = ResultField(
        required=False, allow_null=True, help_text="The output that counts. Only with `include=result`."
    )

    @extend_schema_field(ReviewRowOut(allow_null=True))
    def get_review(self, job: AgentJob) -> dict[str, Any] | None:
        shown = super().get_review(job)
        if shown and not self.includes("output"):
            del shown["edited_output"]
        return shown


class EventOut(serializers.ModelSerializer[AgentJobEvent]):
    """Event in the history of a job.

    `data` depends on the kind: phase and word count of `progress`, deadline of `batched`, reason and time of the next
    attempt of `postponed` and `rescheduled`.
    """

    by = serializers.CharField(source="by.username", default=None, allow_null=True)

    class Meta:
        model = AgentJobEvent
        fields = ["kind", "attempt", "at", "by", "data"]
        read_only_fields = fields


class UsageOut(serializers.Serializer[dict[str, Any]]):
    calls = serializers.IntegerField()
    tokens = serializers.IntegerField(help_text="Sum of the four kinds of tokens.")
    input_tokens = serializers.IntegerField()
    output_tokens = serializers.IntegerField()
    cache_read_tokens = serializers.IntegerField()
    cache_write_tokens = serializers.IntegerField()
    cost_usd = serializers.CharField(allow_null=True, help_text="Decimal number; null if a price is unknown.")


class ChosenElementOut(serializers.Serializer[dict[str, Any]]):
    id = serializers.CharField()
    name = serializers.CharField()
    why = serializers.ChoiceField(
        choices=["named", "linked", "near"],
        help_text="Named by the job, linked to a named element, or similar to the words of the job.",
    )


class WorldChoiceOut(serializers.Serializer[dict[str, Any]]):
    budget_tokens = serializers.IntegerField()
    tokens = serializers.IntegerField(help_text="Estimated tokens of the chosen elements.")
    elements_in_world = serializers.IntegerField()
    chosen = serializers.ListField(child=ChosenElementOut(), help_text="Most relevant elements first.")
    left_out = serializers.IntegerField()


class JobDetailOut(JobOut):
    """Job with its signals, usage and history."""

    world_choice = WorldChoiceOut(
        allow_null=True,
        help_text="Elements that were read of a large world; null if it was read whole or not yet.",
    )
    guidance = GuidanceOut(
        allow_null=True,
        help_text="Style guide, exemplars and preferences that applied; null: not written yet.",
    )
    feedback = serializers.SerializerMethodField()
    passport = serializers.SerializerMethodField(
        help_text="What made the output, and who read it; null: there is no output, or it is withheld."
    )
    score = serializers.SerializerMethodField(
        help_text="The confidence by the hand-set weights alone; it differs where one was learned from verdicts."
    )
    signals = serializers.SerializerMethodField()
    usage = serializers.SerializerMethodField()
    events = EventOut(many=True)

    class Meta(JobOut.Meta):
        fields = [
            *JobOut.Meta.fields,
            "attempt_limit",
            "world_hash",
            "world_choice",
            "guidance",
            "feedback",
            "passport",
            "score",
            "signals",
            "usage",
            "events",
        ]
        read_only_fields = fields

    def to_representation(self, job: AgentJob) -> dict[str, Any]:
        shown = super().to_representation(job)
        if shown["withheld"]:
            shown["passport"] = shown["score"] = None
            shown["signals"] = []
            shown["feedback"] = None
            shown["events"] = list(
                takewhile(lambda event: event["kind"] not in REVEALING_EVENTS, shown["events"])
            )
        return shown

    @extend_schema_field(FeedbackOut(allow_null=True))
    def get_feedback(self, job: AgentJob) -> dict[str, Any] | None:
        # At most one, prefetched.
        return next((dict(FeedbackOut(feedback).data) for feedback in job.feedback.all()), None)

    @extend_schema_field(PassportOut(allow_null=True))
    def get_passport(self, job: AgentJob) -> dict[str, Any] | None:
        passport = witness.passport_of(job)
        return None if passport is None else passport.as_dict()

    def get_score(self, job: AgentJob) -> float | None:
        return hand_set_score(job.signals) if job.signals else None

    @extend_schema_field(SignalOut(many=True))
    def get_signals(self, job: AgentJob) -> list[dict[str, Any]]:
        signals = findings.signals_of(job, findings.marks_on([job]))
        return [dict(SignalOut(signal).data) for signal in signals]

    @extend_schema_field(UsageOut)
    def get_usage(self, job: AgentJob) -> stats.JobUsage:
        return stats.usage_of(job)
