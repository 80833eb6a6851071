"""API of exemplars."""

from __future__ import annotations

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers, status
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from agents.choices import AgentType
from agents.learning import access, exemplars
from agents.models import Exemplar
from universes.api.base import validated
from universes.api.bodies.strict import StrictSerializer, StrictUUIDField
from universes.api.paths import UNIVERSE_ID, parse_uuid, signed_in, uuid_in_path

EXEMPLAR_ID = uuid_in_path("exemplar_id", "The exemplar.")


class ExemplarIn(StrictSerializer):
    job_id = StrictUUIDField(
        help_text="Its outcome is `approved` or `edited`, or its requester has accepted it."
    )


class ExemplarOut(serializers.ModelSerializer[Exemplar]):
    universe_id = serializers.UUIDField()
    agent_type = serializers.ChoiceField(AgentType.choices)
    job_id = serializers.UUIDField(allow_null=True, help_text="Null: the job was cleaned up.")
    output = serializers.DictField(help_text="A copy of the output that counted.")
    marked_by = serializers.CharField(source="marked_by.username")

    class Meta:
        model = Exemplar
        fields = [
            "id",
            "universe_id",
            "agent_type",
            "kind",
            "request",
            "output",
            "job_id",
            "marked_by",
            "marked_at",
        ]
        read_only_fields = fields


@extend_schema(parameters=[UNIVERSE_ID])
class ExemplarsView(ListAPIView[Exemplar]):
    """List the outputs that are marked as they should be, newest first.

    Later jobs of the same agent and kind read the one or two that are nearest to their request.
    """

    serializer_class = ExemplarOut
    queryset = Exemplar.objects.none()

    def get_queryset(self) -> QuerySet[Exemplar]:
        universe_id = parse_uuid(self.kwargs["universe_id"], "universe")
        return exemplars.exemplars_of(access.readable_universe(signed_in(self.request), universe_id).pk)

    @extend_schema(
        request=ExemplarIn,
        responses={201: ExemplarOut, 409: OpenApiResponse(description="`not_accepted`, `not_an_example`.")},
    )
    def post(self, request: Request, universe_id: str) -> Response:
        """Mark the output of a job as it should be; a reviewer, a lead or the owner of the universe."""
        pk = parse_uuid(universe_id, "universe")
        exemplar = exemplars.mark(
            validated(ExemplarIn, request)["job_id"], by=signed_in(request), universe_id=pk
        )
        return Response(ExemplarOut(exemplar).data, status=status.HTTP_201_CREATED)


@extend_schema(parameters=[UNIVERSE_ID, EXEMPLAR_ID])
class ExemplarView(APIView):
    @extend_schema(responses={204: None})
    def delete(self, request: Request, universe_id: str, exemplar_id: str) -> Response:
        """Remove an exemplar; later jobs do not read it."""
        pk = parse_uuid(exemplar_id, "exemplar")
        exemplars.unmark(parse_uuid(universe_id, "universe"), pk, by=signed_in(request))
        return Response(status=status.HTTP_204_NO_CONTENT)
