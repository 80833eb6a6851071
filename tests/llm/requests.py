"""Sample request and answers of the clients' tests."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from agents.llm.base import LLMRequest
from dev.standin import Fault, reply

REQUEST = LLMRequest(
    agent="narrative",
    model="claude-haiku-5-5",
    system="You write.",
    user="Write.",
    schema={
        "type": "object",
        "properties": {"content": {"type": "string"}},
        "required": ["content"],
        "additionalProperties": False,
    },
    max_tokens=1000,
    timeout_s=10.0,
    prompt_name="narrative",
    prompt_version="0" * 12,
)


def quiet_word(body: Mapping[str, Any]) -> dict[str, str]:
    return {"content": "A quiet word."}


def message(text: str, *, model: str = "claude-haiku-5-5", stop_reason: str = "end_turn") -> dict[str, Any]:
    """Return a message of the API, for tests to change."""
    return {
        "id": "msg_1",
        "type": "message",
        "role": "assistant",
        "model": model,
        "content": [{"type": "text", "text": text}] if text else [],
        "stop_reason": stop_reason,
        "stop_sequence": None,
        "usage": {
            "input_tokens": 11,
            "output_tokens": 22,
            "cache_read_input_tokens": 33,
            "cache_creation_input_tokens": 44,
        },
    }


def answered(message: Mapping[str, Any]) -> Fault:
    """Return the message as a stream."""
    return reply(events_text(events_of(message)), content_type="text/event-stream")


def events_of(message: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the events of the message's stream."""
    blocks = [
        event
        for index, block in enumerate(message["content"])
        for event in (
            {"type": "content_block_start", "index": index, "content_block": block},
            {"type": "content_block_stop", "index": index},
        )
    ]
    delta = {
        "type": "message_delta",
        "delta": {"stop_reason": message["stop_reason"]},
        "usage": message["usage"],
    }
    start = {"type": "message_start", "message": {**message, "content": [], "stop_reason": None}}
    return [start, *blocks, delta, {"type": "message_stop"}]


def events_text(events: Iterable[Mapping[str, Any]]) -> str:
    return "".join(f"event: {event['type']}\ndata: {json.dumps(event)}\n\n" for event in events)
