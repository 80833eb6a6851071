"""From what the API or the wire said to the error tree. Knows statuses and headers, and nothing of the
SDK's types.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, Protocol

from agents.llm.base import LineStopped, LLMError, RequestRejected, TransientError
from agents.llm.headers import retry_after_s, said_in

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

# The statuses that errors without one would have had.
_STATUSES: Final = {
    "invalid_request_error": 400,
    "authentication_error": 401,
    "billing_error": 402,
    "permission_error": 403,
    "not_found_error": 404,
    "conflict_error": 409,
    "request_too_large": 413,
    "rate_limit_error": 429,
    "api_error": 500,
    "timeout_error": 504,
    "overloaded_error": 529,
}

_MESSAGE_CHARS: Final = 300


class StatusError(Protocol):
    """What is read of an SDK error that carries an HTTP response."""

    status_code: int
    request_id: str | None
    api_message: str | None
    error_code: str | None
    type: Any
    response: Any


@dataclass(frozen=True, slots=True, kw_only=True)
class _Refusal:
    """What the other side said instead of an answer. ``kind`` and ``code`` are its own words."""

    status: int
    kind: str | None
    code: str | None
    message: str | None
    request_id: str
    headers: Mapping[str, str]


def status_error(error: StatusError, latency_ms: int) -> LLMError:
    """The error for an answer that is no success, by its status and, where that is not enough, its code."""
    refusal = _Refusal(
        status=error.status_code,
        kind=error.type,
        code=error.error_code,
        message=error.api_message,
        request_id=error.request_id or "",
        headers=error.response.headers,
    )
    return _told(refusal, latency_ms)


def payload_error(
    payload: Any, *, request_id: str = "", latency_ms: int = 0, headers: Mapping[str, str] | None = None
) -> LLMError:
    """The error for a ``{"type": "error", "error": {…}}`` that came without a status: within a stream, or as the
    result of an item of a batch.
    """
    error = _part(payload, "error")
    kind, message = error.get("type"), error.get("message")
    status = _STATUSES.get(kind) if isinstance(kind, str) else None
    if status is None:
        return answer_error("The answer ended in an unknown error.", latency_ms, request_id=request_id)
    code = _part(error, "details").get("error_code")
    refusal = _Refusal(
        status=status,
        kind=kind,
        code=code if isinstance(code, str) else None,
        message=message if isinstance(message, str) else None,
        request_id=request_id,
        headers=headers or {},
    )
    return _told(refusal, latency_ms)


def _part(value: Any, name: str) -> Mapping[str, Any]:
    part = value.get(name) if isinstance(value, Mapping) else None
    return part if isinstance(part, Mapping) else {}


def _told(refusal: _Refusal, latency_ms: int) -> LLMError:
    error = _by_status(refusal, latency_ms)
    error.said = said_in(refusal.headers)
    return error


def _by_status(refusal: _Refusal, latency_ms: int) -> LLMError:
    status = refusal.status
    said = str(refusal.message or "no explanation")[:_MESSAGE_CHARS]
    about: dict[str, Any] = {"request_id": refusal.request_id, "latency_ms": latency_ms}
    message = f"The model's API answered {status}: {said}"

    is_spent = refusal.code in _SPENT or (status == 400 and _SPENT_WORDS.match(said))
    if status == 402 or refusal.kind == "billing_error" or is_spent:
        return LineStopped("billing", message, **about)
    if refusal.code == "organization_on_hold":
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

    about["retry_after_s"] = retry_after_s(refusal.headers)
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
    causes = {kind.__name__ for at in _chain(error) for kind in type(at).__mro__}
    if "APITimeoutError" in causes or "TimeoutException" in causes:
        message = "The model's API did not answer in time."
        return lost(TransientError("timeout", message, latency_ms=latency_ms))
    if "ReadError" in causes:
        return answer_error("The answer was cut off on its way.", latency_ms)
    reason = f" ({error.__cause__})"[:_MESSAGE_CHARS] if error.__cause__ is not None else ""
    unreached = TransientError(
        "connection", f"The model's API cannot be reached{reason}.", latency_ms=latency_ms
    )
    # A connection that was reset after the question had gone out is called a failed connect by httpx2, too.
    return unreached if "ClientConnectorError" in causes else lost(unreached)


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def answer_error(message: str, latency_ms: int, *, request_id: str = "") -> LLMError:
    return lost(TransientError("bad_response", message, request_id=request_id, latency_ms=latency_ms))


def lost(error: LLMError) -> LLMError:
    """``error`` of a call whose answer may have been made, and billed."""
    error.may_be_billed = True
    return error
