"""Endpoints of a universe's world config and of its rules, one by one."""

from __future__ import annotations

import uuid

from django.db.models import Prefetch
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from universes.api.base import universe_in_path, validated
from universes.api.bodies.inputs import WorldConfigIn, WorldRuleIn
from universes.api.bodies.outputs import WorldConfigOut, WorldRuleOut
from universes.api.paths import UNIVERSE_ID, parse_uuid, signed_in, uuid_in_path
from universes.api.preconditions import IF_MATCH, IF_MATCH_REQUIRED, if_unchanged, tagged
from universes.choices import Role
from universes.models import Universe, WorldConfig, WorldRule
from universes.services import locks, rules, universes

RULE_ID = uuid_in_path("rule_id", "The rule.")


@extend_schema(tags=["universes"], parameters=[UNIVERSE_ID])
class WorldConfigDetail(APIView):
    """World config of a universe."""

    @extend_schema(responses=WorldConfigOut)
    def get(self, request: Request, universe_id: str) -> Response:
        return tagged(_world(universe_in_path(request, universe_id)))

    @extend_schema(request=WorldConfigIn, responses=WorldConfigOut, parameters=[IF_MATCH_REQUIRED])
    def put(self, request: Request, universe_id: str) -> Response:
        """Replace the whole config; a field that is missing is a 400 that names it."""
        return self._change(request, universe_id, partial=False)

    @extend_schema(request=WorldConfigIn, responses=WorldConfigOut, parameters=[IF_MATCH])
    def patch(self, request: Request, universe_id: str) -> Response:
        """Change the given fields; a list of rules replaces the whole list."""
        return self._change(request, universe_id, partial=True)

    def _change(self, request: Request, universe_id: str, *, partial: bool) -> Response:
        universe = universe_in_path(request, universe_id, at_least=Role.EDITOR)
        changes = validated(WorldConfigIn, request, partial=partial)
        with if_unchanged(request, lambda: _lock_world(universe), required=not partial):
            universes.update_world_config(universe, **changes, by=signed_in(request))
            shown = _world(universe)
        return tagged(shown)


@extend_schema(tags=["universes"], parameters=[UNIVERSE_ID])
class WorldRuleList(APIView):
    @extend_schema(request=WorldRuleIn, responses={201: WorldRuleOut})
    def post(self, request: Request, universe_id: str) -> Response:
        """Add a rule to the world, at a position or at the end."""
        universe = universe_in_path(request, universe_id, at_least=Role.EDITOR)
        rule = rules.add_rule(universe, **validated(WorldRuleIn, request), by=signed_in(request))
        headers = {"Location": f"/universes/{universe.pk}/world-config/rules/{rule.pk}"}
        return tagged(WorldRuleOut(rule).data, status.HTTP_201_CREATED, headers=headers)


@extend_schema(tags=["universes"], parameters=[UNIVERSE_ID, RULE_ID])
class WorldRuleDetail(APIView):
    """A rule of a world."""

    @extend_schema(responses=WorldRuleOut)
    def get(self, request: Request, universe_id: str, rule_id: str) -> Response:
        universe = universe_in_path(request, universe_id)
        return tagged(WorldRuleOut(rules.find_rule(universe, parse_uuid(rule_id, "rule"))).data)

    @extend_schema(request=WorldRuleIn, responses=WorldRuleOut, parameters=[IF_MATCH])
    def patch(self, request: Request, universe_id: str, rule_id: str) -> Response:
        """Reword the rule, move it, or both; it keeps its id."""
        universe = universe_in_path(request, universe_id, at_least=Role.EDITOR)
        pk, changes = parse_uuid(rule_id, "rule"), validated(WorldRuleIn, request, partial=True)
        with if_unchanged(request, lambda: _lock_rule(universe, pk)):
            rule = rules.change_rule(universe, pk, **changes, by=signed_in(request))
        return tagged(WorldRuleOut(rule).data)

    @extend_schema(responses={204: None}, parameters=[IF_MATCH])
    def delete(self, request: Request, universe_id: str, rule_id: str) -> Response:
        """Remove the rule; the rules after it move up."""
        universe = universe_in_path(request, universe_id, at_least=Role.EDITOR)
        pk = parse_uuid(rule_id, "rule")
        with if_unchanged(request, lambda: _lock_rule(universe, pk)):
            rules.remove_rule(universe, pk, by=signed_in(request))
        return Response(status=status.HTTP_204_NO_CONTENT)


def _lock_world(universe: Universe) -> dict[str, object]:
    locks.lock_universe(universe.pk)
    return _world(universe)


def _lock_rule(universe: Universe, rule_id: uuid.UUID) -> dict[str, object]:
    locks.lock_universe(universe.pk)
    return dict(WorldRuleOut(rules.find_rule(universe, rule_id)).data)


def _world(universe: Universe) -> dict[str, object]:
    in_order = Prefetch("universe__world_rules", WorldRule.objects.order_by("position"))
    config = WorldConfig.objects.select_related("universe").prefetch_related(in_order).get(universe=universe)
    return dict(WorldConfigOut(config).data)
