"""Protocol of a language model client: request, reply and errors."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Literal, Protocol

# Priority: a waiting person, a schedule, or a job that its batch did not answer.
LaneName = Literal["interactive", "scheduled", "batch_fallback"]


@dataclass(frozen=True, slots=True, kw_only=True)
class LLMRequest:
    """Request to a model.

    ``system`` holds the instructions and the world, stable so that a provider can cache it; ``user`` holds the task
    and its input. ``schema`` is the JSON Schema of the answer. ``timeout_s`` is the wall clock of the whole call,
    queueing and connecting included. ``attempt`` counts from 1, and ``variant`` tells the variants of one request
    apart, empty for a single output; only the mock reads them. ``max_retries`` bounds retries inside the call, by
    the client's own back-off.

    Only the limits read ``job`` (the caller, empty for a single call), ``lane`` and ``universe`` (the fairness key).
    """

    agent: str
    model: str
    system: str
    user: str
    schema: Mapping[str, Any]
    max_tokens: int
    timeout_s: float
    prompt_name: str
    prompt_version: str
    attempt: int = 1
    variant: str = ""
    max_retries: int = 0
    job: str = ""
    lane: LaneName = "interactive"
    universe: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """Billed tokens of one call; the four counts do not overlap."""

    input_tokens: int = 0
    output_tokens: int = 0
    cache_read_tokens: int = 0
    cache_write_tokens: int = 0

    def __add__(self, other: Usage) -> Usage:
        return Usage(
            input_tokens=self.input_tokens + other.input_tokens,
            output_tokens=self.output_tokens + other.output_tokens,
            cache_read_tokens=self.cache_read_tokens + other.cache_read_tokens,
            cache_write_tokens=self.cache_write_tokens + other.cache_write_tokens,
        )

    @property
    def total(self) -> int:
        return self.input_tokens + self.output_tokens + self.cache_read_tokens + self.cache_write_tokens


@dataclass(frozen=True, slots=True, kw_only=True)
class LLMReply:
    """Finished answer.

    ``model`` is the one that answered; its name may be more exact than the requested one. ``rate_limit_headers`` has
    names in lower case. ``is_batch`` answers have prices of their own.
    """

    text: str
    model: str
    usage: Usage
    stop_reason: str
    request_id: str
    latency_ms: int
    is_mock: bool
    is_batch: bool = False
    rate_limit_headers: Mapping[str, str] = field(default_factory=dict)


class LLMClient(Protocol):
    """Synchronous, thread-safe client of a model."""

    is_mock: bool

    def complete(self, request: LLMRequest, on_text: Callable[[str], None] | None = None) -> LLMReply:
        """Answer ``request`` within its wall clock, or raise an ``LLMError``.

        ``on_text`` gets the text so far, in the caller's thread: "" at the first byte, then at most once a second. It
        may block; an exception that it raises ends the call and propagates.
        """

    def close(self) -> None:
        """Close sockets and threads; idempotent."""


class LLMError(Exception):
    """Call without a usable answer; subclasses differ in what the caller should do.

    ``rate_limit_headers`` is as in ``LLMReply``, and empty without an answer. ``may_be_billed``: the answer was lost
    on its way, so its cost is unknown.
    """

    codes: ClassVar[frozenset[str]] = frozenset()

    def __init__(self, code: str, message: str, *, request_id: str = "", latency_ms: int = 0) -> None:
        super().__init__(message)
        if code not in self.codes:
            raise ValueError(f"{type(self).__name__} has no code {code!r}.")
        self.code = code
        self.message = message
        self.request_id = request_id
        self.latency_ms = latency_ms
        self.rate_limit_headers: Mapping[str, str] = {}
        self.may_be_billed = False


class TransientError(LLMError):
    """Retry the same request later, after ``retry_after_s`` if the provider named it."""

    codes = frozenset(
        {"rate_limited", "overloaded", "timeout", "connection", "server_error", "conflict", "bad_response"}
    )

    def __init__(
        self,
        code: str,
        message: str,
        *,
        retry_after_s: float | None = None,
        request_id: str = "",
        latency_ms: int = 0,
    ) -> None:
        super().__init__(code, message, request_id=request_id, latency_ms=latency_ms)
        self.retry_after_s = retry_after_s


class RequestRejected(LLMError):
    """Do not retry: this request can never work."""

    codes = frozenset({"bad_request", "payload_too_large"})


class ProviderAccountError(LLMError):
    """Pause all calls until an operator corrects the key, rights, credit, model name or address."""

    codes = frozenset({"authentication", "permission", "billing", "model_not_found"})


class Throttled(LLMError):
    """Ask again in ``wait_s``: the limits admit no call now, which is no failure of the job.

    ``cause`` is the reason in one word. ``account_error`` is the error of this call, if it is the one that
    paused the model.
    """

    codes = frozenset({"waits_for_turn", "line_paused"})

    def __init__(
        self,
        code: str,
        message: str,
        *,
        wait_s: float,
        cause: str,
        account_error: ProviderAccountError | None = None,
    ) -> None:
        super().__init__(code, message)
        self.wait_s = wait_s
        self.cause = cause
        self.account_error = account_error


class UnusableReply(LLMError):
    """Answer that no agent can use; ``reply`` is kept so that its tokens are counted."""

    codes = frozenset({"refused", "truncated", "invalid_output", "empty_output"})

    def __init__(
        self,
        code: str,
        message: str,
        *,
        reply: LLMReply | None = None,
        request_id: str = "",
        latency_ms: int = 0,
    ) -> None:
        super().__init__(
            code,
            message,
            request_id=request_id or (reply.request_id if reply else ""),
            latency_ms=latency_ms or (reply.latency_ms if reply else 0),
        )
        self.reply = reply
        self.rate_limit_headers = reply.rate_limit_headers if reply else {}
