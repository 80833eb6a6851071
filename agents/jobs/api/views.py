"""API views of jobs and their statistics."""

from __future__ import annotations

from typing import Any

from django.db.models import Prefetch, QuerySet, prefetch_related_objects
from django.urls import reverse
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import status
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from agents.billing.api.serializers import PreviewOut
from agents.choices import ReviewKind
from agents.common import visibility
from agents.jobs import actions, stats, submission
from agents.jobs.api import serializers
from agents.jobs.api.filters import JobFilter
from agents.jobs.submission import JobRequest
from agents.models import AgentJob, AgentJobEvent, ReviewItem
from universes.api.base import validated
from universes.api.paths import parse_uuid, signed_in, uuid_in_path
from universes.api.query import refuse_query

# ``Retry-After`` of an accepted job, in seconds, and of one that waits for a batch.
RETRY_AFTER_S = "2"
BATCH_RETRY_AFTER_S = "120"

JOB_ID = uuid_in_path("job_id", "The job.")


def _reviews() -> Prefetch[Any]:
    # Gold items measure reviewers and are not reviews of the job.
    return Prefetch("review_items", ReviewItem.objects.exclude(kind=ReviewKind.GOLD).with_verdict())


def accepted(job: AgentJob) -> Response:
    retry_after_s = BATCH_RETRY_AFTER_S if job.batch_until else RETRY_AFTER_S
    return Response(
        serializers.JobAccepted(job).data,
        status=status.HTTP_202_ACCEPTED,
        headers={"Location": reverse("job-detail", args=[job.pk]), "Retry-After": retry_after_s},
    )


class JobsView(ListAPIView[AgentJob]):
    """List your jobs, or all jobs with the permission to view them, newest first."""

    serializer_class = serializers.JobRowOut
    filterset_class = JobFilter
    queryset = AgentJob.objects.none()

    def get_queryset(self) -> QuerySet[AgentJob]:
        user = signed_in(self.request)
        return (
            visibility.mark_withheld(AgentJob.objects.visible_to(user), user)
            .select_related("requested_by")
            .defer("signals")
            .prefetch_related(_reviews())
            .order_by("-created_at", "-id")
        )

    @extend_schema(
        request=serializers.JobIn,
        responses={
            200: OpenApiResponse(PreviewOut, description="Dry run: nothing is stored."),
            202: serializers.JobAccepted,
            402: OpenApiResponse(description="A budget does not have enough left."),
        },
    )
    def post(self, request: Request) -> Response:
        """Submit a job for an agent. It is accepted at once and processed later."""
        fields = validated(serializers.JobIn, request)
        is_dry_run, may_reuse = fields.pop("dry_run", False), fields.pop("reuse", False)
        job_request = JobRequest(by=signed_in(request), may_reuse=may_reuse, **fields)
        if is_dry_run:
            return Response(PreviewOut(dict(submission.preview_job(job_request))).data)
        return accepted(submission.submit_job(job_request))


@extend_schema(parameters=[JOB_ID])
class JobView(APIView):
    @extend_schema(responses=serializers.JobDetailOut)
    def get(self, request: Request, job_id: str) -> Response:
        """Return a job with its output, signals, usage, review and history."""
        user = signed_in(request)
        job = actions.get_job(parse_uuid(job_id, "job"), user)
        events = Prefetch("events", AgentJobEvent.objects.select_related("by"))
        prefetch_related_objects([job], _reviews(), events)
        is_withheld = visibility.is_withheld(job, user)
        return Response(serializers.JobDetailOut(job, context={"is_withheld": is_withheld}).data)


@extend_schema(parameters=[JOB_ID])
class JobRetryView(APIView):
    @extend_schema(
        request=None,
        responses={202: serializers.JobAccepted, 409: OpenApiResponse(description="The job has not failed.")},
    )
    def post(self, request: Request, job_id: str) -> Response:
        """Retry a failed job."""
        return accepted(actions.retry_job(parse_uuid(job_id, "job"), by=signed_in(request)))


@extend_schema(parameters=[JOB_ID])
class JobCancelView(APIView):
    @extend_schema(
        request=None,
        responses={202: serializers.JobAccepted, 409: OpenApiResponse(description="The job has finished.")},
    )
    def post(self, request: Request, job_id: str) -> Response:
        """Cancel a job that has not finished. A running attempt is not interrupted; its result is dropped."""
        return accepted(actions.cancel_job(parse_uuid(job_id, "job"), by=signed_in(request)))


class StatsView(APIView):
    @extend_schema(responses=serializers.StatsOut)
    def get(self, request: Request) -> Response:
        """Return statistics of your jobs, or of all jobs with the permission to view them."""
        refuse_query(request)
        return Response(stats.job_stats(signed_in(request)))
