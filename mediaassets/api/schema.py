"""What the OpenAPI schema says beyond what views say of themselves."""

from __future__ import annotations

from typing import Any

from mediaassets.api.agent_schemas import add_agents
from mediaassets.api.errors import CONTENT_TYPE

PROBLEM: dict[str, Any] = {
    "type": "object",
    "description": "A refusal (RFC 9457).",
    "properties": {
        "type": {"type": "string", "format": "uri-reference"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "code": {"type": "string", "description": "Stable; for programs."},
        "detail": {"type": "string", "description": "A sentence for people."},
        "errors": {
            "type": "array",
            "description": "The fields at fault, where there are such.",
            "items": {
                "type": "object",
                "properties": {
                    "pointer": {
                        "type": "string",
                        "description": "A JSON pointer into the body, or `?name` for the query.",
                    },
                    "detail": {"type": "string"},
                    "code": {"type": "string"},
                },
                "required": ["pointer", "detail", "code"],
            },
        },
        "budget": {
            "type": "object",
            "description": "The budget that has not enough left, with `budget_exceeded`.",
            "additionalProperties": True,
        },
    },
    "required": ["type", "title", "status", "code", "detail"],
}

CHECK: dict[str, Any] = {
    "type": "object",
    "properties": {
        "ok": {"type": "boolean"},
        "detail": {"description": "A word, a number or null."},
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


HEALTH: dict[str, Any] = {
    "/healthz": {
        "get": {
            "operationId": "healthz",
            "summary": "Whether the process answers.",
            "tags": ["health"],
            "security": [{}],
            "responses": {
                "200": {
                    "description": "",
                    "content": _json(
                        {
                            "type": "object",
                            "properties": {"status": {"type": "string", "enum": ["ok"]}},
                            "required": ["status"],
                        }
                    ),
                }
            },
        }
    },
    "/readyz": {
        "get": {
            "operationId": "readyz",
            "summary": "Whether everything that the work needs is there.",
            "tags": ["health"],
            "security": [{}],
            "responses": {
                "200": {"description": "It is.", "content": _json(CHECKS)},
                "503": {"description": "Something is missing.", "content": _json(CHECKS)},
            },
        }
    },
}


def complete(result: dict[str, Any], **kwargs: Any) -> dict[str, Any]:
    """A hook of drf-spectacular: paths as they are written, health, and the form of every refusal."""
    refusal = {
        "description": "A refusal.",
        "content": {CONTENT_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
    paths = {path.rstrip("/"): operations for path, operations in result["paths"].items()}
    for operations in paths.values():
        for operation in operations.values():
            _summarize(operation)
            for parameter in operation.get("parameters", ()):
                if parameter["schema"].get("type") == "boolean":
                    # The filters' two words are texts to django-filter; to a client they are a boolean.
                    parameter["schema"] = {"type": "boolean"}
                    parameter.pop("description", None)
            for status, response in operation["responses"].items():
                if status >= "400":
                    response["content"] = refusal["content"]
            operation["responses"]["default"] = refusal
    result["paths"] = dict(sorted({**paths, **HEALTH}.items()))
    result["components"]["schemas"] |= {"Problem": PROBLEM, "Check": CHECK}
    add_agents(result)
    return result


def _summarize(operation: dict[str, Any]) -> None:
    """The first line of what is said of a call stands beside its path, before anyone opens it."""
    said = str(operation.pop("description", ""))
    operation["summary"], _, rest = said.partition("\n")
    if rest.strip():
        operation["description"] = rest.strip()
