"""Insertion of rows by plain SQL.

``bulk_create`` prepares each row for any model and any database, which costs more than the insertion itself. This is
for tables that take several rows a job, whose values the application sets all itself.
"""

from __future__ import annotations

import functools
import json
import uuid
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django.db import connection, models
from psycopg.types.json import Jsonb


def insert(model: type[models.Model], rows: Sequence[models.Model]) -> None:
    """Insert unsaved rows together; the caller's rows are then stored ones, but for a generated key."""
    insert_all({model: rows})


def insert_all(rows_of: Mapping[type[models.Model], Sequence[models.Model]]) -> None:
    """Insert unsaved rows of several tables, on PostgreSQL in one round trip."""
    columns_of = {model: _columns(model, rows) for model, rows in rows_of.items() if rows}
    if not columns_of:
        return
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            statements = "; ".join(map(_array_statement, columns_of))
            cursor.execute(statements, [array(values) for of in columns_of.values() for values in of])
        else:
            for model, columns in columns_of.items():
                # A statement of SQLite has a limited number of values.
                places = ", ".join(["%s"] * len(columns))
                cursor.executemany(f"{_head(model)} VALUES ({places})", list(zip(*columns, strict=True)))
    for rows in rows_of.values():
        for row in rows:
            row._state.adding, row._state.db = False, connection.alias


def _columns(model: type[models.Model], rows: Sequence[models.Model]) -> list[list[Any]]:
    return [
        [field.get_db_prep_save(field.pre_save(row, add=True), connection) for row in rows]
        for field in _fields(model)
    ]


def take_back(model: type[models.Model], column: str, values: Collection[uuid.UUID]) -> None:
    """Delete rows that this transaction has inserted, to which no other rows refer."""
    places = ", ".join(["%s"] * len(values))
    prepared = [models.UUIDField().get_db_prep_value(value, connection) for value in values]
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {model._meta.db_table} WHERE {column} IN ({places})", prepared)  # noqa: S608


def array(values: list[Any]) -> list[Any]:
    """Return prepared values of one column as PostgreSQL takes them for ``array_place``: JSON as text."""
    return [(value.dumps or json.dumps)(value.obj) if isinstance(value, Jsonb) else value for value in values]


def array_place(field: models.Field[Any, Any]) -> str:
    """Return the placeholder of an array of values: the text of a statement is then the same for any number of rows."""
    kind = field.db_type(connection)
    if kind == "jsonb":
        return "%s::text[]::jsonb[]"
    # A cast to varchar(n) would cut a text that is too long, where the column refuses it.
    return "%s::text[]" if isinstance(field, models.CharField) else f"%s::{kind}[]"


@functools.cache
def _array_statement(model: type[models.Model]) -> str:
    places = ", ".join(map(array_place, _fields(model)))
    return f"{_head(model)} SELECT * FROM unnest({places})"  # noqa: S608


@functools.cache
def _head(model: type[models.Model]) -> str:
    columns = ", ".join(f'"{field.column}"' for field in _fields(model))
    return f'INSERT INTO "{model._meta.db_table}" ({columns})'


@functools.cache
def _fields(model: type[models.Model]) -> tuple[models.Field[Any, Any], ...]:
    return tuple(field for field in model._meta.concrete_fields if not isinstance(field, models.AutoField))
