"""The review queue over HTTP: the same services as the admin's pages."""

from __future__ import annotations

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import status
from rest_framework.generics import ListAPIView
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from agents.api import serializers as s
from agents.api.filters import ReviewFilter
from agents.choices import Verdict
from agents.errors import NotFound
from agents.models import ReviewItem
from agents.services import reviews
from universes.api.base import validated
from universes.api.paths import parse_uuid, signed_in, uuid_in_path

ITEM_ID = uuid_in_path("item_id", "The review item.")


class IsReviewer(BasePermission):
    message = "Only reviewers may see the review queue."

    def has_permission(self, request: Request, view: APIView) -> bool:
        return bool(request.user.has_perm(reviews.PERMISSION))


def _items() -> QuerySet[ReviewItem]:
    return ReviewItem.objects.select_related("job__requested_by", "decision__by")


class ReviewsView(ListAPIView[ReviewItem]):
    """Review items, oldest first; the state open is what waits."""

    permission_classes = [IsReviewer]
    serializer_class = s.ReviewItemOut
    filterset_class = ReviewFilter
    queryset = ReviewItem.objects.none()

    def get_queryset(self) -> QuerySet[ReviewItem]:
        return _items().queue_order()  # type: ignore[attr-defined,no-any-return]


@extend_schema(parameters=[ITEM_ID])
class ReviewView(APIView):
    permission_classes = [IsReviewer]

    @extend_schema(responses=s.ReviewItemOut)
    def get(self, request: Request, item_id: str) -> Response:
        """One review item with its output, signals and decision."""
        item = _items().filter(pk=parse_uuid(item_id, "review_item")).first()
        if item is None:
            raise NotFound(f"There is no review item {item_id}.", code="review_item_not_found")
        return Response(s.ReviewItemOut(item).data)


@extend_schema(parameters=[ITEM_ID])
class DecisionView(APIView):
    permission_classes = [IsReviewer]

    @extend_schema(
        request=s.DecisionIn,
        responses={
            201: s.DecisionOut,
            409: OpenApiResponse(description="Somebody has decided; the detail says who."),
        },
    )
    def post(self, request: Request, item_id: str) -> Response:
        """Decide an open item."""
        body = validated(s.DecisionIn, request)
        decision = reviews.decide(
            parse_uuid(item_id, "review_item"),
            Verdict(body["verdict"]),
            by=signed_in(request),
            note=body.get("note", ""),
            edited=body.get("output"),
        )
        return Response(s.DecisionOut(decision).data, status=status.HTTP_201_CREATED)
