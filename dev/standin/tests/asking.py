"""Requests that stand for any other."""

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
SCHEMA_TOKENS = 37


def request(user: str = "Write.", *, system: Any = LONG, ttl: str = "5m", **more: Any) -> dict[str, Any]:
    """A request whose system prompt is marked for the cache. ``Write.`` is two tokens."""
    mark = {"type": "ephemeral", "ttl": ttl}
    if isinstance(system, str):
        system = [{"type": "text", "text": system, "cache_control": mark}]
    asked: dict[str, Any] = {
        "model": "claude-haiku-5-5",
        "max_tokens": 1000,
        "system": system,
        "messages": [{"role": "user", "content": user}],
        "output_config": {"format": {"type": "json_schema", "schema": SCHEMA}},
        "thinking": {"type": "disabled"},
    }
    return {name: value for name, value in (asked | more).items() if value is not None}


def to_count(asked: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in asked.items() if name != "max_tokens"}


def as_item(custom_id: str, asked: dict[str, Any]) -> Request:
    return cast("Request", {"custom_id": custom_id, "params": asked})
