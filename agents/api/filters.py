"""The filters of the lists."""

from __future__ import annotations

import django_filters as filters
from django.db.models import QuerySet

from agents.choices import AgentType, JobStatus, ReviewState
from agents.models import AgentJob, GenerationSchedule, ReviewItem


class JobFilter(filters.FilterSet):  # type: ignore[misc]
    universe_id = filters.UUIDFilter()
    agent_type = filters.ChoiceFilter(choices=AgentType.choices)
    status = filters.ChoiceFilter(choices=JobStatus.choices)
    human_review_required = filters.BooleanFilter()
    created_after = filters.IsoDateTimeFilter(field_name="created_at", lookup_expr="gte")
    created_before = filters.IsoDateTimeFilter(field_name="created_at", lookup_expr="lt")

    class Meta:
        model = AgentJob
        fields: list[str] = []


class ReviewFilter(filters.FilterSet):  # type: ignore[misc]
    state = filters.ChoiceFilter(choices=ReviewState.choices)
    agent_type = filters.ChoiceFilter(choices=AgentType.choices)
    universe_id = filters.UUIDFilter()
    confidence_min = filters.NumberFilter(field_name="confidence", lookup_expr="gte")
    confidence_max = filters.NumberFilter(field_name="confidence", lookup_expr="lte")
    reason = filters.CharFilter(method="with_reason", help_text="The name of a signal.")

    class Meta:
        model = ReviewItem
        fields: list[str] = []

    def with_reason(self, items: QuerySet[ReviewItem], name: str, value: str) -> QuerySet[ReviewItem]:
        return items.filter(reason_codes__contains=f"|{value}|")


class ScheduleFilter(filters.FilterSet):  # type: ignore[misc]
    universe_id = filters.UUIDFilter()
    agent_type = filters.ChoiceFilter(choices=AgentType.choices)
    enabled = filters.BooleanFilter()

    class Meta:
        model = GenerationSchedule
        fields: list[str] = []
