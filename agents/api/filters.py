"""The filters of the lists."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import django_filters as filters
from django.core.exceptions import ValidationError
from django.utils import timezone
from django_filters.fields import IsoDateTimeField

from agents.choices import AgentType, JobStatus, ReviewState
from agents.models import AgentJob, GenerationSchedule, ReviewItem
from agents.querysets import AgentJobQuerySet, ReviewItemQuerySet
from agents.services import blindness
from universes.api.filters import TRUE_OR_FALSE


class _InstantField(IsoDateTimeField):  # type: ignore[misc]
    def clean(self, value: Any) -> datetime | None:
        instant: datetime | None = super().clean(value)
        try:
            return instant and instant.astimezone(UTC)
        except OverflowError:
            # Within the calendar where it was written, outside it in UTC: databases could not compare it.
            raise ValidationError(self.error_messages["invalid"], "invalid") from None


class InstantFilter(filters.IsoDateTimeFilter):  # type: ignore[misc]
    """A moment in ISO 8601; UTC where it names no offset."""

    field_class = _InstantField


class FlagFilter(filters.TypedChoiceFilter):  # type: ignore[misc]
    """true or false. (django-filter's own takes every other word for "not asked".)"""

    def __init__(self, **options: Any) -> None:
        super().__init__(choices=TRUE_OR_FALSE, coerce=lambda word: word == "true", **options)


class JobFilter(filters.FilterSet):  # type: ignore[misc]
    universe_id = filters.UUIDFilter()
    agent_type = filters.ChoiceFilter(choices=AgentType.choices)
    status = filters.ChoiceFilter(choices=JobStatus.choices)
    human_review_required = FlagFilter(method="by_review")
    created_after = InstantFilter(field_name="created_at", lookup_expr="gte", help_text="From it on.")
    created_before = InstantFilter(field_name="created_at", lookup_expr="lt", help_text="Without it.")

    class Meta:
        model = AgentJob
        fields: list[str] = []

    def by_review(self, jobs: AgentJobQuerySet, name: str, value: bool) -> AgentJobQuerySet:
        return blindness.not_withheld(jobs.filter(human_review_required=value), self.request.user)


class ReviewFilter(filters.FilterSet):  # type: ignore[misc]
    state = filters.ChoiceFilter(choices=ReviewState.choices)
    agent_type = filters.ChoiceFilter(choices=AgentType.choices)
    universe_id = filters.UUIDFilter()
    confidence_min = filters.NumberFilter(method="from_confidence")
    confidence_max = filters.NumberFilter(method="to_confidence")
    claim = filters.ChoiceFilter(
        choices=[
            ("mine", "Held by me or handed to me"),
            ("free", "Held by nobody"),
            ("taken", "Held by somebody"),
        ],
        method="by_claim",
        help_text="Open items by who holds them now.",
    )
    overdue = FlagFilter(method="by_due", help_text="Open items whose time is over, or is not.")
    asked_again = FlagFilter(method="by_chain", help_text="Whether a reviewer had the work done again.")
    disputed = FlagFilter(method="by_dispute", help_text="Whether a lead has to settle it.")
    reason = filters.CharFilter(method="with_reason", help_text="The name of a signal.")

    class Meta:
        model = ReviewItem
        fields: list[str] = []

    def by_claim(self, items: ReviewItemQuerySet, name: str, value: str) -> ReviewItemQuerySet:
        now = timezone.now()
        if value == "mine":
            return items.of_reviewer(self.request.user, now)
        return items.unclaimed(now) if value == "free" else items.claimed(now)

    def by_due(self, items: ReviewItemQuerySet, name: str, value: bool) -> ReviewItemQuerySet:
        now = timezone.now()
        return items.overdue(now) if value else items.open().filter(due_at__gte=now)

    def by_chain(self, items: ReviewItemQuerySet, name: str, value: bool) -> ReviewItemQuerySet:
        return items.filter(job__follows__isnull=not value)

    def by_dispute(self, items: ReviewItemQuerySet, name: str, value: bool) -> ReviewItemQuerySet:
        return items.filter(disputed_at__isnull=not value)

    # What is hidden must not be found out by asking for it.
    def from_confidence(self, items: ReviewItemQuerySet, name: str, value: Decimal) -> ReviewItemQuerySet:
        return items.unhidden().filter(confidence__gte=value)

    def to_confidence(self, items: ReviewItemQuerySet, name: str, value: Decimal) -> ReviewItemQuerySet:
        return items.unhidden().filter(confidence__lte=value)

    def with_reason(self, items: ReviewItemQuerySet, name: str, value: str) -> ReviewItemQuerySet:
        items = items.unhidden()
        # In any case, because SQLite's LIKE cannot do otherwise and the databases must agree.
        return items.filter(reason_codes__icontains=f"|{value}|")


class ScheduleFilter(filters.FilterSet):  # type: ignore[misc]
    universe_id = filters.UUIDFilter()
    agent_type = filters.ChoiceFilter(choices=AgentType.choices)
    enabled = FlagFilter()

    class Meta:
        model = GenerationSchedule
        fields: list[str] = []
