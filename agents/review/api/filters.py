"""Filters of the review queue."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

import django_filters as filters
from django.db.models import Q
from django.utils import timezone

from agents.choices import AgentType, ReviewState
from agents.common.api.filters import (
    ChoiceSetFilter,
    FilterSet,
    FlagFilter,
    IncludeFilter,
    InstantFilter,
    OrderingFilter,
)
from agents.models import GuestOpinion, ReviewDecision, ReviewItem
from agents.models.review.item import ReviewItemQuerySet, is_answered_by_guest
from universes import fulltext


class ReviewFilter(FilterSet):
    state = ChoiceSetFilter(choices=ReviewState.choices)
    agent_type = ChoiceSetFilter(choices=AgentType.choices)
    universe_id = filters.UUIDFilter()
    confidence_min = filters.NumberFilter(method="from_confidence")
    confidence_max = filters.NumberFilter(method="to_confidence")
    claim = filters.ChoiceFilter(
        choices=[
            ("mine", "Claimed by me or handed to me"),
            ("free", "Unclaimed, and handed to nobody"),
            ("taken", "Claimed"),
        ],
        method="by_claim",
        help_text="Open items by their current claim: those claimed by you or handed to you are `mine`, those that "
        "nobody has claimed and that were handed to nobody `free`, and those claimed by anybody `taken`.",
    )
    overdue = FlagFilter(method="by_due", help_text="Open items past their due time, or not.")
    asked_again = FlagFilter(method="by_chain", help_text="Whether the job is a follow-up of a review.")
    guests = FlagFilter(method="by_guests", help_text="Whether a guest has given an opinion on the item.")
    disputed = FlagFilter(method="by_dispute", help_text="Whether the item waits for a lead.")
    q = filters.CharFilter(
        method="with_words",
        max_length=200,
        help_text="Words, or beginnings of words, all of which are in the request or in the output.",
    )
    reason = filters.CharFilter(method="with_reason", help_text="The name of a signal.")

    class Meta:
        model = ReviewItem
        fields: list[str] = []

    def by_claim(self, items: ReviewItemQuerySet, name: str, value: str) -> ReviewItemQuerySet:
        now = timezone.now()
        if value == "mine":
            return items.of_reviewer(self.request.user, now)
        return items.free(now) if value == "free" else items.claimed(now)

    def by_due(self, items: ReviewItemQuerySet, name: str, value: bool) -> ReviewItemQuerySet:
        now = timezone.now()
        return items.overdue(now) if value else items.open().filter(due_at__gte=now)

    def by_chain(self, items: ReviewItemQuerySet, name: str, value: bool) -> ReviewItemQuerySet:
        return items.filter(job__follows__isnull=not value)

    def by_guests(self, items: ReviewItemQuerySet, name: str, value: bool) -> ReviewItemQuerySet:
        return items.filter(is_answered_by_guest() if value else ~is_answered_by_guest())

    def by_dispute(self, items: ReviewItemQuerySet, name: str, value: bool) -> ReviewItemQuerySet:
        return items.filter(disputed_at__isnull=not value)

    # A filter must not reveal the confidence of blind items.
    def from_confidence(self, items: ReviewItemQuerySet, name: str, value: Decimal) -> ReviewItemQuerySet:
        return items.unhidden().filter(confidence__gte=value)

    def to_confidence(self, items: ReviewItemQuerySet, name: str, value: Decimal) -> ReviewItemQuerySet:
        return items.unhidden().filter(confidence__lte=value)

    def with_words(self, items: ReviewItemQuerySet, name: str, value: str) -> ReviewItemQuerySet:
        return fulltext.matching(items, value, of="job")

    def with_reason(self, items: ReviewItemQuerySet, name: str, value: str) -> ReviewItemQuerySet:
        items = items.unhidden()
        # In any case, because SQLite's LIKE ignores it and both databases must agree. Codes are in lower case;
        # PostgreSQL has figures on the column, and none on the column in upper case.
        return items.filter(reason_codes__contains=f"|{value.lower()}|")


class ReviewListFilter(ReviewFilter):
    """Filters of the list alone: they choose what is shown, not which item is claimed next."""

    updated_since = InstantFilter(
        method="changed_since",
        help_text="Opened, claimed, answered by a guest, disputed, decided or undone at this moment or later.",
    )
    ordering = OrderingFilter(due_at=["due_at", "priority", "opened_at", "id"])
    include = IncludeFilter(input=["job__input_data"], output=["job__output_data"])

    def changed_since(self, items: ReviewItemQuerySet, name: str, moment: datetime) -> ReviewItemQuerySet:
        decided = ReviewDecision.objects.filter(Q(at__gte=moment) | Q(undone_at__gte=moment))
        return items.filter(
            Q(opened_at__gte=moment)
            | Q(closed_at__gte=moment)
            | Q(claimed_at__gte=moment)
            | Q(disputed_at__gte=moment)
            | Q(pk__in=decided.order_by().values("item"))
            | Q(pk__in=GuestOpinion.objects.filter(at__gte=moment).order_by().values("item"))
        )
