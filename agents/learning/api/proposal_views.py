"""API of proposed rules, and of the effect of new ones."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers, status
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from agents.choices import AgentType, ProposalState
from agents.common.api.filters import ChoiceSetFilter, FilterSet
from agents.learning import access, effect, guides, proposals
from agents.learning.api.guide_views import AGENT_TYPE, GuideOut
from agents.models import RuleProposal
from universes.api.base import validated
from universes.api.bodies.strict import StrictCharField, StrictSerializer
from universes.api.paths import UNIVERSE_ID, parse_uuid, signed_in, uuid_in_path

PROPOSAL_ID = uuid_in_path("proposal_id", "The proposed rule.")


class ProposalAcceptIn(StrictSerializer):
    text = StrictCharField(
        required=False,
        max_length=guides.MAX_RULE_CHARS,
        help_text="The rule in other words; left out: as proposed.",
    )


class ProposalEvidenceOut(serializers.Serializer[Any]):
    """A verdict that points this way."""

    kind = serializers.ChoiceField(
        ["verdict", "feedback", "revision"], help_text="Of a reviewer, of the requester, or asked again."
    )
    id = serializers.UUIDField()
    job_id = serializers.UUIDField()
    item_id = serializers.UUIDField(allow_null=True, help_text="The review item, if a reviewer decided.")
    verdict = serializers.CharField()
    reason = serializers.CharField()
    note = serializers.CharField()
    at = serializers.DateTimeField()


class ProposalOut(serializers.ModelSerializer[RuleProposal]):
    universe_id = serializers.UUIDField()
    agent_type = serializers.ChoiceField(AgentType.choices)
    state = serializers.ChoiceField(ProposalState.choices)
    evidence = ProposalEvidenceOut(many=True)
    chances = serializers.IntegerField(help_text="Requests whose verdict could have pointed this way.")
    decided_by = serializers.CharField(source="decided_by.username", allow_null=True, default=None)
    guide_version = serializers.IntegerField(
        allow_null=True, help_text="Version of the guide that first has it."
    )

    class Meta:
        model = RuleProposal
        fields = [
            "id",
            "universe_id",
            "agent_type",
            "pattern",
            "text",
            "is_worded_by_model",
            "evidence",
            "chances",
            "state",
            "created_at",
            "decided_by",
            "decided_at",
            "guide_version",
        ]
        read_only_fields = fields


class ProposalFilter(FilterSet):
    state = ChoiceSetFilter(choices=ProposalState.choices)
    agent_type = ChoiceSetFilter(choices=AgentType.choices)

    class Meta:
        model = RuleProposal
        fields: list[str] = []


class SideOut(serializers.Serializer[effect.Side]):
    verdicts = serializers.IntegerField()
    approved = serializers.IntegerField(help_text="Approved unchanged.")
    share = serializers.FloatField(allow_null=True, help_text="Approved share; null without verdicts.")
    share_low = serializers.FloatField(allow_null=True, help_text="95% interval, exact.")
    share_high = serializers.FloatField(allow_null=True)
    accepted = serializers.IntegerField(help_text="`approved` or `edited`.")
    distance = serializers.FloatField(allow_null=True, help_text="Mean share of words changed in these.")
    distance_low = serializers.FloatField(allow_null=True, help_text="95% interval, approximate.")
    distance_high = serializers.FloatField(allow_null=True)


class EffectOut(serializers.Serializer[effect.Effect]):
    """Comparison of the newest rules: the jobs that read them, and a fifth that was drawn to go without."""

    rules = serializers.ListField(child=serializers.CharField())
    state = serializers.ChoiceField(["none", "not_enough", "better", "worse", "no_difference"])
    sentence = serializers.CharField(help_text="The comparison in words.")
    with_rules = SideOut()
    without_rules = SideOut()
    p = serializers.FloatField(allow_null=True, help_text="Of an exact test that the approved shares differ.")


@extend_schema(parameters=[UNIVERSE_ID, AGENT_TYPE])
class EffectView(APIView):
    @extend_schema(responses=EffectOut)
    def get(self, request: Request, universe_id: str, agent_type: str) -> Response:
        """Return whether the newest rules of a style guide help, as far as the verdicts tell."""
        universe = access.readable_universe(signed_in(request), parse_uuid(universe_id, "universe"))
        guides.check_agent_type(agent_type)
        return Response(EffectOut(effect.effect_of(universe.pk, agent_type)).data)


@extend_schema(parameters=[UNIVERSE_ID])
class ProposalsView(ListAPIView[RuleProposal]):
    """List the rules that verdicts suggest, newest first; the owner of the universe or a lead.

    A rule is proposed once at least three independent verdicts point the same way, far more often than chance. A person
    accepts or refuses it; until then it changes nothing.
    """

    serializer_class = ProposalOut
    filterset_class = ProposalFilter
    queryset = RuleProposal.objects.none()

    def get_queryset(self) -> QuerySet[RuleProposal]:
        universe_id = parse_uuid(self.kwargs["universe_id"], "universe")
        universe = access.taught_universe(signed_in(self.request), universe_id)
        of_universe = RuleProposal.objects.filter(universe=universe).select_related("decided_by")
        return of_universe.order_by("-created_at", "-id")


@extend_schema(parameters=[UNIVERSE_ID, PROPOSAL_ID])
class AcceptProposalView(APIView):
    @extend_schema(
        request=ProposalAcceptIn,
        responses={200: GuideOut, 409: OpenApiResponse(description="`proposal_decided`.")},
    )
    def post(self, request: Request, universe_id: str, proposal_id: str) -> Response:
        """Add a proposed rule to the style guide, perhaps in other words."""
        text = validated(ProposalAcceptIn, request).get("text")
        universe_pk, pk = parse_uuid(universe_id, "universe"), parse_uuid(proposal_id, "proposal")
        guide = proposals.accept(pk, by=signed_in(request), text=text, universe_id=universe_pk)
        return Response(GuideOut(guide).data)


@extend_schema(parameters=[UNIVERSE_ID, PROPOSAL_ID])
class RefuseProposalView(APIView):
    @extend_schema(
        request=None, responses={204: None, 409: OpenApiResponse(description="`proposal_decided`.")}
    )
    def post(self, request: Request, universe_id: str, proposal_id: str) -> Response:
        """Refuse a proposed rule; the same pattern is not proposed again."""
        universe_pk, pk = parse_uuid(universe_id, "universe"), parse_uuid(proposal_id, "proposal")
        proposals.refuse(pk, by=signed_in(request), universe_id=universe_pk)
        return Response(status=status.HTTP_204_NO_CONTENT)
