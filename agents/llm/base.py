"""What the engine asks of a language model, what it gets back, and how asking can fail."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Literal, Protocol

# Who asks: a person who waits, a schedule, or work of a batch that the batch did not do.
LaneName = Literal["interactive", "scheduled", "batch_fallback"]


@dataclass(frozen=True, slots=True, kw_only=True)
class LLMRequest:
    """One question for a model.

    ``system`` holds the instructions and the world (stable, so that a provider can cache it), ``user`` the
    task and its input. ``schema`` is the JSON Schema that the answer has to satisfy. ``timeout_s`` is the
    wall clock of the whole call, queueing and connecting included. ``attempt`` counts from 1; no real model
    sees it.

    ``max_retries`` bounds the retries inside the call, by the client's own back-off.

    ``job``, ``lane`` and ``universe`` are for the limits alone: who asks, how urgently, and to whom it is fair to be
    fair. An empty ``job`` is somebody who asks once.
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
    max_retries: int = 0
    job: str = ""
    lane: LaneName = "interactive"
    universe: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """Tokens of one call. The four counts do not overlap: their sum is everything that was billed."""

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
    """A finished answer. ``model`` is the one that answered, which may be more exact than the one asked
    for. ``said`` is what its headers told of rate limits, by their names in lower case. ``is_batch`` is true for one
    that came out of a batch, which has prices of its own.
    """

    text: str
    model: str
    usage: Usage
    stop_reason: str
    request_id: str
    latency_ms: int
    is_mock: bool
    is_batch: bool = False
    said: Mapping[str, str] = field(default_factory=dict)


class LLMClient(Protocol):
    """A model behind a synchronous, thread-safe call."""

    is_mock: bool

    def complete(self, request: LLMRequest, on_words: Callable[[int], None] | None = None) -> LLMReply:
        """Answer ``request`` within its wall clock, or raise an ``LLMError``; never anything else.

        ``on_words`` is told, in the caller's own thread, how many words there are so far: 0 at the first byte of the
        answer, then at most once a second. It may block; what it raises ends the call and comes out here.
        """

    def close(self) -> None:
        """Give back sockets and threads. Calling it twice is harmless."""


class LLMError(Exception):
    """A call that brought no usable answer. The subclass says what the caller should do about it.

    ``said`` is as in ``LLMReply``, and empty where no answer came. ``may_be_billed``: the answer was lost on its way,
    so nobody here knows what it cost.
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
        self.said: Mapping[str, str] = {}
        self.may_be_billed = False


class TransientError(LLMError):
    """The same request may work later: wait ``retry_after_s`` where the other side named it, then try
    again.
    """

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
    """This request can never work as it is: fix the request."""

    codes = frozenset({"bad_request", "payload_too_large"})


class LineStopped(LLMError):
    """No request can work until an operator acts: key, rights, money, model name or address."""

    codes = frozenset({"authentication", "permission", "billing", "model_not_found"})


class NotNow(LLMError):
    """The limits let no call through: ask again in ``wait_s``. That is no failure of anybody's.

    ``of`` is the call that was made all the same and showed that the line has to be mended. ``cause`` is the
    reason in one word.
    """

    codes = frozenset({"waits_for_turn", "line_paused"})

    def __init__(
        self, code: str, message: str, *, wait_s: float, cause: str, of: LineStopped | None = None
    ) -> None:
        super().__init__(code, message)
        self.wait_s = wait_s
        self.cause = cause
        self.of = of


class UnusableReply(LLMError):
    """The model answered, and the answer cannot be used. ``reply`` is kept so that its tokens are counted."""

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
        self.said = reply.said if reply else {}
