"""One job as the API shows it: with its signals, its usage and its history."""

from __future__ import annotations

from itertools import takewhile
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from agents.canon import witness
from agents.common import findings
from agents.engine.confidence.signals import hand_set_score
from agents.jobs import stats
from agents.jobs.api.guidance_serializers import FeedbackOut, GuidanceOut
from agents.jobs.api.serializers import JobOut
from agents.jobs.api.signal_serializers import SignalOut
from agents.jobs.event_pages import REVEALING_EVENTS
from agents.jobs.whole import WholeJob
from agents.models import AgentJob, AgentJobEvent
from universes.api.bodies.compiled import CompiledOut
from universes.api.bodies.passport_outputs import PassportOut


class EventOut(CompiledOut, serializers.ModelSerializer[AgentJobEvent]):
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


class ChosenElementOut(CompiledOut, serializers.Serializer[dict[str, Any]]):
    id = serializers.CharField()
    name = serializers.CharField()
    why = serializers.ChoiceField(
        choices=["named", "linked", "near"],
        help_text="Named by the job, linked to a named element, or similar to the words of the job.",
    )


class WorldChoiceOut(CompiledOut, serializers.Serializer[dict[str, Any]]):
    budget_tokens = serializers.IntegerField()
    tokens = serializers.IntegerField(help_text="Estimated tokens of the chosen elements.")
    elements_in_world = serializers.IntegerField()
    chosen = serializers.ListField(child=ChosenElementOut(), help_text="Most relevant elements first.")
    left_out = serializers.IntegerField()


class JobDetailOut(JobOut):
    """Job with its signals, usage and history; needs the ``WholeJob`` in the serializer context."""

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

    @property
    def _whole(self) -> WholeJob:
        whole: WholeJob = self.context["whole"]
        return whole

    @extend_schema_field(FeedbackOut(allow_null=True))
    def get_feedback(self, job: AgentJob) -> dict[str, Any] | None:
        # At most one, prefetched.
        return next((FeedbackOut.show(feedback) for feedback in job.feedback.all()), None)

    @extend_schema_field(PassportOut(allow_null=True))
    def get_passport(self, job: AgentJob) -> dict[str, Any] | None:
        if self.get_withheld(job):
            return None
        whole = self._whole
        passport = witness.passport_from(job, whole.calls, whole.verdicts, whole.words)
        return None if passport is None else passport.as_dict()

    def get_score(self, job: AgentJob) -> float | None:
        return hand_set_score(job.signals) if job.signals else None

    @extend_schema_field(SignalOut(many=True))
    def get_signals(self, job: AgentJob) -> list[dict[str, Any]]:
        signals = findings.signals_of(job, self._whole.marks)
        return list(map(SignalOut.show, signals))

    @extend_schema_field(UsageOut)
    def get_usage(self, job: AgentJob) -> stats.JobUsage:
        return stats.usage_in([call for call in self._whole.calls if call.job_id == job.pk])
