"""Response headers in the OpenAPI schema; all of them are optional for clients."""

from __future__ import annotations

from typing import Any, Final

_TEXT: Final = {"type": "string"}
HEADERS: Final[dict[str, dict[str, Any]]] = {
    "Cache-Control": {"description": "`no-store`: keep no copy.", "schema": _TEXT},
    "Content-Disposition": {"description": "The name of the file.", "schema": _TEXT},
    "ETag": {
        "description": "The state that was read or made, for `If-None-Match` and `If-Match`.",
        "schema": _TEXT,
    },
    "Idempotency-Replayed": {
        "description": "`true`: this is the first answer once more, and nothing was done again.",
        "schema": {"type": "string", "enum": ["true"]},
    },
    "Link": {"description": "The first and the next page.", "schema": _TEXT},
    "Location": {"description": "The address of the object that was made.", "schema": _TEXT},
    "Preference-Applied": {"description": "The wait that was granted.", "schema": _TEXT},
    "RateLimit": {"description": "What is left of the quota, and when more comes.", "schema": _TEXT},
    "RateLimit-Policy": {"description": "The quota: its name, size and window.", "schema": _TEXT},
    "Retry-After": {"description": "Seconds after which to ask again.", "schema": {"type": "integer"}},
    "WWW-Authenticate": {"description": "How to sign in, for a 401.", "schema": _TEXT},
}
# GETs whose answers are files or secret pages.
_FILES: Final = ("/auth/me/data", "/universes/{universe_id}/export")
_NOT_STORED: Final = (
    *_FILES,
    "/auth/api-keys",
    "/universes/{universe_id}/invitation-links",
    "/review-links/{token}",
    "/agents/jobs/{job_id}/events",
    "/readyz",
)
# GETs of something that is under way.
_UNDER_WAY: Final = (
    "/agents/jobs/{job_id}",
    "/agents/jobs/{job_id}/events",
    "/universes/imports/{import_id}",
)


def add_headers(result: dict[str, Any]) -> None:
    """Name the headers that each answer may have."""
    result["components"]["headers"] = HEADERS
    for path, operations in result["paths"].items():
        for method, operation in operations.items():
            for status, response in operation["responses"].items():
                names = _names(path, method, status, operation)
                if names:
                    response["headers"] = {
                        name: {"$ref": f"#/components/headers/{name}"} for name in sorted(names)
                    }


def _names(path: str, method: str, status: str, operation: dict[str, Any]) -> set[str]:
    parameters = {parameter["name"] for parameter in operation.get("parameters", ())}
    names = {"Idempotency-Replayed"} if "Idempotency-Key" in parameters else set()
    if status == "default" or status >= "400":
        names |= {"Retry-After", "RateLimit", "RateLimit-Policy", "WWW-Authenticate"}
        return names | ({"ETag"} if "If-Match" in parameters else set())
    # A POST that waits answers with the object, as a GET of it does.
    is_object = method == "get" or status == "201" or parameters & {"If-Match", "Prefer"}
    if is_object or path == "/agents/reviews/next":
        names.add("ETag")
    if "cursor" in parameters:
        names.add("Link")
    if status in {"201", "202"} or "Prefer" in parameters:
        names.add("Location")
    if status == "202" or path in _UNDER_WAY:
        names.add("Retry-After")
    if "Prefer" in parameters:
        names.add("Preference-Applied")
    if path in _FILES:
        names.add("Content-Disposition")
    if path in _NOT_STORED:
        names.add("Cache-Control")
    return names
