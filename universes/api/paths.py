"""Parsing of path ids, their schema parameters, and the signed-in user."""

from __future__ import annotations

import re
import uuid

from django.contrib.auth.models import User
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter
from rest_framework.exceptions import NotAuthenticated
from rest_framework.request import Request

from universes.errors import NotFound

_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_MAX_USER_ID_DIGITS = 18


def parse_uuid(raw: str, what: str) -> uuid.UUID:
    """Parse an id from a path; raise ``NotFound``, not a bad request, if it is malformed."""
    if not _UUID.fullmatch(raw):
        raise NotFound(f"There is no {what} {raw[:50]!r}.", code=f"{what}_not_found")
    return uuid.UUID(raw)


def parse_user_id(raw: str) -> int:
    if not (raw.isascii() and raw.isdigit() and len(raw) <= _MAX_USER_ID_DIGITS):
        raise NotFound(f"There is no member {raw[:50]!r}.", code="member_not_found")
    return int(raw)


def signed_in(request: Request) -> User:
    """Return the signed-in user; permission classes refuse anonymous requests before a view runs."""
    if not isinstance(request.user, User):
        raise NotAuthenticated
    return request.user


def uuid_in_path(name: str, description: str) -> OpenApiParameter:
    """Describe a path id for the OpenAPI schema."""
    return OpenApiParameter(name, OpenApiTypes.UUID, OpenApiParameter.PATH, description=description)


UNIVERSE_ID = uuid_in_path("universe_id", "The universe.")
