"""What the review calls take and give."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from agents.api.serializers import SignalOut
from agents.choices import ReviewState, Verdict
from agents.models import ReviewDecision, ReviewItem
from agents.services import review_queue
from universes.api.strict import StrictCharField, StrictChoiceField, StrictSerializer


class DecisionOut(serializers.ModelSerializer[ReviewDecision]):
    item_id = serializers.UUIDField()
    by = serializers.CharField(source="by.username")
    follow_up_job_id = serializers.UUIDField(source="follow_up_id", allow_null=True)
    before = serializers.DictField()
    after = serializers.DictField(allow_null=True)

    class Meta:
        model = ReviewDecision
        fields = ["id", "item_id", "verdict", "by", "at", "note", "before", "after", "follow_up_job_id"]
        read_only_fields = fields


class ClaimOut(serializers.Serializer[ReviewItem]):
    """Who holds an item now."""

    by = serializers.CharField(source="claimed_by.username")
    since = serializers.DateTimeField(source="claimed_at")
    until = serializers.DateTimeField(source="claimed_until")


class ReviewItemOut(serializers.ModelSerializer[ReviewItem]):
    """A review item with the job that it is about."""

    job_id = serializers.UUIDField()
    universe_id = serializers.UUIDField(allow_null=True)
    requested_by = serializers.CharField(source="job.requested_by.username")
    follows_job_id = serializers.UUIDField(
        source="job.follows_id",
        allow_null=True,
        help_text="The job that a reviewer asked to have written again.",
    )
    is_overdue = serializers.SerializerMethodField()
    claim = serializers.SerializerMethodField()
    assigned_to = serializers.CharField(source="assigned_to.username", default=None, allow_null=True)
    input_data = serializers.DictField(source="job.input_data")
    output_data = serializers.DictField(source="job.output_data")
    signals = serializers.ListField(source="job.signals", child=SignalOut())
    is_mock = serializers.BooleanField(source="job.is_mock")
    decision = serializers.SerializerMethodField()

    class Meta:
        model = ReviewItem
        fields = [
            "id",
            "job_id",
            "universe_id",
            "agent_type",
            "state",
            "confidence",
            "reasons",
            "priority",
            "opened_at",
            "due_at",
            "is_overdue",
            "closed_at",
            "claim",
            "assigned_to",
            "requested_by",
            "follows_job_id",
            "is_mock",
            "input_data",
            "output_data",
            "signals",
            "decision",
        ]
        read_only_fields = fields

    def get_is_overdue(self, item: ReviewItem) -> bool:
        return item.state == ReviewState.OPEN and item.due_at < timezone.now()

    @extend_schema_field(ClaimOut(allow_null=True))
    def get_claim(self, item: ReviewItem) -> dict[str, Any] | None:
        return dict(ClaimOut(item).data) if item.is_claimed(timezone.now()) else None

    @extend_schema_field(DecisionOut(allow_null=True))
    def get_decision(self, item: ReviewItem) -> dict[str, Any] | None:
        decision = getattr(item, "decision", None)
        return dict(DecisionOut(decision).data) if decision else None


class SkipIn(StrictSerializer):
    reason = StrictCharField(required=False, allow_blank=True, max_length=review_queue.NOTE_LENGTH)


class HandIn(StrictSerializer):
    to = StrictCharField(max_length=150, help_text="The username of another reviewer.")
    note = StrictCharField(required=False, allow_blank=True, max_length=review_queue.NOTE_LENGTH)


class DecisionIn(StrictSerializer):
    verdict = StrictChoiceField(choices=Verdict.choices)
    note = StrictCharField(
        required=False,
        allow_blank=True,
        max_length=review_queue.NOTE_LENGTH,
        help_text="Needed to reject (the reason) and to ask again (what to do differently).",
    )
    output = serializers.DictField(
        required=False, help_text="With the verdict `edited`: the whole output, edited."
    )
