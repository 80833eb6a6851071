"""Paging by limit and offset, with both echoed in the answer."""

from __future__ import annotations

from typing import Any

from rest_framework.pagination import LimitOffsetPagination
from rest_framework.request import Request
from rest_framework.response import Response

from universes.errors import FieldError, Invalid

# Beyond this a client wants a filter, not an offset; it also keeps the number inside the database's integers.
MAX_OFFSET = 1_000_000


class LimitOffset(LimitOffsetPagination):
    """``?limit=50&offset=0``; ``limit`` up to 200. A value that is no such number is a 400 that names it."""

    default_limit = 50
    max_limit = 200
    limit_query_description = "How many at most, 1 to 200; 50 without it."
    offset_query_description = "How many to leave out from the beginning."

    def get_limit(self, request: Request) -> int:
        return self._whole(request, "limit", default=self.default_limit, minimum=1, maximum=self.max_limit)

    def get_offset(self, request: Request) -> int:
        return self._whole(request, "offset", default=0, minimum=0, maximum=MAX_OFFSET)

    def _whole(self, request: Request, name: str, *, default: int, minimum: int, maximum: int) -> int:
        raw = request.query_params.get(name)
        if raw is None:
            return default
        if raw.isascii() and raw.isdigit() and minimum <= int(raw[:20]) <= maximum:
            return int(raw)
        detail = f"{name} is a whole number from {minimum} to {maximum}."
        raise Invalid("The query has invalid values.", [FieldError(f"?{name}", detail, "invalid")])

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
        described["properties"]["limit"] = {"type": "integer", "example": 50}
        described["properties"]["offset"] = {"type": "integer", "example": 0}
        described["required"] = ["count", "next", "previous", "limit", "offset", "results"]
        return described
