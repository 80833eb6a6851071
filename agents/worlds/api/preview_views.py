"""API of the preview of a change to a world."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from agents.errors import Invalid
from agents.worlds.preview import MAX_FINDINGS, NewFinding, preview
from universes import limits
from universes.api.base import universe_in_path, validated
from universes.api.paths import UNIVERSE_ID
from universes.api.strict import StrictCharField, StrictSerializer, StrictUUIDField
from universes.errors import FieldError

MAX_ELEMENTS = 50


class ElementPreviewIn(StrictSerializer):
    id = StrictUUIDField(help_text="A canon element.")
    summary = StrictCharField(max_length=limits.SUMMARY, allow_blank=True, required=False)
    traits = serializers.DictField(required=False, help_text="Replaces all traits.")


class WorldPreviewIn(StrictSerializer):
    rules = serializers.ListField(
        child=StrictCharField(max_length=limits.RULE_TEXT),
        required=False,
        max_length=limits.RULES,
        help_text="Rules to add.",
    )
    elements = ElementPreviewIn(many=True, required=False)


class PreviewFindingOut(serializers.Serializer[NewFinding]):
    scene_id = serializers.UUIDField(source="scene.pk")
    title = serializers.CharField(source="scene.title")
    quote = serializers.CharField(source="finding.quote", help_text="Words of the scene.")
    start = serializers.IntegerField(source="finding.start")
    end = serializers.IntegerField(source="finding.end")
    statement = serializers.CharField(source="finding.statement", help_text="The words that it contradicts.")
    source_id = serializers.CharField(source="finding.source_id")
    strength = serializers.CharField(source="finding.strength")
    why = serializers.CharField(source="finding.why")


class WorldPreviewOut(serializers.Serializer[Any]):
    findings = PreviewFindingOut(many=True, help_text=f"At most about {MAX_FINDINGS}.")
    read = serializers.IntegerField(help_text="Number of scenes that were read.")
    not_read = serializers.IntegerField(help_text="Number of scenes that were left for lack of time or room.")


@extend_schema(tags=["canon"], parameters=[UNIVERSE_ID])
class PreviewView(APIView):
    @extend_schema(request=WorldPreviewIn, responses=WorldPreviewOut)
    def post(self, request: Request, universe_id: str) -> Response:
        """Tell which canon scenes would contradict a changed world; nothing is stored."""
        universe = universe_in_path(request, universe_id)
        change = validated(WorldPreviewIn, request)
        if len(change.get("elements", ())) > MAX_ELEMENTS:
            detail = f"At most {MAX_ELEMENTS} elements."
            raise Invalid("Not valid: elements.", [FieldError("/elements", detail, "too_many")])
        return Response(WorldPreviewOut(preview(universe, **change)).data)
