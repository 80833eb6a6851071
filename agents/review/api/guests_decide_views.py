"""API of the universes in which the verdicts of guests decide."""

from __future__ import annotations

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from agents.models import GuestsDecide
from agents.review.api.self_review_views import IsLead
from agents.review.guests import deciding
from universes.api.base import validated
from universes.api.bodies.strict import StrictSerializer, StrictUUIDField
from universes.api.paths import UNIVERSE_ID, parse_uuid, signed_in


class LeadsGuests(IsLead):
    message = "Only lead reviewers may see and change where guests decide."


class GuestsDecideIn(StrictSerializer):
    universe_id = StrictUUIDField()


class GuestsDecideOut(serializers.ModelSerializer[GuestsDecide]):
    universe_id = serializers.UUIDField()
    universe = serializers.CharField(source="universe.name")
    allowed_by = serializers.CharField(source="allowed_by.username")

    class Meta:
        model = GuestsDecide
        fields = ["universe_id", "universe", "allowed_by", "allowed_at"]
        read_only_fields = fields


class GuestsDecideListView(ListAPIView[GuestsDecide]):
    """List the universes in which the verdicts of guests decide; leads only."""

    permission_classes = [LeadsGuests]
    serializer_class = GuestsDecideOut
    queryset = GuestsDecide.objects.none()

    def get_queryset(self) -> QuerySet[GuestsDecide]:
        return GuestsDecide.objects.select_related("universe", "allowed_by").order_by(
            "-allowed_at", "-universe_id"
        )

    @extend_schema(request=GuestsDecideIn, responses={201: GuestsDecideOut})
    def post(self, request: Request) -> Response:
        """Let guests decide in a universe, where an item needs one opinion."""
        allowed = deciding.allow(**validated(GuestsDecideIn, request), by=signed_in(request))
        return Response(GuestsDecideOut(allowed).data, status=status.HTTP_201_CREATED)


class GuestsDecideView(APIView):
    permission_classes = [LeadsGuests]

    @extend_schema(parameters=[UNIVERSE_ID], responses={204: None})
    def delete(self, request: Request, universe_id: str) -> Response:
        """Make the verdicts of guests opinions again; those that have decided stay."""
        deciding.forbid(parse_uuid(universe_id, "universe"), by=signed_in(request))
        return Response(status=status.HTTP_204_NO_CONTENT)
