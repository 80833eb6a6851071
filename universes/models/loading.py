"""Rows that are loaded without the detours of Django's constructor."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, Self

from django.db import models
from django.db.models.base import ModelState


class DirectlyLoaded(models.Model):
    """Mixin for models of long lists: a row from the database gets its columns at once.

    Django passes them one after the other through a constructor that is made for new rows, and looks for those that
    were not read. The signals ``pre_init`` and ``post_init`` are not sent.
    """

    class Meta:
        abstract = True

    @classmethod
    def from_db(
        cls, db: str | None, field_names: Collection[str], values: Collection[Any], **options: Any
    ) -> Self:
        row = cls.__new__(cls)
        # What is not here is read when it is asked for.
        row.__dict__.update(zip(field_names, values, strict=True))
        row._state = ModelState()
        row._state.adding, row._state.db = False, db
        return row
