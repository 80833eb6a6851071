"""Endpoints of the relations between elements."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from universes.api.base import ListView, universe_in_path, validated
from universes.api.bodies.inputs import RelationChange, RelationIn
from universes.api.bodies.outputs import RelationOut
from universes.api.parameters.filters import RelationFilter
from universes.api.paths import UNIVERSE_ID, parse_uuid, signed_in, uuid_in_path
from universes.api.preconditions import IF_MATCH, if_unchanged, tagged
from universes.choices import Role
from universes.models import Relation
from universes.services import locks
from universes.services import relations as service

RELATION_ID = uuid_in_path("relation_id", "The relation.")


@extend_schema(tags=["canon"], parameters=[UNIVERSE_ID])
class RelationList(ListView):
    """Relations between elements that are not retired, newest first."""

    queryset = Relation.objects.none()
    serializer_class = RelationIn
    filterset_class = RelationFilter

    @extend_schema(responses=RelationOut(many=True))
    def get(self, request: Request, universe_id: str) -> Response:
        relations = Relation.objects.filter(universe=universe_in_path(request, universe_id)).living()
        joined = relations.select_related("from_element", "to_element", "created_by")
        return self.page(joined.newest_first(), RelationOut)

    @extend_schema(request=RelationIn, responses={201: RelationOut})
    def post(self, request: Request, universe_id: str) -> Response:
        """State a relation; a symmetric kind is stored once, whichever element comes first."""
        universe = universe_in_path(request, universe_id, at_least=Role.EDITOR)
        relation = service.add_relation(universe, **validated(RelationIn, request), by=signed_in(request))
        headers = {"Location": f"/universes/{universe.pk}/relations/{relation.pk}"}
        return tagged(RelationOut(relation).data, status.HTTP_201_CREATED, headers=headers)


@extend_schema(tags=["canon"], parameters=[UNIVERSE_ID, RELATION_ID])
class RelationDetail(APIView):
    """A relation between two elements."""

    @extend_schema(responses=RelationOut)
    def get(self, request: Request, universe_id: str, relation_id: str) -> Response:
        universe = universe_in_path(request, universe_id)
        return tagged(RelationOut(service.find_relation(universe, parse_uuid(relation_id, "relation"))).data)

    @extend_schema(request=RelationChange, responses=RelationOut, parameters=[IF_MATCH])
    def patch(self, request: Request, universe_id: str, relation_id: str) -> Response:
        """Change kind, dates or note; the elements stay."""
        universe = universe_in_path(request, universe_id, at_least=Role.EDITOR)
        pk, changes = parse_uuid(relation_id, "relation"), validated(RelationChange, request, partial=True)
        with if_unchanged(request, lambda: _lock(universe, pk)):
            relation = service.change_relation(universe, pk, **changes, by=signed_in(request))
        return tagged(RelationOut(relation).data)

    @extend_schema(responses={204: None}, parameters=[IF_MATCH])
    def delete(self, request: Request, universe_id: str, relation_id: str) -> Response:
        universe = universe_in_path(request, universe_id, at_least=Role.EDITOR)
        pk = parse_uuid(relation_id, "relation")
        with if_unchanged(request, lambda: _lock(universe, pk)):
            service.remove_relation(universe, pk, by=signed_in(request))
        return Response(status=status.HTTP_204_NO_CONTENT)


def _lock(universe: Any, relation_id: Any) -> Any:
    locks.lock_universe(universe.pk)
    return RelationOut(service.find_relation(universe, relation_id)).data
