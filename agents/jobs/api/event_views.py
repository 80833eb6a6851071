"""API view of the events of a job, which the web process also turns into a stream."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from agents.choices import JobStatus
from agents.jobs import actions, event_pages
from agents.jobs.api.detail_serializers import EventOut
from agents.jobs.api.views import JOB_ID, RETRY_AFTER_S
from agents.jobs.changes import ACCOUNT_HEADER
from universes.api.parameters.query import refuse_query
from universes.api.paths import parse_uuid, signed_in

STREAM = """: connected

id: 812
event: progress
data: {"id":812,"kind":"progress","attempt":1,"at":"2026-11-29T08:15:04Z","by":null,"data":{"words":140}}

event: text
data: {"attempt":1,"phase":"writing","text":" waits out the tide","append":true}

event: end
data: {"status":"completed"}

"""


class NumberedEventOut(EventOut):
    """Event of a job, with its number."""

    class Meta(EventOut.Meta):
        fields = ["id", *EventOut.Meta.fields]
        read_only_fields = fields


class EventsOut(serializers.Serializer[dict[str, Any]]):
    results = NumberedEventOut(many=True, help_text="Oldest first.")
    next_cursor = serializers.CharField(allow_null=True, help_text="Null: there are no more now.")
    status = serializers.ChoiceField(choices=JobStatus.choices, help_text="State of the job.")
    ended = serializers.BooleanField(
        help_text="True: the job has finished and no review of it is open, so that nothing more is awaited."
    )


@extend_schema(parameters=[JOB_ID])
class JobEventsView(APIView):
    reads_query = frozenset({"GET", "HEAD"})

    @extend_schema(
        parameters=[
            OpenApiParameter("cursor", str, description="Id of the last event that you have. Default: none."),
            OpenApiParameter(
                "Last-Event-ID",
                str,
                OpenApiParameter.HEADER,
                description="Of a stream: the same as `cursor`.",
            ),
        ],
        responses={
            (200, "application/json"): EventsOut,
            (200, "text/event-stream"): OpenApiResponse(
                str,
                description="The events as they happen.",
                examples=[OpenApiExample("Progress and end", value=STREAM)],
            ),
            204: OpenApiResponse(description="Of a stream: nothing more will come; do not connect again."),
            429: OpenApiResponse(description="You have too many streams open."),
            503: OpenApiResponse(description="The process has too many streams open."),
        },
    )
    def get(self, request: Request, job_id: str) -> Response:
        """Return the events of a job behind a cursor, oldest first; with `Accept: text/event-stream`, as they happen.

        A stream has a comment every 15 seconds, and ends with an event `end` once nothing more is awaited. Its events
        `text` have no id: they bring the words as the model writes them, of which nothing is stored. After a lost
        connection, send the id of the last event in `Last-Event-ID`.
        """
        user = signed_in(request)
        job = actions.get_job(parse_uuid(job_id, "job"), user)
        refuse_query(request, ["cursor"])
        page = event_pages.events_after(job, request.query_params.get("cursor", "0"), user)
        shown = {
            "results": NumberedEventOut(page.events, many=True).data,
            "next_cursor": page.next_cursor,
            "status": page.status,
            "ended": page.ended,
        }
        headers = {} if page.ended else {"Retry-After": RETRY_AFTER_S}
        if ACCOUNT_HEADER in request.headers:
            headers[ACCOUNT_HEADER] = str(user.pk)
        return Response(shown, headers=headers)
