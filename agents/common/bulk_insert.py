"""Insertion of rows by plain SQL.

``bulk_create`` prepares each row for any model and any database, which costs more than the insertion itself. This is
for tables that take several rows a job, whose values the application sets all itself.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import Any

from django.db import connection, models


def insert(model: type[models.Model], rows: Sequence[models.Model]) -> None:
    """Insert unsaved rows in one statement, without reading generated keys back."""
    if not rows:
        return
    fields, head = _statement(model)
    place = f"({', '.join(['%s'] * len(fields))})"
    values = [
        field.get_db_prep_save(field.pre_save(row, add=True), connection) for row in rows for field in fields
    ]
    with connection.cursor() as cursor:
        cursor.execute(f"{head} {', '.join([place] * len(rows))}", values)


@functools.cache
def _statement(model: type[models.Model]) -> tuple[tuple[models.Field[Any, Any], ...], str]:
    """Return the fields to insert and the statement up to its values."""
    fields = tuple(field for field in model._meta.concrete_fields if not isinstance(field, models.AutoField))
    columns = ", ".join(f'"{field.column}"' for field in fields)
    return fields, f'INSERT INTO "{model._meta.db_table}" ({columns}) VALUES'
