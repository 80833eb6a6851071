"""Insertion of rows by plain SQL.

``bulk_create`` prepares each row for any model and any database, which costs more than the insertion itself. This is
for tables that take several rows a job, whose values the application sets all itself.
"""

from __future__ import annotations

import functools
import json
import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import connection, models


def insert(model: type[models.Model], rows: Sequence[models.Model]) -> None:
    """Insert unsaved rows together; the caller's rows are then stored ones, but for a generated key."""
    insert_all({model: rows})


def insert_all(rows_of: Mapping[type[models.Model], Sequence[models.Model]]) -> None:
    """Insert unsaved rows of several tables, on PostgreSQL in one round trip."""
    rows_of = {model: rows for model, rows in rows_of.items() if rows}
    if not rows_of:
        return
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            statements = "; ".join(map(_json_statement, rows_of))
            cursor.execute(statements, [_json_of(model, rows) for model, rows in rows_of.items()])
        else:
            for model, rows in rows_of.items():
                fields = _fields(model)
                # A statement of SQLite has a limited number of values.
                places = ", ".join(["%s"] * len(fields))
                values = [
                    [f.get_db_prep_save(f.pre_save(row, add=True), connection) for f in fields.values()]
                    for row in rows
                ]
                cursor.executemany(f"{_head(model)} VALUES ({places})", values)
    for rows in rows_of.values():
        for row in rows:
            row._state.adding, row._state.db = False, connection.alias


def take_back(model: type[models.Model], column: str, values: Collection[uuid.UUID]) -> None:
    """Delete rows that this transaction has inserted, to which no other rows refer."""
    places = ", ".join(["%s"] * len(values))
    prepared = [models.UUIDField().get_db_prep_value(value, connection) for value in values]
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {model._meta.db_table} WHERE {column} IN ({places})", prepared)  # noqa: S608


def as_json(records: Iterable[Mapping[str, Any]]) -> str:
    """Return records as the parameter of ``recordset``, which takes a fraction of the time of arrays."""
    return json.dumps(list(records), default=_as_text)


def recordset(columns: Mapping[str, str]) -> str:
    """Return a FROM clause ``r`` with a row for each record of a parameter; ``columns`` are the types by name."""
    described = ", ".join(f'"{column}" {kind}' for column, kind in columns.items())
    return f"json_to_recordset(%s) AS r ({described})"


def _as_text(value: Any) -> str:
    if isinstance(value, uuid.UUID | datetime | Decimal):
        return str(value)
    raise TypeError(f"{type(value).__name__} is no value of a row")


def _json_of(model: type[models.Model], rows: Sequence[models.Model]) -> str:
    fields = _fields(model)
    return as_json(
        {column: field.pre_save(row, add=True) for column, field in fields.items()} for row in rows
    )


@functools.cache
def _json_statement(model: type[models.Model]) -> str:
    # Here a text that is too long is an error; a cast to varchar(n) would cut it.
    rows = recordset({column: str(field.db_type(connection)) for column, field in _fields(model).items()})
    return f"{_head(model)} SELECT * FROM {rows}"  # noqa: S608


@functools.cache
def _head(model: type[models.Model]) -> str:
    columns = ", ".join(f'"{column}"' for column in _fields(model))
    return f'INSERT INTO "{model._meta.db_table}" ({columns})'


@functools.cache
def _fields(model: type[models.Model]) -> Mapping[str, models.Field[Any, Any]]:
    """Return the fields that the application sets, by column."""
    fields = [field for field in model._meta.concrete_fields if not isinstance(field, models.AutoField)]
    return {str(field.column): field for field in fields}
