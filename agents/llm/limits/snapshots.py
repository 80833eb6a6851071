"""How the limits stand at one moment, as plain values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

BreakerName = Literal["closed", "open", "half_open"]


@dataclass(frozen=True, slots=True, kw_only=True)
class BucketState:
    """``limit`` is per minute; ``left`` is what can be taken now, below 0 after more was used than reserved."""

    name: str
    limit: float
    left: float
    capacity: float


@dataclass(frozen=True, slots=True, kw_only=True)
class BreakerState:
    """``until`` is when the next probe may go, for a breaker that is not closed. ``message`` is the last
    failure that opened it, and stays after it closed. ``since`` is when it opened or closed; None: it was never
    open.
    """

    cause: str
    state: BreakerName
    since: datetime | None
    until: datetime | None
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelState:
    """One model's line. ``waiting`` is by name of the lane.

    ``closed_until``: the other side named a time before which it wants no calls.
    """

    model: str
    buckets: tuple[BucketState, ...]
    in_flight: int
    cap: int
    closed_until: datetime | None
    waiting: Mapping[str, int]
    breakers: tuple[BreakerState, ...]

    @property
    def is_open(self) -> bool:
        """Whether some breaker holds calls back."""
        return any(breaker.state != "closed" for breaker in self.breakers)


def moment(seconds: float) -> datetime | None:
    """Seconds since 1970 as a time; None for 0, which stands for never."""
    return datetime.fromtimestamp(seconds, UTC) if seconds else None


def breaker_state(*, cause: str, until: float, since: float, message: str, now: float) -> BreakerState:
    """``until`` 0 is a closed breaker. One whose pause is over is half open: a probe is due, or under way."""
    name: BreakerName = "closed"
    if until:
        name = "open" if now < until else "half_open"
    return BreakerState(cause=cause, state=name, since=moment(since), until=moment(until), message=message)
