"""Paging by limit and offset, both repeated in the response."""

from __future__ import annotations

from typing import Any

from rest_framework.pagination import LimitOffsetPagination
from rest_framework.request import Request
from rest_framework.response import Response

from universes.errors import FieldError, Invalid

# A client that needs more should filter. The limit also keeps the number within the database's integers.
MAX_OFFSET = 1_000_000


class LimitOffset(LimitOffsetPagination):
    """Paging by ``?limit=50&offset=0``; an invalid number is a 400 that names the parameter."""

    default_limit = 50
    max_limit = 200
    limit_query_description = "Maximum number of results, 1 to 200. Default: 50."
    offset_query_description = "Number of results to skip. Default: 0."

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
