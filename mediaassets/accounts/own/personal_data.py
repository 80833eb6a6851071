"""A person's data as one JSON document, written while it is read."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from django.contrib.auth.models import User
from django.db.models import QuerySet
from rest_framework.utils.encoders import JSONEncoder

from agents.models import (
    AgentJob,
    GenerationSchedule,
    JobFeedback,
    Notification,
    ReviewComment,
    ReviewDecision,
    WebhookEndpoint,
)
from agents.notify import preferences
from mediaassets.accounts.models import ApiKey
from universes.api.bodies.outputs import ElementOut, SceneOut, UniverseOut, WorldConfigOut
from universes.choices import Role
from universes.models import Element, Invitation, Membership, Scene, WorldImport

CHUNK = 100
JOB = (
    "id",
    "universe_id",
    "agent_type",
    "status",
    "outcome",
    "priority",
    "created_at",
    "completed_at",
    "schedule_id",
)
JOB_TEXTS = ("input_data", "output_data", "revision_note", "error_message")
REVIEW = (
    "id",
    "item_id",
    "item__job_id",
    "verdict",
    "at",
    "reason__code",
    "note",
    "before",
    "after",
    "undone_at",
)
SCHEDULE = (
    "id",
    "name",
    "universe_id",
    "agent_type",
    "input_data",
    "crontab",
    "time_zone",
    "enabled",
    "created_at",
)
NOTIFICATION = ("id", "kind", "item_id", "text", "at", "read_at")
INVITATION = (
    "id",
    "universe__name",
    "role",
    "invited_by__username",
    "created_at",
    "expires_at",
    "declined_at",
)
IMPORT = ("id", "file_name", "format", "universe_id", "status", "created", "report", "created_at")
FEEDBACK = ("id", "job_id", "rating", "reason__code", "note", "edited_output", "at")
KEY = ("id", "name", "scopes", "created_at", "expires_at", "last_used_at", "revoked_at")
WEBHOOK = ("id", "url", "description", "events", "is_active", "created_at")


def stream(account: User) -> Iterator[str]:
    """Yield a JSON object with a list for each kind of data; no list is ever held as a whole."""
    encode = JSONEncoder(ensure_ascii=False).encode
    yield f'{{"profile": {encode(_profile(account))},\n"preferences": {encode(preferences.describe(account))}'
    for name, rows in _lists(account):
        yield f",\n{json.dumps(name)}: ["
        for number, row in enumerate(rows):
            yield f"{',' if number else ''}\n{encode(row)}"
        yield "]"
    yield "}\n"


def _profile(account: User) -> dict[str, Any]:
    return {
        "id": account.pk,
        "username": account.username,
        "first_name": account.first_name,
        "last_name": account.last_name,
        "email": account.email,
        "date_joined": account.date_joined,
        "last_login": account.last_login,
        "groups": list(account.groups.order_by("name").values_list("name", flat=True)),
    }


def _lists(account: User) -> Iterator[tuple[str, Iterable[Any]]]:
    yield "universes", _universes(account)
    yield "invitations", _rows(Invitation.objects.filter(user=account), *INVITATION)
    yield "imports", _rows(WorldImport.objects.filter(owner=account), *IMPORT)
    yield "jobs", _rows(AgentJob.objects.filter(requested_by=account), *JOB, *JOB_TEXTS)
    yield "schedules", _rows(GenerationSchedule.objects.filter(owner=account), *SCHEDULE)
    yield "reviews", _rows(ReviewDecision.objects.filter(by=account), *REVIEW)
    yield "feedback", _rows(JobFeedback.objects.filter(by=account), *FEEDBACK)
    yield "comments", _rows(ReviewComment.objects.filter(by=account), "id", "item_id", "text", "at")
    yield "notifications", _rows(Notification.objects.filter(to=account), *NOTIFICATION)
    yield "api_keys", _rows(ApiKey.objects.filter(user=account), *KEY)
    yield "webhooks", _rows(WebhookEndpoint.objects.filter(owner=account), *WEBHOOK)


def _rows(rows: QuerySet[Any], *columns: str) -> Iterable[dict[str, Any]]:
    return rows.order_by("pk").values(*columns).iterator(chunk_size=CHUNK)


def _universes(account: User) -> Iterator[dict[str, Any]]:
    """Yield the universes of a person; of their own, also the content."""
    memberships = (
        Membership.objects.filter(user=account)
        .select_related("universe__owner", "universe__world_config")
        .order_by("pk")
    )
    for membership in memberships.iterator(chunk_size=CHUNK):
        shown = dict(UniverseOut(membership).data)
        if membership.role == Role.OWNER:
            universe = membership.universe
            shown["world_config"] = WorldConfigOut(universe.world_config).data
            elements = Element.objects.filter(universe=universe).select_related("created_by").order_by("pk")
            scenes = Scene.objects.filter(universe=universe).select_related("created_by").order_by("pk")
            shown["elements"] = ElementOut(elements, many=True).data
            shown["scenes"] = SceneOut(scenes, many=True).data
        yield shown
