"""Endpoints of the timeline: events, moments of scenes, and people at a moment."""

from __future__ import annotations

import math
import sys
from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from universes import limits
from universes.api.base import ListView, universe_in_path, validated
from universes.api.bodies.strict import (
    StrictCharField,
    StrictChoiceField,
    StrictFloatField,
    StrictSerializer,
    StrictUUIDField,
)
from universes.api.parameters.query import refuse_query
from universes.api.paths import UNIVERSE_ID, parse_uuid, signed_in, uuid_in_path
from universes.api.preconditions import IF_MATCH, IF_MATCH_REQUIRED, if_unchanged, tagged
from universes.choices import Role, StoryEventKind
from universes.errors import FieldError, Invalid, NotFound
from universes.models import Element, Scene, SceneMoment, StoryEvent, Universe
from universes.services import locks
from universes.services import timeline as service

EVENT_ID = uuid_in_path("event_id", "The event.")
AT = OpenApiParameter(
    "at", OpenApiTypes.DOUBLE, description="The key of the moment; left out: after all events."
)
SCENE_ID = uuid_in_path("scene_id", "The scene.")


class MomentIn(StrictSerializer):
    key = StrictFloatField(help_text="The number by which moments are ordered: a year, a day, a tide.")
    label = StrictCharField(  # type: ignore[assignment]
        max_length=limits.STORY_TIME, help_text="The moment in the world's own words."
    )


class StoryEventIn(MomentIn):
    kind = StrictChoiceField(StoryEventKind.choices, required=False)
    title = StrictCharField(max_length=limits.NAME)
    note = StrictCharField(max_length=limits.RELATION_NOTE, required=False, allow_blank=True)
    place = StrictUUIDField(required=False, allow_null=True, help_text="An element.")
    participants = serializers.ListField(
        child=StrictUUIDField(),
        required=False,
        max_length=service.MAX_PARTICIPANTS,
        help_text="Elements that take part.",
    )


class PlaceOut(serializers.ModelSerializer[Element]):
    class Meta:
        model = Element
        fields = ["id", "kind", "name"]
        read_only_fields = fields


class StoryEventOut(serializers.ModelSerializer[StoryEvent]):
    place = PlaceOut(allow_null=True)
    participants = PlaceOut(many=True)

    class Meta:
        model = StoryEvent
        fields = [
            *("id", "kind", "title", "key", "label", "note", "place", "participants"),
            *("created_at", "updated_at"),
        ]
        read_only_fields = fields


class MomentOut(serializers.Serializer[Any]):
    key = serializers.FloatField(allow_null=True, help_text="Null: the scene is not on the timeline.")
    label = serializers.CharField()  # type: ignore[assignment]


class KnownEventOut(serializers.ModelSerializer[StoryEvent]):
    class Meta:
        model = StoryEvent
        fields = ["id", "kind", "title", "key", "label"]
        read_only_fields = fields


class PersonThenOut(serializers.Serializer[service.PersonThen]):
    id = serializers.UUIDField(source="element.pk")
    name = serializers.CharField(source="element.name")
    is_alive = serializers.BooleanField(allow_null=True, help_text="Null: no event tells.")
    place = PlaceOut(
        allow_null=True, help_text="Where the last event, or a relation that holds then, places them."
    )
    since = serializers.SerializerMethodField(help_text="A moment in the world's own words; null: not known.")
    knows = KnownEventOut(many=True, help_text="The events in which they took part.")

    def get_since(self, person: service.PersonThen) -> str | None:
        return person.since or None


class MomentPeopleOut(serializers.Serializer[Any]):
    people = PersonThenOut(many=True)


@extend_schema(tags=["canon"], parameters=[UNIVERSE_ID])
class StoryEventList(ListView):
    """Events of the timeline, in their order."""

    queryset = StoryEvent.objects.none()
    serializer_class = StoryEventIn

    @extend_schema(responses=StoryEventOut(many=True))
    def get(self, request: Request, universe_id: str) -> Response:
        events = StoryEvent.objects.filter(universe=universe_in_path(request, universe_id))
        rows = events.select_related("place").prefetch_related(service.PARTICIPANTS)
        return self.page(rows.order_by("key", "id"), StoryEventOut)

    @extend_schema(request=StoryEventIn, responses={201: StoryEventOut})
    def post(self, request: Request, universe_id: str) -> Response:
        """Add an event; with the kind `death`, its participants are dead in scenes of later moments."""
        universe = universe_in_path(request, universe_id, at_least=Role.EDITOR)
        event = service.add_event(universe, validated(StoryEventIn, request), by=signed_in(request))
        headers = {"Location": f"/universes/{universe.pk}/events/{event.pk}"}
        return tagged(StoryEventOut(event).data, status.HTTP_201_CREATED, headers=headers)


