"""What comes in and what goes out. Input and output never share a class."""

from __future__ import annotations

from itertools import takewhile
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from agents.choices import AgentType, EventKind, JobPriority, JobStatus, ReviewState
from agents.jobs import stats
from agents.models import AgentJob, AgentJobEvent, ReviewItem
from universes.api.strict import (
    StrictBooleanField,
    StrictCharField,
    StrictChoiceField,
    StrictSerializer,
    StrictUUIDField,
)


class JobIn(StrictSerializer):
    agent_type = StrictCharField(max_length=32, help_text=f"One of: {', '.join(AgentType.values)}.")
    universe_id = StrictUUIDField(
        required=False, allow_null=True, help_text="The world that the agent works in; you edit or own it."
    )
    input_data = serializers.DictField(help_text="What the agent is asked; its fields depend on the agent.")
    priority = StrictChoiceField(
        JobPriority.choices,
        default=JobPriority.NORMAL,
        help_text="`batch`: it may take hours, and costs half; where there are no batches it is asked at once.",
    )
    dry_run = StrictBooleanField(
        required=False, help_text="Only say what it would cost and how probably it would be reviewed."
    )
    reuse = StrictBooleanField(
        required=False,
        help_text="An earlier output for exactly the same question will do: no call, no cost, no new entry in canon.",
    )


# From these on a job's history says what the machine made of its output.
TELLING = frozenset({EventKind.REUSED, EventKind.COMPLETED, EventKind.REVIEW_OPENED})


class ReviewOut(serializers.Serializer[ReviewItem]):
    """Where the review of a job's output stands."""

    id = serializers.UUIDField()
    state = serializers.ChoiceField(choices=ReviewState.choices)
    reasons = serializers.ListField(child=serializers.CharField())
    opened_at = serializers.DateTimeField()
    verdict = serializers.CharField(source="decision.verdict", default=None, allow_null=True)
    by = serializers.CharField(source="decision.by.username", default=None, allow_null=True)
    at = serializers.DateTimeField(source="decision.at", default=None, allow_null=True)
    reason = serializers.CharField(
        source="decision.reason.name", default=None, allow_null=True, help_text="Why it was rejected."
    )
    note = serializers.CharField(source="decision.note", default=None, allow_null=True)
    edited_output = serializers.JSONField(source="decision.after", default=None, allow_null=True)
    follow_up_job_id = serializers.UUIDField(source="decision.follow_up_id", default=None, allow_null=True)


class JobOut(serializers.ModelSerializer[AgentJob]):
    """A job as it stands in a list; ``is_withheld`` stands on the row or in the context."""

    job_id = serializers.UUIDField(source="id")
    universe_id = serializers.UUIDField(allow_null=True)
    agent_type = serializers.ChoiceField(choices=AgentType.choices)
    status = serializers.ChoiceField(choices=JobStatus.choices)
    priority = serializers.ChoiceField(choices=JobPriority.choices)
    requested_by = serializers.CharField(source="requested_by.username")
    attempts = serializers.IntegerField(
        help_text="How often a worker, or a batch, took it; also when it was not let through to the model then."
    )
    schedule_id = serializers.UUIDField(allow_null=True)
    follows_job_id = serializers.UUIDField(
        source="follows_id", allow_null=True, help_text="The job that a reviewer asked to have written again."
    )
    input_data = serializers.DictField()
    output_data = serializers.DictField(allow_null=True)
    reused_from_job_id = serializers.UUIDField(
        source="reused_from_id",
        allow_null=True,
        help_text="The job whose output this is: the same question was answered before.",
    )
    human_review_required = serializers.BooleanField(allow_null=True)
    review = serializers.SerializerMethodField()
    withheld = serializers.SerializerMethodField(
        help_text="You have to judge this output without knowing what the machine or others make of it: confidence, "
        "signals, review and what happened after its completion are left out."
    )

    class Meta:
        model = AgentJob
        fields = [
            "job_id",
            "universe_id",
            "agent_type",
            "status",
            "priority",
            "input_data",
            "output_data",
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
            "revision_note",
            "created_at",
            "available_at",
            "started_at",
            "completed_at",
        ]
        read_only_fields = fields

    @extend_schema_field(ReviewOut(allow_null=True))
    def get_review(self, job: AgentJob) -> dict[str, Any] | None:
        # The newest; views prefetch them.
        items = sorted(job.review_items.all(), key=lambda item: (item.opened_at, item.pk))
        return dict(ReviewOut(items[-1]).data) if items else None

    def get_withheld(self, job: AgentJob) -> bool:
        return bool(getattr(job, "is_withheld", self.context.get("is_withheld", False)))

    def to_representation(self, job: AgentJob) -> dict[str, Any]:
        shown = super().to_representation(job)
        if shown["withheld"]:
            shown |= {
                "confidence_score": None,
                "human_review_required": None,
                "review": None,
                "reused_from_job_id": None,
            }
        return shown


