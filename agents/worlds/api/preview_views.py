"""API of the preview of a change to a world."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from agents.errors import Invalid
from agents.worlds.preview import MAX_FINDINGS, Death, NewFinding, WorldChange, preview
from universes import limits
from universes.api.base import universe_in_path, validated
from universes.api.bodies.strict import StrictBooleanField, StrictCharField, StrictSerializer, StrictUUIDField
from universes.api.paths import UNIVERSE_ID
from universes.errors import FieldError

MAX_ELEMENTS = 50


class ElementPreviewIn(StrictSerializer):
    id = StrictUUIDField(help_text="A canon element.")
    name = StrictCharField(max_length=limits.NAME, required=False)
    summary = StrictCharField(max_length=limits.SUMMARY, allow_blank=True, required=False)
    traits = serializers.DictField(required=False, help_text="Replaces all traits.")
    retired = StrictBooleanField(required=False, help_text="True: it is no part of the world any more.")


class DeathIn(StrictSerializer):
    element_id = StrictUUIDField(help_text="A canon character.")
    scene_id = StrictUUIDField(help_text="The scene in which they die; they are dead in those after it.")


class ConfigPreviewIn(StrictSerializer):
    genre = StrictCharField(max_length=limits.WORLD_LABEL, allow_blank=True, required=False)
    tone = StrictCharField(max_length=limits.WORLD_LABEL, allow_blank=True, required=False)
    tech_level = StrictCharField(max_length=limits.WORLD_LABEL, allow_blank=True, required=False)
    magic_system = StrictCharField(max_length=limits.WORLD_TEXT, allow_blank=True, required=False)
    physics = StrictCharField(max_length=limits.WORLD_TEXT, allow_blank=True, required=False)


class WorldPreviewIn(StrictSerializer):
    rules = serializers.ListField(
        child=StrictCharField(max_length=limits.RULE_TEXT),
        required=False,
        max_length=limits.RULES,
        help_text="Rules to add.",
    )
    without_rules = serializers.ListField(
        child=StrictUUIDField(), required=False, max_length=limits.RULES, help_text="Rules to remove."
    )
    elements = ElementPreviewIn(many=True, required=False)
    config = ConfigPreviewIn(required=False, help_text="New values of the world config.")
    deaths = DeathIn(many=True, required=False, help_text="Characters who die in a scene.")


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
    not_concerned = serializers.IntegerField(help_text="Number of scenes that share no word with the change.")
    not_read = serializers.IntegerField(help_text="Number of scenes that were left for lack of time or room.")


@extend_schema(tags=["canon"], parameters=[UNIVERSE_ID])
class PreviewView(APIView):
    @extend_schema(request=WorldPreviewIn, responses=WorldPreviewOut)
    def post(self, request: Request, universe_id: str) -> Response:
        """Tell which canon scenes would contradict a changed world; nothing is stored."""
        universe = universe_in_path(request, universe_id)
        change = validated(WorldPreviewIn, request)
        for name in ("elements", "deaths"):
            if len(change.get(name, ())) > MAX_ELEMENTS:
                detail = f"At most {MAX_ELEMENTS} {name}."
                raise Invalid(f"Not valid: {name}.", [FieldError(f"/{name}", detail, "too_many")])
        change["deaths"] = [
            Death(str(each["element_id"]), each["scene_id"]) for each in change.get("deaths", ())
        ]
        return Response(WorldPreviewOut(preview(universe, WorldChange(**change))).data)
