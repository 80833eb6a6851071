"""API of the decision log."""

from __future__ import annotations

from datetime import datetime

import django_filters as filters
from django.db.models import Q, QuerySet
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.generics import ListAPIView

from agents.choices import AgentType, Verdict
from agents.common import visibility
from agents.common.api.filters import ChoiceSetFilter, FilterSet, FlagFilter, InstantFilter, OrderingFilter
from agents.models import ReviewDecision
from agents.models.review.decision import ReviewDecisionQuerySet
from agents.review.api.serializers import DecisionWordsOut, kind_field
from agents.review.api.views import IsReviewer
from universes.api.paths import signed_in


class DecisionRowOut(DecisionWordsOut):
    """A decision with the columns of its item, without the outputs."""

    job_id = serializers.UUIDField(source="item.job_id")
    universe_id = serializers.UUIDField(source="item.universe_id", allow_null=True)
    agent_type = serializers.ChoiceField(AgentType.choices, source="item.agent_type")
    confidence = serializers.SerializerMethodField()
    kind = serializers.SerializerMethodField()

    class Meta(DecisionWordsOut.Meta):
        fields = [
            *DecisionWordsOut.Meta.fields,
            "job_id",
            "universe_id",
            "agent_type",
            "kind",
            "confidence",
        ]
        read_only_fields = fields

    @extend_schema_field(
        serializers.FloatField(allow_null=True, help_text="Null while the item is open and blind.")
    )
    def get_confidence(self, decision: ReviewDecision) -> float | None:
        return visibility.confidence_of(decision.item)

    @extend_schema_field(kind_field())
    def get_kind(self, decision: ReviewDecision) -> str | None:
        return visibility.kind_of(decision.item)


class DecisionFilter(FilterSet):
    verdict = ChoiceSetFilter(choices=Verdict.choices)
    reason = filters.CharFilter(field_name="reason__code", help_text="The code of a reject reason.")
    by = filters.CharFilter(field_name="by__username", help_text="The username of a reviewer.")
    agent_type = ChoiceSetFilter(field_name="item__agent_type", choices=AgentType.choices)
    universe_id = filters.UUIDFilter(field_name="item__universe_id")
    job_id = filters.UUIDFilter(field_name="item__job_id")
    item_id = filters.UUIDFilter()
    takes_effect = FlagFilter(help_text="True: the decision counts. False: it is one of several opinions.")
    undone = FlagFilter(method="filter_undone", help_text="Whether the decision was undone.")
    after = InstantFilter(field_name="at", lookup_expr="gte", help_text="Inclusive lower bound.")
    before = InstantFilter(field_name="at", lookup_expr="lt", help_text="Exclusive upper bound.")
    updated_since = InstantFilter(
        method="changed_since", help_text="Decided or undone at this moment or later."
    )
    ordering = OrderingFilter(at=["at", "id"])

    class Meta:
        model = ReviewDecision
        fields: list[str] = []

    def changed_since(
        self, decisions: ReviewDecisionQuerySet, name: str, moment: datetime
    ) -> ReviewDecisionQuerySet:
        return decisions.filter(Q(at__gte=moment) | Q(undone_at__gte=moment))

    def filter_undone(
        self, decisions: ReviewDecisionQuerySet, name: str, value: bool
    ) -> ReviewDecisionQuerySet:
        return decisions.filter(undone_at__isnull=not value)


class DecisionsView(ListAPIView[ReviewDecision]):
    """List decisions, the newest first, without those that could influence an opinion still to be given."""

    permission_classes = [IsReviewer]
    serializer_class = DecisionRowOut
    filterset_class = DecisionFilter
    queryset = ReviewDecision.objects.none()

    def get_queryset(self) -> QuerySet[ReviewDecision]:
        decisions = visibility.visible_decisions(signed_in(self.request))
        return (
            decisions.select_related("item", "by", "reason")
            .defer("before", "after", "item__reasons")
            .order_by("-at", "-id")
        )
