"""What the tests expect of error answers."""

from __future__ import annotations

from typing import Any


def problem(response: Any, status: int, code: str) -> Any:
    """Assert that it is that problem document, and give it."""
    assert (response.status_code, response["Content-Type"]) == (status, "application/problem+json"), (
        response.data
    )
    assert (response.data["status"], response.data["code"]) == (status, code)
    return response.data


def pointers(response: Any) -> list[tuple[str, str]]:
    """The fields of a 400 as (pointer, code)."""
    return [(error["pointer"], error["code"]) for error in problem(response, 400, "invalid")["errors"]]
