"""Filters shared by the list endpoints."""

from __future__ import annotations

from typing import Any

import django_filters as filters

from universes.api.parameters.filter_kinds import (
    TRUE_OR_FALSE,
    ChoiceSetFilter,
    FilterSet,
    IncludeFilter,
    InstantFilter,
    OrderingFilter,
    WordsFilter,
    updated_since,
)

__all__ = [
    "ChoiceSetFilter",
    "FilterSet",
    "FlagFilter",
    "IncludeFilter",
    "InstantFilter",
    "OrderingFilter",
    "WordsFilter",
    "updated_since",
]


class FlagFilter(filters.TypedChoiceFilter):  # type: ignore[misc]
    """Filter by true or false. The filter of django-filter ignores every other value instead of refusing it."""

    def __init__(self, **options: Any) -> None:
        super().__init__(choices=TRUE_OR_FALSE, coerce=lambda word: word == "true", **options)
