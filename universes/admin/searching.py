"""Search in the lists of the admin: ends of ids, and parts of names, each found in its own table first.

A condition on several tables at once would be tried on every row of the list.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable
from functools import reduce
from operator import or_
from typing import Any, Final, TypeVar

from django.db import connection
from django.db.models import Model, Q, QuerySet, TextField
from django.db.models.functions import Cast, Reverse

from universes import fulltext
from universes.admin.paginator import MAX_COUNTED
from universes.found_pages import FoundRows, ids_among_first

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
    exact: Iterable[str] = (),
    texts: Iterable[str] = (),
    beginnings: Iterable[str] = (),
    written: str = "",
) -> QuerySet[M]:
    """Filter rows in which every word of ``term`` is the end of an id, part of a text, or a text's beginning.

    Or a whole text in one of the columns ``exact``, or the beginning of a word of a full text, which is that of the
    rows (``written`` is "pk") or of related ones.

    ``ids`` are "pk" or relations to rows with such ids, ``texts`` columns or columns of related rows. A whole id is
    only sought among the ids. Where beginnings of words are found in all rows, parts of the rows' own texts are sought
    in the first ``MAX_COUNTED`` of the list alone, because no index has them.
    """
    for word in term.split()[:MAX_WORDS]:
        is_whole_id, rows = _is_whole_id(word), queryset.model._default_manager.order_by()
        conditions = [_matching_id(queryset.model, word, field) for field in ids]
        # The index has no empty texts.
        conditions += [_among("pk", rows.filter(**{f"{field}__gt": "", field: word})) for field in exact]
        if not is_whole_id:
            looked_at = MAX_COUNTED if written else None
            conditions += [_containing(queryset, word, field, looked_at) for field in texts]
        conditions += [Q(**{f"{field}__startswith": word}) & ~Q(**{field: ""}) for field in beginnings]
        possible = [condition for condition in conditions if condition]
        if not written or is_whole_id:
            queryset = queryset.filter(reduce(or_, possible, Q(pk__in=[])))
        elif possible:
            queryset = queryset.filter(reduce(or_, possible, _with_word(queryset.model, word, written)))
        else:
            queryset = fulltext.matching(queryset, word, of=written)
    return queryset


def _is_whole_id(word: str) -> bool:
    try:
        uuid.UUID(word)
    except ValueError:
        return False
    return True


def _matching_id(model: type[Model], word: str, field: str) -> Q:
    """Match rows whose id is ``word`` or ends with it; empty if no row does."""
    if _is_whole_id(word):
        return Q(**{field: uuid.UUID(word)})
    tail = _ID_TAIL.fullmatch(word)
    if tail is None:
        return Q()
    target = model if field == "pk" else _related(model, field)
    return _among(field, _ending_with(target, tail.group(1).lower()))


def _ending_with(model: type[Model], tail: str) -> QuerySet[Any]:
    rows: QuerySet[Any] = model._default_manager.order_by()
    if connection.vendor != "postgresql" or len(tail) > 12:
        return rows.filter(pk__endswith=tail)
    # An index holds the ids in this form.
    with_reversed: QuerySet[Any] = rows.alias(reversed_id=Reverse(Cast("pk", TextField())))
    return with_reversed.filter(reversed_id__startswith=tail[::-1])


def _containing(listed: QuerySet[Any], word: str, field: str, looked_at: int | None) -> Q:
    """Match rows with this part of a text, their own or that of a related row; empty if there is none.

    Their own texts are sought in the first ``looked_at`` rows of the list, or in all rows of the table.
    """
    relation, _, column = field.rpartition("__")
    contains = Q(**{f"{column}__icontains": word})
    if relation:
        related = _among(
            relation, _related(listed.model, relation)._default_manager.order_by().filter(contains)
        )
        # A relation by way of another table is a join, which count and page would each have to make.
        return _in_list(listed, related) if "__" in relation and related else related
    if looked_at:
        found = ids_among_first(listed, contains, looked_at, MAX_FOUND + 1)
    else:
        rows = listed.model._default_manager.order_by().filter(contains)
        found = list(rows.values_list("pk", flat=True)[: MAX_FOUND + 1])
    if not found:
        return Q()
    return Q(pk__in=found) if len(found) <= MAX_FOUND else contains


def _in_list(listed: QuerySet[Any], condition: Q) -> Q:
    """Match the rows of the list that meet a condition, by their ids unless they are many; empty if there is none."""
    found = list(listed.order_by().filter(condition).values_list("pk", flat=True)[: MAX_FOUND + 1])
    if not found:
        return Q()
    return Q(pk__in=found) if len(found) <= MAX_FOUND else condition


def _with_word(model: type[Model], word: str, field: str) -> Q:
    words = fulltext.words_of(word)
    if not words:
        return Q(pk__in=[])
    rows: QuerySet[Any] = model._default_manager.order_by("-pk")
    found = FoundRows(fulltext.matching(rows, word, of=field))
    few = found.ids(0, MAX_FOUND + 1)
    if len(few) <= MAX_FOUND:
        return Q(pk__in=few)
    return Q(fulltext.HasWords(field, words, by_row=found.is_common))


def _related(model: type[Model], relation: str) -> type[Model]:
    for name in relation.split("__"):
        related = model._meta.get_field(name).related_model
        assert isinstance(related, type), f"{model.__name__}.{name} is no relation."
        model = related
    return model


def _among(field: str, rows: QuerySet[Any]) -> Q:
    """Match some rows by their ids, which an index finds, or by a subquery if they are many; empty if there is none."""
    found = list(rows.values_list("pk", flat=True)[: MAX_FOUND + 1])
    if not found:
        return Q()
    return Q(**{f"{field}__in": found if len(found) <= MAX_FOUND else rows.values("pk")})
