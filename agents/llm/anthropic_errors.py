"""From what the API or the wire said to the error tree. Knows statuses and headers, and nothing of the
SDK's types.
"""

from __future__ import annotations

import email.utils
import math
import re
import time
from collections.abc import Mapping
from typing import Any, Final, Protocol

from agents.llm.base import LineStopped, LLMError, RequestRejected, TransientError

# Limits of money come as 429, but waiting for seconds or minutes does not lift them.
_SPENT: Final = frozenset(
    {
        "contract_spend_limit_reached",
        "enforced_spend_limit_reached",
        "linked_organization_spend_limit_reached",
        "linked_organization_billing_unavailable",
    }
)

# These two come as a plain 400 without a code. Only how the sentence begins is read, so that a message that repeats a
# part of the request cannot be taken for them.
_SPENT_WORDS: Final = re.compile(
    r"your credit balance is too low|you have reached your specified (?:\w+ )?api usage limits", re.IGNORECASE
)

_MESSAGE_CHARS: Final = 300


class StatusError(Protocol):
    """What is read of an SDK error that carries an HTTP response."""

    status_code: int
    request_id: str | None
    api_message: str | None
    error_code: str | None
    type: Any
    response: Any


def said_in(headers: Mapping[str, str]) -> dict[str, str]:
    """What the headers tell of rate limits."""
    return {
        name.lower(): value
        for name, value in headers.items()
        if name.lower().startswith("anthropic-ratelimit-")
    }


def status_error(error: StatusError, latency_ms: int) -> LLMError:
    """The error for an answer that is no success, by its status and, where that is not enough, its code."""
    told = _by_status(error, latency_ms)
    told.said = said_in(error.response.headers)
    return told


def _by_status(error: StatusError, latency_ms: int) -> LLMError:
    status = error.status_code
    said = (error.api_message or "no explanation")[:_MESSAGE_CHARS]
    about: dict[str, Any] = {"request_id": error.request_id or "", "latency_ms": latency_ms}
    message = f"The model's API answered {status}: {said}"

    is_spent = error.error_code in _SPENT or (status == 400 and _SPENT_WORDS.match(said))
    if status == 402 or error.type == "billing_error" or is_spent:
        return LineStopped("billing", message, **about)
    if error.error_code == "organization_on_hold":
        return LineStopped("permission", message, **about)
    match status:
        case 401:
            return LineStopped("authentication", message, **about)
        case 403:
            return LineStopped("permission", message, **about)
        case 404:
            # The model that was named, or else the base URL.
            return LineStopped("model_not_found", message, **about)
        case 413:
            return RequestRejected("payload_too_large", message, **about)

    about["retry_after_s"] = retry_after_s(error.response.headers)
    match status:
        case 408:
            return TransientError("timeout", message, **about)
        case 409:
            return TransientError("conflict", message, **about)
        case 429:
            return TransientError("rate_limited", message, **about)
        case 529:
            return TransientError("overloaded", message, **about)
    if status >= 500:
        return TransientError("server_error", message, **about)
    if status < 400:
        # A redirect or a captive portal stands between us and the API.
        return TransientError("bad_response", message, **about)
    del about["retry_after_s"]
    return RequestRejected("bad_request", message, **about)


def connection_error(error: Exception, latency_ms: int) -> LLMError:
    """The error for a call without a whole answer: not reached, timed out, or cut off."""
    # By name, because these two come from different libraries in different versions of the SDK's transport.
    causes = {kind.__name__ for at in (error, error.__cause__) if at is not None for kind in type(at).__mro__}
    if "APITimeoutError" in causes or "TimeoutException" in causes:
        return TransientError("timeout", "The model's API did not answer in time.", latency_ms=latency_ms)
    if "ReadError" in causes:
        return answer_error("The answer was cut off on its way.", latency_ms)
    reason = f" ({error.__cause__})"[:_MESSAGE_CHARS] if error.__cause__ is not None else ""
    return TransientError("connection", f"The model's API cannot be reached{reason}.", latency_ms=latency_ms)


def answer_error(message: str, latency_ms: int, *, request_id: str = "") -> LLMError:
    return TransientError("bad_response", message, request_id=request_id, latency_ms=latency_ms)


def retry_after_s(headers: Mapping[str, str]) -> float | None:
    """How long the other side asks to wait: ``retry-after-ms``, or ``retry-after`` in seconds or as a date.

    None where it says nothing that can be understood; a date that has passed means 0.
    """
    milliseconds = _number(headers.get("retry-after-ms"))
    if milliseconds is not None:
        return milliseconds / 1000
    said = headers.get("retry-after")
    seconds = _number(said)
    if seconds is not None or said is None:
        return seconds
    when = email.utils.parsedate_tz(said)
    if when is None:
        return None
    try:
        return max(0.0, email.utils.mktime_tz(when) - time.time())
    except (ValueError, OverflowError):
        return None


def _number(text: str | None) -> float | None:
    try:
        number = float(text or "")
    except ValueError:
        return None
    return number if math.isfinite(number) and number >= 0 else None
