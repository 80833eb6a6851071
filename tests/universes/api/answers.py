"""Assertions on error responses."""

from __future__ import annotations

from typing import Any


def problem(response: Any, status: int, code: str) -> Any:
    """Assert status and code of a problem document, and return it."""
    assert (response.status_code, response["Content-Type"]) == (status, "application/problem+json"), (
        response.data
    )
    assert (response.data["status"], response.data["code"]) == (status, code)
    return response.data


def pointers(response: Any) -> list[tuple[str, str]]:
    """Return the field errors of a 400 as (pointer, code)."""
    return [(error["pointer"], error["code"]) for error in problem(response, 400, "invalid")["errors"]]