class EventOut(serializers.ModelSerializer[AgentJobEvent]):
    """One step. `data` has what there is to tell of it: of `progress` the phase and the words so far, of `batched`
    until when it may take, of `postponed` and `rescheduled` the reason and when it goes on.
    """

    by = serializers.CharField(source="by.username", default=None, allow_null=True)

    class Meta:
        model = AgentJobEvent
        fields = ["kind", "attempt", "at", "by", "data"]
        read_only_fields = fields


class SignalOut(serializers.Serializer[dict[str, Any]]):
    name = serializers.CharField()
    value = serializers.FloatField(help_text="0 (bad) to 1 (good).")
    sentence = serializers.CharField()


class UsageOut(serializers.Serializer[dict[str, Any]]):
    calls = serializers.IntegerField()
    tokens = serializers.IntegerField(help_text="All of the four kinds together.")
    input_tokens = serializers.IntegerField()
    output_tokens = serializers.IntegerField()
    cache_read_tokens = serializers.IntegerField()
    cache_write_tokens = serializers.IntegerField()
    cost_usd = serializers.CharField(
        allow_null=True, help_text="A decimal number; null where a price is unknown."
    )


class ChosenElementOut(serializers.Serializer[dict[str, Any]]):
    id = serializers.CharField()
    name = serializers.CharField()
    why = serializers.ChoiceField(
        choices=["named", "linked", "near"],
        help_text="The job names it, it is linked to what the job names, or it is near to the job's words.",
    )


class WorldChoiceOut(serializers.Serializer[dict[str, Any]]):
    budget_tokens = serializers.IntegerField()
    tokens = serializers.IntegerField(help_text="What was read, by estimate.")
    elements_in_world = serializers.IntegerField()
    chosen = serializers.ListField(child=ChosenElementOut(), help_text="The most needed first.")
    left_out = serializers.IntegerField()


class JobDetailOut(JobOut):
    """A job with everything that is known about it."""

    world_choice = WorldChoiceOut(
        allow_null=True, help_text="What was read of a large world; null: it was read whole, or not yet."
    )
    signals = serializers.ListField(child=SignalOut())
    usage = serializers.SerializerMethodField()
    events = EventOut(many=True)

    class Meta(JobOut.Meta):
        fields = [
            *JobOut.Meta.fields,
            "attempt_limit",
            "world_hash",
            "world_choice",
            "signals",
            "usage",
            "events",
        ]
        read_only_fields = fields

    def to_representation(self, job: AgentJob) -> dict[str, Any]:
        shown = super().to_representation(job)
        if shown["withheld"]:
            shown["signals"] = []
            shown["events"] = list(takewhile(lambda event: event["kind"] not in TELLING, shown["events"]))
        return shown

    @extend_schema_field(UsageOut)
    def get_usage(self, job: AgentJob) -> dict[str, Any]:
        return stats.usage_of(job)


class JobAccepted(serializers.ModelSerializer[AgentJob]):
    """The answer to a submission: enough to come back for the rest."""

    job_id = serializers.UUIDField(source="id")
    universe_id = serializers.UUIDField(allow_null=True)

    class Meta:
        model = AgentJob
        fields = ["job_id", "status", "agent_type", "universe_id", "input_data", "attempts", "created_at"]
        read_only_fields = fields


class StatsOut(serializers.Serializer[dict[str, Any]]):
    total_jobs = serializers.IntegerField()
    status_counts = serializers.DictField(child=serializers.IntegerField())
    agent_type_counts = serializers.DictField(child=serializers.IntegerField())
    avg_confidence = serializers.FloatField(allow_null=True)
    avg_confidence_by_type = serializers.DictField(child=serializers.FloatField(allow_null=True))
    human_review_required = serializers.IntegerField(help_text="Outputs that wait for a reviewer now.")
    review = serializers.DictField(child=serializers.IntegerField(), help_text="Decisions by verdict.")
