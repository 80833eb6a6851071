"""Pages of a full-text search, at a cost that does not depend on what the database guesses about the words.

PostgreSQL has no figures on the beginnings of words. For a rare one it reads the whole list in its order, hoping to
fill a page soon; for a common one it may collect all rows of the table from the index. Here it has no choice: the first
``NEAR`` rows of the list are looked at, and if words are frequent there, the first ``FAR``; words that are not common
there are sought in the index. Up to ``FEW`` rows found there are sorted; for more of them, the first ``FAR`` rows are
looked at before.
"""

from __future__ import annotations

from functools import cached_property
from typing import Any, Final

from django.core.exceptions import EmptyResultSet
from django.db import connections
from django.db.models import BooleanField, ExpressionWrapper, F, OrderBy, Q, QuerySet
from django.db.models.sql.compiler import SQLCompiler
from django.db.models.sql.datastructures import BaseTable

from universes.fulltext import HasWords

# A page of fifty is filled by words that a twentieth of these rows have, and the index is asked for rarer ones alone.
NEAR: Final = 1_000
# Words that more rows have fill a page of fifty within ``FAR`` rows, unless the table is huge or they are old.
FEW: Final = 10_000
FAR: Final = 20_000
# More results of a search are not counted.
MAX_COUNTED: Final = 500
# Words that as many of the first ``NEAR`` rows have fill a page within ``FAR`` rows, if not a count. Sorting all of
# their rows would cost more, and the index collects all before it gives the first.
OFTEN: Final = 12


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
            return list(self._by_row.values_list("pk", flat=True)[first:last])
        page = self._page_of_few(first, last)
        if page is not None:
            return page
        found = self._among_first(FAR, last)
        if len(found) == last:
            return found[first:]
        # A statement in these parentheses is planned for all of its rows, whatever the limit outside.
        all_found = "WITH found (pk) AS MATERIALIZED ({}) SELECT pk FROM found OFFSET %s LIMIT %s"
        return [pk for (pk,) in _select(all_found, self._with_words.values_list("pk"), first, last - first)]

    def _page_of_few(self, first: int, last: int) -> list[Any] | None:
        """Return the ids of a page of at most ``FEW`` rows, which the index has; None if there are more."""
        keys = {f"key{at}": order for at, order in enumerate(_order_of(self._rows))}
        by_keys = ", ".join(f"{key} DESC" if order.descending else key for key, order in keys.items())
        statement = f"""
            WITH found (pk, {", ".join(keys)}) AS MATERIALIZED ({{}}),
            few AS MATERIALIZED (SELECT * FROM found LIMIT {FEW + 1}), counted AS (SELECT count(*) AS number FROM few)
            SELECT number, ARRAY(SELECT pk FROM few ORDER BY {by_keys} OFFSET %s LIMIT %s) FROM counted
        """  # noqa: S608
        columns = {key: order.expression for key, order in keys.items()}
        rows = self._with_words.order_by().annotate(**columns).values_list("pk", *columns)
        for self._count, page in _select(statement, rows, first, last - first):
            return page if self._count <= FEW else None
        return []

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
            rows = _select(counted, self._with_words.order_by().values_list("pk"), MAX_COUNTED)
            self._count = rows[0][0] if rows else 0
        return min(self._count, MAX_COUNTED)

    def narrowable(self) -> QuerySet[Any]:
        """Return the rows as a queryset of which the first few are wanted, after more filters."""
        return self._by_row if self.is_common else self._rows

    @property
    def is_common(self) -> bool:
        """True if so many rows were found near the beginning that the index need not be asked."""
        return self._is_on_postgres and len(self._near) == MAX_COUNTED

    @property
    def _is_on_postgres(self) -> bool:
        return connections[self._rows.db].vendor == "postgresql"

    @property
    def _by_row(self) -> QuerySet[Any]:
        """The rows found, of which the words of each row of the list are looked at."""
        listed, has_words = self._list_and_condition
        return listed.filter(has_words)

    @property
    def _with_words(self) -> QuerySet[Any]:
        """The rows found, which the index of words gives before any other condition is looked at."""
        listed, searches = self._list_and_searches
        table = listed.query.get_initial_alias()
        listed.query.alias_map[table] = _RowsWithWords(listed.query.alias_map[table], searches)
        return listed

    @property
    def _list_and_condition(self) -> tuple[QuerySet[Any], Q]:
        """The list without the search, and the condition that a row of it is among those found."""
        listed, searches = self._list_and_searches
        return listed, Q(*(HasWords(search.path, search.words, by_row=True) for search in searches))

    @property
    def _list_and_searches(self) -> tuple[QuerySet[Any], list[HasWords]]:
        listed: QuerySet[Any] = self._rows.all()
        where = listed.query.where
        searches = [search for search in map(_search_of, where.children) if search]
        where.children = [child for child in where.children if not _search_of(child)]
        return listed, searches

    @cached_property
    def _near(self) -> list[Any]:
        """The ids of the rows found near the beginning of the list, at most ``MAX_COUNTED``."""
        found = self._among_first(NEAR, MAX_COUNTED)
        return self._among_first(FAR, MAX_COUNTED) if OFTEN <= len(found) < MAX_COUNTED else found

    def _among_first(self, looked_at: int, most: int) -> list[Any]:
        return ids_among_first(*self._list_and_condition, looked_at, most)


class _RowsWithWords(BaseTable):
    """The table of a query, of which only the rows with the words of its searches are there for other conditions.

    As one of several conditions, that of the words would be combined with an index of another, such as of the 300,000
    jobs of one person: PostgreSQL expects a fiftieth of all rows to have words that it has no figures on.
    """

    def __init__(self, table: Any, searches: list[HasWords]) -> None:
        super().__init__(table.table_name, table.table_alias)
        self._searches = searches

    def as_sql(self, compiler: SQLCompiler, connection: Any) -> tuple[str, tuple[str | int, ...]]:
        name, alias = (connection.ops.quote_name(name) for name in (self.table_name, self.table_alias))
        conditions, parameters = list[str](), list[Any]()
        for search in self._searches:
            condition, values = compiler.compile(search)
            conditions.append(condition)
            parameters += values
        # The offset keeps the condition apart from those outside.
        rows = f"SELECT * FROM {name} WHERE {' AND '.join(conditions)} OFFSET 0"  # noqa: S608
        return f"({rows}) AS {alias}", tuple(parameters)


def ids_among_first(rows: QuerySet[Any], condition: Q, looked_at: int, most: int) -> list[Any]:
    """Return the ids of the rows that meet a condition, among the first of a list; at most ``most``."""
    is_met = ExpressionWrapper(condition, BooleanField())
    listed = rows.annotate(is_met=is_met).values_list("pk", "is_met")[:looked_at]
    return [pk for (pk,) in _select("SELECT pk FROM ({}) AS first WHERE is_met LIMIT %s", listed, most)]


def _order_of(rows: QuerySet[Any]) -> list[OrderBy]:
    order: list[Any] = list(rows.query.order_by or rows.model._meta.ordering)
    return [
        OrderBy(F(part.lstrip("-")), descending=part.startswith("-"))
        if isinstance(part, str)
        else part
        if isinstance(part, OrderBy)
        else OrderBy(part)
        for part in order
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
