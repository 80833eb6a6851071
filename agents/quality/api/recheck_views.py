"""Reading a universe's canon anew, over HTTP."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from agents.quality import rechecks
from universes.api.base import validated
from universes.api.paths import signed_in
from universes.api.strict import StrictSerializer, StrictUUIDField


class RecheckIn(StrictSerializer):
    universe_id = StrictUUIDField(help_text="A universe that you edit or own.")


class RecheckJobOut(serializers.Serializer[Any]):
    job_id = serializers.UUIDField()
    kind = serializers.ChoiceField(choices=["scene", "location"])
    id = serializers.UUIDField(help_text="The entry that is checked.")
    name = serializers.CharField()


class RecheckOut(serializers.Serializer[Any]):
    count = serializers.IntegerField()
    jobs = RecheckJobOut(many=True)
    left_out = serializers.IntegerField(
        help_text="Texts that are too long for one check, beyond the first 500, or after where a budget stopped it."
    )
    stopped = serializers.CharField(
        allow_null=True, help_text="Why a budget let no more be checked; null where none did."
    )


class RechecksView(APIView):
    @extend_schema(
        request=RecheckIn,
        responses={
            202: RecheckOut,
            402: OpenApiResponse(description="A budget has not enough left for the first."),
            409: OpenApiResponse(description="The universe is archived."),
        },
    )
    def post(self, request: Request) -> Response:
        """Check each scene and place that is canon against the world as it is now, in batches where there are some."""
        done = rechecks.recheck(by=signed_in(request), **validated(RecheckIn, request))
        told = {
            "count": len(done.made),
            "jobs": [
                {"job_id": job.pk, "kind": text.kind, "id": text.id, "name": text.name}
                for text, job in done.made
            ],
            "left_out": done.left_out,
            "stopped": done.stopped or None,
        }
        return Response(RecheckOut(told).data, status=status.HTTP_202_ACCEPTED)
