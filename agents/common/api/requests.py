"""Helpers to read the body of a request."""

from __future__ import annotations

from typing import Any

from rest_framework.request import Request

from agents.errors import FieldError, Invalid


def json_object(request: Request) -> dict[str, Any]:
    """Return the body as a dict; raise ``Invalid`` for any other JSON. The service checks its fields."""
    if not isinstance(request.data, dict):
        raise Invalid("The body is not an object.", [FieldError("", "Send a JSON object.", "not_an_object")])
    return dict(request.data)
