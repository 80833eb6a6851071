"""API views of jobs and their statistics."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import User
from django.db.models import OuterRef, QuerySet, Subquery, Value
from django.urls import reverse
from drf_spectacular.utils import (
    OpenApiExample,
    OpenApiParameter,
    OpenApiResponse,
    PolymorphicProxySerializer,
    extend_schema,
)
from rest_framework import status
from rest_framework.exceptions import ValidationError
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from agents.billing.api.serializers import PreviewOut
from agents.common import visibility
from agents.errors import Invalid
from agents.jobs import acceptance, actions, stats, submission, whole
from agents.jobs.api import detail_serializers, inputs, serializers, stats_serializers, submission_serializers
from agents.jobs.api.filters import JobFilter
from agents.jobs.submission import JobRequest
from agents.models import AgentJob
from agents.models.access import may_view_all
from agents.models.jobs.states import FINISHED
from universes.api.base import validated
from universes.api.paths import parse_uuid, signed_in, uuid_in_path

# ``Retry-After`` of an accepted job, in seconds, and of one that waits for a batch.
RETRY_AFTER_S = "2"
BATCH_RETRY_AFTER_S = "120"

BATCH_EXAMPLES = [
    OpenApiExample(
        "Two jobs",
        value={
            "jobs": [
                {"agent_type": "spatial", "input_data": {"location_name": "Tidewatch", "type": "city"}},
                {"agent_type": "narrative", "input_data": {}},
            ]
        },
        request_only=True,
    ),
    OpenApiExample(
        "One accepted, one refused",
        value={
            "results": [
                {"index": 0, "status": 202, "job_id": "0192f0c1-7c1e-7bb4-a3a1-6f2f5f0f9a55"},
                {
                    "index": 1,
                    "status": 400,
                    "error": {
                        "type": "about:blank",
                        "title": "Bad request",
                        "status": 400,
                        "code": "invalid",
                        "detail": "The input of the agent is not valid.",
                        "errors": [
                            {
                                "pointer": "/input_data/prompt",
                                "detail": "This is required.",
                                "code": "required",
                            }
                        ],
                    },
                },
            ]
        },
        response_only=True,
        status_codes=["200"],
    ),
]

PREFER = OpenApiParameter(
    "Prefer",
    str,
    OpenApiParameter.HEADER,
    description=(
        "`wait=N`: answer when the job has ended, or after N seconds, at most 60, with what is there then. "
        "The answer has `Preference-Applied` if it was waited for."
    ),
    examples=[OpenApiExample("Half a minute", value="wait=30")],
)
JOB_ID = uuid_in_path("job_id", "The job.")


def accepted(job: AgentJob) -> Response:
    retry_after_s = BATCH_RETRY_AFTER_S if job.batch_until else RETRY_AFTER_S
    return Response(
        submission_serializers.JobAccepted(job).data,
        status=status.HTTP_202_ACCEPTED,
        headers={"Location": reverse("job-detail", args=[job.pk]), "Retry-After": retry_after_s},
    )


def accepted_variants(jobs: list[AgentJob]) -> Response:
    answer = accepted(jobs[0])
    answer.data |= {"variant_job_ids": [str(job.pk) for job in jobs]}
    return answer


class JobsView(ListAPIView[AgentJob]):
    """List your jobs, or all jobs with the permission to view them, newest first."""

    serializer_class = serializers.JobRowOut
    filterset_class = JobFilter
    queryset = AgentJob.objects.none()

    def get_queryset(self) -> QuerySet[AgentJob]:
        user = signed_in(self.request)
        return (
            visibility.mark_withheld(AgentJob.objects.visible_to(user), user)
            .annotate(requester=_requester(user))
            .defer("signals")
            .order_by("-created_at", "-id")
        )

    def paginate_queryset(self, queryset: Any) -> list[Any] | None:
        jobs = super().paginate_queryset(queryset)
        whole.load_reviews(jobs or ())
        return jobs

    @extend_schema(
        parameters=[PREFER],
        request=inputs.JobIn,
        responses={
            200: OpenApiResponse(
                PolymorphicProxySerializer(
                    "PreviewOrJob", [PreviewOut, detail_serializers.JobDetailOut], None
                ),
                description="Dry run, nothing is stored; or, with `Prefer: wait`, the job, which has ended.",
            ),
            202: submission_serializers.JobAccepted,
            402: OpenApiResponse(description="A budget does not have enough left."),
        },
    )
    def post(self, request: Request) -> Response:
        """Submit a job for an agent. It is accepted at once and processed later."""
        fields = validated(inputs.JobIn, request)
        is_dry_run, may_reuse = fields.pop("dry_run", False), fields.pop("reuse", False)
        variants = fields.pop("variants", 1)
        job_request = JobRequest(by=signed_in(request), may_reuse=may_reuse, **fields)
        if is_dry_run:
            return Response(PreviewOut(dict(submission.preview_job(job_request))).data)
        if variants > 1:
            return accepted_variants(submission.submit_variants(job_request, variants))
        return accepted(submission.submit_job(job_request))


def _requester(reader: User) -> Value | Subquery:
    """Return the name of the account that submitted a job that the person may see.

    Not by a join, which would remain in the query that counts the jobs.
    """
    if not may_view_all(reader, "agentjob"):
        return Value(reader.username)
    return Subquery(User.objects.filter(pk=OuterRef("requested_by")).values("username"))


class JobBatchView(APIView):
    @extend_schema(
        request=inputs.JobsIn,
        responses={
            200: submission_serializers.JobResultsOut,
            400: OpenApiResponse(description="Not valid, or `atomic` and a job is refused: `jobs_refused`."),
        },
        examples=BATCH_EXAMPLES,
    )
    def post(self, request: Request) -> Response:
        """Submit up to 1,000 jobs together.

        A refused job does not spoil the others: each has a result of its own, with the status that a submit of it alone
        would get. With `atomic`, one refusal is a 400 `jobs_refused` whose `results` name the refused jobs, and nothing
        is stored.
        """
        fields = validated(inputs.JobsIn, request)
        is_atomic = fields["atomic"]
        by = signed_in(request)
        answers = submission.submit_jobs([_entry(body, by) for body in fields["jobs"]], all_or_none=is_atomic)
        results = [self._result(index, answer) for index, answer in enumerate(answers)]
        refused = [result for result in results if "error" in result]
        if is_atomic and refused:
            detail = f"{len(refused)} of {len(results)} jobs are refused, so none was submitted."
            raise Invalid(detail, code="jobs_refused", details={"results": refused})
        return Response({"results": results})

    def _result(self, index: int, answer: AgentJob | Exception) -> dict[str, Any]:
        if isinstance(answer, AgentJob):
            return {"index": index, "status": status.HTTP_202_ACCEPTED, "job_id": str(answer.pk)}
        problem = self.get_exception_handler()(answer, {})
        if problem is None:
            raise answer
        return {"index": index, "status": problem.status_code, "error": problem.data}


def _entry(body: Any, by: User) -> JobRequest | Exception:
    """Return the request of one of many jobs, or the error that describes what is wrong with it."""
    try:
        fields = inputs.JobEntryIn().run_validation(body)
    except ValidationError as error:
        return error
    return JobRequest(by=by, may_reuse=fields.pop("reuse", False), **fields)


@extend_schema(parameters=[JOB_ID])
class JobView(APIView):
    @extend_schema(parameters=[PREFER], responses=detail_serializers.JobDetailOut)
    def get(self, request: Request, job_id: str) -> Response:
        """Return a job with its output, signals, usage, review and history."""
        user = signed_in(request)
        found = whole.find_whole(parse_uuid(job_id, "job"), user)
        # An answer with it is not the last word.
        headers = {} if found.job.status in FINISHED else {"Retry-After": RETRY_AFTER_S}
        shown = detail_serializers.JobDetailOut(found.job, context={"whole": found}).data
        return Response(shown, headers=headers)


@extend_schema(parameters=[JOB_ID])
class JobRetryView(APIView):
    @extend_schema(
        request=None,
        responses={
            202: submission_serializers.JobAccepted,
            409: OpenApiResponse(description="The job has not failed."),
        },
    )
    def post(self, request: Request, job_id: str) -> Response:
        """Retry a failed job."""
        return accepted(actions.retry_job(parse_uuid(job_id, "job"), by=signed_in(request)))


@extend_schema(parameters=[JOB_ID])
class JobCancelView(APIView):
    @extend_schema(
        request=None,
        responses={
            202: submission_serializers.JobAccepted,
            409: OpenApiResponse(description="The job has finished."),
        },
    )
    def post(self, request: Request, job_id: str) -> Response:
        """Cancel a job that has not finished. A running attempt is not interrupted; its result is dropped."""
        return accepted(actions.cancel_job(parse_uuid(job_id, "job"), by=signed_in(request)))


class StatsView(APIView):
    @extend_schema(responses=stats_serializers.StatsOut)
    def get(self, request: Request) -> Response:
        """Return statistics of your jobs, or of all jobs with the permission to view them."""
        user = signed_in(request)
        return Response({**stats.job_stats(user), "acceptance": acceptance.acceptance(user)})
