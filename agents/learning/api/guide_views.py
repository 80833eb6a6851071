"""API of the style guides."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib.auth.models import User
from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from agents.choices import AgentType, GuideCause
from agents.common import world_context
from agents.learning import access, effect, guides
from agents.models import StyleGuide
from universes.api.base import ListView, validated
from universes.api.bodies.strict import StrictCharField, StrictIntegerField, StrictSerializer
from universes.api.paths import UNIVERSE_ID, parse_uuid, signed_in
from universes.api.preconditions import IF_MATCH, IF_MATCH_REQUIRED, if_unchanged, tagged

AGENT_TYPE = OpenApiParameter("agent_type", str, OpenApiParameter.PATH, enum=AgentType.values)


class GuideIn(StrictSerializer):
    rules = serializers.ListField(
        child=StrictCharField(max_length=guides.MAX_RULE_CHARS),
        max_length=guides.MAX_RULES,
        help_text="All rules in their order, each a short sentence.",
    )
    note = StrictCharField(
        required=False, allow_blank=True, max_length=guides.MAX_NOTE_CHARS, help_text="Why it is changed."
    )


class RestoreIn(StrictSerializer):
    version = StrictIntegerField(
        required=False, min_value=0, help_text="Left out: the version before the newest. 0: no rules."
    )


class StyleRuleOut(serializers.Serializer[Any]):
    number = serializers.IntegerField()
    id = serializers.CharField(help_text="The same in all versions with this wording.")
    text = serializers.CharField()
    on_trial = serializers.BooleanField(help_text="A share of the jobs goes without it, for a comparison.")


class GuideOut(serializers.ModelSerializer[StyleGuide]):
    id = serializers.UUIDField(allow_null=True, help_text="Of this version; null before the first.")
    universe_id = serializers.UUIDField()
    agent_type = serializers.ChoiceField(AgentType.choices)
    version = serializers.IntegerField(help_text="0: nobody has written one yet.")
    rules = serializers.SerializerMethodField()
    cause = serializers.ChoiceField(GuideCause.choices, allow_null=True)
    by = serializers.CharField(source="by.username", allow_null=True, default=None)
    at = serializers.DateTimeField(allow_null=True)

    class Meta:
        model = StyleGuide
        fields = ["id", "universe_id", "agent_type", "version", "rules", "cause", "note", "by", "at"]
        read_only_fields = fields

    def to_representation(self, guide: StyleGuide) -> dict[str, Any]:
        shown = super().to_representation(guide)
        return shown if guide.version else {**shown, "id": None, "cause": None, "at": None}

    @extend_schema_field(StyleRuleOut(many=True))
    def get_rules(self, guide: StyleGuide) -> list[dict[str, Any]]:
        trial = guide.on_trial if guide.has_trial else ()
        return [
            {"number": number, "id": rule["id"], "text": rule["text"], "on_trial": rule["id"] in trial}
            for number, rule in enumerate(guide.rules, start=1)
        ]


def _lock_and_show(universe_id: uuid.UUID, agent_type: str, user: User) -> Any:
    world_context.lock_universe(access.readable_universe(user, universe_id).pk)
    return GuideOut(guides.current(universe_id, agent_type)).data


@extend_schema(parameters=[UNIVERSE_ID])
class GuidesView(ListView):
    queryset = StyleGuide.objects.none()
    serializer_class = GuideOut

    @extend_schema(responses=GuideOut(many=True))
    def get(self, request: Request, universe_id: str) -> Response:
        """Return the style guides of a universe, one for each agent."""
        universe = access.readable_universe(signed_in(request), parse_uuid(universe_id, "universe"))
        return self.page(guides.current_of(universe.pk), GuideOut)


@extend_schema(parameters=[UNIVERSE_ID, AGENT_TYPE])
class GuideView(APIView):
    @extend_schema(responses=GuideOut)
    def get(self, request: Request, universe_id: str, agent_type: str) -> Response:
        """Return the style guide in force: the rules that an agent keeps when it writes in this universe."""
        universe = access.readable_universe(signed_in(request), parse_uuid(universe_id, "universe"))
        return tagged(GuideOut(guides.current(universe.pk, guides.check_agent_type(agent_type))).data)

    @extend_schema(
        request=GuideIn,
        responses={200: GuideOut, 403: OpenApiResponse(description="Neither the owner nor a lead.")},
        parameters=[IF_MATCH_REQUIRED],
    )
    def put(self, request: Request, universe_id: str, agent_type: str) -> Response:
        """Replace the rules of a style guide by a new version; the owner of the universe or a lead."""
        fields = validated(GuideIn, request)
        pk, user = parse_uuid(universe_id, "universe"), signed_in(request)
        access.teachable_universe(user, pk)
        guides.check_agent_type(agent_type)
        with if_unchanged(request, lambda: _lock_and_show(pk, agent_type, user), required=True):
            guide = guides.save(pk, agent_type, fields["rules"], by=user, note=fields.get("note", ""))
        return tagged(GuideOut(guide).data)


@extend_schema(parameters=[UNIVERSE_ID, AGENT_TYPE, IF_MATCH])
class RestoreGuideView(APIView):
    @extend_schema(request=RestoreIn, responses=GuideOut)
    def post(self, request: Request, universe_id: str, agent_type: str) -> Response:
        """Undo the newest version of a style guide, or restore an earlier one, as a new version."""
        version = validated(RestoreIn, request).get("version")
        pk, user = parse_uuid(universe_id, "universe"), signed_in(request)
        access.teachable_universe(user, pk)
        guides.check_agent_type(agent_type)
        with if_unchanged(request, lambda: _lock_and_show(pk, agent_type, user)):
            guide = guides.restore(pk, agent_type, by=user, version=version)
        return tagged(GuideOut(guide).data)


@extend_schema(parameters=[UNIVERSE_ID, AGENT_TYPE, IF_MATCH])
class EndTrialView(APIView):
    @extend_schema(
        request=None,
        responses={200: GuideOut, 409: OpenApiResponse(description="No rule is on trial.")},
    )
    def post(self, request: Request, universe_id: str, agent_type: str) -> Response:
        """End the trial of the newest rules, so that all later jobs read them; the owner of the universe or a lead."""
        pk, user = parse_uuid(universe_id, "universe"), signed_in(request)
        access.teachable_universe(user, pk)
        guides.check_agent_type(agent_type)
        with if_unchanged(request, lambda: _lock_and_show(pk, agent_type, user)):
            guide = effect.end_trial(pk, agent_type, by=user)
        return tagged(GuideOut(guide).data)


@extend_schema(parameters=[UNIVERSE_ID, AGENT_TYPE], responses=GuideOut(many=True))
class GuideVersionsView(ListAPIView[StyleGuide]):
    """List the versions of a style guide, newest first."""

    serializer_class = GuideOut
    queryset = StyleGuide.objects.none()

    def get_queryset(self) -> QuerySet[StyleGuide]:
        raw_id, agent_type = self.kwargs["universe_id"], guides.check_agent_type(self.kwargs["agent_type"])
        universe = access.readable_universe(signed_in(self.request), parse_uuid(raw_id, "universe"))
        return guides.versions_of(universe.pk, agent_type)
