"""Paging of every list: by cursor, or by limit and offset, both repeated in the response."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Expression, IntegerField, QuerySet
from django.db.models.lookups import In
from django.db.models.sql.where import WhereNode
from rest_framework.pagination import LimitOffsetPagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import remove_query_param, replace_query_param
from rest_framework.views import APIView

from mediaassets.api import cursors
from universes import found_pages
from universes.errors import FieldError, Invalid

# A client that needs more should filter. The limit also keeps the number within the database's integers.
MAX_OFFSET = 1_000_000
# Results beyond these are not counted: a count reads every row that it counts. See ``found_pages`` for searches.
MAX_COUNTED = 10_000

CURSOR = "WyIyMDI2LTAzLTAxVDEyOjAwOjAwKzAwOjAwIl0:q1Zv3kY0u2mC7xJ5b9sTn4"


class _Count(Expression):
    """The number of rows of a query.

    Unlike ``Subquery``, which may refer to the query around it, it is not copied with new names for all tables.
    """

    output_field = IntegerField()

    def __init__(self, rows: QuerySet[Any]) -> None:
        super().__init__()
        self._rows = rows

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        sql, params = self._rows.query.get_compiler(connection=connection).as_sql()
        return f"(SELECT COUNT(*) FROM ({sql}) AS counted)", params  # noqa: S608


class LimitOffset(LimitOffsetPagination):
    """Paging by ``?cursor``, or by ``?limit=50&offset=0``; an invalid value is a 400 that names the parameter.

    ``next_cursor`` is the position behind the last row of the page, in the order of the queryset: whatever is added
    meanwhile, each row comes once, and a far page costs as much as the first. A list that is computed has positions
    by number. The ``next`` link goes by cursor after a page by cursor, and after as many results as are
    counted.
    """

    default_limit = 50
    max_limit = 200
    limit_query_description = "Maximum number of results, 1 to 200. Default: 50."
    offset_query_description = "Number of results to skip. Default: 0. Not with `cursor`."

    def paginate_queryset(
        self, queryset: QuerySet[Any] | Sequence[Any], request: Request, view: APIView | None = None
    ) -> list[Any]:
        self.request: Request = request
        self.limit: int = self.get_limit(request)
        self.offset: int = self.get_offset(request)
        cursor = request.query_params.get("cursor")
        self.is_by_cursor = cursor is not None
        self.max_counted = MAX_COUNTED
        if self.is_by_cursor and self.offset:
            detail = "Send either cursor or offset."
            raise Invalid("The query has invalid values.", [FieldError("?offset", detail, "invalid")])
        position = cursors.decode(cursor, request) if cursor is not None else None
        if isinstance(queryset, QuerySet):
            self.order: Sequence[str] = [
                str(name) for name in queryset.query.order_by or queryset.model._meta.ordering or ("pk",)
            ]
            self._read(queryset, position)
        else:
            self.order = []
            self.start = int(position[0]) if position else self.offset
            self.count = len(queryset)
            self.page = list(queryset[self.start : self.start + self.limit + 1])
        self.has_next = len(self.page) > self.limit
        self.page = self.page[: self.limit]
        return self.page

    def _read(self, queryset: QuerySet[Any], position: Sequence[str] | None) -> None:
        rows = queryset if position is None else cursors.rows_behind(queryset, self.order, position)
        last = self.offset + self.limit + 1
        page = queryset.all()
        # The ids have passed the filters; to plan for them again misleads the database.
        page.query.where = WhereNode()
        if found_pages.is_search(queryset):
            self.max_counted = found_pages.MAX_COUNTED
            found = found_pages.FoundRows(queryset)
            ids = (found if position is None else found_pages.FoundRows(rows)).ids(self.offset, last)
            self.page, self.count = list(page.filter(pk__in=ids)), found.count()
            return
        # The page, one row more, and the count in one query. The ids first: the database joins only the rows of the
        # page, and skips the others in an index.
        counted = queryset.order_by().values("pk")[:MAX_COUNTED]
        ids_of_page = rows.values("pk")[self.offset : last]
        key = queryset.model._meta.pk.get_col(page.query.get_initial_alias())
        # Not by ``filter``, which would copy the query of the ids with new names for all tables.
        page.query.where.add(In(key, ids_of_page.query), page.query.where.connector)
        self.page = list(page.annotate(found=_Count(counted)))
        if self.page:
            self.count = self.page[0].found
        else:
            self.count = counted.count() if self.offset or self.is_by_cursor else 0

    def get_limit(self, request: Request) -> int:
        return self._integer(request, "limit", default=self.default_limit, minimum=1, maximum=self.max_limit)

    def get_offset(self, request: Request) -> int:
        return self._integer(request, "offset", default=0, minimum=0, maximum=MAX_OFFSET)

    def _integer(self, request: Request, name: str, *, default: int, minimum: int, maximum: int) -> int:
        raw = request.query_params.get(name)
        if raw is None:
            return default
        if raw.isascii() and raw.isdigit() and minimum <= int(raw[:20]) <= maximum:
            return int(raw)
        detail = f"{name} is a whole number from {minimum} to {maximum}."
        raise Invalid("The query has invalid values.", [FieldError(f"?{name}", detail, "invalid")])

    def get_next_cursor(self) -> str | None:
        if not self.has_next:
            return None
        if self.order:
            return cursors.encode(cursors.position_of(self.page[-1], self.order), self.request)
        return cursors.encode([self.start + self.limit], self.request)

    def get_next_link(self) -> str | None:
        if not self.has_next:
            return None
        if self.is_by_cursor or self.offset + self.limit >= self.max_counted:
            return self._cursor_link()
        url = replace_query_param(self.request.build_absolute_uri(), self.limit_query_param, self.limit)
        return str(replace_query_param(url, self.offset_query_param, self.offset + self.limit))

    def _cursor_link(self) -> str:
        url = replace_query_param(self._first_link(), self.limit_query_param, self.limit)
        return str(replace_query_param(url, "cursor", self.get_next_cursor()))

    def _first_link(self) -> str:
        url = remove_query_param(self.request.build_absolute_uri(), self.offset_query_param)
        return str(remove_query_param(url, "cursor"))

    def _link_header(self) -> str:
        """Return the links of RFC 8288; ``next`` goes by cursor, because a client that follows it pages for long."""
        links = {
            "first": self._first_link(),
            "prev": self.get_previous_link(),
            "next": self._cursor_link() if self.has_next else None,
        }
        return ", ".join(f'<{url}>; rel="{relation}"' for relation, url in links.items() if url)

    def get_paginated_response(self, data: Any) -> Response:
        return Response(
            {
                "count": self.count,
                "next": self.get_next_link(),
                "next_cursor": self.get_next_cursor(),
                "previous": self.get_previous_link(),
                "limit": self.limit,
                "offset": self.offset,
                "results": data,
            },
            headers={"Link": self._link_header()},
        )

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        described: dict[str, Any] = super().get_paginated_response_schema(schema)
        described["properties"]["count"]["description"] = (
            f"Number of results, counted up to {MAX_COUNTED}, in a search up to {found_pages.MAX_COUNTED}."
        )
        described["properties"]["limit"] = {"type": "integer", "example": 50}
        described["properties"]["offset"] = {"type": "integer", "example": 0}
        described["properties"]["next_cursor"] = {
            "type": "string",
            "nullable": True,
            "description": "Send it as `cursor` for the next page; null at the end.",
            "example": CURSOR,
        }
        described["required"] = ["count", "next", "next_cursor", "previous", "limit", "offset", "results"]
        return described

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        parameters: list[dict[str, Any]] = super().get_schema_operation_parameters(view)
        parameters.append(
            {
                "name": "cursor",
                "required": False,
                "in": "query",
                "description": "`next_cursor` of the page before, with the same filters and the same order.",
                "schema": {"type": "string"},
            }
        )
        return parameters
