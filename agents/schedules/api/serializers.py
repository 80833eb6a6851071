"""Serializers of schedules."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from agents.billing.api.serializers import PreviewOut, PriceOut, limit_field
from agents.choices import OverlapPolicy
from agents.common.text.money import format_usd
from agents.models import GenerationSchedule
from agents.schedules import timetable
from universes.api.bodies.strict import (
    StrictBooleanField,
    StrictCharField,
    StrictChoiceField,
    StrictSerializer,
    StrictUUIDField,
)
from universes.api.parameters.light import LightRow

NEXT_RUNS = 5


def _month_limit() -> serializers.DecimalField:
    return limit_field(
        "US dollars that its jobs may cost in a calendar month, in UTC; runs beyond it are left out. Null: no limit.",
        required=False,
        allow_null=True,
    )


class ScheduleIn(StrictSerializer):
    name = StrictCharField(max_length=200)
    universe_id = StrictUUIDField()
    agent_type = StrictCharField(max_length=32)
    input_data = serializers.DictField()
    crontab = StrictCharField(
        max_length=100,
        help_text="Minute, hour, day, month, weekday (`0 9 * * 1`), or a name such as `@daily`.",
    )
    time_zone = StrictCharField(max_length=64, default="UTC", help_text="Such as `Europe/Rome`.")
    overlap = StrictChoiceField(
        OverlapPolicy.choices,
        default=OverlapPolicy.SKIP.value,
        help_text="If a job of an earlier run is not finished: skip the run, or submit another job.",
    )
    month_limit_usd = _month_limit()
    enabled = StrictBooleanField(default=True)
    dry_run = StrictBooleanField(
        required=False, help_text="Only tell the runs and the price of a month; nothing is stored."
    )


class SchedulePatch(StrictSerializer):
    name = StrictCharField(max_length=200, required=False)
    agent_type = StrictCharField(max_length=32, required=False)
    input_data = serializers.DictField(required=False)
    crontab = StrictCharField(max_length=100, required=False)
    time_zone = StrictCharField(max_length=64, required=False)
    overlap = StrictChoiceField(OverlapPolicy.choices, required=False)
    month_limit_usd = _month_limit()
    enabled = StrictBooleanField(required=False)


class SchedulePreviewOut(serializers.Serializer[dict[str, Any]]):
    """Runs of a schedule that is not stored, and their price."""

    dry_run = serializers.BooleanField()
    in_words = serializers.CharField(help_text="The timetable as a sentence.")
    next_runs = serializers.ListField(child=serializers.DateTimeField(), help_text="The next five runs.")
    runs_a_month = serializers.IntegerField(help_text="Number of runs in the next 30 days.")
    month_usd = PriceOut(allow_null=True, help_text="Price of these runs; null if the model has no price.")
    run = PreviewOut(help_text="Preview of one run.")


class ScheduleOut(serializers.ModelSerializer[GenerationSchedule]):
    universe_id = serializers.UUIDField()
    owner = serializers.CharField(source="owner.username")
    input_data = serializers.DictField()
    overlap = serializers.ChoiceField(choices=OverlapPolicy.choices)
    month_limit_usd = serializers.SerializerMethodField(
        help_text="US dollars that its jobs may cost in a month; null without a limit. "
        "`GET /agents/budgets` tells what is spent."
    )
    last_job_id = serializers.UUIDField(allow_null=True)
    in_words = serializers.SerializerMethodField(help_text="The timetable as a sentence.")
    next_runs = serializers.SerializerMethodField(help_text="The next five runs; none while it is paused.")
    last_skip_reason = serializers.CharField(help_text="Why the last skipped run was skipped.")

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
            "in_words",
            "overlap",
            "month_limit_usd",
            "enabled",
            "disabled_reason",
            "next_run_at",
            "next_runs",
            "last_run_at",
            "last_job_id",
            "last_skipped_at",
            "last_skip_reason",
            "consecutive_failures",
            "created_at",
            "updated_at",
        ]
        read_only_fields = fields

    def get_month_limit_usd(self, schedule: GenerationSchedule) -> str | None:
        limit_usd = schedule.month_limit_usd
        return None if limit_usd is None else format_usd(limit_usd)

    def get_in_words(self, schedule: GenerationSchedule) -> str:
        return timetable.in_words(schedule.crontab, schedule.time_zone)

    @extend_schema_field(serializers.ListField(child=serializers.DateTimeField()))
    def get_next_runs(self, schedule: GenerationSchedule) -> list[datetime]:
        if schedule.next_run_at is None:
            return []
        return timetable.runs_from(
            schedule.crontab, schedule.time_zone, schedule.next_run_at, count=NEXT_RUNS
        )


class ScheduleRowOut(LightRow, ScheduleOut):
    """A schedule in a list."""

    parts: ClassVar = {"input_data": "input"}
    input_data = serializers.DictField(required=False, help_text="Only with `include=input`.")
