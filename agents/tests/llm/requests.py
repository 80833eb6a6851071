"""A request and an answer that stand for any other in the tests of the clients."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from agents.llm.base import LLMRequest

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
    """A message in the API's own form, to be spoiled."""
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
