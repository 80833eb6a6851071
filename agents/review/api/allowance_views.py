"""API of what a lead allows in single universes: self-review, and guests who decide."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.generics import ListAPIView
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from agents.common import permissions
from agents.models import GuestsDecide, SelfReview
from agents.models.review.allowance import Allowance
from agents.review import self_review
from agents.review.guests import deciding
from universes.api.base import validated
from universes.api.bodies.strict import StrictSerializer, StrictUUIDField
from universes.api.paths import UNIVERSE_ID, parse_uuid, signed_in


class AllowanceIn(StrictSerializer):
    universe_id = StrictUUIDField()


class AllowanceOut(serializers.ModelSerializer[Any]):
    universe_id = serializers.UUIDField()
    universe = serializers.CharField(source="universe.name")
    allowed_by = serializers.CharField(source="allowed_by.username")


FIELDS = ["universe_id", "universe", "allowed_by", "allowed_at"]


class AllowancesView(ListAPIView[Any]):
    """List of the universes in which something is allowed; leads only."""

    model: ClassVar[type[Allowance]]

    def get_queryset(self) -> QuerySet[Any]:
        rows = self.model._default_manager.select_related("universe", "allowed_by")
        return rows.order_by("-allowed_at", "-universe_id")

    def created(self, allowed: Allowance) -> Response:
        return Response(self.get_serializer(allowed).data, status=status.HTTP_201_CREATED)


# --- Reviewers who decide on their own jobs


class IsLead(BasePermission):
    message = self_review.LEADS_ONLY

    def has_permission(self, request: Request, view: APIView) -> bool:
        return permissions.is_lead(request.user)


class SelfReviewIn(AllowanceIn):
    pass


class SelfReviewOut(AllowanceOut):
    class Meta:
        model = SelfReview
        fields = read_only_fields = FIELDS


class SelfReviewsView(AllowancesView):
    """List the universes in which reviewers may decide on their own jobs; leads only."""

    permission_classes = [IsLead]
    serializer_class = SelfReviewOut
    model = SelfReview
    queryset = SelfReview.objects.none()

    @extend_schema(request=SelfReviewIn, responses={201: SelfReviewOut})
    def post(self, request: Request) -> Response:
        """Allow reviewers to decide on their own jobs in a universe; their receipts name you."""
        return self.created(self_review.allow(**validated(SelfReviewIn, request), by=signed_in(request)))


class SelfReviewView(APIView):
    permission_classes = [IsLead]

    @extend_schema(parameters=[UNIVERSE_ID], responses={204: None})
    def delete(self, request: Request, universe_id: str) -> Response:
        """Require another reviewer again; verdicts that were given stay."""
        self_review.forbid(parse_uuid(universe_id, "universe"), by=signed_in(request))
        return Response(status=status.HTTP_204_NO_CONTENT)


# --- Guests who decide


class LeadsGuests(IsLead):
    message = deciding.LEADS_ONLY


class GuestsDecideIn(AllowanceIn):
    pass


class GuestsDecideOut(AllowanceOut):
    class Meta:
        model = GuestsDecide
        fields = read_only_fields = FIELDS


class GuestsDecideListView(AllowancesView):
    """List the universes in which the verdicts of guests decide; leads only."""

    permission_classes = [LeadsGuests]
    serializer_class = GuestsDecideOut
    model = GuestsDecide
    queryset = GuestsDecide.objects.none()

    @extend_schema(request=GuestsDecideIn, responses={201: GuestsDecideOut})
    def post(self, request: Request) -> Response:
        """Let guests decide in a universe, where an item needs one opinion."""
        return self.created(deciding.allow(**validated(GuestsDecideIn, request), by=signed_in(request)))


class GuestsDecideView(APIView):
    permission_classes = [LeadsGuests]

    @extend_schema(parameters=[UNIVERSE_ID], responses={204: None})
    def delete(self, request: Request, universe_id: str) -> Response:
        """Make the verdicts of guests opinions again; those that have decided stay."""
        deciding.forbid(parse_uuid(universe_id, "universe"), by=signed_in(request))
        return Response(status=status.HTTP_204_NO_CONTENT)
