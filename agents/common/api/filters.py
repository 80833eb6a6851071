"""Filters shared by the list endpoints."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import django_filters as filters
from django.core.exceptions import ValidationError
from django_filters.fields import IsoDateTimeField

from universes.api.filters import TRUE_OR_FALSE


class _InstantField(IsoDateTimeField):  # type: ignore[misc]
    def clean(self, value: Any) -> datetime | None:
        instant: datetime | None = super().clean(value)
        try:
            return instant and instant.astimezone(UTC)
        except OverflowError:
            # Valid with its offset, but out of range in UTC, which the databases compare.
            raise ValidationError(self.error_messages["invalid"], "invalid") from None


class InstantFilter(filters.IsoDateTimeFilter):  # type: ignore[misc]
    """Filter by an ISO 8601 timestamp; UTC if it has no offset."""

    field_class = _InstantField


class FlagFilter(filters.TypedChoiceFilter):  # type: ignore[misc]
    """Filter by true or false. The filter of django-filter ignores every other value instead of refusing it."""

    def __init__(self, **options: Any) -> None:
        super().__init__(choices=TRUE_OR_FALSE, coerce=lambda word: word == "true", **options)