@extend_schema(tags=["canon"], parameters=[UNIVERSE_ID, EVENT_ID])
class StoryEventDetail(APIView):
    """An event of the timeline."""

    @extend_schema(responses=StoryEventOut)
    def get(self, request: Request, universe_id: str, event_id: str) -> Response:
        universe = universe_in_path(request, universe_id)
        return tagged(StoryEventOut(service.find_event(universe, parse_uuid(event_id, "event"))).data)

    @extend_schema(request=StoryEventIn, responses=StoryEventOut, parameters=[IF_MATCH])
    def patch(self, request: Request, universe_id: str, event_id: str) -> Response:
        """Change an event; `participants` replaces the whole list."""
        universe = universe_in_path(request, universe_id, at_least=Role.EDITOR)
        pk, changes = parse_uuid(event_id, "event"), validated(StoryEventIn, request, partial=True)
        with if_unchanged(request, lambda: _lock(universe, pk)):
            event = service.change_event(universe, pk, changes, by=signed_in(request))
        return tagged(StoryEventOut(event).data)

    @extend_schema(responses={204: None}, parameters=[IF_MATCH])
    def delete(self, request: Request, universe_id: str, event_id: str) -> Response:
        universe = universe_in_path(request, universe_id, at_least=Role.EDITOR)
        pk = parse_uuid(event_id, "event")
        with if_unchanged(request, lambda: _lock(universe, pk)):
            service.remove_event(universe, pk, by=signed_in(request))
        return Response(status=status.HTTP_204_NO_CONTENT)


@extend_schema(tags=["canon"], parameters=[UNIVERSE_ID, SCENE_ID])
class SceneMomentDetail(APIView):
    """The moment at which a scene takes place."""

    @extend_schema(responses=MomentOut)
    def get(self, request: Request, universe_id: str, scene_id: str) -> Response:
        return tagged(_moment_of(_scene(universe_in_path(request, universe_id), scene_id)))

    @extend_schema(request=MomentIn, responses=MomentOut, parameters=[IF_MATCH_REQUIRED])
    def put(self, request: Request, universe_id: str, scene_id: str) -> Response:
        """Place the scene on the timeline."""
        universe = universe_in_path(request, universe_id, at_least=Role.EDITOR)
        given, scene = validated(MomentIn, request), _scene(universe, scene_id)
        with if_unchanged(request, lambda: _lock_moment(scene), required=True):
            moment = service.place_scene(scene, **given, by=signed_in(request))
        return tagged(MomentOut(moment).data)

    @extend_schema(responses={204: None}, parameters=[IF_MATCH])
    def delete(self, request: Request, universe_id: str, scene_id: str) -> Response:
        """Take the scene off the timeline; idempotent."""
        scene = _scene(universe_in_path(request, universe_id, at_least=Role.EDITOR), scene_id)
        with if_unchanged(request, lambda: _lock_moment(scene)):
            service.unplace_scene(scene, by=signed_in(request))
        return Response(status=status.HTTP_204_NO_CONTENT)


@extend_schema(tags=["canon"], parameters=[UNIVERSE_ID])
class MomentView(APIView):
    reads_query = frozenset({"GET", "HEAD"})

    @extend_schema(parameters=[AT], responses=MomentPeopleOut)
    def get(self, request: Request, universe_id: str) -> Response:
        """Tell who is where, and who knows of what, at a moment: as far as events state it."""
        refuse_query(request, ["at"])
        universe = universe_in_path(request, universe_id)
        return Response(MomentPeopleOut({"people": service.people_at(universe, _key(request))}).data)


def _key(request: Request) -> float:
    if "at" not in request.query_params:
        return sys.float_info.max
    try:
        key = float(request.query_params["at"])
    except ValueError:
        key = math.nan
    if not math.isfinite(key):
        raise Invalid("Not valid: at.", [FieldError("?at", "The key of a moment, a number.", "invalid")])
    return key


def _lock(universe: Universe, event_id: Any) -> Any:
    locks.lock_universe(universe.pk)
    return StoryEventOut(service.find_event(universe, event_id)).data


def _lock_moment(scene: Scene) -> Any:
    locks.lock_universe(scene.universe_id)
    return _moment_of(scene)


def _moment_of(scene: Scene) -> Any:
    return MomentOut(SceneMoment.objects.filter(scene=scene).first() or {"key": None, "label": ""}).data


def _scene(universe: Universe, raw_id: str) -> Scene:
    pk = parse_uuid(raw_id, "scene")
    scene = Scene.objects.filter(universe=universe, pk=pk).first()
    if scene is None:
        raise NotFound(f"There is no scene {pk} in “{universe.name}”.", code="scene_not_found")
    return scene
