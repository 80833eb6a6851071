"""What the models were used for, and what that cost, over HTTP."""

from __future__ import annotations

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from agents.billing import usage
from agents.billing.api import serializers as s
from agents.errors import FieldError, Invalid
from universes.api.paths import signed_in

PARAMETERS = [
    OpenApiParameter(
        "from", OpenApiTypes.DATE, description="The first day, in UTC; without it thirty days are told."
    ),
    OpenApiParameter("to", OpenApiTypes.DATE, description="The last day; without it today."),
    OpenApiParameter(
        "group_by",
        OpenApiTypes.STR,
        default="day",
        description=f"Any of {', '.join(usage.GROUPS)}, with commas between; empty for one row.",
    ),
    OpenApiParameter(
        "requested_by",
        OpenApiTypes.STR,
        description="A username: whose jobs. For staff; others see their own.",
    ),
    OpenApiParameter(
        "limit", OpenApiTypes.INT, description="How many rows at most, 1 to 200; 50 without it."
    ),
    OpenApiParameter(
        "offset", OpenApiTypes.INT, description="How many rows to leave out from the beginning."
    ),
]
NAMES = frozenset(parameter.name for parameter in PARAMETERS)


class UsageView(GenericAPIView[Any]):
    serializer_class = s.UsageReportOut
    filter_backends = []

    @extend_schema(parameters=PARAMETERS, responses=s.UsageReportOut)
    def get(self, request: Request) -> Response:
        """Calls, tokens, cost and approved jobs: yours, or everybody's for staff; days and groups as you ask."""
        question = _question(request)
        rows, total = usage.answer(question)
        page = self.paginate_queryset(rows)
        told: Any = self.get_paginated_response([row.as_dict() for row in page or []]).data
        body = {
            "from": question.first,
            "to": question.last,
            "group_by": list(question.group_by),
            "totals": total.as_dict(),
            **told,
        }
        return Response(s.UsageReportOut(body).data)


def _question(request: Request) -> usage.UsageQuery:
    asked = request.query_params
    errors = [
        FieldError(
            f"?{name}",
            f"There is no filter {name!r}; there are: {', '.join(sorted(NAMES))}.",
            "unknown_filter",
        )
        for name in asked
        if name not in NAMES
    ]
    if errors:
        raise Invalid("The query has invalid values.", errors)
    return usage.parse_query(
        signed_in(request),
        first=asked.get("from"),
        last=asked.get("to"),
        group_by=asked.get("group_by", "day"),
        requested_by=asked.get("requested_by"),
    )
