"""Pages of a full-text search, at a cost that does not depend on what the database guesses about the words.

PostgreSQL has no figures on the beginnings of words. For a rare one it reads the whole list in its order, hoping to
fill a page soon; for a common one it may collect all rows of the table from the index. Here it has no choice: the first
``NEAR`` rows of the list are looked at, which is enough for common words; only words that are not common there are
sought in the index, and the rows found are sorted.
"""

from __future__ import annotations

from functools import cached_property
from typing import Any, Final

from django.core.exceptions import EmptyResultSet
from django.db import connections
from django.db.models import BooleanField, ExpressionWrapper, Q, QuerySet

from universes.fulltext import HasWords

# A page of fifty is filled by words that a twentieth of these rows have, and the index is asked for rarer ones alone.
NEAR: Final = 1_000
# More results of a search are not counted.
MAX_COUNTED: Final = 500


def is_search(rows: QuerySet[Any]) -> bool:
    """Return whether the rows are those of a search, for ``FoundRows``."""
    return any(map(_search_of, rows.query.where.children))


class FoundRows:
    """The rows of a search, in the order of the queryset."""

    def __init__(self, rows: QuerySet[Any]) -> None:
        self._rows = rows
        self._count: int | None = None

    def ids(self, first: int, last: int) -> list[Any]:
        """Return the ids of the rows from position ``first`` up to ``last``, exclusive."""
        if not self._is_on_postgres:
            return list(self._rows.values_list("pk", flat=True)[first:last])
        if last <= len(self._near):
            return self._near[first:last]
        if self.is_common:
            return list(self._by_row.filter(has_words=True).values_list("pk", flat=True)[first:last])
        # A statement in these parentheses is planned for all of its rows, whatever the limit outside.
        found = """
            WITH found (pk) AS MATERIALIZED ({})
            SELECT pk, (SELECT count(*) FROM found) FROM found OFFSET %s LIMIT %s
        """
        page = _select(found, self._rows.values_list("pk"), first, last - first)
        if page:
            self._count = page[0][1]
        return [pk for pk, _ in page]

    def count(self) -> int:
        """Return the number of rows, or ``MAX_COUNTED`` if there are more."""
        if not self._is_on_postgres:
            return int(self._rows.order_by()[:MAX_COUNTED].count())
        if self.is_common:
            return MAX_COUNTED
        if self._count is None:
            counted = (
                "WITH found AS MATERIALIZED ({}) SELECT count(*) FROM (SELECT FROM found LIMIT %s) AS counted"
            )
            rows = _select(counted, self._rows.order_by().values_list("pk"), MAX_COUNTED)
            self._count = rows[0][0] if rows else 0
        return min(self._count, MAX_COUNTED)

    def narrowable(self) -> QuerySet[Any]:
        """Return the rows as a queryset of which the first few are wanted, after more filters."""
        return self._by_row.filter(has_words=True) if self.is_common else self._rows

    @property
    def is_common(self) -> bool:
        """True if so many rows were found near the beginning that the index need not be asked."""
        return self._is_on_postgres and len(self._near) == MAX_COUNTED

    @property
    def _is_on_postgres(self) -> bool:
        return connections[self._rows.db].vendor == "postgresql"

    @property
    def _by_row(self) -> QuerySet[Any]:
        """The list without the search; ``has_words`` of a row says whether it is among those found."""
        listed: QuerySet[Any] = self._rows.all()
        where = listed.query.where
        searches = [search for search in map(_search_of, where.children) if search]
        where.children = [child for child in where.children if not _search_of(child)]
        has_words = Q(*(HasWords(search.path, search.words, by_row=True) for search in searches))
        marked: QuerySet[Any] = listed.annotate(has_words=ExpressionWrapper(has_words, BooleanField()))
        return marked

    @cached_property
    def _near(self) -> list[Any]:
        """The ids of the rows found among the first ``NEAR`` of the list, at most ``MAX_COUNTED``."""
        near = "SELECT pk FROM ({}) AS near (pk, has_words) WHERE has_words LIMIT %s"
        return [
            pk for (pk,) in _select(near, self._by_row.values_list("pk", "has_words")[:NEAR], MAX_COUNTED)
        ]


def _search_of(condition: Any) -> HasWords | None:
    """Return the search that a condition consists of; None if it is of another kind."""
    found = getattr(condition, "lhs", condition)
    return found if isinstance(found, HasWords) else None


def _select(statement: str, rows: QuerySet[Any], *numbers: int) -> list[tuple[Any, ...]]:
    """Run a statement around the one of the rows."""
    try:
        inner, parameters = rows.query.sql_with_params()
    except EmptyResultSet:
        return []
    with connections[rows.db].cursor() as cursor:
        cursor.execute(statement.format(inner), [*parameters, *numbers])
        return list(cursor.fetchall())
