"""What is asked of the limits and what they answer."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from typing import Final, Literal

from agents.llm.base import Usage

Dimension = Literal["requests", "input", "output"]

DIMENSIONS: Final[tuple[Dimension, ...]] = ("requests", "input", "output")


class Lane(IntEnum):
    """Who goes first: a lane moves when nobody waits in those before it, or when their share is left over."""

    INTERACTIVE = 1
    SCHEDULED = 2
    BATCH_FALLBACK = 3


class Cause(StrEnum):
    """Why a model's line is interrupted; each has a circuit breaker of its own."""

    OVERLOADED = "overloaded"
    UNREACHABLE = "unreachable"
    STOPPED = "stopped"


class Outcome(StrEnum):
    """How a call ended, as far as the limits care.

    ``REJECTED`` is a request that can never work: the line itself is well. ``STOPPED`` is a line that works
    for nobody until an operator acts.
    """

    ANSWERED = "answered"
    REJECTED = "rejected"
    RATE_LIMITED = "rate_limited"
    OVERLOADED = "overloaded"
    UNREACHABLE = "unreachable"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """One call that wants to be made.

    ``job`` is who asks, the same text each time that it asks again. ``universe`` is who it is fair to be
    fair to; "" is one of its own. ``input_tokens`` are the uncached ones (cache writes count, reads do not)
    and ``output_tokens`` what is expected, not ``max_tokens``: both are estimates that ``settle`` makes good.
    After ``timeout_s`` the call counts as dead and its place is free again.
    """

    job: str
    model: str
    lane: Lane
    universe: str
    input_tokens: int
    output_tokens: int
    timeout_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """Leave to make one call now. ``is_probe``: it decides for everybody whether the line is well again.

    ``is_shared`` is False where this process decided alone, because Redis was away.
    """

    job: str
    model: str
    id: str = field(default_factory=lambda: uuid.uuid4().hex)
    is_probe: bool = False
    is_shared: bool = True


@dataclass(frozen=True, slots=True)
class Wait:
    """Ask again in so many seconds; the place in the line is kept.

    ``reason``: ``closed`` (the other side named a time), ``breaker``, ``requests``, ``input``, ``output``
    (that bucket), ``in_flight``, or ``cache`` (another call warms what this one will read).
    """

    seconds: float
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What the other side's headers say of one bucket; None where they say nothing.

    ``rounding`` is by how much ``remaining`` may be less than what is really left.
    """

    limit: float | None = None
    remaining: float | None = None
    rounding: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """How a granted call ended. ``usage`` None: nobody knows what it used, so what was reserved stays taken."""

    outcome: Outcome
    usage: Usage | None = None
    said: Mapping[Dimension, Said] = field(default_factory=dict)
    retry_after_s: float | None = None
    message: str = ""
