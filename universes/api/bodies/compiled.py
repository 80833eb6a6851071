"""Output serializers that work out once a process how each field is read and shown.

Django REST framework copies every declared field for every serializer object, so for each nested object of each row,
and walks through several methods for each value. The bodies here are the same; the fields, which the OpenAPI schema is
made from, stay the only description of them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from types import SimpleNamespace
from typing import Any, ClassVar, Final, NamedTuple, TypeVar

from django.core.exceptions import ObjectDoesNotExist
from django.db.models.manager import BaseManager
from rest_framework import fields, serializers

Row = TypeVar("Row")

Convert = Callable[[Any], Any]
# Reads and shows one field of a row; raises ``SkipField`` for one that the row does not have.
Show = Callable[["CompiledOut", Any], Any]

_UNREAD: Final = object()
_MISSING: Final = (AttributeError, LookupError, ObjectDoesNotExist)

_PLAIN: Final = {
    fields.BooleanField: bool,
    fields.CharField: str,
    fields.FloatField: float,
    fields.IntegerField: int,
    fields.URLField: str,
}

# The view of a serializer that is asked for all of its fields.
_ALL_FIELDS: Final = SimpleNamespace(swagger_fake_view=True)


class _Planned(NamedTuple):
    """Way to show a field: the converted value of ``source``, or by ``show`` where there is no such value."""

    name: str
    source: str | None
    # The type whose values are shown as they are.
    plain: type | None
    convert: Convert
    show: Show


class CompiledOut(serializers.BaseSerializer[Any]):
    """Mixin for the serializers of answers, to be named before DRF's class.

    A nested serializer with it has no context, except in a list that is serialized by itself.
    """

    _plan: ClassVar[tuple[_Planned, ...] | None] = None

    @property
    def hidden_fields(self) -> frozenset[str]:
        """The names of fields that are not shown."""
        return frozenset()

    def to_representation(self, instance: Any) -> dict[str, Any]:
        hidden_fields = self.hidden_fields
        is_mapping = isinstance(instance, Mapping)
        shown = {}
        for name, source, plain, convert, show in self._compiled():
            if name in hidden_fields:
                continue
            if source is None:
                value = _UNREAD
            else:
                try:
                    value = instance[source] if is_mapping else getattr(instance, source)
                except _MISSING:
                    value = _UNREAD
            if value is None or type(value) is plain:
                shown[name] = value
            elif value is not _UNREAD and not callable(value):
                shown[name] = convert(value)
            else:
                try:
                    shown[name] = show(self, instance)
                except fields.SkipField:
                    continue
        return shown

    @classmethod
    def show(cls, instance: Any) -> dict[str, Any]:
        """Return what a serializer without a context shows."""
        shown: dict[str, Any] = cls().to_representation(instance)
        return shown

    @classmethod
    def _compiled(cls) -> tuple[_Planned, ...]:
        plan = cls.__dict__.get("_plan")
        if plan is None:
            pattern: Any = cls(context={"view": _ALL_FIELDS})
            plan = tuple(map(_planned, pattern._readable_fields))
            cls._plan = plan
        return plan


def _planned(field: Any) -> _Planned:
    convert = _converter(field)
    plan = partial(_Planned, field.field_name, plain=_PLAIN.get(type(field)), convert=convert)
    if isinstance(field, serializers.SerializerMethodField):
        method = field.method_name
        return plan(source=None, show=lambda serializer, row: getattr(serializer, method)(row))
    if type(field).get_attribute is not fields.Field.get_attribute or field.source == "*":
        return plan(source=None, show=lambda _, row: _unless_none(field.get_attribute(row), convert))
    if len(field.source_attrs) > 1:
        return plan(source=None, show=lambda _, row: _unless_none(_attribute(field, row), convert))
    # By the rules for defaults, optional fields, related rows that are missing, and methods.
    return plan(
        source=field.source_attrs[0],
        show=lambda _, row: _unless_none(field.get_attribute(row), convert),
    )


def _attribute(field: Any, row: Any) -> Any:
    """Follow a dotted source; None on the way ends it as a missing attribute does."""
    value = row
    for source in field.source_attrs:
        if value is None and field.default is not fields.empty and not callable(field.default):
            # The usual case of a related row that there is not, such as the decision of an open item.
            return field.default
        try:
            value = value[source] if isinstance(value, Mapping) else getattr(value, source)
        except _MISSING:
            return field.get_attribute(row)
    return _called(field, row, value)


def _called(field: Any, row: Any, value: Any) -> Any:
    """Read a field whose source is a method; managers can be called, but are meant as they are."""
    return field.get_attribute(row) if callable(value) and not isinstance(value, BaseManager) else value


def _unless_none(value: Any, convert: Callable[[Any], Any]) -> Any:
    return None if value is None else convert(value)


def _converter(field: Any) -> Callable[[Any], Any]:
    """Return what ``field.to_representation`` does, without its detours."""
    if isinstance(field, serializers.ListSerializer) and isinstance(field.child, CompiledOut):
        child = field.child
        return lambda rows: [
            child.to_representation(row) for row in (rows.all() if isinstance(rows, BaseManager) else rows)
        ]
    kind = type(field)
    if kind in (fields.CharField, fields.UUIDField, fields.URLField) and _is_plain(field):
        return str
    if kind is fields.DateTimeField and _is_plain(field):
        return partial(_instant, field)
    if kind is fields.ChoiceField:
        values = field.choice_strings_to_values
        return lambda choice: choice if choice == "" else values.get(str(choice), choice)
    if kind is fields.DictField and type(field.child) is fields._UnvalidatedField:
        # Keys of JSON are texts.
        return dict
    convert: Callable[[Any], Any] = field.to_representation
    return convert


def _is_plain(field: Any) -> bool:
    return (
        getattr(field, "format", None) is None
        and getattr(field, "uuid_format", "hex_verbose") == "hex_verbose"
    )


def _instant(field: Any, at: Any) -> Any:
    """Show an instant in UTC, as the database gives it."""
    if isinstance(at, datetime):
        text = at.isoformat()
        if text.endswith("+00:00"):
            return f"{text[:-6]}Z"
    return field.to_representation(at)
