"""Messages protocol: request arguments and parsing of messages.

Depends on no SDK type, so that live and batch answers are read by the same rules.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final, TypeVar

from agents.llm.anthropic.errors import answer_error, payload_error
from agents.llm.base import LLMReply, LLMRequest, UnusableReply, Usage

T = TypeVar("T")

# Argument that turns thinking off, by prefix of the model's name. Other models get none: some refuse it, and older
# ones do not think unless asked.
_THINKING_OFF: Final[tuple[tuple[str, dict[str, str]], ...]] = (
    ("claude-haiku-5-5", {"type": "disabled"}),
    ("claude-sonnet-5-5", {"type": "between_tools"}),
)

# Extra output for models that think, so that they are not cut off before they answer.
_THINKING_TOKENS: Final = 8192

# Largest value of an integer column.
_MAX_TOKENS: Final = 2**31 - 1

_ENDED: Final = frozenset({"end_turn", "stop_sequence"})
_CUT_OFF: Final = frozenset({"max_tokens", "model_context_window_exceeded"})


def message_arguments(request: LLMRequest) -> dict[str, Any]:
    """Return the arguments of ``messages.create`` or of a batch item.

    They have no sampling parameters and no prefill: current models refuse both.
    """
    thinking = next(
        (argument for prefix, argument in _THINKING_OFF if request.model.startswith(prefix)), None
    )
    arguments: dict[str, Any] = {
        "model": request.model,
        "max_tokens": request.max_tokens + (0 if thinking else _THINKING_TOKENS),
        # Every job of a universe shares instructions and world. The mark has no effect on short texts.
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
    rate_limit_headers: Mapping[str, str] | None = None,
    is_batch: bool = False,
) -> LLMReply:
    """Return the reply in a decoded message.

    Raise ``UnusableReply`` for one that no agent can use, ``TransientError`` (``bad_response``) for anything else.
    """
    try:
        reply = LLMReply(
            text="".join(block["text"] for block in message["content"] if block["type"] == "text"),
            model=_text(message["model"]),
            usage=_usage(message["usage"]),
            stop_reason=_text(message["stop_reason"]),
            request_id=request_id,
            latency_ms=latency_ms,
            is_mock=False,
            is_batch=is_batch,
            rate_limit_headers=rate_limit_headers or {},
        )
        if message["type"] != "message":
            raise KeyError("message")
    except (KeyError, TypeError, ValueError) as error:
        raise answer_error("The answer is not a message.", latency_ms, request_id=request_id) from error
    return _finished(reply)


def batch_reply(result: str) -> LLMReply:
    """Return the reply in a ``BatchResult.result``; raise the same error as a live call."""
    payload = json.loads(result)
    if payload["type"] == "succeeded":
        message = payload.get("message")
        # Batch answers have no request id: the provider knows them by the message's id.
        message_id = message.get("id") if isinstance(message, dict) else None
        request_id = message_id if isinstance(message_id, str) and message_id.isprintable() else ""
        return reply_of(message, request_id=request_id, is_batch=True)
    raise payload_error(payload.get("error"))


def _usage(usage: Any) -> Usage:
    return Usage(
        input_tokens=_count(usage["input_tokens"]),
        output_tokens=_count(usage["output_tokens"]),
        cache_read_tokens=_count(usage.get("cache_read_input_tokens") or 0),
        cache_write_tokens=_count(usage.get("cache_creation_input_tokens") or 0),
    )


def _count(value: Any) -> int:
    if not 0 <= _checked(value, int) <= _MAX_TOKENS:
        raise ValueError(f"{value} is not a number of tokens.")
    return int(value)


def _text(value: Any) -> str:
    """Return a printable text; databases refuse a NUL or a lone surrogate."""
    text = _checked(value, str)
    if not text.isprintable():
        raise ValueError(f"{text!r} is not printable.")
    return text


def _checked(value: Any, kind: type[T]) -> T:
    if not isinstance(value, kind):
        raise TypeError(f"{value!r} is not a {kind.__name__}.")
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
