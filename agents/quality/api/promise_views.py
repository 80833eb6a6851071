"""API of the error promises."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.generics import ListAPIView

from agents.choices import AgentType, PromiseCause, PromiseState
from agents.models import ErrorPromise
from agents.quality.promise import wording
from agents.review.api.views import IsReviewer


class StratumOut(serializers.Serializer[Any]):
    name = serializers.CharField(help_text="`in doubt`: all were reviewed; `passed`: a share was audited.")
    outputs = serializers.IntegerField()
    verdicts = serializers.IntegerField()
    errors = serializers.IntegerField(  # type: ignore[assignment]
        help_text="Verdicts that rejected, edited or asked again."
    )


class CandidateOut(serializers.Serializer[Any]):
    cut_off = serializers.FloatField()
    bound = serializers.FloatField(allow_null=True, help_text="Upper bound of the share of errors.")
    estimate = serializers.FloatField(allow_null=True, help_text="Estimated share of errors.")
    strata = StratumOut(many=True)


class EvidenceOut(serializers.Serializer[Any]):
    candidates = CandidateOut(many=True)
    best_bound = serializers.FloatField(allow_null=True)
    needed = serializers.IntegerField(allow_null=True, help_text="Forecast number of further verdicts.")
    verdicts_per_day = serializers.FloatField(help_text="Mean of the last seven days.")


class PromiseOut(serializers.ModelSerializer[ErrorPromise]):
    agent_type = serializers.ChoiceField(AgentType.choices)
    universe_id = serializers.UUIDField(allow_null=True, help_text="Null: all universes of the agent.")
    state = serializers.ChoiceField(PromiseState.choices)
    cause = serializers.ChoiceField(PromiseCause.choices)
    sentence = serializers.SerializerMethodField(help_text="The promise in words.")
    evidence = EvidenceOut()

    class Meta:
        model = ErrorPromise
        fields = [
            "id",
            "agent_type",
            "universe_id",
            "state",
            "sentence",
            "cut_off",
            "alpha",
            "delta",
            "audit_share",
            "at",
            "until",
            "checked_at",
            "cause",
            "model",
            "prompt_version",
            "guide_version",
            "began_at",
            "counts_from",
            "verdicts",
            "evidence",
        ]
        read_only_fields = fields

    @extend_schema_field(str)
    def get_sentence(self, promise: ErrorPromise) -> str:
        return wording.sentence(promise)


@extend_schema(responses=PromiseOut(many=True))
class PromisesView(ListAPIView[ErrorPromise]):
    """List the error promises and their changes, newest first; those without `until` apply now.

    A promise says how many of the outputs that pass without review would have been rejected or changed at most.
    """

    permission_classes = [IsReviewer]
    serializer_class = PromiseOut
    queryset = ErrorPromise.objects.order_by("-at", "-id")
