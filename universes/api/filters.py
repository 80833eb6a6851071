"""Query filters of the lists; an invalid value is a 400 that names its parameter."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

import django_filters
from django.core.exceptions import ValidationError
from django_filters.fields import IsoDateTimeField

from universes import limits
from universes.choices import CanonStatus, ElementKind
from universes.fields import fold
from universes.models import Element, Membership, Scene
from universes.models.canon import CanonEntryQuerySet

TRUE_OR_FALSE = (("true", "true"), ("false", "false"))


# An offset whose plus sign was not escaped in the address, where it means a space.
_UNESCAPED_OFFSET = re.compile(r"(?<=\d) (?=\d\d:?\d\d$)")


# django-filter has no type stubs.
class _InstantField(IsoDateTimeField):  # type: ignore[misc]
    def clean(self, value: Any) -> datetime | None:
        if isinstance(value, str) and "T" in value:
            value = _UNESCAPED_OFFSET.sub("+", value)
        instant: datetime | None = super().clean(value)
        try:
            return instant and instant.astimezone(UTC)
        except OverflowError:
            # Valid with its offset, but out of range in UTC, which the databases compare.
            raise ValidationError(self.error_messages["invalid"], "invalid") from None


class InstantFilter(django_filters.IsoDateTimeFilter):  # type: ignore[misc]
    """Filter by an ISO 8601 timestamp; UTC if it has no offset."""

    field_class = _InstantField


def updated_since(field_name: str = "updated_at") -> InstantFilter:
    return InstantFilter(
        field_name=field_name, lookup_expr="gte", help_text="Changed at this moment or later."
    )


class UniverseFilter(django_filters.FilterSet):  # type: ignore[misc]
    archived = django_filters.TypedChoiceFilter(
        field_name="universe__archived", choices=TRUE_OR_FALSE, coerce=lambda word: word == "true"
    )
    updated_since = updated_since("universe__updated_at")

    class Meta:
        model = Membership
        fields: list[str] = []


class CanonEntryFilter(django_filters.FilterSet):  # type: ignore[misc]
    """Filters of canon entries; retired ones are listed only with ``canon_status=retired``."""

    canon_status = django_filters.ChoiceFilter(
        choices=CanonStatus.choices, help_text="Default: draft and canon."
    )
    origin_ref = django_filters.CharFilter(
        max_length=limits.ORIGIN_REF, method="from_origin", help_text="Id of the job that made the entry."
    )
    updated_since = updated_since()

    def from_origin(
        self, queryset: CanonEntryQuerySet[Any], name: str, value: str
    ) -> CanonEntryQuerySet[Any]:
        return queryset.from_origins([value])

    def filter_queryset(self, queryset: CanonEntryQuerySet[Any]) -> CanonEntryQuerySet[Any]:
        entries: CanonEntryQuerySet[Any] = super().filter_queryset(queryset)
        return entries if self.form.cleaned_data.get("canon_status") else entries.living()


class ElementFilter(CanonEntryFilter):
    kind = django_filters.ChoiceFilter(choices=ElementKind.choices)
    search = django_filters.CharFilter(
        max_length=limits.NAME,
        method="named_like",
        help_text="Part of the name, ignoring case, width and signs that show nothing.",
    )

    class Meta:
        model = Element
        fields: list[str] = []

    def named_like(self, queryset: CanonEntryQuerySet[Any], name: str, value: str) -> CanonEntryQuerySet[Any]:
        # Compare the folded key, because the databases fold letters outside ASCII differently.
        return queryset.filter(name_key__contains=fold(value))


class SceneFilter(CanonEntryFilter):
    class Meta:
        model = Scene
        fields: list[str] = []
