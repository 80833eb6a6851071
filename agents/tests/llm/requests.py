"""A request that stands for any other in the tests of the clients."""

from __future__ import annotations

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
