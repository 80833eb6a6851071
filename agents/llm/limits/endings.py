"""From a model's answer, error and headers to what the limits are told."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from agents.llm.base import (
    LineStopped,
    LLMError,
    LLMReply,
    RequestRejected,
    TransientError,
    UnusableReply,
    Usage,
)
from agents.llm.headers import number_in
from agents.llm.limits.kinds import Dimension, Ending, Outcome, Said

# The header's word for each dimension, and by how much its ``remaining`` is rounded: tokens are told to the
# nearest thousand, requests are cut off to whole ones.
_HEADERS: Final[Mapping[Dimension, tuple[str, float]]] = {
    "requests": ("requests", 1.0),
    "input": ("input-tokens", 500.0),
    "output": ("output-tokens", 500.0),
}

_OUTCOMES: Final = {
    "rate_limited": Outcome.RATE_LIMITED,
    "overloaded": Outcome.OVERLOADED,
    "server_error": Outcome.OVERLOADED,
    "timeout": Outcome.UNREACHABLE,
    "connection": Outcome.UNREACHABLE,
    "bad_response": Outcome.UNREACHABLE,
    "conflict": Outcome.REJECTED,
}


def ending_of(result: LLMReply | LLMError, headers: Mapping[str, str] | None = None) -> Ending:
    """How a call ended, by its reply or its error.

    A call that was refused, or reached nobody, used no tokens. One that was lost on its way may have used all of them.
    """
    said = said_by(headers or {})
    if isinstance(result, LLMReply):
        return Ending(outcome=Outcome.ANSWERED, usage=result.usage, said=said)
    if isinstance(result, UnusableReply):
        usage = result.reply.usage if result.reply else None
        return Ending(outcome=Outcome.ANSWERED, usage=usage, said=said, message=result.message)
    return Ending(
        outcome=_outcome(result),
        usage=None if result.may_be_billed else Usage(),
        said=said,
        retry_after_s=result.retry_after_s if isinstance(result, TransientError) else None,
        message=result.message,
    )


def said_by(headers: Mapping[str, str]) -> dict[Dimension, Said]:
    """The ``anthropic-ratelimit-*`` headers that can be understood.

    ``reset`` is not read: it is ``limit`` and ``remaining`` told as a time of the other side's clock.
    """
    said: dict[Dimension, Said] = {}
    for dimension, (name, rounding) in _HEADERS.items():
        limit = number_in(headers.get(f"anthropic-ratelimit-{name}-limit"))
        remaining = number_in(headers.get(f"anthropic-ratelimit-{name}-remaining"))
        if limit or remaining is not None:
            said[dimension] = Said(limit=limit or None, remaining=remaining, rounding=rounding)
    return said


def _outcome(error: LLMError) -> Outcome:
    if isinstance(error, LineStopped):
        return Outcome.STOPPED
    if isinstance(error, RequestRejected):
        return Outcome.REJECTED
    return _OUTCOMES[error.code]
