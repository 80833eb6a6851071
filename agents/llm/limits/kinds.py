"""What is asked of the limits and what they answer."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from typing import Final, Literal, Protocol

from agents.llm.base import Usage
from agents.llm.limits.snapshots import ModelState

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


class Limits(Protocol):
    """Thread-safe. Nothing here waits for longer than one answer of Redis."""

    def reserve(self, ask: Ask) -> Grant | Wait:
        """Take a place and the tokens, or be remembered as waiting and told for how long.

        The wait is a job's rank among those who wait, over the rate: who comes back when told goes on.
        A job that is not seen for half a minute after that time loses its place.
        """

    def settle(self, grant: Grant, ending: Ending) -> bool:
        """Give the place back and replace what was reserved by what was used. Once per grant.

        False for a grant that is not known (any more): it was settled or released, or its time ran out.
        """

    def release(self, grant: Grant) -> bool:
        """Give everything back for a call that never reached the other side. False as for ``settle``."""

    def correct(self, model: str, said: Mapping[Dimension, Said]) -> None:
        """Learn from the headers of an answer that needed no grant."""

    def forget(self, model: str, job: str) -> None:
        """Drop a waiting job that will not ask again: cancelled, deleted."""

    def turns(self, within_s: float = 1.0, most: int = 100) -> tuple[str, ...]:
        """Jobs that were sent away and could go within ``within_s`` if they asked, the first ones first.

        Each is named once in five seconds, to one caller. Ringing for them is what uses the full rate when
        calls cost less than estimated, or when places become free sooner than promised.
        """

    def snapshot(self) -> list[ModelState]:
        """How each model's line stands, by model; for people to look at."""
