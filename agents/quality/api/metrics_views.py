"""API views for review and reviewer metrics."""

from __future__ import annotations

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from agents.choices import REPORT_PERIODS_DAYS
from agents.errors import NotFound
from agents.models import ReviewReport
from agents.quality import reports, reviewer_metrics
from agents.quality.api import metrics_serializers as s
from agents.review import queue_stats
from agents.review.api.views import IsReviewer
from universes.api.parameters.query import refuse_query
from universes.api.paths import signed_in

_MAX_USER_ID_DIGITS = 18

DAYS = OpenApiParameter(
    "days",
    OpenApiTypes.INT,
    enum=REPORT_PERIODS_DAYS,
    default=reports.DEFAULT_PERIOD,
    description="Length of the period, which ends at `as_of`.",
)


class ReviewFiguresView(APIView):
    reads_query = frozenset({"GET", "HEAD", "POST"})
    permission_classes = [IsReviewer]

    @extend_schema(parameters=[DAYS], responses=s.ReviewFiguresOut)
    def get(self, request: Request) -> Response:
        """Return the review metrics computed at `as_of`, with the current state of the queue."""
        return _response(request, reports.latest(_days(request)))

    @extend_schema(parameters=[DAYS], request=None, responses={200: s.ReviewFiguresOut})
    def post(self, request: Request) -> Response:
        """Recompute the review metrics, unless they were computed in the last ten seconds."""
        return _response(request, reports.refresh(_days(request)))


def _days(request: Request) -> int:
    refuse_query(request, {"days"})
    raw = request.query_params.get("days")
    if raw is None:
        return reports.DEFAULT_PERIOD
    # The service refuses 0 with a message that lists the valid periods.
    return next((days for days in REPORT_PERIODS_DAYS if str(days) == raw), 0)


def _response(request: Request, report: ReviewReport) -> Response:
    live = queue_stats.live(signed_in(request))
    body: dict[str, Any] = {**report.figures, "as_of": report.computed_at, "live": live}
    return Response(s.ReviewFiguresOut(body).data)


class ReviewersView(APIView):
    @extend_schema(operation_id="agents_reviews_reviewers_table", responses=s.ReviewersOut)
    def get(self, request: Request) -> Response:
        """Return the metrics of all reviewers to a lead, and your own metrics otherwise."""
        return Response(s.ReviewersOut(reviewer_metrics.table(signed_in(request))).data)


class ReviewerView(APIView):
    @extend_schema(
        parameters=[OpenApiParameter("user_id", OpenApiTypes.INT, OpenApiParameter.PATH)],
        responses=s.ReviewerDetailOut,
    )
    def get(self, request: Request, user_id: str) -> Response:
        """Return the metrics of one reviewer beside those of everybody, to that person or a lead."""
        if not (user_id.isascii() and user_id.isdigit() and len(user_id) <= _MAX_USER_ID_DIGITS):
            raise NotFound(f"There is no reviewer {user_id[:50]!r}.", code="reviewer_not_found")
        metrics = reviewer_metrics.of_reviewer(signed_in(request), int(user_id))
        return Response(s.ReviewerDetailOut(metrics).data)
