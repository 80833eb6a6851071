"""Jobs and their statistics as the API shows them."""

from __future__ import annotations

from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from agents.choices import AgentType, JobOutcome, JobPriority, JobStatus, ReviewState
from agents.common.text import results
from agents.models import AgentJob, ReviewItem
from universes.api.bodies.compiled import CompiledOut
from universes.api.parameters.light import LightRow


class ReviewOut(CompiledOut, serializers.Serializer[ReviewItem]):
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
    """The text of a job that counts, from its loaded reviews."""

    def get_attribute(self, instance: AgentJob) -> dict[str, Any] | None:
        decisions = [item.decision for item in instance.reviews]
        return results.result_of(instance, [decision for decision in decisions if decision is not None])


class JobOut(CompiledOut, serializers.ModelSerializer[AgentJob]):
    """Job; ``is_withheld`` is an attribute of the row."""

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
        return ReviewOut.show(job.reviews[-1]) if job.reviews else None

    @extend_schema_field(serializers.ChoiceField(choices=JobOutcome.choices, allow_null=True))
    def get_outcome(self, job: AgentJob) -> str | None:
        return job.outcome or None

    def get_withheld(self, job: AgentJob) -> bool:
        return bool(getattr(job, "is_withheld", False))

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
    """Job in a list; ``requester`` is an attribute of the row."""

    parts: ClassVar = {"input_data": "input", "output_data": "output", "result": "result"}
    input_data = serializers.DictField(required=False, help_text="Only with `include=input`.")
    output_data = serializers.DictField(
        required=False, allow_null=True, help_text="Only with `include=output`."
    )
    requested_by = serializers.CharField(source="requester")

    result = ResultField(
        required=False, allow_null=True, help_text="The output that counts. Only with `include=result`."
    )

    @extend_schema_field(ReviewRowOut(allow_null=True))
    def get_review(self, job: AgentJob) -> dict[str, Any] | None:
        shown = super().get_review(job)
        if shown and not self.includes("output"):
            del shown["edited_output"]
        return shown
