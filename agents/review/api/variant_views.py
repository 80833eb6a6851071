"""API of variants: several outputs for one request, decided side by side."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from agents.review.api import serializers as s
from agents.review.api.views import IsReviewer
from agents.review.creators import variants
from universes.api.base import validated
from universes.api.bodies.strict import StrictBooleanField, StrictSerializer, StrictUUIDField
from universes.api.paths import parse_uuid, signed_in, uuid_in_path

VARIANTS_ID = uuid_in_path("variants_id", "The variants of one request.")


class ChoiceIn(StrictSerializer):
    job_id = StrictUUIDField(help_text="The job whose output is chosen.")
    tie = StrictBooleanField(required=False, help_text="The others are as good: no model wins.")


class VariantsOut(serializers.Serializer[Any]):
    items = s.ReviewItemOut(many=True, help_text="In the order of their submission.")


class ChoiceOut(serializers.Serializer[Any]):
    decisions = s.DecisionOut(many=True)


class ModelVariantsOut(serializers.Serializer[Any]):
    model = serializers.CharField()
    shown = serializers.IntegerField(help_text="Outputs in choices.")
    chosen = serializers.IntegerField(help_text="Outputs that were chosen, without ties.")


class VariantStatsOut(serializers.Serializer[variants.VariantStats]):
    choices = serializers.IntegerField()
    ties = serializers.IntegerField()
    by_model = ModelVariantsOut(many=True)


@extend_schema(parameters=[VARIANTS_ID])
class VariantsView(APIView):
    permission_classes = [IsReviewer]

    @extend_schema(responses=VariantsOut)
    def get(self, request: Request, variants_id: str) -> Response:
        """Return the review items of the variants of a request, with their outputs."""
        found = variants.items_of(parse_uuid(variants_id, "variants"), signed_in(request))
        shown = s.ReviewItemOut(found, many=True, context={"request": request}).data
        return Response({"items": shown})


@extend_schema(parameters=[VARIANTS_ID])
class VariantChoiceView(APIView):
    permission_classes = [IsReviewer]

    @extend_schema(
        request=ChoiceIn,
        responses={
            200: ChoiceOut,
            409: OpenApiResponse(
                description="One is unfinished (`variants_unfinished`), decided or claimed; nothing is decided."
            ),
        },
    )
    def post(self, request: Request, variants_id: str) -> Response:
        """Approve one variant and reject the others with the reason that another was better.

        `POST /agents/reviews/bulk/{variants_id}/undo` takes the choice back as a whole.
        """
        body = validated(ChoiceIn, request)
        decided = variants.choose(
            parse_uuid(variants_id, "variants"),
            body["job_id"],
            by=signed_in(request),
            is_tie=body.get("tie", False),
        )
        return Response({"decisions": s.DecisionOut(decided, many=True).data})


class VariantStatsView(APIView):
    permission_classes = [IsReviewer]

    @extend_schema(responses=VariantStatsOut)
    def get(self, request: Request) -> Response:
        """Count the choices of the last 90 days, and how often each model was shown and chosen."""
        return Response(VariantStatsOut(variants.stats()).data)
