"""Filters of the schedule list."""

from __future__ import annotations

import django_filters as filters

from agents.choices import AgentType
from agents.common.api.filters import (
    ChoiceSetFilter,
    FilterSet,
    FlagFilter,
    IncludeFilter,
    OrderingFilter,
    updated_since,
)
from agents.models import GenerationSchedule


class ScheduleFilter(FilterSet):
    universe_id = filters.UUIDFilter()
    agent_type = ChoiceSetFilter(choices=AgentType.choices)
    enabled = FlagFilter()
    updated_since = updated_since()
    ordering = OrderingFilter(
        created_at=["created_at", "id"], updated_at=["updated_at", "id"], name=["name", "id"]
    )
    include = IncludeFilter(input=["input_data"])

    class Meta:
        model = GenerationSchedule
        fields: list[str] = []
