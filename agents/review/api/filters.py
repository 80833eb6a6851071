"""Filters of the review queue."""

from __future__ import annotations

from decimal import Decimal

import django_filters as filters
from django.utils import timezone

from agents.choices import AgentType, ReviewState
from agents.common.api.filters import FlagFilter
from agents.models import ReviewItem
from agents.models.review import ReviewItemQuerySet


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
