"""API of a creator's word on their own work: accept, discard, ask again, feedback."""

from __future__ import annotations

from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from agents.canon.placement import Entry
from agents.choices import FeedbackRating
from agents.jobs.api.guidance_serializers import FeedbackOut
from agents.jobs.api.submission_serializers import JobAccepted
from agents.jobs.api.views import JOB_ID, accepted
from agents.review import notes
from agents.review.creators import own_verdicts
from universes.api.base import validated
from universes.api.bodies.strict import StrictCharField, StrictChoiceField, StrictSerializer
from universes.api.paths import parse_uuid, signed_in

NOT_NOW = (
    "`in_review`: a reviewer has to decide first. `output_refused`: one has rejected it. `entry_retired`. "
    "`job_not_completed`."
)


class AcceptIn(StrictSerializer):
    output = serializers.DictField(
        required=False, help_text="The complete edited output. Omit it to accept the output as it is."
    )


class DiscardIn(StrictSerializer):
    reason = StrictCharField(max_length=notes.MAX_NOTE_CHARS, help_text="What is wrong with it.")


class AgainIn(StrictSerializer):
    note = StrictCharField(max_length=notes.MAX_NOTE_CHARS, help_text="What should be different.")


class FeedbackIn(StrictSerializer):
    rating = StrictChoiceField(FeedbackRating.choices)
    reason = StrictCharField(
        required=False, max_length=50, help_text="The code of a reject reason; only with `rejected`."
    )
    note = StrictCharField(
        required=False, allow_blank=True, max_length=notes.MAX_NOTE_CHARS, help_text="What you think of it."
    )
    output = serializers.DictField(required=False, help_text="The complete output as you would write it.")


class PlacedEntryOut(serializers.Serializer[Entry]):
    kind = serializers.CharField(help_text="`scene`, or the kind of the element.")
    id = serializers.UUIDField()
    name = serializers.CharField()
    status = serializers.CharField()


class JobAcceptedOut(serializers.Serializer[dict[str, Entry | None]]):
    entry = PlacedEntryOut(allow_null=True, help_text="Null: it names no universe, or is a report.")


@extend_schema(parameters=[JOB_ID])
class AcceptView(APIView):
    @extend_schema(
        request=AcceptIn, responses={200: JobAcceptedOut, 409: OpenApiResponse(description=NOT_NOW)}
    )
    def post(self, request: Request, job_id: str) -> Response:
        """Make a trusted output of yours canon, perhaps as you have edited it."""
        edited = validated(AcceptIn, request).get("output")
        entry = own_verdicts.accept(parse_uuid(job_id, "job"), by=signed_in(request), edited=edited)
        return Response(JobAcceptedOut({"entry": entry}).data)


@extend_schema(parameters=[JOB_ID])
class DiscardView(APIView):
    @extend_schema(request=DiscardIn, responses={204: None, 409: OpenApiResponse(description=NOT_NOW)})
    def post(self, request: Request, job_id: str) -> Response:
        """Reject a trusted output of yours, with a reason: its entry is retired."""
        reason = validated(DiscardIn, request)["reason"]
        own_verdicts.discard(parse_uuid(job_id, "job"), by=signed_in(request), reason=reason)
        return Response(status=status.HTTP_204_NO_CONTENT)


@extend_schema(parameters=[JOB_ID])
class AgainView(APIView):
    @extend_schema(
        request=AgainIn,
        responses={202: JobAccepted, 409: OpenApiResponse(description="`job_not_completed`.")},
    )
    def post(self, request: Request, job_id: str) -> Response:
        """Submit the request of a finished job of yours again, with a note on what should be different."""
        note = validated(AgainIn, request)["note"]
        return accepted(own_verdicts.ask_again(parse_uuid(job_id, "job"), by=signed_in(request), note=note))


@extend_schema(parameters=[JOB_ID])
class FeedbackView(APIView):
    @extend_schema(
        request=FeedbackIn,
        responses={200: FeedbackOut, 409: OpenApiResponse(description="`job_not_completed`.")},
    )
    def post(self, request: Request, job_id: str) -> Response:
        """Say what you think of an output of yours, reviewed or not; the last word counts, and nothing else changes."""
        fields = validated(FeedbackIn, request)
        edited = fields.pop("output", None)
        rated = own_verdicts.rate(parse_uuid(job_id, "job"), by=signed_in(request), edited=edited, **fields)
        return Response(FeedbackOut(rated).data)
