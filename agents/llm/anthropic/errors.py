"""Translation of API and connection errors into the error tree of ``agents.llm.base``.

Depends on statuses and headers, not on the SDK's types.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, Protocol

from agents.llm.base import LLMError, ProviderAccountError, RequestRejected, TransientError
from agents.llm.headers import rate_limit_headers, retry_after_s

# Spend limits come as 429, but retrying within minutes does not help.
_SPENT: Final = frozenset(
    {
        "contract_spend_limit_reached",
        "enforced_spend_limit_reached",
        "linked_organization_spend_limit_reached",
        "linked_organization_billing_unavailable",
    }
)

# These two come as a plain 400 without a code. Only the start of the sentence is matched, because other messages may
# repeat a part of the request.
_SPENT_MESSAGE: Final = re.compile(
    r"your credit balance is too low|you have reached your specified (?:\w+ )?api usage limits", re.IGNORECASE
)

# HTTP statuses of error types, for errors within a stream or a batch.
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

_MAX_MESSAGE_CHARS: Final = 300


class StatusError(Protocol):
    """Attributes of an SDK error with an HTTP response."""

    status_code: int
    request_id: str | None
    api_message: str | None
    error_code: str | None
    type: Any
    response: Any


@dataclass(frozen=True, slots=True, kw_only=True)
class _ErrorResponse:
    """Error of the API. ``kind`` and ``code`` are its own names."""

    status: int
    kind: str | None
    code: str | None
    message: str | None
    request_id: str
    headers: Mapping[str, str]


def status_error(error: StatusError, latency_ms: int) -> LLMError:
    """Return the error for an HTTP error, by its status and code."""
    response = _ErrorResponse(
        status=error.status_code,
        kind=error.type,
        code=error.error_code,
        message=error.api_message,
        request_id=error.request_id or "",
        headers=error.response.headers,
    )
    return _error(response, latency_ms)


def http_error(status: int, headers: Mapping[str, str], body: bytes) -> LLMError:
    """Return the error for a response with this status and body, without a latency."""
    try:
        payload = json.loads(body)
    except (ValueError, RecursionError):
        payload = None
    return _error(_error_response(status, payload, headers.get("request-id") or "", headers), 0)


def payload_error(
    payload: Any, *, request_id: str = "", latency_ms: int = 0, headers: Mapping[str, str] | None = None
) -> LLMError:
    """Return the error for ``{"type": "error", "error": {…}}`` without a status, from a stream or a batch item."""
    kind = _part(payload, "error").get("type")
    status = _STATUSES.get(kind) if isinstance(kind, str) else None
    if status is None:
        return answer_error("The answer ended in an unknown error.", latency_ms, request_id=request_id)
    return _error(_error_response(status, payload, request_id, headers or {}), latency_ms)


def _error_response(status: int, payload: Any, request_id: str, headers: Mapping[str, str]) -> _ErrorResponse:
    error = _part(payload, "error")
    kind, message = error.get("type"), error.get("message")
    code = _part(error, "details").get("error_code")
    return _ErrorResponse(
        status=status,
        kind=kind if isinstance(kind, str) else None,
        code=code if isinstance(code, str) else None,
        message=message if isinstance(message, str) else None,
        request_id=request_id,
        headers=headers,
    )


def _part(value: Any, name: str) -> Mapping[str, Any]:
    part = value.get(name) if isinstance(value, Mapping) else None
    return part if isinstance(part, Mapping) else {}


def _error(response: _ErrorResponse, latency_ms: int) -> LLMError:
    error = _by_status(response, latency_ms)
    error.rate_limit_headers = rate_limit_headers(response.headers)
    return error


def _by_status(response: _ErrorResponse, latency_ms: int) -> LLMError:
    status = response.status
    reason = str(response.message or "no explanation")[:_MAX_MESSAGE_CHARS]
    details: dict[str, Any] = {"request_id": response.request_id, "latency_ms": latency_ms}
    message = f"The model's API answered {status}: {reason}"

    is_spent = response.code in _SPENT or (status == 400 and _SPENT_MESSAGE.match(reason))
    if status == 402 or response.kind == "billing_error" or is_spent:
        return ProviderAccountError("billing", message, **details)
    if response.code == "organization_on_hold":
        return ProviderAccountError("permission", message, **details)
    match status:
        case 401:
            return ProviderAccountError("authentication", message, **details)
        case 403:
            return ProviderAccountError("permission", message, **details)
        case 404:
            # An unknown model, or a wrong base URL.
            return ProviderAccountError("model_not_found", message, **details)
        case 413:
            return RequestRejected("payload_too_large", message, **details)

    details["retry_after_s"] = retry_after_s(response.headers)
    match status:
        case 408:
            return TransientError("timeout", message, **details)
        case 409:
            return TransientError("conflict", message, **details)
        case 429:
            return TransientError("rate_limited", message, **details)
        case 529:
            return TransientError("overloaded", message, **details)
    if status >= 500:
        return TransientError("server_error", message, **details)
    if status < 400:
        # Answer of a redirect or a captive portal.
        return TransientError("bad_response", message, **details)
    del details["retry_after_s"]
    return RequestRejected("bad_request", message, **details)


def connection_error(error: Exception, latency_ms: int) -> LLMError:
    """Return the error for a call without a whole answer: not reached, timed out, or cut off."""
    # Compared by name, because versions of the SDK's transport raise them from different libraries.
    causes = {kind.__name__ for cause in _chain(error) for kind in type(cause).__mro__}
    if causes & {"APITimeoutError", "TimeoutException", "ServerTimeoutError"}:
        message = "The model's API did not answer in time."
        return lost(TransientError("timeout", message, latency_ms=latency_ms))
    if "ReadError" in causes:
        return answer_error("The answer was cut off on its way.", latency_ms)
    # The SDK's own error says nothing.
    reason = f" ({error.__cause__ or error})"[:_MAX_MESSAGE_CHARS]
    unreachable = TransientError(
        "connection", f"The model's API cannot be reached{reason}.", latency_ms=latency_ms
    )
    # httpx2 reports a connection that was reset after the request was sent as a failed connect, too.
    return unreachable if "ClientConnectorError" in causes else lost(unreachable)


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def answer_error(message: str, latency_ms: int, *, request_id: str = "") -> LLMError:
    return lost(TransientError("bad_response", message, request_id=request_id, latency_ms=latency_ms))


def lost(error: LLMError) -> LLMError:
    """Mark the error of a call whose answer may have been produced, and billed."""
    error.may_be_billed = True
    return error
