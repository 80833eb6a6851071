"""Serializers of schedules."""

from __future__ import annotations

from rest_framework import serializers

from agents.models import GenerationSchedule
from universes.api.strict import (
    StrictBooleanField,
    StrictCharField,
    StrictSerializer,
    StrictUUIDField,
)


class ScheduleIn(StrictSerializer):
    name = StrictCharField(max_length=200)
    universe_id = StrictUUIDField()
    agent_type = StrictCharField(max_length=32)
    input_data = serializers.DictField()
    crontab = StrictCharField(max_length=100, help_text="Minute, hour, day, month, weekday: `0 9 * * 1`.")
    time_zone = StrictCharField(max_length=64, default="UTC")
    enabled = StrictBooleanField(default=True)


class SchedulePatch(StrictSerializer):
    name = StrictCharField(max_length=200, required=False)
    agent_type = StrictCharField(max_length=32, required=False)
    input_data = serializers.DictField(required=False)
    crontab = StrictCharField(max_length=100, required=False)
    time_zone = StrictCharField(max_length=64, required=False)
    enabled = StrictBooleanField(required=False)


class ScheduleOut(serializers.ModelSerializer[GenerationSchedule]):
    universe_id = serializers.UUIDField()
    owner = serializers.CharField(source="owner.username")
    input_data = serializers.DictField()
    last_job_id = serializers.UUIDField(allow_null=True)

    class Meta:
        model = GenerationSchedule
        fields = [
            "id",
            "name",
            "owner",
            "universe_id",
            "agent_type",
            "input_data",
            "crontab",
            "time_zone",
            "enabled",
            "disabled_reason",
            "next_run_at",
            "last_run_at",
            "last_job_id",
            "consecutive_failures",
            "created_at",
            "updated_at",
        ]
        read_only_fields = fields
