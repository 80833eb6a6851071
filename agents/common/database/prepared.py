"""Queries whose text is made once a process: making it takes longer than the database takes to answer it."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable, Sequence
from typing import Any, Final

from django.db import connection
from django.db.models import QuerySet, UUIDField

_UUID: Final = UUIDField()


Parameter = uuid.UUID | str | int


class Prepared:
    """A query of ``values_list`` that is asked again and again with other values.

    ``build`` gets a placeholder for each value, of the same type, and passes each on to the query unchanged, at least
    once. No other parameter of the query equals a placeholder.
    """

    def __init__(self, build: Callable[..., QuerySet[Any, Any]], placeholders: Sequence[Parameter]) -> None:
        self._build = build
        self._placeholders = placeholders
        self._lock = threading.Lock()
        # By the kind of database.
        self._made: dict[str, tuple[Any, str, list[Any], Any]] = {}

    def rows(self, *values: Parameter) -> list[Sequence[Any]]:
        query, sql, slots, converters = self._made.get(connection.vendor) or self._make()
        adapted = values if connection.features.has_native_uuid_field else [*map(_adapted, values)]
        params = [adapted[slot] if isinstance(slot, _Slot) else slot for slot in slots]
        with connection.cursor() as cursor:
            cursor.execute(sql, params)
            found = cursor.fetchall()
        compiler = query.get_compiler(connection=connection)
        return list(compiler.apply_converters(found, converters)) if converters else found

    def _make(self) -> tuple[Any, str, list[Any], Any]:
        with self._lock:
            query = self._build(*self._placeholders).query
            compiler = query.get_compiler(connection=connection)
            sql, params = compiler.as_sql()
            slot_of = {_adapted(value): _Slot(number) for number, value in enumerate(self._placeholders)}
            slots = [
                slot_of.get(param, param) if isinstance(param, (uuid.UUID, str, int)) else param
                for param in params
            ]
            missing = set(slot_of.values()).difference(slot for slot in slots if isinstance(slot, _Slot))
            if missing:
                raise ValueError(f"The query does not use its placeholders {sorted(missing)}.")
            expressions = [column[0] for column in compiler.select[: compiler.col_count]]
            made = (query, sql, slots, compiler.get_converters(expressions))
            self._made[connection.vendor] = made
            return made


class _Slot(int):
    """The position of a value, where a parameter of the query stands for it."""


def _adapted(value: Parameter) -> Any:
    return _UUID.get_db_prep_value(value, connection) if isinstance(value, uuid.UUID) else value
