"""How the review queue can be narrowed down."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.http import HttpRequest

from agents.choices import ReviewState
from agents.engine.confidence import SIGNAL_WEIGHTS
from agents.models import ReviewItem
from agents.querysets import ReviewItemQuerySet


class StateFilter(admin.SimpleListFilter):
    """Open items unless something else is asked for."""

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

    # name: shown, from (included), up to (not included)
    RANGES = {
        "lowest": ("below 0.25", 0.0, 0.25),
        "low": ("0.25 to 0.50", 0.25, 0.5),
        "middle": ("0.50 to 0.75", 0.5, 0.75),
        "high": ("0.75 and more", 0.75, 1.01),
    }

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(name, shown) for name, (shown, _, _) in self.RANGES.items()]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        chosen = self.RANGES.get(self.value() or "")
        if chosen is None:
            return queryset
        _, low, high = chosen
        return queryset.filter(confidence__gte=low, confidence__lt=high)


class ReasonFilter(admin.SimpleListFilter):
    """By the signals that were less than good."""

    title = "reason"
    parameter_name = "reason"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(name, name.replace("_", " ").capitalize()) for name in SIGNAL_WEIGHTS]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        name = self.value()
        return queryset.filter(reason_codes__contains=f"|{name}|") if name in SIGNAL_WEIGHTS else queryset


class ReviewQueue(ChangeList):
    """The list without the columns that only the page shows: an output is long, and there are many."""

    def get_queryset(self, request: HttpRequest, exclude_parameters: Any = None) -> Any:
        found = super().get_queryset(request, exclude_parameters)
        return found.defer("job__output_data", "job__signals", "universe__description")


def after(items: ReviewItemQuerySet, current: ReviewItem) -> ReviewItem | None:
    """The open item that follows ``current`` in the queue; from its end, the first one."""
    waiting = items.open().exclude(pk=current.pk).order_by("opened_at", "id")
    later = waiting.filter(opened_at__gt=current.opened_at) | waiting.filter(
        opened_at=current.opened_at, pk__gt=current.pk
    )
    return later.first() or waiting.first()
