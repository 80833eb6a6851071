"""API of canon rechecks."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from agents.quality import rechecks
from universes.api.base import validated
from universes.api.bodies.strict import StrictSerializer, StrictUUIDField
from universes.api.paths import signed_in


class RecheckIn(StrictSerializer):
    universe_id = StrictUUIDField(help_text="A universe that you edit or own.")


class RecheckJobOut(serializers.Serializer[Any]):
    job_id = serializers.UUIDField()
    kind = serializers.ChoiceField(choices=["scene", "location"])
    id = serializers.UUIDField(help_text="The canon entry.")
    name = serializers.CharField()


class RecheckOut(serializers.Serializer[Any]):
    count = serializers.IntegerField()
    jobs = RecheckJobOut(many=True)
    left_out = serializers.IntegerField(
        help_text="Number of texts beyond the first 500, too long for one check, or past a budget's limit."
    )
    stopped = serializers.CharField(
        allow_null=True, help_text="The refusal of the budget that ended the recheck early, or null."
    )


class RechecksView(APIView):
    @extend_schema(
        request=RecheckIn,
        responses={
            202: RecheckOut,
            402: OpenApiResponse(description="A budget has no room for the first job."),
            409: OpenApiResponse(description="The universe is archived."),
        },
    )
    def post(self, request: Request) -> Response:
        """Check each canon scene and location against the present world, in batches where available."""
        recheck = rechecks.recheck_canon(by=signed_in(request), **validated(RecheckIn, request))
        answer = {
            "count": len(recheck.jobs),
            "jobs": [
                {"job_id": job.pk, "kind": text.kind, "id": text.id, "name": text.name}
                for text, job in recheck.jobs
            ],
            "left_out": recheck.left_out,
            "stopped": recheck.stopped or None,
        }
        return Response(RecheckOut(answer).data, status=status.HTTP_202_ACCEPTED)
