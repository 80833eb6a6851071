"""A person's data as one JSON document, written while it is read."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any, Final

from django.contrib.auth.models import User
from django.db.models import QuerySet
from rest_framework.serializers import Serializer
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
# A scene has up to 100,000 characters.
ENTRIES = 20
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
    yield f'{{"profile": {_encode(_profile(account))},\n"preferences": {_encode(preferences.describe(account))}'
    yield ',\n"universes": '
    yield from _array(_universes(account))
    for name, rows in _lists(account):
        yield f",\n{json.dumps(name)}: "
        yield from _array([_encode(row)] for row in rows)
    yield "}\n"


_encode: Final = JSONEncoder(ensure_ascii=False).encode


def _array(items: Iterable[Iterable[str]]) -> Iterator[str]:
    """Yield a list whose items come in pieces."""
    yield "["
    for number, pieces in enumerate(items):
        yield ",\n" if number else "\n"
        yield from pieces
    yield "]"


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


def _universes(account: User) -> Iterator[Iterator[str]]:
    """Yield the universes of a person in pieces."""
    memberships = (
        Membership.objects.filter(user=account)
        .select_related("universe__owner", "universe__world_config")
        .order_by("pk")
    )
    return map(_universe, memberships.iterator(chunk_size=CHUNK))


def _universe(membership: Membership) -> Iterator[str]:
    """Yield a universe; one's own with its content, some entries at a time."""
    shown, universe = dict(UniverseOut(membership).data), membership.universe
    if membership.role != Role.OWNER:
        yield _encode(shown)
        return
    shown["world_config"] = WorldConfigOut(universe.world_config).data
    yield _encode(shown).removesuffix("}")
    kinds: tuple[tuple[str, QuerySet[Any], type[Serializer[Any]]], ...] = (
        ("elements", Element.objects.all(), ElementOut),
        ("scenes", Scene.objects.all(), SceneOut),
    )
    for name, rows, output in kinds:
        entries = rows.filter(universe=universe).select_related("created_by").order_by("pk")
        yield f", {json.dumps(name)}: "
        yield from _array([_encode(entry)] for entry in _in_parts(entries, output))
    yield "}"


def _in_parts(entries: QuerySet[Any], output: type[Serializer[Any]]) -> Iterator[Any]:
    """Yield what the API says of each entry; the passports of a part are read together."""
    left = entries.iterator(chunk_size=ENTRIES)
    while part := list(islice(left, ENTRIES)):
        yield from output(part, many=True).data
