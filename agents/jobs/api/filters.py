"""Filters of the job list."""

from __future__ import annotations

import django_filters as filters

from agents.choices import AgentType, JobStatus
from agents.common import visibility
from agents.common.api.filters import ChoiceSetFilter, FlagFilter, IncludeFilter, InstantFilter
from agents.models import AgentJob
from agents.models.jobs.job import AgentJobQuerySet


class JobFilter(filters.FilterSet):  # type: ignore[misc]
    universe_id = filters.UUIDFilter()
    agent_type = ChoiceSetFilter(choices=AgentType.choices)
    status = ChoiceSetFilter(choices=JobStatus.choices)
    human_review_required = FlagFilter(method="by_review")
    created_after = InstantFilter(
        field_name="created_at", lookup_expr="gte", help_text="Inclusive lower bound."
    )
    created_before = InstantFilter(
        field_name="created_at", lookup_expr="lt", help_text="Exclusive upper bound."
    )
    include = IncludeFilter(input=["input_data"], output=["output_data"])

    class Meta:
        model = AgentJob
        fields: list[str] = []

    def by_review(self, jobs: AgentJobQuerySet, name: str, value: bool) -> AgentJobQuerySet:
        return visibility.not_withheld(jobs.filter(human_review_required=value), self.request.user)
