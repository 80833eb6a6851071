"""Requests for the tests of the stand-in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from anthropic.types.messages.batch_create_params import Request

SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {"title": {"type": "string"}, "content": {"type": "string"}},
    "required": ["title", "content"],
    "additionalProperties": False,
}

# 4,000 characters are 1,000 tokens; the schema's 146 characters are 37 more.
LONG = "x" * 4000
PREFIX_TOKENS = 1037


def request(user: str = "Write.", *, system: Any = LONG, **changes: Any) -> dict[str, Any]:
    """Make a request with a cached system prompt; ``Write.`` is two tokens."""
    if isinstance(system, str):
        system = [{"type": "text", "text": system, "cache_control": {"type": "ephemeral"}}]
    body: dict[str, Any] = {
        "model": "claude-haiku-5-5",
        "max_tokens": 1000,
        "system": system,
        "messages": [{"role": "user", "content": user}],
        "output_config": {"format": {"type": "json_schema", "schema": SCHEMA}},
        "thinking": {"type": "disabled"},
    }
    return {name: value for name, value in (body | changes).items() if value is not None}


def batch_item(custom_id: str, params: dict[str, Any]) -> Request:
    return cast("Request", {"custom_id": custom_id, "params": params})
