"""Translation of replies, errors and headers into call results."""

from __future__ import annotations

import pytest

from agents.llm.anthropic.errors import lost
from agents.llm.base import (
    LLMReply,
    ProviderAccountError,
    RequestRejected,
    TransientError,
    UnusableReply,
    Usage,
)
from agents.llm.limits.call_result import call_result, parse_rate_limits
from agents.llm.limits.types import CallStatus, RateLimitHeaders
from dev.standin.limits import RateLimits

USED = Usage(input_tokens=7, output_tokens=9)
REPLY = LLMReply(
    text="Yes.",
    model="m",
    usage=USED,
    stop_reason="end_turn",
    request_id="r",
    latency_ms=1,
    is_mock=False,
)


@pytest.mark.parametrize(
    ("reply", "status", "usage"),
    [
        (REPLY, CallStatus.ANSWERED, USED),
        (UnusableReply("truncated", "Cut off.", reply=REPLY), CallStatus.ANSWERED, USED),
        (UnusableReply("empty_output", "Nothing."), CallStatus.ANSWERED, None),
        (TransientError("rate_limited", "Slow."), CallStatus.RATE_LIMITED, Usage()),
        (TransientError("overloaded", "Busy."), CallStatus.OVERLOADED, Usage()),
        (TransientError("server_error", "Broken."), CallStatus.OVERLOADED, Usage()),
        (TransientError("conflict", "Again."), CallStatus.REJECTED, Usage()),
        (lost(TransientError("overloaded", "Busy, in the middle.")), CallStatus.OVERLOADED, None),
        (lost(TransientError("timeout", "Late.")), CallStatus.UNREACHABLE, None),
        (TransientError("connection", "Nobody."), CallStatus.UNREACHABLE, Usage()),
        (lost(TransientError("connection", "Reset.")), CallStatus.UNREACHABLE, None),
        (lost(TransientError("bad_response", "HTML.")), CallStatus.UNREACHABLE, None),
        (RequestRejected("bad_request", "No."), CallStatus.REJECTED, Usage()),
        (ProviderAccountError("authentication", "Who?"), CallStatus.STOPPED, Usage()),
        (ProviderAccountError("billing", "Money."), CallStatus.STOPPED, Usage()),
        (ProviderAccountError("model_not_found", "Gone."), CallStatus.STOPPED, Usage()),
    ],
)
def test_reply_or_error_gives_status_and_usage(reply, status, usage):
    result = call_result(reply)

    assert (result.status, result.usage) == (status, usage)


def test_every_transient_code_has_a_status():
    for code in TransientError.codes:
        assert call_result(TransientError(code, "")).status in CallStatus


def test_retry_after_is_kept():
    error = TransientError("rate_limited", "Slow.", retry_after_s=7.0)

    assert call_result(error).retry_after_s == 7.0


def test_headers_of_the_stand_in_are_parsed():
    headers = RateLimits().headers("m", 0.0)

    assert parse_rate_limits(headers) == {
        "requests": RateLimitHeaders(limit=100_000, remaining=100_000, rounding=1),
        "input": RateLimitHeaders(limit=100_000_000, remaining=100_000_000, rounding=500),
        "output": RateLimitHeaders(limit=20_000_000, remaining=20_000_000, rounding=500),
    }


@pytest.mark.parametrize("nonsense", ["", "many", "-5", "nan", "inf", "1e999"])
def test_invalid_header_is_ignored(nonsense):
    assert parse_rate_limits({"anthropic-ratelimit-requests-limit": nonsense}) == {}


def test_limit_of_zero_is_ignored():
    headers = {"anthropic-ratelimit-requests-limit": "0", "anthropic-ratelimit-requests-remaining": "0"}

    assert parse_rate_limits(headers) == {"requests": RateLimitHeaders(remaining=0, rounding=1)}
