"""Preconditions: an ETag for each object, and changes that only apply to the state that the client has seen."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django.db import transaction
from django.utils.http import parse_etags
from drf_spectacular.utils import OpenApiParameter
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.encoders import JSONEncoder

from universes.errors import Invalid, PreconditionFailed, PreconditionRequired

IF_MATCH = OpenApiParameter(
    "If-Match",
    str,
    OpenApiParameter.HEADER,
    description="The ETag of the state that you have seen: a change since then is a 412 with the present state.",
)
IF_MATCH_REQUIRED = OpenApiParameter(
    "If-Match",
    str,
    OpenApiParameter.HEADER,
    required=True,
    description=f"{IF_MATCH.description} `*` replaces whatever is there.",
)


def etag_of(shown: Any) -> str:
    """Return the tag of an object as this caller sees it; the order of keys, which PostgreSQL changes, is ignored."""
    text = json.dumps(shown, cls=JSONEncoder, sort_keys=True)
    return f'"{hashlib.sha256(text.encode()).hexdigest()[:32]}"'


def tagged(
    shown: Any, status: int = status.HTTP_200_OK, *, headers: Mapping[str, str] | None = None
) -> Response:
    """Answer with an object and its ETag."""
    return Response(shown, status=status, headers={**(headers or {}), "ETag": etag_of(shown)})


@contextmanager
def if_unchanged(
    request: Request, lock_and_show: Callable[[], Any], *, required: bool = False
) -> Iterator[None]:
    """Run a change only if the request's ``If-Match``, if it has one, names the present state.

    ``lock_and_show`` locks the object's row and returns the object as this caller sees it. Lock, comparison and change
    are one transaction, so that of two changes to one state the second is refused.

    Raises ``PreconditionFailed`` with the present state, and ``PreconditionRequired`` if ``required`` and without the
    header.
    """
    header = request.headers.get("If-Match")
    if header is None:
        if required:
            raise PreconditionRequired(
                "This replaces the whole: send `If-Match` with the ETag of the state that you have seen."
            )
        yield
        return
    tags = parse_etags(header)
    if not tags:
        raise Invalid(
            'If-Match has the ETag of an answer, with its quotation marks: `"…"`.', code="if_match_invalid"
        )
    with transaction.atomic():
        shown = lock_and_show()
        tag = etag_of(shown)
        if tag not in tags and tags != ["*"]:
            raise PreconditionFailed(
                "It was changed since you read it.", details={"etag": tag, "current": shown}
            )
        yield
