"""Serializers of the answers to submissions."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from agents.models import AgentJob
from universes.api.bodies.compiled import CompiledOut


class JobAccepted(CompiledOut, serializers.ModelSerializer[AgentJob]):
    """Answer to a submission, with the id to poll."""

    job_id = serializers.UUIDField(source="id")
    universe_id = serializers.UUIDField(allow_null=True)
    variants_id = serializers.UUIDField(required=False, help_text="Only with `variants`.")
    variant_job_ids = serializers.ListField(
        child=serializers.UUIDField(),
        required=False,
        help_text="Only with `variants`: the jobs of all variants.",
    )

    class Meta:
        model = AgentJob
        fields = [
            "job_id",
            "status",
            "agent_type",
            "universe_id",
            "input_data",
            "attempts",
            "created_at",
            "variants_id",
            "variant_job_ids",
        ]
        read_only_fields = fields

    def to_representation(self, job: AgentJob) -> dict[str, Any]:
        shown: dict[str, Any] = super().to_representation(job)
        if job.variants_id is None:
            del shown["variants_id"]
        return shown


class JobResultOut(serializers.Serializer[dict[str, Any]]):
    """Answer to one of many jobs: `job_id` of an accepted one, or the `error` that its own submit would get."""

    index = serializers.IntegerField(help_text="Position in `jobs`, from 0.")
    status = serializers.IntegerField(
        help_text="Status that a submit of this job alone would get: 202, 400, 402 …"
    )
    job_id = serializers.UUIDField(required=False)
    error = serializers.DictField(
        required=False, help_text="Problem document; its pointers begin at the body of this job."
    )


class JobResultsOut(serializers.Serializer[dict[str, Any]]):
    results = JobResultOut(many=True, help_text="One for each job, in the order of the request.")
