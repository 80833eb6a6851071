"""The Messages protocol without the wire: from a request to arguments, from a message to a reply.

Knows nothing of the SDK's types, so that what comes one by one and what comes in a batch is read by the same rules.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final, TypeVar

from agents.llm.anthropic.errors import answer_error, payload_error
from agents.llm.base import LLMReply, LLMRequest, UnusableReply, Usage

T = TypeVar("T")

# How to ask for no thinking, by the start of the model's name. A model that is not here decides for itself:
# some cannot stop thinking and refuse to be told, and older ones do not think unless asked.
_THINKING_OFF: Final[tuple[tuple[str, dict[str, str]], ...]] = (
    ("claude-haiku-5-5", {"type": "disabled"}),
    ("claude-sonnet-5-5", {"type": "between_tools"}),
)

# Thinking counts as output: without this, a model that thinks would be cut off before it answers.
_THINKING_TOKENS: Final = 8192

# What a column of whole numbers holds.
_MOST_TOKENS: Final = 2**31 - 1

_ENDED: Final = frozenset({"end_turn", "stop_sequence"})
_CUT_OFF: Final = frozenset({"max_tokens", "model_context_window_exceeded"})


def message_arguments(request: LLMRequest) -> dict[str, Any]:
    """What ``messages.create`` takes, and an item of a batch. No sampling parameters and no prefill: current models
    refuse both.
    """
    thinking = next((how for start, how in _THINKING_OFF if request.model.startswith(start)), None)
    arguments: dict[str, Any] = {
        "model": request.model,
        "max_tokens": request.max_tokens + (0 if thinking else _THINKING_TOKENS),
        # Instructions and world are the same for every job of a universe. Below the least cacheable size
        # the mark does nothing.
        "system": [{"type": "text", "text": request.system, "cache_control": {"type": "ephemeral"}}],
        "messages": [{"role": "user", "content": request.user}],
        "output_config": {"format": {"type": "json_schema", "schema": dict(request.schema)}},
    }
    if thinking is not None:
        arguments["thinking"] = dict(thinking)
    return arguments


def reply_of(
    message: Any,
    *,
    request_id: str = "",
    latency_ms: int = 0,
    said: Mapping[str, str] | None = None,
    is_batch: bool = False,
) -> LLMReply:
    """The reply that a decoded message holds; ``said`` and ``is_batch`` are as in ``LLMReply``.

    ``UnusableReply`` for one that no agent can use; ``TransientError`` (``bad_response``) for what is no message.
    """
    try:
        reply = LLMReply(
            text="".join(block["text"] for block in message["content"] if block["type"] == "text"),
            model=_word(message["model"]),
            usage=_usage(message["usage"]),
            stop_reason=_word(message["stop_reason"]),
            request_id=request_id,
            latency_ms=latency_ms,
            is_mock=False,
            is_batch=is_batch,
            said=said or {},
        )
        if message["type"] != "message":
            raise KeyError("message")
    except (KeyError, TypeError, ValueError) as error:
        raise answer_error("The answer is not a message.", latency_ms, request_id=request_id) from error
    return _finished(reply)


def batch_reply(result: str) -> LLMReply:
    """The reply in a ``BatchResult.result``; raises what the same answer would have raised if it had come live."""
    said = json.loads(result)
    if said["type"] == "succeeded":
        message = said.get("message")
        # The answers of a batch have no request of their own: the message's id is what the provider knows it by.
        name = message.get("id") if isinstance(message, dict) else None
        request_id = name if isinstance(name, str) and name.isprintable() else ""
        return reply_of(message, request_id=request_id, is_batch=True)
    raise payload_error(said.get("error"))


def _usage(usage: Any) -> Usage:
    return Usage(
        input_tokens=_count(usage["input_tokens"]),
        output_tokens=_count(usage["output_tokens"]),
        cache_read_tokens=_count(usage.get("cache_read_input_tokens") or 0),
        cache_write_tokens=_count(usage.get("cache_creation_input_tokens") or 0),
    )


def _count(value: Any) -> int:
    """A number of tokens that the books can hold."""
    if not 0 <= _checked(value, int) <= _MOST_TOKENS:
        raise ValueError(f"{value} is no number of tokens.")
    return int(value)


def _word(value: Any) -> str:
    """A text that the books can hold: a NUL or a lone surrogate is refused by databases."""
    word = _checked(value, str)
    if not word.isprintable():
        raise ValueError(f"{word!r} is no word.")
    return word


def _checked(value: Any, kind: type[T]) -> T:
    if not isinstance(value, kind):
        raise TypeError(f"{value!r} is no {kind.__name__}.")
    return value


def _finished(reply: LLMReply) -> LLMReply:
    if reply.stop_reason == "refusal":
        raise UnusableReply("refused", "The model refused to answer this request.", reply=reply)
    if reply.stop_reason in _CUT_OFF:
        message = f"The model's answer was cut off (stop reason {reply.stop_reason})."
        raise UnusableReply("truncated", message, reply=reply)
    if reply.stop_reason not in _ENDED:
        message = f"The model stopped for a reason that no agent expects ({reply.stop_reason[:40]})."
        raise UnusableReply("invalid_output", message, reply=reply)
    if not reply.text.strip():
        raise UnusableReply("empty_output", "The model answered with no text.", reply=reply)
    return reply
