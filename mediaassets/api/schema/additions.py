"""Additions to the OpenAPI schema that are not declared on views: errors, health endpoints, agent types."""

from __future__ import annotations

from typing import Any

from mediaassets.api.errors import CONTENT_TYPE
from mediaassets.api.schema.agents import add_agents
from mediaassets.api.schema.headers import add_headers
from mediaassets.api.schema.layout import arrange

PROBLEM: dict[str, Any] = {
    "type": "object",
    "description": "Problem document (RFC 9457).",
    "properties": {
        "type": {"type": "string", "format": "uri-reference"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "code": {"type": "string", "description": "Stable identifier for programs."},
        "detail": {"type": "string", "description": "Sentence for people."},
        "errors": {
            "type": "array",
            "description": "Invalid fields, if the error concerns fields.",
            "items": {
                "type": "object",
                "properties": {
                    "pointer": {
                        "type": "string",
                        "description": "JSON pointer into the body, or `?name` for a query parameter.",
                    },
                    "detail": {"type": "string"},
                    "code": {"type": "string"},
                },
                "required": ["pointer", "detail", "code"],
            },
        },
        "existing": {
            "type": "object",
            "description": "What is there already, for a 409: its id and its name as it is spelled there.",
            "properties": {
                "id": {"oneOf": [{"type": "string"}, {"type": "integer"}]},
                "name": {"type": "string"},
            },
            "required": ["id", "name"],
        },
        "universes": {
            "type": "array",
            "description": "Universes of the caller, for the code `owns_universes`.",
            "items": {
                "type": "object",
                "properties": {"id": {"type": "string", "format": "uuid"}, "name": {"type": "string"}},
                "required": ["id", "name"],
            },
        },
        "quota": {
            "type": "object",
            "description": "What is allowed and left, for a 429.",
            "properties": {
                "name": {"type": "string"},
                "limit": {"type": "integer"},
                "window_s": {"type": "integer"},
                "remaining": {"type": "integer"},
                "resets_in_s": {"type": "integer", "description": "When more comes; also in `Retry-After`."},
            },
            "required": ["name", "limit", "window_s", "remaining", "resets_in_s"],
        },
        "etag": {
            "type": "string",
            "description": "Tag of the present state, for the code `precondition_failed`.",
        },
        "current": {
            "type": "object",
            "description": "Present state, for the code `precondition_failed`.",
            "additionalProperties": True,
        },
        "job_id": {
            "type": "string",
            "format": "uuid",
            "description": "The job whose output was reused, for the code `reused_output`.",
        },
        "review_id": {
            "type": "string",
            "format": "uuid",
            "description": "The review that is open, for the code `review_open`.",
        },
        "results": {
            "type": "array",
            "description": "Refused jobs, for the code `jobs_refused`.",
            "items": {"$ref": "#/components/schemas/JobResultOut"},
        },
        "budget": {
            "type": "object",
            "description": "Exhausted budget, for the code `budget_exceeded`.",
            "additionalProperties": True,
        },
    },
    "required": ["type", "title", "status", "code", "detail"],
}

IDEMPOTENCY_KEY: dict[str, Any] = {
    "name": "Idempotency-Key",
    "in": "header",
    "description": (
        "Makes it safe to send the request again: for 24 hours the same key gets the first answer, with "
        "`Idempotency-Replayed: true`. With another body: 422. While the first is running: 409 with `Retry-After`."
    ),
    "schema": {"type": "string", "minLength": 1, "maxLength": 255},
    "example": "8e03978e-40d5-43e8-bc93-6894a57f9324",
}

CHECK: dict[str, Any] = {
    "type": "object",
    "properties": {
        "ok": {"type": "boolean"},
        "detail": {"description": "A word, a number, an object or null."},
    },
    "required": ["ok", "detail"],
}
CHECKS: dict[str, Any] = {
    "type": "object",
    "description": "database, broker, migrations, oldest_due_job, model and lines.",
    "additionalProperties": {"$ref": "#/components/schemas/Check"},
}


def _json(schema: dict[str, Any]) -> dict[str, Any]:
    return {"application/json": {"schema": schema}}


def _alive(status: str) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": {"status": {"type": "string", "enum": [status]}},
        "required": ["status"],
    }


HEALTH: dict[str, Any] = {
    "/healthz": {
        "get": {
            "operationId": "healthz",
            "summary": "Liveness: the process answers.",
            "tags": ["health"],
            "security": [{}],
            "responses": {
                "200": {"description": "", "content": _json(_alive("ok"))},
                "503": {
                    "description": "It is about to stop: send requests to another instance.",
                    "content": _json(_alive("draining")),
                },
            },
        }
    },
    "/readyz": {
        "get": {
            "operationId": "readyz",
            "summary": "Readiness: database, broker and migrations.",
            "tags": ["health"],
            "security": [{}],
            "responses": {
                "200": {"description": "Ready.", "content": _json(CHECKS)},
                "503": {"description": "Not ready.", "content": _json(CHECKS)},
            },
        }
    },
}


def complete(result: dict[str, Any], **kwargs: Any) -> dict[str, Any]:
    """Complete the generated schema: plain paths, health endpoints, the problem document of every error."""
    result |= {part: _without_titles(result[part]) for part in ("paths", "components")}
    content = {CONTENT_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    paths = {path.rstrip("/"): operations for path, operations in result["paths"].items()}
    for operations in paths.values():
        for method, operation in operations.items():
            _summarize(operation)
            if method == "post" and {} not in operation.get("security", [{}]):
                operation.setdefault("parameters", []).append(IDEMPOTENCY_KEY)
            for parameter in operation.get("parameters", ()):
                if parameter["schema"].get("type") == "boolean":
                    # django-filter declares the two accepted words as strings; to a client they are a boolean.
                    parameter["schema"] = {"type": "boolean"}
                    parameter.pop("description", None)
            for status, response in operation["responses"].items():
                if status >= "400":
                    response["content"] = content
            operation["responses"]["default"] = {"description": "Error.", "content": content}
    result["paths"] = {**paths, **HEALTH}
    result["components"]["schemas"] |= {"Problem": PROBLEM, "Check": CHECK}
    add_headers(result)
    add_agents(result)
    arrange(result)
    return result


def _without_titles(node: Any) -> Any:
    """Leave out the names that the pages give the fields of rows: a client knows a field by its own name."""
    if isinstance(node, list):
        return [_without_titles(part) for part in node]
    if not isinstance(node, dict):
        return node
    plain = {
        key: part if key.startswith("example") else _without_titles(part)
        for key, part in node.items()
        if key != "title" or not isinstance(part, str)
    }
    # What a title was added to is the reference alone.
    return plain["allOf"][0] if plain.keys() == {"allOf"} and len(plain["allOf"]) == 1 else plain


def _summarize(operation: dict[str, Any]) -> None:
    """Move the first line of the description to the summary, which the page shows beside the path."""
    operation["summary"], _, rest = str(operation.pop("description", "")).partition("\n")
    if rest.strip():
        operation["description"] = rest.strip()
