"""API view of the events of a job, which the web process also turns into a stream."""

from __future__ import annotations

from itertools import takewhile
from typing import Any

from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from agents.choices import JobStatus
from agents.common import visibility
from agents.errors import FieldError, Invalid
from agents.jobs import actions
from agents.jobs.api.serializers import REVEALING_EVENTS, EventOut
from agents.jobs.api.views import JOB_ID, RETRY_AFTER_S
from agents.jobs.changes import ACCOUNT_HEADER
from agents.models import AgentJob, AgentJobEvent, ReviewItem
from agents.models.jobs.job import FINISHED
from universes.api.paths import parse_uuid, signed_in
from universes.api.query import refuse_query

MAX_EVENTS = 200
MAX_ID = 2**63 - 1

STREAM = """: connected

id: 812
event: progress
data: {"id":812,"kind":"progress","attempt":1,"at":"2026-11-29T08:15:04Z","by":null,"data":{"words":140}}

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

        A stream has a comment every 15 seconds, and ends with an event `end` once nothing more is awaited. After a lost
        connection, send the id of the last event in `Last-Event-ID`.
        """
        user = signed_in(request)
        job = actions.get_job(parse_uuid(job_id, "job"), user)
        refuse_query(request, ["cursor"])
        rows = AgentJobEvent.objects.filter(job=job, pk__gt=_cursor(request)).select_related("by")
        found = list(rows.order_by("pk")[: MAX_EVENTS + 1])
        page, has_more = found[:MAX_EVENTS], len(found) > MAX_EVENTS
        is_withheld = visibility.is_withheld(job, user)
        if is_withheld:
            page, is_cut = _before_the_revealing(job, page)
            has_more = has_more and not is_cut
        ended = not has_more and job.status in FINISHED and (is_withheld or not _is_in_review(job))
        shown = {
            "results": NumberedEventOut(page, many=True).data,
            "next_cursor": str(page[-1].pk) if has_more else None,
            "status": job.status,
            "ended": ended,
        }
        headers = {} if ended else {"Retry-After": RETRY_AFTER_S}
        if ACCOUNT_HEADER in request.headers:
            headers[ACCOUNT_HEADER] = str(user.pk)
        return Response(shown, headers=headers)


def _cursor(request: Request) -> int:
    raw = request.query_params.get("cursor", "0")
    if raw.isascii() and raw.isdigit() and int(raw[:30]) <= MAX_ID:
        return int(raw)
    detail = "cursor is the id of an event of this job."
    raise Invalid("The query has invalid values.", [FieldError("?cursor", detail)])


def _before_the_revealing(job: AgentJob, page: list[AgentJobEvent]) -> tuple[list[AgentJobEvent], bool]:
    """Cut a page before the first event from which on the history reveals how the output was judged."""
    first = job.events.filter(kind__in=REVEALING_EVENTS).order_by("pk").values_list("pk", flat=True).first()
    kept = list(takewhile(lambda event: first is None or event.pk < first, page))
    return kept, len(kept) < len(page)


def _is_in_review(job: AgentJob) -> bool:
    return ReviewItem.objects.open().filter(job=job).exclude(kind="gold").exists()
