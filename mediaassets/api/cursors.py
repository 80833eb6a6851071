"""Cursors: opaque positions in an ordered list."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from operator import attrgetter
from typing import Any

from django.core.signing import BadSignature, Signer
from django.db.models import Model, Q, QuerySet
from rest_framework.request import Request

from universes.errors import FieldError, Invalid

# Parameters that may change from page to page: they select no other rows and no other order.
NOT_BOUND = frozenset({"cursor", "limit", "offset", "include"})


def encode(values: Sequence[Any], request: Request) -> str:
    """Return the cursor of a position, which counts only for this list with the same filters and the same order."""
    texts = [value.isoformat() if isinstance(value, datetime) else str(value) for value in values]
    return _signer(request).sign_object(texts)


def decode(cursor: str, request: Request) -> list[str]:
    """Return the texts that ``encode`` was given; raise ``Invalid`` for any other cursor."""
    try:
        texts: list[str] = _signer(request).unsign_object(cursor)
    except (BadSignature, ValueError):
        detail = "Take it from an answer to the same list, with the same filters and the same order."
        raise Invalid(
            "The query has invalid values.", [FieldError("?cursor", detail, "invalid_cursor")]
        ) from None
    return texts


def position_of(row: Model, order: Sequence[str]) -> list[Any]:
    """Return the values by which a row is ordered."""
    return [attrgetter(name.removeprefix("-").replace("__", "."))(row) for name in order]


def rows_behind(rows: QuerySet[Any], order: Sequence[str], texts: Sequence[str]) -> QuerySet[Any]:
    """Select the rows behind a position in this order, whose last column tells all rows apart.

    The cost does not grow with the number of rows before the position, if an index has the order.
    """
    columns = [
        (name.removeprefix("-"), "lt" if name.startswith("-") else "gt", text)
        for name, text in zip(order, texts, strict=True)
    ]
    behind = Q()
    for number, (path, comparison, text) in enumerate(reversed(columns)):
        value = _field(rows.model, path).to_python(text)
        further = Q(**{f"{path}__{comparison}": value})
        behind = further | (Q(**{path: value}) & behind) if number else further
    # The first condition is the one that an index serves.
    path, comparison, text = columns[0]
    bound = Q(**{f"{path}__{comparison}e": _field(rows.model, path).to_python(text)})
    return rows.filter(bound & behind)


def _signer(request: Request) -> Signer:
    bound = sorted((name, value) for name, value in request.query_params.items() if name not in NOT_BOUND)
    return Signer(salt=f"cursor {request.path.rstrip('/')} {bound}")


def _field(model: Any, path: str) -> Any:
    *relations, name = path.split("__")
    for relation in relations:
        model = model._meta.get_field(relation).related_model
    return model._meta.get_field(name)
