"""Helpers to read API responses: lists and problem documents."""

from __future__ import annotations

from typing import Any

CONTENT_TYPE = "application/problem+json"


def problem_of(response: Any, status: int, code: str) -> dict[str, Any]:
    """Assert that the response is a problem document with a status and code, and return it."""
    assert response.status_code == status, (response.status_code, response.content)
    assert response["Content-Type"] == CONTENT_TYPE
    body: dict[str, Any] = response.json()
    assert set(body) - {"errors", "existing", "quota", "budget"} == {
        "type",
        "title",
        "status",
        "code",
        "detail",
    }
    assert (body["type"], body["status"], body["code"]) == ("about:blank", status, code)
    assert body["title"]
    assert body["detail"]
    for error in body.get("errors", ()):
        assert set(error) == {"pointer", "detail", "code"}
    return body


def pointers_of(response: Any, code: str = "invalid") -> dict[str, str]:
    """Return the invalid fields of a 400 with their codes, by pointer."""
    body = problem_of(response, 400, code)
    return {error["pointer"]: error["code"] for error in body["errors"]}


def ids_of(response: Any, name: str = "id") -> list[Any]:
    """Return the ids of the rows on one page of a list."""
    assert response.status_code == 200, response.content
    return [row[name] for row in response.json()["results"]]


def job_ids_of(response: Any) -> list[Any]:
    return ids_of(response, "job_id")
