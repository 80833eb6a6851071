"""API view for usage reports."""

from __future__ import annotations

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from agents.billing import usage
from agents.billing.api import serializers as s
from agents.billing.usage_parts import UsageQuery
from universes.api.parameters.query import refuse_query
from universes.api.paths import signed_in

PARAMETERS = [
    OpenApiParameter(
        "from", OpenApiTypes.DATE, description="First day, in UTC. Default: 30 days up to the last day."
    ),
    OpenApiParameter("to", OpenApiTypes.DATE, description="Last day, inclusive, in UTC. Default: today."),
    OpenApiParameter(
        "group_by",
        OpenApiTypes.STR,
        default="day",
        description=f"Any of {', '.join(usage.GROUPS)}, comma-separated; empty for a single row.",
    ),
    OpenApiParameter(
        "requested_by",
        OpenApiTypes.STR,
        description="Username; only the jobs of this person. Others than you need the permission to view calls.",
    ),
    OpenApiParameter("limit", OpenApiTypes.INT, description="Maximum number of rows, 1 to 200. Default: 50."),
    OpenApiParameter(
        "offset", OpenApiTypes.INT, description="Number of rows to skip. Default: 0. Not with `cursor`."
    ),
    OpenApiParameter("cursor", OpenApiTypes.STR, description="`next_cursor` of the page before."),
]
NAMES = frozenset(parameter.name for parameter in PARAMETERS)


class UsageView(GenericAPIView[Any]):
    serializer_class = s.UsageReportOut
    filter_backends = []

    @extend_schema(parameters=PARAMETERS, responses=s.UsageReportOut)
    def get(self, request: Request) -> Response:
        """Return calls, tokens, cost and approved jobs by group; everybody's with the permission to view calls."""
        query = _parsed(request)
        rows, total = usage.run_query(query)
        page = self.paginate_queryset(rows)
        paginated = self.get_paginated_response([row.as_dict() for row in page or []])
        body = {
            "from": query.first,
            "to": query.last,
            "group_by": list(query.group_by),
            "totals": total.counts(),
            **paginated.data,
        }
        return Response(s.UsageReportOut(body).data, headers={"Link": paginated["Link"]})


def _parsed(request: Request) -> UsageQuery:
    parameters = request.query_params
    refuse_query(request, NAMES, may_be_empty={"group_by"})
    return usage.parse_query(
        signed_in(request),
        first=parameters.get("from"),
        last=parameters.get("to"),
        group_by=parameters.get("group_by", "day"),
        requested_by=parameters.get("requested_by"),
    )
