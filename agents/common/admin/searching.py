"""Search in the lists of the admin: ends of ids, and parts of names, each found in its own table first.

A condition on several tables at once would be tried on every row of the list.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable
from typing import Any, Final, TypeVar

from django.db import connection
from django.db.models import Model, Q, QuerySet, TextField
from django.db.models.functions import Cast, Reverse

from universes import fulltext

M = TypeVar("M", bound=Model)

# The rest of a longer search is ignored, because databases limit the size of a condition.
MAX_WORDS: Final = 20
# More rows of another table than these stay a subquery.
MAX_FOUND: Final = 500
_ID_TAIL = re.compile(r"…?([0-9a-f]{6,32})", re.IGNORECASE)


def search(
    queryset: QuerySet[M],
    term: str,
    *,
    ids: Iterable[str] = (),
    texts: Iterable[str] = (),
    beginnings: Iterable[str] = (),
    written: str = "",
) -> QuerySet[M]:
    """Filter rows in which every word of ``term`` is the end of an id, part of a text, or a text's beginning.

    Or a word of the text that the job ``written`` ("pk", or a relation to jobs) asks for or has written.

    ``ids`` are "pk" or relations to rows with such ids, ``texts`` columns or columns of related rows. A whole id is
    only sought among the ids.
    """
    for word in term.split()[:MAX_WORDS]:
        condition = Q(pk__in=[])
        for field in ids:
            condition |= _matching_id(queryset.model, word, field)
        if not _is_whole_id(word):
            for field in texts:
                condition |= _containing(queryset.model, word, field)
        if written and not _is_whole_id(word):
            condition |= _with_word(queryset.model, word, written)
        for field in beginnings:
            # The index has no empty texts.
            condition |= Q(**{f"{field}__startswith": word}) & ~Q(**{field: ""})
        queryset = queryset.filter(condition)
    return queryset


def _is_whole_id(word: str) -> bool:
    try:
        uuid.UUID(word)
    except ValueError:
        return False
    return True


def _matching_id(model: type[Model], word: str, field: str) -> Q:
    """Match rows whose id is ``word`` or ends with it; match no row if ``word`` cannot be part of an id."""
    if _is_whole_id(word):
        return Q(**{field: uuid.UUID(word)})
    tail = _ID_TAIL.fullmatch(word)
    if tail is None:
        return Q(pk__in=[])
    target = model if field == "pk" else _related(model, field)
    return Q(**{f"{field}__in": _listed(_ending_with(target, tail.group(1).lower()))})


def _ending_with(model: type[Model], tail: str) -> QuerySet[Any]:
    rows: QuerySet[Any] = model._default_manager.order_by()
    if connection.vendor != "postgresql" or len(tail) > 12:
        return rows.filter(pk__endswith=tail)
    # An index holds the ids in this form.
    with_reversed: QuerySet[Any] = rows.alias(reversed_id=Reverse(Cast("pk", TextField())))
    return with_reversed.filter(reversed_id__startswith=tail[::-1])


def _containing(model: type[Model], word: str, field: str) -> Q:
    relation, _, column = field.rpartition("__")
    if not relation:
        return Q(**{f"{field}__icontains": word})
    found = _related(model, relation)._default_manager.order_by().filter(**{f"{column}__icontains": word})
    return Q(**{f"{relation}__in": _listed(found)})


def _with_word(model: type[Model], word: str, field: str) -> Q:
    target = model if field == "pk" else _related(model, field)
    rows: QuerySet[Any] = fulltext.matching(target._default_manager.order_by(), word)
    return Q(**{f"{field}__in": _listed(rows)})


def _related(model: type[Model], relation: str) -> type[Model]:
    for name in relation.split("__"):
        related = model._meta.get_field(name).related_model
        assert isinstance(related, type), f"{model.__name__}.{name} is no relation."
        model = related
    return model


def _listed(rows: QuerySet[Any]) -> list[Any] | QuerySet[Any]:
    """Return the ids of the rows, which an index finds, or a subquery if they are many."""
    found = list(rows.values_list("pk", flat=True)[: MAX_FOUND + 1])
    return found if len(found) <= MAX_FOUND else rows.values("pk")
