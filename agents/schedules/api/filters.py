"""Filters of the schedule list."""

from __future__ import annotations

import django_filters as filters

from agents.choices import AgentType
from agents.common.api.filters import FlagFilter
from agents.models import GenerationSchedule
from universes.api.filters import updated_since


class ScheduleFilter(filters.FilterSet):  # type: ignore[misc]
    universe_id = filters.UUIDFilter()
    agent_type = filters.ChoiceFilter(choices=AgentType.choices)
    enabled = FlagFilter()
    updated_since = updated_since()

    class Meta:
        model = GenerationSchedule
        fields: list[str] = []
