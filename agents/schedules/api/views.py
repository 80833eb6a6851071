"""API views of schedules."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.urls import reverse
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import status
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from agents.jobs.api.submission_serializers import JobAccepted
from agents.jobs.api.views import accepted
from agents.models import GenerationSchedule
from agents.schedules import preview, scheduling
from agents.schedules.api import serializers as s
from agents.schedules.api.filters import ScheduleFilter
from universes.api.base import validated
from universes.api.paths import parse_uuid, signed_in, uuid_in_path
from universes.api.preconditions import IF_MATCH, if_unchanged, tagged

SCHEDULE_ID = uuid_in_path("schedule_id", "The schedule.")


class SchedulesView(ListAPIView[GenerationSchedule]):
    """List your schedules, or all with the permission to view them, newest first."""

    serializer_class = s.ScheduleRowOut
    filterset_class = ScheduleFilter
    queryset = GenerationSchedule.objects.none()

    def get_queryset(self) -> QuerySet[GenerationSchedule]:
        return (
            GenerationSchedule.objects.visible_to(signed_in(self.request))
            .select_related("owner")
            .prefetch_related("budgets")
            .order_by("-created_at", "-id")
        )

    @extend_schema(
        request=s.ScheduleIn,
        responses={
            200: OpenApiResponse(s.SchedulePreviewOut, description="Dry run: nothing is stored."),
            201: s.ScheduleOut,
        },
    )
    def post(self, request: Request) -> Response:
        """Create a schedule that submits jobs for an agent by a crontab."""
        fields = validated(s.ScheduleIn, request)
        if fields.pop("dry_run", False):
            shown = preview.preview_schedule(owner=signed_in(request), **fields)
            return Response(s.SchedulePreviewOut(dict(shown)).data)
        schedule = scheduling.create_schedule(owner=signed_in(request), **fields)
        return tagged(
            s.ScheduleOut(schedule).data,
            status.HTTP_201_CREATED,
            headers={"Location": reverse("schedule-detail", args=[schedule.pk])},
        )


@extend_schema(parameters=[SCHEDULE_ID])
class ScheduleView(APIView):
    @extend_schema(responses=s.ScheduleOut)
    def get(self, request: Request, schedule_id: str) -> Response:
        """Return a schedule with its next and last run."""
        schedule = scheduling.get_schedule(parse_uuid(schedule_id, "schedule"), by=signed_in(request))
        return tagged(s.ScheduleOut(schedule).data)

    @extend_schema(request=s.SchedulePatch, responses=s.ScheduleOut, parameters=[IF_MATCH])
    def patch(self, request: Request, schedule_id: str) -> Response:
        """Change a schedule. Enabling it again resets its failures."""
        changes = validated(s.SchedulePatch, request)
        pk, user = parse_uuid(schedule_id, "schedule"), signed_in(request)
        with if_unchanged(request, lambda: _lock(pk, user)):
            schedule = scheduling.update_schedule(pk, changes, by=user)
        return tagged(s.ScheduleOut(schedule).data)

    @extend_schema(responses={204: None}, parameters=[IF_MATCH])
    def delete(self, request: Request, schedule_id: str) -> Response:
        """Delete a schedule but not its jobs."""
        pk, user = parse_uuid(schedule_id, "schedule"), signed_in(request)
        with if_unchanged(request, lambda: _lock(pk, user)):
            scheduling.delete_schedule(pk, by=user)
        return Response(status=status.HTTP_204_NO_CONTENT)


@extend_schema(parameters=[SCHEDULE_ID])
class RunScheduleView(APIView):
    @extend_schema(
        request=None,
        responses={
            202: JobAccepted,
            402: OpenApiResponse(description="A budget does not have enough left."),
            409: OpenApiResponse(description="A job of the schedule is not finished, and it skips."),
        },
    )
    def post(self, request: Request, schedule_id: str) -> Response:
        """Submit a job of the schedule now, in its owner's name; its timetable stays as it is."""
        return accepted(scheduling.run_now(parse_uuid(schedule_id, "schedule"), by=signed_in(request)))


@extend_schema(parameters=[SCHEDULE_ID, IF_MATCH])
class PauseScheduleView(APIView):
    @extend_schema(request=None, responses=s.ScheduleOut)
    def post(self, request: Request, schedule_id: str) -> Response:
        """Pause a schedule; a paused one stays as it is."""
        return _switched(request, schedule_id, to=False)


@extend_schema(parameters=[SCHEDULE_ID, IF_MATCH])
class ResumeScheduleView(APIView):
    @extend_schema(request=None, responses=s.ScheduleOut)
    def post(self, request: Request, schedule_id: str) -> Response:
        """Resume a paused schedule at its next regular time, and forget its failures."""
        return _switched(request, schedule_id, to=True)


def _switched(request: Request, schedule_id: str, *, to: bool) -> Response:
    pk, user = parse_uuid(schedule_id, "schedule"), signed_in(request)
    with if_unchanged(request, lambda: _lock(pk, user)):
        schedule = scheduling.update_schedule(pk, {"enabled": to}, by=user)
    return tagged(s.ScheduleOut(schedule).data)


def _lock(pk: uuid.UUID, user: User) -> Any:
    return s.ScheduleOut(scheduling.lock_schedule(pk, by=user)).data
