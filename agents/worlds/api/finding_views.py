"""API of re-checks, and of the contradictions in canon that they find."""

from __future__ import annotations

from typing import Any

import django_filters as filters
from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers, status
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from agents.choices import FindingState
from agents.common import world_context
from agents.jobs.api.submission_serializers import JobAccepted
from agents.jobs.api.views import accepted
from agents.models import WorldFinding, WorldRecheck
from agents.review.notes import MAX_NOTE_CHARS
from agents.worlds import recheck, work_list
from universes.api.base import universe_in_path, validated
from universes.api.bodies.strict import StrictCharField, StrictSerializer
from universes.api.parameters.filter_kinds import ChoiceSetFilter, FilterSet
from universes.api.paths import UNIVERSE_ID, parse_uuid, signed_in, uuid_in_path
from universes.choices import Role
from universes.models import Universe

FINDING_ID = uuid_in_path("world_finding_id", "The finding.")


class WorldFindingOut(serializers.ModelSerializer[WorldFinding]):
    """A contradiction between a canon scene and the world, by the words of both."""

    scene_id = serializers.UUIDField()
    title = serializers.CharField(source="scene.title", help_text="The title of the scene.")
    state = serializers.ChoiceField(FindingState.choices, source="now")

    class Meta:
        model = WorldFinding
        fields = [
            "id",
            "scene_id",
            "title",
            "kind",
            "strength",
            "quote",
            "start",
            "end",
            "statement",
            "source_id",
            "why",
            "state",
            "found_at",
            "closed_at",
        ]
        read_only_fields = fields


class WorldFindingFilter(FilterSet):
    state = ChoiceSetFilter(field_name="now", choices=FindingState.choices)
    strength = ChoiceSetFilter(choices=[(name, name) for name in ("proven", "likely", "hint")])
    scene_id = filters.UUIDFilter(field_name="scene", help_text="Those of one scene.")

    class Meta:
        model = WorldFinding
        fields: list[str] = []


class WorldFindingMarkIn(StrictSerializer):
    reason = StrictCharField(required=False, allow_blank=True, max_length=MAX_NOTE_CHARS)


class WorldRecheckOut(serializers.Serializer[Any]):
    on_save = serializers.BooleanField(help_text="The universe's setting `recheck_on_save`.")
    is_due = serializers.BooleanField(help_text="The worker is to go on with it.")
    scenes_left = serializers.IntegerField(help_text="Canon scenes that have to be read.")
    completed_at = serializers.DateTimeField(allow_null=True, help_text="When all were read last.")


@extend_schema(tags=["canon"], parameters=[UNIVERSE_ID])
class RecheckView(APIView):
    """Re-check of the canon scenes against the world."""

    @extend_schema(responses=WorldRecheckOut)
    def get(self, request: Request, universe_id: str) -> Response:
        """Return how far the re-check of the universe is."""
        return Response(_told(universe_in_path(request, universe_id)))

    @extend_schema(request=None, responses={202: WorldRecheckOut})
    def post(self, request: Request, universe_id: str) -> Response:
        """Have the worker re-check the universe: only what has changed since is read."""
        universe = universe_in_path(request, universe_id, at_least=Role.EDITOR)
        world_context.refuse_archived(universe)
        recheck.ask_for_recheck(universe)
        return Response(_told(universe), status.HTTP_202_ACCEPTED)


def _told(universe: Universe) -> dict[str, Any]:
    row = WorldRecheck.objects.filter(universe=universe).first()
    left = recheck.due_scenes(universe.pk).count()
    told = WorldRecheckOut(
        {
            "on_save": universe.recheck_on_save,
            "is_due": (row is not None and row.is_wanted) or (universe.recheck_on_save and left > 0),
            "scenes_left": left,
            "completed_at": row.completed_at if row else None,
        }
    )
    return dict(told.data)


@extend_schema(tags=["canon"], parameters=[UNIVERSE_ID])
class WorldFindingsView(ListAPIView[WorldFinding]):
    """List the contradictions in canon that re-checks have found, newest first."""

    serializer_class = WorldFindingOut
    filterset_class = WorldFindingFilter
    queryset = WorldFinding.objects.none()

    def get_queryset(self) -> QuerySet[WorldFinding]:
        if getattr(self, "swagger_fake_view", False):
            return WorldFinding.objects.with_state()
        return work_list.findings_in(universe_in_path(self.request, self.kwargs["universe_id"]))


@extend_schema(tags=["canon"], parameters=[UNIVERSE_ID, FINDING_ID])
class FindingFixView(APIView):
    @extend_schema(
        request=None,
        responses={202: JobAccepted, 409: OpenApiResponse(description="`finding_closed`, `fix_under_way`.")},
    )
    def post(self, request: Request, universe_id: str, world_finding_id: str) -> Response:
        """Have an agent rewrite the scene without the contradiction; accepted, its text replaces that of the scene."""
        universe = universe_in_path(request, universe_id, at_least=Role.EDITOR)
        job = work_list.ask_for_fix(universe, parse_uuid(world_finding_id, "finding"), by=signed_in(request))
        return accepted(job)


@extend_schema(tags=["canon"], parameters=[UNIVERSE_ID, FINDING_ID])
class FindingIntentionalView(APIView):
    @extend_schema(
        request=WorldFindingMarkIn,
        responses={
            200: WorldFindingOut,
            409: OpenApiResponse(description="`finding_closed`, `too_many_marks`."),
        },
    )
    def put(self, request: Request, universe_id: str, world_finding_id: str) -> Response:
        """Mark the finding as intentional; the same words then count in no check of the universe."""
        universe = universe_in_path(request, universe_id, at_least=Role.EDITOR)
        reason = validated(WorldFindingMarkIn, request).get("reason", "")
        pk = parse_uuid(world_finding_id, "finding")
        row = work_list.mark_intentional(universe, pk, by=signed_in(request), reason=reason)
        return Response(WorldFindingOut(row).data)

    @extend_schema(request=None, responses={204: None})
    def delete(self, request: Request, universe_id: str, world_finding_id: str) -> Response:
        """Undo the mark; idempotent."""
        universe = universe_in_path(request, universe_id, at_least=Role.EDITOR)
        work_list.unmark(universe, parse_uuid(world_finding_id, "finding"))
        return Response(status=status.HTTP_204_NO_CONTENT)
