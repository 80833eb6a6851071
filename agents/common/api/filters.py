"""The filters of the lists."""

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
            # Within the calendar where it was written, outside it in UTC: databases could not compare it.
            raise ValidationError(self.error_messages["invalid"], "invalid") from None


class InstantFilter(filters.IsoDateTimeFilter):  # type: ignore[misc]
    """A moment in ISO 8601; UTC where it names no offset."""

    field_class = _InstantField


class FlagFilter(filters.TypedChoiceFilter):  # type: ignore[misc]
    """true or false. (django-filter's own takes every other word for "not asked".)"""

    def __init__(self, **options: Any) -> None:
        super().__init__(choices=TRUE_OR_FALSE, coerce=lambda word: word == "true", **options)
