"""Reading ids from paths, and who is asking."""

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
_USER_ID_DIGITS = 18


def parse_uuid(raw: str, what: str) -> uuid.UUID:
    """The id in a path; anything else names nothing, so it is ``NotFound`` and not a bad request."""
    if not _UUID.fullmatch(raw):
        raise NotFound(f"There is no {what} {raw[:50]!r}.", code=f"{what}_not_found")
    return uuid.UUID(raw)


def parse_user_id(raw: str) -> int:
    if not (raw.isascii() and raw.isdigit() and len(raw) <= _USER_ID_DIGITS):
        raise NotFound(f"There is no member {raw[:50]!r}.", code="member_not_found")
    return int(raw)


def signed_in(request: Request) -> User:
    """The caller; permission classes have refused everybody else before a view runs."""
    if not isinstance(request.user, User):
        raise NotAuthenticated
    return request.user


def uuid_in_path(name: str, description: str) -> OpenApiParameter:
    """What the schema says of a path's id."""
    return OpenApiParameter(name, OpenApiTypes.UUID, OpenApiParameter.PATH, description=description)


UNIVERSE_ID = uuid_in_path("universe_id", "The universe.")
