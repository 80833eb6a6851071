"""Translation of a model's reply, error and headers into a result that the limits learn from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from agents.llm.base import (
    LLMError,
    LLMReply,
    ProviderAccountError,
    RequestRejected,
    TransientError,
    UnusableReply,
    Usage,
)
from agents.llm.headers import parse_number
from agents.llm.limits.types import CallStatus, Dimension, RateLimitHeaders

# Name in the headers, and how much ``remaining`` is rounded: tokens to the nearest thousand, requests down.
_HEADERS: Final[Mapping[Dimension, tuple[str, float]]] = {
    "requests": ("requests", 1.0),
    "input": ("input-tokens", 500.0),
    "output": ("output-tokens", 500.0),
}

_STATUSES: Final = {
    "rate_limited": CallStatus.RATE_LIMITED,
    "overloaded": CallStatus.OVERLOADED,
    "server_error": CallStatus.OVERLOADED,
    "timeout": CallStatus.UNREACHABLE,
    "connection": CallStatus.UNREACHABLE,
    "bad_response": CallStatus.UNREACHABLE,
    "conflict": CallStatus.REJECTED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class CallResult:
    """End of an admitted call. ``usage`` None: its use is unknown, so the estimate stays reserved."""

    status: CallStatus
    usage: Usage | None = None
    headers: Mapping[Dimension, RateLimitHeaders] = field(default_factory=dict)
    retry_after_s: float | None = None
    message: str = ""


def call_result(reply: LLMReply | LLMError) -> CallResult:
    """Return the result of a call by its reply or error.

    A call that was refused, or never sent, used no tokens; one that was lost on its way may have used all of them.
    """
    headers = parse_rate_limits(reply.rate_limit_headers)
    if isinstance(reply, LLMReply):
        return CallResult(status=CallStatus.ANSWERED, usage=reply.usage, headers=headers)
    if isinstance(reply, UnusableReply):
        usage = reply.reply.usage if reply.reply else None
        return CallResult(status=CallStatus.ANSWERED, usage=usage, headers=headers, message=reply.message)
    return CallResult(
        status=_status(reply),
        usage=None if reply.may_be_billed else Usage(),
        headers=headers,
        retry_after_s=reply.retry_after_s if isinstance(reply, TransientError) else None,
        message=reply.message,
    )


def parse_rate_limits(headers: Mapping[str, str]) -> dict[Dimension, RateLimitHeaders]:
    """Return the valid ``anthropic-ratelimit-*`` headers by dimension.

    ``reset`` is ignored: it repeats ``limit`` and ``remaining`` as a time of the provider's clock.
    """
    parsed: dict[Dimension, RateLimitHeaders] = {}
    for dimension, (name, rounding) in _HEADERS.items():
        limit = parse_number(headers.get(f"anthropic-ratelimit-{name}-limit"))
        remaining = parse_number(headers.get(f"anthropic-ratelimit-{name}-remaining"))
        if limit or remaining is not None:
            parsed[dimension] = RateLimitHeaders(limit=limit or None, remaining=remaining, rounding=rounding)
    return parsed


def _status(error: LLMError) -> CallStatus:
    if isinstance(error, ProviderAccountError):
        return CallStatus.STOPPED
    if isinstance(error, RequestRejected):
        return CallStatus.REJECTED
    return _STATUSES[error.code]
