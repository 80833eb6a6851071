"""Requests to the limits and their answers."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from typing import Final, Literal

Dimension = Literal["requests", "input", "output"]

DIMENSIONS: Final[tuple[Dimension, ...]] = ("requests", "input", "output")


class Lane(IntEnum):
    """Priority class: a lane gets what the lanes before it leave over."""

    INTERACTIVE = 1
    SCHEDULED = 2
    BATCH_FALLBACK = 3


class Cause(StrEnum):
    """Reason why calls to a model are paused; each has a circuit breaker of its own."""

    OVERLOADED = "overloaded"
    UNREACHABLE = "unreachable"
    STOPPED = "stopped"


class CallStatus(StrEnum):
    """Result of a call, as far as the limits care.

    ``REJECTED`` is a request that can never work; the model itself is well. ``STOPPED`` is a provider account error:
    no call works until an operator acts.
    """

    ANSWERED = "answered"
    REJECTED = "rejected"
    RATE_LIMITED = "rate_limited"
    OVERLOADED = "overloaded"
    UNREACHABLE = "unreachable"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True, kw_only=True)
class AdmissionRequest:
    """Request to make one call.

    ``job`` identifies the caller: the same text each time it asks again. ``universe`` is the fairness key: capacity is
    shared evenly between universes. ``input_tokens`` are uncached ones (cache writes count, reads do not);
    ``output_tokens`` are expected ones, not ``max_tokens``. Both are estimates that ``settle`` replaces.
    The reservation expires after ``timeout_s``.
    """

    job: str
    model: str
    lane: Lane
    universe: str
    input_tokens: int
    output_tokens: int
    timeout_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Reservation:
    """Permission to make one call now.

    ``is_probe``: its result closes or reopens the model's breakers. ``is_shared`` is False while Redis is away: other
    processes do not count this call.
    """

    job: str
    model: str
    id: str = field(default_factory=lambda: uuid.uuid4().hex)
    is_probe: bool = False
    is_shared: bool = True


@dataclass(frozen=True, slots=True)
class Wait:
    """Seconds after which to ask again; the job keeps its place in the queue.

    ``reason``: ``closed`` (retry-after of the provider), ``breaker``, ``requests``, ``input`` or ``output`` (that
    bucket), ``in_flight``, or ``cache`` (another call writes the prefix that this one will read).
    """

    seconds: float
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RateLimitHeaders:
    """Values of one bucket in the provider's headers; None where they are absent.

    The real rest may exceed ``remaining`` by up to ``rounding``.
    """

    limit: float | None = None
    remaining: float | None = None
    rounding: float = 0.0
