"""API of second looks: flag a trusted output, reopen a decided review."""

from __future__ import annotations

from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from agents.jobs.api.serializers import ReviewOut
from agents.jobs.api.views import JOB_ID
from agents.review import notes
from agents.review.api import serializers as s
from agents.review.api.views import ITEM_ID, IsReviewer, if_item_unchanged, item_answer
from agents.review.creators import flags
from agents.review.verdicts import reopening
from universes.api.base import validated
from universes.api.bodies.strict import StrictCharField, StrictSerializer
from universes.api.paths import parse_uuid, signed_in
from universes.api.preconditions import IF_MATCH


class FlagIn(StrictSerializer):
    reason = StrictCharField(max_length=notes.MAX_NOTE_CHARS, help_text="What is wrong with the output.")


class ReopenIn(StrictSerializer):
    reason = StrictCharField(max_length=notes.MAX_NOTE_CHARS, help_text="Reason for reopening.")


@extend_schema(parameters=[JOB_ID])
class FlagView(APIView):
    @extend_schema(
        request=FlagIn,
        responses={
            201: ReviewOut,
            409: OpenApiResponse(
                description="`not_trusted`: only a trusted output can be flagged. `review_open`: it is being reviewed. "
                "`reused_output`: flag the job that wrote the text."
            ),
        },
    )
    def post(self, request: Request, job_id: str) -> Response:
        """Send a trusted output to review, with a reason; it goes on to count until the verdict.

        For those who may read the job, and for the members of its universe.
        """
        body = validated(FlagIn, request)
        item = flags.flag(parse_uuid(job_id, "job"), body["reason"], by=signed_in(request))
        return Response(ReviewOut(item).data, status=status.HTTP_201_CREATED)


@extend_schema(parameters=[ITEM_ID, IF_MATCH])
class ReopenView(APIView):
    permission_classes = [IsReviewer]

    @extend_schema(
        request=ReopenIn,
        responses={200: s.ReviewItemOut, 409: OpenApiResponse(description="As for undo, or it is open.")},
    )
    def post(self, request: Request, item_id: str) -> Response:
        """Reopen a decided review, without a time limit: leads only. Its verdicts and their effects are undone."""
        body = validated(ReopenIn, request)
        pk = parse_uuid(item_id, "review_item")
        with if_item_unchanged(request, pk):
            reopening.reopen(pk, body["reason"], by=signed_in(request))
        return item_answer(request, pk)
