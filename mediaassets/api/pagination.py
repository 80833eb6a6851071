"""Paging by limit and offset, both repeated in the response, and by key for the far pages of long lists."""

from __future__ import annotations

import base64
import binascii
import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import IntegerField, Q, QuerySet, Subquery
from django.db.models.sql.where import WhereNode
from django.utils.dateparse import parse_datetime
from rest_framework.pagination import LimitOffsetPagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import remove_query_param, replace_query_param
from rest_framework.views import APIView

from universes.errors import FieldError, Invalid

# A client that needs more should filter. The limit also keeps the number within the database's integers.
MAX_OFFSET = 1_000_000
# Results beyond these are not counted: a count reads every row that it counts.
MAX_COUNTED = 10_000


class _Count(Subquery):
    """The number of rows of a subquery."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) AS counted)"
    output_field = IntegerField()


class LimitOffset(LimitOffsetPagination):
    """Paging by ``?limit=50&offset=0``; an invalid number is a 400 that names the parameter.

    A view whose list is ordered by descending ``key_fields``, a time and the id, also has ``?cursor``, the key of the
    last row of the page before. The next page after ``MAX_COUNTED`` results is linked by it, because its cost does not
    grow with the number of results before it.
    """

    default_limit = 50
    max_limit = 200
    limit_query_description = "Maximum number of results, 1 to 200. Default: 50."
    offset_query_description = "Number of results to skip. Default: 0."

    def paginate_queryset(
        self, queryset: QuerySet[Any] | Sequence[Any], request: Request, view: APIView | None = None
    ) -> list[Any]:
        self.request: Request = request
        self.limit: int = self.get_limit(request)
        self.offset: int = self.get_offset(request)
        self.key_fields: tuple[str, str] | None = getattr(view, "key_fields", None)
        self.cursor = request.query_params.get("cursor") if self.key_fields else None
        if not isinstance(queryset, QuerySet):
            self.count = len(queryset)
            self.page = list(queryset[self.offset : self.offset + self.limit + 1])
        else:
            self._read(queryset)
        self.has_next = len(self.page) > self.limit
        self.page = self.page[: self.limit]
        return self.page

    def _read(self, queryset: QuerySet[Any]) -> None:
        """Read the page, one row more, and the count in one query."""
        found = queryset.order_by().values("pk")[:MAX_COUNTED]
        rows = queryset
        if self.cursor is not None and self.key_fields:
            rows = rows.filter(_after(self.cursor, self.key_fields))
        # The ids first: the database joins only the rows of the page, and skips the others in an index.
        ids = rows.values("pk")[self.offset : self.offset + self.limit + 1]
        page = queryset.all()
        # The ids have passed the filters; to plan for them again misleads the database.
        page.query.where = WhereNode()
        self.page = list(page.filter(pk__in=ids).annotate(found=_Count(found)))
        if self.page:
            self.count = self.page[0].found
        else:
            self.count = found.count() if self.offset or self.cursor is not None else 0

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

    def get_next_link(self) -> str | None:
        if not self.has_next:
            return None
        url = replace_query_param(self.request.build_absolute_uri(), self.limit_query_param, self.limit)
        if self.key_fields and (self.cursor is not None or self.offset + self.limit >= MAX_COUNTED):
            url = remove_query_param(url, self.offset_query_param)
            return str(replace_query_param(url, "cursor", _key_of(self.page[-1], self.key_fields)))
        return str(replace_query_param(url, self.offset_query_param, self.offset + self.limit))

    def get_paginated_response(self, data: Any) -> Response:
        return Response(
            {
                "count": self.count,
                "next": self.get_next_link(),
                "previous": self.get_previous_link(),
                "limit": self.limit,
                "offset": self.offset,
                "results": data,
            }
        )

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        described: dict[str, Any] = super().get_paginated_response_schema(schema)
        described["properties"]["count"]["description"] = f"Number of results, counted up to {MAX_COUNTED}."
        described["properties"]["limit"] = {"type": "integer", "example": 50}
        described["properties"]["offset"] = {"type": "integer", "example": 0}
        described["required"] = ["count", "next", "previous", "limit", "offset", "results"]
        return described

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        parameters: list[dict[str, Any]] = super().get_schema_operation_parameters(view)
        if getattr(view, "key_fields", None):
            parameters.append(
                {
                    "name": "cursor",
                    "required": False,
                    "in": "query",
                    "description": "Position to continue from, as in the `next` link of a far page.",
                    "schema": {"type": "string"},
                }
            )
        return parameters


def _key_of(row: Any, fields: tuple[str, str]) -> str:
    at, pk = (getattr(row, field) for field in fields)
    return base64.urlsafe_b64encode(f"{at.isoformat()} {pk}".encode()).decode()


def _after(key: str, fields: tuple[str, str]) -> Q:
    """Build the condition of the rows behind the one with this key."""
    at, pk = _parsed(key)
    time, identity = fields
    behind = Q(**{f"{time}__lt": at}) | Q(**{time: at, f"{identity}__lt": pk})
    # The first condition is the one that an index serves.
    return Q(**{f"{time}__lte": at}) & behind


def _parsed(key: str) -> tuple[datetime, uuid.UUID]:
    try:
        at, pk = base64.urlsafe_b64decode(key.encode("ascii")).decode("ascii").split(" ")
        moment = parse_datetime(at)
        if moment is not None and moment.tzinfo is not None:
            return moment, uuid.UUID(pk)
    except (ValueError, binascii.Error):
        pass
    detail = "Take it from the next link of a page."
    raise Invalid("The query has invalid values.", [FieldError("?cursor", detail, "invalid")])
