"""Endpoints of the drafts of a universe. ``canon_status=draft`` lists them among elements and scenes."""

from __future__ import annotations

import uuid
from collections.abc import Callable

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from universes.api.base import universe_in_path, validated
from universes.api.bodies.strict import StrictSerializer, StrictUUIDField
from universes.api.paths import UNIVERSE_ID, signed_in
from universes.choices import Role
from universes.models import Universe
from universes.services import drafts


class DraftsIn(StrictSerializer):
    ids = serializers.ListField(
        child=StrictUUIDField(),
        allow_empty=False,
        max_length=drafts.MAX_DRAFTS,
        help_text="Ids of elements and scenes.",
    )


class DraftCountsOut(serializers.Serializer[drafts.DraftCounts]):
    scenes = serializers.IntegerField()
    elements = serializers.IntegerField()


class LeftOutOut(serializers.Serializer[drafts.LeftOut]):
    id = serializers.UUIDField()
    why = serializers.CharField()


class DraftsOut(serializers.Serializer[drafts.DraftsResult]):
    done = serializers.ListField(child=serializers.UUIDField())
    left_out = LeftOutOut(many=True)


@extend_schema(tags=["canon"], parameters=[UNIVERSE_ID])
class DraftCount(APIView):
    @extend_schema(responses=DraftCountsOut)
    def get(self, request: Request, universe_id: str) -> Response:
        """Count the drafts of a universe."""
        counts = drafts.count_drafts(universe_in_path(request, universe_id))
        return Response(DraftCountsOut(counts).data)


@extend_schema(tags=["canon"], parameters=[UNIVERSE_ID])
class PromoteDrafts(APIView):
    @extend_schema(request=DraftsIn, responses=DraftsOut)
    def post(self, request: Request, universe_id: str) -> Response:
        """Take drafts into canon; those that are left out come with a reason."""
        return _decide(request, universe_id, drafts.promote_drafts)


@extend_schema(tags=["canon"], parameters=[UNIVERSE_ID])
class DiscardDrafts(APIView):
    @extend_schema(request=DraftsIn, responses=DraftsOut)
    def post(self, request: Request, universe_id: str) -> Response:
        """Retire drafts: they leave the lists, but stay readable by their ids."""
        return _decide(request, universe_id, drafts.discard_drafts)


def _decide(request: Request, universe_id: str, decide: Callable[..., drafts.DraftsResult]) -> Response:
    universe: Universe = universe_in_path(request, universe_id, at_least=Role.EDITOR)
    ids: list[uuid.UUID] = validated(DraftsIn, request)["ids"]
    return Response(DraftsOut(decide(universe, ids, by=signed_in(request))).data)
