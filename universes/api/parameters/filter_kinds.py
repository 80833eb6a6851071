"""Kinds of query filters; an invalid value is a 400 that names its parameter."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import django_filters
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django_filters.fields import BaseCSVField, IsoDateTimeField

from universes import fulltext, limits

TRUE_OR_FALSE = (("true", "true"), ("false", "false"))


# An offset whose plus sign was not escaped in the address, where it means a space.
_UNESCAPED_OFFSET = re.compile(r"(?<=\d) (?=\d\d:?\d\d$)")


# django-filter has no type stubs.
class FilterSet(django_filters.FilterSet):  # type: ignore[misc]
    """django-filter's set, which makes copies, fields and a form of only those filters that the query names.

    The others leave the rows as they are, but for those with ``acts_without_value``. No filter here is required.
    """

    base_filters: dict[str, Any]

    def __init__(self, data: Any = None, *args: Any, **options: Any) -> None:
        every = type(self).base_filters
        # The attribute of the object hides that of the class.
        self.base_filters = {name: every[name] for name in data or () if name in every}
        self._unnamed = [each for name, each in every.items() if name not in self.base_filters]
        super().__init__(data, *args, **options)

    def filter_queryset(self, queryset: Any) -> Any:
        rows = super().filter_queryset(queryset)
        for each in self._unnamed:
            if getattr(each, "acts_without_value", False):
                rows = each.filter(rows, None)
        return rows


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


class _ChoiceSetField(BaseCSVField):  # type: ignore[misc]
    def clean(self, value: Any) -> Any:
        if value and not all(value):
            raise ValidationError("There is a comma with nothing beside it.", "empty_choice")
        return super().clean(value)


class ChoiceSetFilter(django_filters.BaseInFilter, django_filters.ChoiceFilter):  # type: ignore[misc]
    """Filter by one choice or by several, such as ``failed,pending``."""

    base_field_class = _ChoiceSetField

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"help_text": "One value, or several with commas between them.", **options})


class IncludeFilter(ChoiceSetFilter):
    """Filter of columns: ``?include=input,output`` reads these parts of the rows, which lists leave out otherwise.

    ``columns`` names the columns of each part; see ``universes.api.parameters.light`` for the fields.
    """

    acts_without_value = True

    def __init__(self, **columns: Sequence[str]) -> None:
        self.columns = columns
        super().__init__(
            choices=[(part, part) for part in columns],
            help_text="Large parts of the rows, which are left out otherwise.",
        )

    def filter(self, rows: QuerySet[Any], included: Sequence[str] | None) -> QuerySet[Any]:
        wanted = {column for part in included or () for column in self.columns[part]}
        large = {column for columns in self.columns.values() for column in columns}
        return rows.defer(*sorted(large - wanted))


class WordsFilter(django_filters.CharFilter):  # type: ignore[misc]
    """Full-text filter: ``?q=salt pan`` finds the rows with words that begin with these, whatever their case."""

    def __init__(self, looks_in: str, **options: Any) -> None:
        help_text = f"Words, or beginnings of words, all of which {looks_in}."
        super().__init__(max_length=limits.NAME, help_text=help_text, **options)

    def filter(self, rows: QuerySet[Any], words: str) -> QuerySet[Any]:
        return fulltext.matching(rows, words) if words else rows


class OrderingFilter(django_filters.ChoiceFilter):  # type: ignore[misc]
    """Order of a list: ``?ordering=name``, or ``-name`` for the reverse.

    ``orders`` has the columns of each order, the last of which tells all rows apart; none may be null.
    """

    def __init__(self, **orders: Sequence[str]) -> None:
        self.orders = orders
        super().__init__(
            choices=[(word, word) for name in orders for word in (name, f"-{name}")],
            help_text="`-` reverses the order.",
        )

    def filter(self, rows: QuerySet[Any], ordering: str) -> QuerySet[Any]:
        if not ordering:
            return rows
        sign = "-" if ordering.startswith("-") else ""
        return rows.order_by(*(sign + column for column in self.orders[ordering.removeprefix("-")]))
