"""State of the limits at one moment, as plain values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

BreakerName = Literal["closed", "open", "half_open"]


@dataclass(frozen=True, slots=True, kw_only=True)
class BucketState:
    """Token bucket of one dimension.

    ``limit`` is per minute; ``left`` is available now, and negative if calls used more than they had reserved.
    """

    name: str
    limit: float
    left: float
    capacity: float


@dataclass(frozen=True, slots=True, kw_only=True)
class BreakerState:
    """Circuit breaker of one cause.

    ``until`` is when the next probe may go, unless it is closed. ``message`` is the failure that opened it last.
    ``since`` is when it last opened or closed, None for never.
    """

    cause: str
    state: BreakerName
    since: datetime | None
    until: datetime | None
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelState:
    """Quota of one model. ``waiting`` counts queued jobs by lane; ``closed_until`` is the end of a retry-after."""

    model: str
    buckets: tuple[BucketState, ...]
    in_flight: int
    cap: int
    closed_until: datetime | None
    waiting: Mapping[str, int]
    breakers: tuple[BreakerState, ...]

    @property
    def is_open(self) -> bool:
        """True while a breaker holds calls back."""
        return any(breaker.state != "closed" for breaker in self.breakers)


def timestamp(seconds: float) -> datetime | None:
    """Convert seconds since 1970; 0 means never."""
    return datetime.fromtimestamp(seconds, UTC) if seconds else None


def breaker_state(*, cause: str, until: float, since: float, message: str, now: float) -> BreakerState:
    """Return a breaker's state: closed for ``until`` 0, half open once its pause is over."""
    name: BreakerName = "closed"
    if until:
        name = "open" if now < until else "half_open"
    return BreakerState(
        cause=cause, state=name, since=timestamp(since), until=timestamp(until), message=message
    )
