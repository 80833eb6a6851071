"""Endpoints of elements and scenes.

DELETE retires an entry: it leaves the lists and the world, but stays readable by its id.
"""

from __future__ import annotations

from typing import Any

from django.db import transaction
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from universes.api.base import ListView, universe_in_path, validated
from universes.api.bodies.inputs import ElementChange, ElementIn, SceneChange, SceneIn
from universes.api.bodies.outputs import ElementOut, SceneOut, SceneRowOut
from universes.api.parameters.filters import ElementFilter, SceneFilter
from universes.api.paths import UNIVERSE_ID, parse_uuid, signed_in, uuid_in_path
from universes.api.preconditions import IF_MATCH, if_unchanged, tagged
from universes.choices import Role
from universes.errors import NotFound
from universes.models import Element, Scene
from universes.services import canon, locks, scene_order

ELEMENT_ID = uuid_in_path("element_id", "The element.")
SCENE_ID = uuid_in_path("scene_id", "The scene.")


@extend_schema(tags=["canon"], parameters=[UNIVERSE_ID])
class ElementList(ListView):
    """Elements of a universe (characters, locations, items and so on), newest first."""

    queryset = Element.objects.none()
    serializer_class = ElementIn
    filterset_class = ElementFilter

    @extend_schema(responses=ElementOut(many=True))
    def get(self, request: Request, universe_id: str) -> Response:
        elements = Element.objects.select_related("created_by").newest_first()
        return self.page_of_universe(universe_id, elements, ElementOut)

    @extend_schema(request=ElementIn, responses={201: ElementOut})
    def post(self, request: Request, universe_id: str) -> Response:
        """Add an element; answer 409 if another element of the kind has the name."""
        universe = universe_in_path(request, universe_id, at_least=Role.EDITOR)
        element = canon.add_element(
            universe, **_entry_fields(validated(ElementIn, request)), by=signed_in(request)
        )
        headers = {"Location": f"/universes/{universe.pk}/elements/{element.pk}"}
        return tagged(ElementOut(element).data, status.HTTP_201_CREATED, headers=headers)


@extend_schema(tags=["canon"], parameters=[UNIVERSE_ID, ELEMENT_ID])
class ElementDetail(APIView):
    """An element of a universe."""

    @extend_schema(responses=ElementOut)
    def get(self, request: Request, universe_id: str, element_id: str) -> Response:
        return tagged(ElementOut(element_in_path(request, universe_id, element_id)).data)

    @extend_schema(request=ElementChange, responses=ElementOut, parameters=[IF_MATCH])
    def patch(self, request: Request, universe_id: str, element_id: str) -> Response:
        """Change content, status or both; a retired element cannot be changed."""
        element = element_in_path(request, universe_id, element_id, at_least=Role.EDITOR)
        changes = _entry_fields(validated(ElementChange, request, partial=True))
        with if_unchanged(request, lambda: _lock_element(element)):
            changed = canon.revise_element(element, **changes, by=signed_in(request))
        return tagged(ElementOut(changed).data)

    @extend_schema(responses={204: None}, parameters=[IF_MATCH])
    def delete(self, request: Request, universe_id: str, element_id: str) -> Response:
        """Retire the element: it leaves the world and frees its name, but stays readable here."""
        element = element_in_path(request, universe_id, element_id, at_least=Role.EDITOR)
        with if_unchanged(request, lambda: _lock_element(element)):
            canon.retire(element, by=signed_in(request))
        return Response(status=status.HTTP_204_NO_CONTENT)


@extend_schema(tags=["canon"], parameters=[UNIVERSE_ID])
class SceneList(ListView):
    """Scenes of a universe, newest first."""

    queryset = Scene.objects.none()
    serializer_class = SceneIn
    filterset_class = SceneFilter

    @extend_schema(responses=SceneRowOut(many=True))
    def get(self, request: Request, universe_id: str) -> Response:
        scenes = Scene.objects.select_related("created_by").newest_first()
        return self.page_of_universe(universe_id, scenes, SceneRowOut)

    @extend_schema(request=SceneIn, responses={201: SceneOut})
    def post(self, request: Request, universe_id: str) -> Response:
        """Add a scene by hand."""
        universe = universe_in_path(request, universe_id, at_least=Role.EDITOR)
        scene = canon.add_scene(universe, **_entry_fields(validated(SceneIn, request)), by=signed_in(request))
        headers = {"Location": f"/universes/{universe.pk}/scenes/{scene.pk}"}
        return tagged(SceneOut(scene).data, status.HTTP_201_CREATED, headers=headers)


@extend_schema(tags=["canon"], parameters=[UNIVERSE_ID, SCENE_ID])
class SceneDetail(APIView):
    """A scene of a universe."""

    @extend_schema(responses=SceneOut)
    def get(self, request: Request, universe_id: str, scene_id: str) -> Response:
        return tagged(SceneOut(scene_in_path(request, universe_id, scene_id)).data)

    @extend_schema(request=SceneChange, responses=SceneOut, parameters=[IF_MATCH])
    def patch(self, request: Request, universe_id: str, scene_id: str) -> Response:
        """Change content, status or the place in the story (`after`); a retired scene's content cannot be changed."""
        scene = scene_in_path(request, universe_id, scene_id, at_least=Role.EDITOR)
        changes = _entry_fields(validated(SceneChange, request, partial=True))
        place = {"after": changes.pop("after")} if "after" in changes else {}
        with transaction.atomic(), if_unchanged(request, lambda: _lock_scene(scene)):
            changed = canon.revise_scene(scene, **changes, by=signed_in(request))
            if place:
                changed = scene_order.move(changed, **place)
        return tagged(SceneOut(changed).data)

    @extend_schema(responses={204: None}, parameters=[IF_MATCH])
    def delete(self, request: Request, universe_id: str, scene_id: str) -> Response:
        """Retire the scene: it leaves the world, but stays readable here."""
        scene = scene_in_path(request, universe_id, scene_id, at_least=Role.EDITOR)
        with if_unchanged(request, lambda: _lock_scene(scene)):
            canon.retire(scene, by=signed_in(request))
        return Response(status=status.HTTP_204_NO_CONTENT)


def element_in_path(request: Request, universe_id: str, raw: str, *, at_least: Role = Role.VIEWER) -> Element:
    universe = universe_in_path(request, universe_id, at_least=at_least)
    rows = Element.objects.select_related("created_by").filter(
        universe=universe, pk=parse_uuid(raw, "element")
    )
    if (element := rows.first()) is None:
        raise NotFound(f"There is no element {raw} in “{universe.name}”.", code="element_not_found")
    return element


def scene_in_path(request: Request, universe_id: str, raw: str, *, at_least: Role = Role.VIEWER) -> Scene:
    universe = universe_in_path(request, universe_id, at_least=at_least)
    rows = Scene.objects.select_related("created_by").filter(universe=universe, pk=parse_uuid(raw, "scene"))
    if (scene := rows.first()) is None:
        raise NotFound(f"There is no scene {raw} in “{universe.name}”.", code="scene_not_found")
    return scene


def _lock_element(element: Element) -> Any:
    locks.lock_universe(element.universe_id)
    return ElementOut(Element.objects.select_related("created_by").get(pk=element.pk)).data


def _lock_scene(scene: Scene) -> Any:
    locks.lock_universe(scene.universe_id)
    return SceneOut(Scene.objects.select_related("created_by").get(pk=scene.pk)).data


def _entry_fields(body: dict[str, Any]) -> dict[str, Any]:
    """Rename the body's fields to the services' arguments."""
    if "canon_status" in body:
        body["status"] = body.pop("canon_status")
    return body
