"""How good the machine is, and how its reviewers work, over HTTP."""

from __future__ import annotations

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from agents.api import review_figures_serializers as s
from agents.api.review_views import IsReviewer
from agents.errors import FieldError, Invalid, NotFound
from agents.models import ReviewReport
from agents.services import review_live, review_reports, reviewer_figures
from universes.api.paths import signed_in

_USER_ID_DIGITS = 18

DAYS = OpenApiParameter(
    "days",
    OpenApiTypes.INT,
    enum=review_reports.PERIODS,
    default=review_reports.DEFAULT_PERIOD,
    description="The period that ends when the figures were counted.",
)


class ReviewFiguresView(APIView):
    permission_classes = [IsReviewer]

    @extend_schema(parameters=[DAYS], responses=s.ReviewFiguresOut)
    def get(self, request: Request) -> Response:
        """How good the machine is, as it was counted at ``as_of``; and the queue as it is now."""
        return _answer(request, review_reports.latest(_days(request)))

    @extend_schema(parameters=[DAYS], request=None, responses={200: s.ReviewFiguresOut})
    def post(self, request: Request) -> Response:
        """Count the figures anew, unless that was done in the last ten seconds."""
        return _answer(request, review_reports.refresh(_days(request)))


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
        return review_reports.DEFAULT_PERIOD
    # What is no such number is refused by the service, which says which there are.
    return next((days for days in review_reports.PERIODS if str(days) == raw), 0)


def _answer(request: Request, report: ReviewReport) -> Response:
    live = review_live.live(signed_in(request))
    body: dict[str, Any] = {**report.figures, "as_of": report.computed_at, "live": live}
    return Response(s.ReviewFiguresOut(body).data)


class ReviewersView(APIView):
    @extend_schema(operation_id="agents_reviews_reviewers_table", responses=s.ReviewersOut)
    def get(self, request: Request) -> Response:
        """How reviewers work: all of them for leads, yourself otherwise."""
        return Response(s.ReviewersOut(reviewer_figures.table(signed_in(request))).data)


class ReviewerView(APIView):
    @extend_schema(
        parameters=[OpenApiParameter("user_id", OpenApiTypes.INT, OpenApiParameter.PATH)],
        responses=s.ReviewerDetailOut,
    )
    def get(self, request: Request, user_id: str) -> Response:
        """How one reviewer works, beside everybody; for that person and for leads."""
        if not (user_id.isascii() and user_id.isdigit() and len(user_id) <= _USER_ID_DIGITS):
            raise NotFound(f"There is no reviewer {user_id[:50]!r}.", code="reviewer_not_found")
        found = reviewer_figures.of_reviewer(signed_in(request), int(user_id))
        return Response(s.ReviewerDetailOut(found).data)
