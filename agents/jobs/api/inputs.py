"""Bodies of requests that submit jobs."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from agents.choices import AgentType, JobPriority
from universes.api.bodies.strict import (
    StrictBooleanField,
    StrictCharField,
    StrictChoiceField,
    StrictIntegerField,
    StrictSerializer,
    StrictUUIDField,
)

# Variants of one request.
MAX_VARIANTS = 4

# Jobs that can be submitted together.
MAX_JOBS = 1000


class JobEntryIn(StrictSerializer):
    """Job among many that are submitted together."""

    agent_type = StrictCharField(max_length=32, help_text=f"One of: {', '.join(AgentType.values)}.")
    universe_id = StrictUUIDField(
        required=False,
        allow_null=True,
        help_text="Universe that the agent works in; you must be its editor or owner.",
    )
    input_data = serializers.DictField(help_text="Input of the agent; its fields depend on the agent.")
    priority = StrictChoiceField(
        JobPriority.choices,
        default=JobPriority.NORMAL,
        help_text="`batch`: the job may take hours and costs half; without batches it is processed at once.",
    )
    reuse = StrictBooleanField(
        required=False,
        help_text="Accept an earlier output for exactly the same request: no call, no cost, no new canon entry.",
    )


class JobIn(JobEntryIn):
    variants = StrictIntegerField(
        required=False,
        min_value=2,
        max_value=MAX_VARIANTS,
        help_text="Submit the request this many times; a reviewer chooses one of the outputs. Not with `dry_run`.",
    )
    dry_run = StrictBooleanField(
        required=False, help_text="Only estimate the price and the chance of a review; nothing is stored."
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if attrs.get("dry_run") and "variants" in attrs:
            raise serializers.ValidationError(
                {"variants": "An estimate is for one output: leave this out, and multiply."},
                "not_with_dry_run",
            )
        return attrs


@extend_schema_field(JobEntryIn(many=True))
class JobEntries(serializers.ListField):
    """Jobs, each of which the view validates by itself, so that an invalid one does not spoil the others."""


class JobsIn(StrictSerializer):
    jobs = JobEntries(
        min_length=1, max_length=MAX_JOBS, help_text=f"Jobs as for a single submit, at most {MAX_JOBS}."
    )
    atomic = StrictBooleanField(default=False, help_text="All or none: a refused job refuses the others.")
