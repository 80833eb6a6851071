"""API of the universes in which reviewers may decide on their own jobs."""

from __future__ import annotations

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.generics import ListAPIView
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from agents.common import permissions
from agents.models import SelfReview
from agents.review import self_review
from universes.api.base import validated
from universes.api.bodies.strict import StrictSerializer, StrictUUIDField
from universes.api.paths import UNIVERSE_ID, parse_uuid, signed_in


class IsLead(BasePermission):
    message = "Only lead reviewers may see and change self-review."

    def has_permission(self, request: Request, view: APIView) -> bool:
        return permissions.is_lead(request.user)


class SelfReviewIn(StrictSerializer):
    universe_id = StrictUUIDField()


class SelfReviewOut(serializers.ModelSerializer[SelfReview]):
    universe_id = serializers.UUIDField()
    universe = serializers.CharField(source="universe.name")
    allowed_by = serializers.CharField(source="allowed_by.username")

    class Meta:
        model = SelfReview
        fields = ["universe_id", "universe", "allowed_by", "allowed_at"]
        read_only_fields = fields


class SelfReviewsView(ListAPIView[SelfReview]):
    """List the universes in which reviewers may decide on their own jobs; leads only."""

    permission_classes = [IsLead]
    serializer_class = SelfReviewOut
    queryset = SelfReview.objects.none()

    def get_queryset(self) -> QuerySet[SelfReview]:
        return SelfReview.objects.select_related("universe", "allowed_by").order_by(
            "-allowed_at", "-universe_id"
        )

    @extend_schema(request=SelfReviewIn, responses={201: SelfReviewOut})
    def post(self, request: Request) -> Response:
        """Allow reviewers to decide on their own jobs in a universe; their receipts name you."""
        allowed = self_review.allow(**validated(SelfReviewIn, request), by=signed_in(request))
        return Response(SelfReviewOut(allowed).data, status=status.HTTP_201_CREATED)


class SelfReviewView(APIView):
    permission_classes = [IsLead]

    @extend_schema(parameters=[UNIVERSE_ID], responses={204: None})
    def delete(self, request: Request, universe_id: str) -> Response:
        """Require another reviewer again; verdicts that were given stay."""
        self_review.forbid(parse_uuid(universe_id, "universe"), by=signed_in(request))
        return Response(status=status.HTTP_204_NO_CONTENT)
