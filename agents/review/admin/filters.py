"""Filters of the review queue in the admin."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.contrib.auth.models import User
from django.db.models import Exists, OuterRef, Q
from django.http import HttpRequest
from django.utils.safestring import SafeString

from agents.choices import ReviewState
from agents.engine.confidence.signals import SIGNAL_WEIGHTS
from agents.models import ReviewDecision

# Blind items: no filter and no order may reveal their confidence or reasons.
HIDDEN = Q(is_blind=True, state=ReviewState.OPEN)
# The length of the list to choose from; any name works in the URL.
MAX_REVIEWERS = 50


def state_of(query: Mapping[str, str]) -> str:
    """Return the state that a query string selects; open by default."""
    return query.get(StateFilter.parameter_name, ReviewState.OPEN)


class StateFilter(admin.SimpleListFilter):
    """Filter by state, with open items as the default."""

    title = "state"
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(ReviewState.OPEN, "Open"), (ReviewState.CLOSED, "Closed"), ("all", "All")]

    def choices(self, changelist: ChangeList) -> Iterator[Any]:
        for value, title in self.lookup_choices:
            yield {
                "selected": str(value) == (self.value() or ReviewState.OPEN),
                "query_string": changelist.get_query_string(
                    {} if value == ReviewState.OPEN else {self.parameter_name: str(value)},
                    [self.parameter_name],
                ),
                "display": title,
            }

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        match self.value():
            case "all":
                return queryset
            case ReviewState.CLOSED:
                return queryset.filter(state=ReviewState.CLOSED)
            case _:
                return queryset.open()


class ConfidenceFilter(admin.SimpleListFilter):
    title = "confidence"
    parameter_name = "confidence"

    # name: (label, inclusive lower bound, exclusive upper bound)
    RANGES = {
        "lowest": ("below 0.25", 0.0, 0.25),
        "low": ("0.25 to 0.50", 0.25, 0.5),
        "middle": ("0.50 to 0.75", 0.5, 0.75),
        "high": ("0.75 or more", 0.75, 1.01),
    }

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(name, label) for name, (label, _, _) in self.RANGES.items()]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        chosen = self.RANGES.get(self.value() or "")
        if chosen is None:
            return queryset
        _, low, high = chosen
        return queryset.filter(~HIDDEN, confidence__gte=low, confidence__lt=high)


class ReasonFilter(admin.SimpleListFilter):
    """Filter by weak signals."""

    title = "weak signal"
    parameter_name = "reason"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(name, name.replace("_", " ").capitalize()) for name in SIGNAL_WEIGHTS]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        name = self.value()
        if name not in SIGNAL_WEIGHTS:
            return queryset
        return queryset.filter(~HIDDEN, reason_codes__contains=f"|{name}|")


class ReviewerFilter(admin.SimpleListFilter):
    """Filter closed items by reviewer."""

    title = "reviewer"
    parameter_name = "reviewer"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        if state_of(request.GET) == ReviewState.OPEN:
            return []
        decisions = ReviewDecision.objects.filter(by=OuterRef("pk"))
        names = User.objects.filter(Exists(decisions)).order_by("username").values_list("username", flat=True)
        return [(name, name) for name in names[:MAX_REVIEWERS]]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        name = self.value()
        if not name:
            return queryset
        own = ReviewDecision.objects.in_force().filter(item=OuterRef("pk"), by__username=name)
        return queryset.filter(Exists(own), state=ReviewState.CLOSED)


class UniverseFilter(admin.RelatedOnlyFieldListFilter):
    """Django's filter with a label for items without a universe."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.empty_value_display = SafeString("no universe")

    def field_choices(self, field: Any, request: HttpRequest, model_admin: Any) -> Any:
        # One item of each universe is looked up; Django reads the universes of all items.
        has_items = Exists(model_admin.get_queryset(request).filter(universe=OuterRef("pk")))
        ordering = self.field_admin_ordering(field, request, model_admin)
        return field.get_choices(include_blank=False, limit_choices_to=Q(has_items), ordering=ordering)
