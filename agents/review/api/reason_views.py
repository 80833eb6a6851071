"""API of the reject reasons."""

from __future__ import annotations

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.generics import ListAPIView

from agents.choices import AgentType
from agents.models import RejectReason
from agents.review.api.views import IsReviewer


class RejectReasonOut(serializers.ModelSerializer[RejectReason]):
    agent_types = serializers.SerializerMethodField()

    @extend_schema_field(serializers.ListField(child=serializers.ChoiceField(AgentType.choices)))
    def get_agent_types(self, reason: RejectReason) -> list[str]:
        """Agents whose outputs it is offered for."""
        return [agent for agent in AgentType.values if reason.suits(agent)]

    class Meta:
        model = RejectReason
        fields = ["code", "name", "agent_types"]
        read_only_fields = fields


class RejectReasonsView(ListAPIView[RejectReason]):
    """List the reject reasons in display order; decisions refer to their codes."""

    permission_classes = [IsReviewer]
    serializer_class = RejectReasonOut
    queryset = RejectReason.objects.none()

    def get_queryset(self) -> QuerySet[RejectReason]:
        return RejectReason.objects.offered().order_by("position", "name", "id")
