"""How good the machine is, and how its reviewers work, over HTTP."""

from __future__ import annotations

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from agents.choices import REPORT_PERIODS_DAYS
from agents.errors import FieldError, Invalid, NotFound
from agents.models import ReviewReport
from agents.quality import reports, reviewer_metrics
from agents.quality.api import metrics_serializers as s
from agents.review import queue_stats
from agents.review.api.views import IsReviewer
from universes.api.paths import signed_in

_USER_ID_DIGITS = 18

DAYS = OpenApiParameter(
    "days",
    OpenApiTypes.INT,
    enum=REPORT_PERIODS_DAYS,
    default=reports.DEFAULT_PERIOD,
    description="The period that ends when the figures were counted.",
)


class ReviewFiguresView(APIView):
    permission_classes = [IsReviewer]

    @extend_schema(parameters=[DAYS], responses=s.ReviewFiguresOut)
    def get(self, request: Request) -> Response:
        """How good the machine is, as it was counted at ``as_of``; and the queue as it is now."""
        return _answer(request, reports.latest(_days(request)))

    @extend_schema(parameters=[DAYS], request=None, responses={200: s.ReviewFiguresOut})
    def post(self, request: Request) -> Response:
        """Count the figures anew, unless that was done in the last ten seconds."""
        return _answer(request, reports.refresh(_days(request)))


def _days(request: Request) -> int:
    errors = [
        FieldError(f"?{name}", f"There is no parameter {name!r}; there is: days.", "unknown_filter")
        for name in request.query_params
        if name != "days"
    ]
    if errors:
        raise Invalid("The query has invalid values.", errors)
    raw = request.query_params.get("days")
    if raw is None:
        return reports.DEFAULT_PERIOD
    # What is no such number is refused by the service, which says which there are.
    return next((days for days in REPORT_PERIODS_DAYS if str(days) == raw), 0)


def _answer(request: Request, report: ReviewReport) -> Response:
    live = queue_stats.live(signed_in(request))
    body: dict[str, Any] = {**report.figures, "as_of": report.computed_at, "live": live}
    return Response(s.ReviewFiguresOut(body).data)


class ReviewersView(APIView):
    @extend_schema(operation_id="agents_reviews_reviewers_table", responses=s.ReviewersOut)
    def get(self, request: Request) -> Response:
        """How reviewers work: all of them for leads, yourself otherwise."""
        return Response(s.ReviewersOut(reviewer_metrics.table(signed_in(request))).data)


class ReviewerView(APIView):
    @extend_schema(
        parameters=[OpenApiParameter("user_id", OpenApiTypes.INT, OpenApiParameter.PATH)],
        responses=s.ReviewerDetailOut,
    )
    def get(self, request: Request, user_id: str) -> Response:
        """How one reviewer works, beside everybody; for that person and for leads."""
        if not (user_id.isascii() and user_id.isdigit() and len(user_id) <= _USER_ID_DIGITS):
            raise NotFound(f"There is no reviewer {user_id[:50]!r}.", code="reviewer_not_found")
        found = reviewer_metrics.of_reviewer(signed_in(request), int(user_id))
        return Response(s.ReviewerDetailOut(found).data)
