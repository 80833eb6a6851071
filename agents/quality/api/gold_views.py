"""API of gold standards."""

from __future__ import annotations

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers, status
from rest_framework.generics import ListAPIView
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from agents.choices import GoldAnswer
from agents.common import permissions
from agents.models import GoldStandard
from agents.quality import gold
from agents.review import notes
from universes.api.base import validated
from universes.api.bodies.strict import StrictCharField, StrictChoiceField, StrictSerializer, StrictUUIDField
from universes.api.paths import parse_uuid, signed_in, uuid_in_path


class IsLead(BasePermission):
    message = "Only lead reviewers may see and change gold."

    def has_permission(self, request: Request, view: APIView) -> bool:
        return permissions.is_lead(request.user)


class GoldIn(StrictSerializer):
    job_id = StrictUUIDField(help_text="A job whose review is closed by a verdict.")
    answer = StrictChoiceField(GoldAnswer.choices)
    why = StrictCharField(
        max_length=notes.MAX_NOTE_CHARS,
        help_text="Why the answer is right.",
    )


class GoldOut(serializers.ModelSerializer[GoldStandard]):
    job_id = serializers.UUIDField()
    agent_type = serializers.CharField(source="job.agent_type")
    added_by = serializers.CharField(source="added_by.username")

    class Meta:
        model = GoldStandard
        fields = ["job_id", "agent_type", "answer", "why", "is_active", "added_by", "added_at"]
        read_only_fields = fields


class GoldListView(ListAPIView[GoldStandard]):
    """List jobs with a known right verdict, newest first; leads only."""

    permission_classes = [IsLead]
    serializer_class = GoldOut
    queryset = GoldStandard.objects.none()

    def get_queryset(self) -> QuerySet[GoldStandard]:
        return GoldStandard.objects.select_related("job", "added_by").order_by("-added_at", "-id")

    @extend_schema(
        request=GoldIn,
        responses={
            201: GoldOut,
            409: OpenApiResponse(
                description="The review is not closed by a verdict, or the job is gold already."
            ),
        },
    )
    def post(self, request: Request) -> Response:
        """Mark a decided job as gold: it is planted among reviewers' items, without effect on the job."""
        standard = gold.mark_gold(**validated(GoldIn, request), by=signed_in(request))
        return Response(GoldOut(standard).data, status=status.HTTP_201_CREATED)


class GoldJobView(APIView):
    permission_classes = [IsLead]

    @extend_schema(parameters=[uuid_in_path("job_id", "The job.")], responses={204: None})
    def delete(self, request: Request, job_id: str) -> Response:
        """Stop planting a gold item; existing decisions on it are kept."""
        gold.retire_gold(parse_uuid(job_id, "job"), signed_in(request))
        return Response(status=status.HTTP_204_NO_CONTENT)
