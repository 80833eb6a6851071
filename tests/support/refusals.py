"""Helpers to test constraints in the database itself."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import IntegrityError, models, transaction


def refuses(change: Callable[[], object]) -> Any:
    """Return the database's error, or None, and keep the transaction usable."""
    try:
        with transaction.atomic():
            change()
    except IntegrityError as error:
        return str(error)
    return None


def rows_of(model: type[models.Model], **values: Any) -> Callable[[], int]:
    """Return a function that sets the values in all rows of a table."""
    return lambda: model._default_manager.update(**values)
