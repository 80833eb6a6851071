"""Filters of the job list."""

from __future__ import annotations

from datetime import datetime, timedelta

import django_filters as filters
from django.conf import settings
from django.db.models import Q

from agents.choices import AgentType, JobOutcome, JobStatus
from agents.common import visibility
from agents.common.api.filters import (
    ChoiceSetFilter,
    FilterSet,
    FlagFilter,
    IncludeFilter,
    InstantFilter,
    OrderingFilter,
    WordsFilter,
)
from agents.models import AgentJob, AgentJobEvent, ReviewDecision
from agents.models.jobs.job import AgentJobQuerySet
from agents.models.jobs.states import UNFINISHED


class JobFilter(FilterSet):
    universe_id = filters.UUIDFilter()
    agent_type = ChoiceSetFilter(choices=AgentType.choices)
    status = ChoiceSetFilter(choices=JobStatus.choices)
    outcome = ChoiceSetFilter(choices=JobOutcome.choices, method="by_outcome")
    human_review_required = FlagFilter(method="by_review")
    created_after = InstantFilter(
        field_name="created_at", lookup_expr="gte", help_text="Inclusive lower bound."
    )
    created_before = InstantFilter(
        field_name="created_at", lookup_expr="lt", help_text="Exclusive upper bound."
    )
    updated_since = InstantFilter(
        method="changed_since",
        help_text="Submitted, retried, started, finished or decided at this moment or later.",
    )
    q = WordsFilter("are in the request or in the output")
    ordering = OrderingFilter(created_at=["created_at", "id"])
    include = IncludeFilter(input=["input_data"], output=["output_data"], result=["output_data"])

    class Meta:
        model = AgentJob
        fields: list[str] = []

    def by_outcome(self, jobs: AgentJobQuerySet, name: str, values: list[str]) -> AgentJobQuerySet:
        return visibility.not_withheld(jobs.filter(outcome__in=values), self.request.user)

    def by_review(self, jobs: AgentJobQuerySet, name: str, value: bool) -> AgentJobQuerySet:
        waits = Q(outcome=JobOutcome.AWAITING_REVIEW)
        return visibility.not_withheld(jobs.filter(waits if value else ~waits), self.request.user)

    def changed_since(self, jobs: AgentJobQuerySet, name: str, moment: datetime) -> AgentJobQuerySet:
        # A job has no column for its last change: each of these reads an index, and no step of a job has to write one.
        events = AgentJobEvent.objects.filter(job__status__in=UNFINISHED, at__gte=moment)
        recent = ReviewDecision.objects.filter(at__gte=moment - timedelta(seconds=settings.REVIEW_UNDO_S))
        decisions = recent.filter(Q(at__gte=moment) | Q(undone_at__gte=moment))
        changed = AgentJob.objects.filter(created_at__gte=moment).order_by().values("pk")
        return jobs.filter(
            pk__in=changed.union(
                AgentJob.objects.filter(completed_at__gte=moment).order_by().values("pk"),
                events.order_by().values("job"),
                decisions.order_by().values("item__job"),
            )
        )
