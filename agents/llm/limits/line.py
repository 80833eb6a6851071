"""A model's buckets, calls in flight and bound on them. Says the same as lua/line.lua."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from agents.llm.limits.config import LimitSettings
from agents.llm.limits.kinds import DIMENSIONS, Dimension, Lane, Said

ROUNDING: Final = 0.000001

Cost = dict[Dimension, float]


@dataclass(slots=True)
class Given:
    """A grant that was not settled yet; ``taken`` is what had been taken in all right after it."""

    at: float
    expires_at: float
    cost: Cost
    taken: Cost


class Line:
    def __init__(self, settings: LimitSettings, model: str, now: float) -> None:
        self._settings = settings
        ours = settings.of(model)
        self.limit: Cost = {dimension: ours[dimension] for dimension in DIMENSIONS}
        self.level: Cost = {dimension: self.capacity(dimension) for dimension in DIMENSIONS}
        self.taken: Cost = dict.fromkeys(DIMENSIONS, 0.0)
        self.flight: dict[str, Given] = {}
        self.cap: float = settings.max_in_flight
        self.cut_at = self.closed_until = 0.0
        self.call_s = settings.call_s
        self._at = now

    def per_s(self, dimension: Dimension) -> float:
        return self.limit[dimension] / 60

    def capacity(self, dimension: Dimension) -> float:
        return self.per_s(dimension) * self._settings.burst_s

    def advance(self, now: float) -> None:
        """Refill the buckets and let grants of the dead go.

        A clock that went back refills nothing, and goes on from where it is; nor does it keep the line closed.
        """
        for dimension in DIMENSIONS:
            refill = max(0.0, now - self._at) * self.per_s(dimension)
            self.level[dimension] = min(self.capacity(dimension), self.level[dimension] + refill)
        self._at = now
        self.closed_until = min(self.closed_until, now + self._settings.longest_closed_s)
        for grant in [name for name, given in self.flight.items() if given.expires_at <= now]:
            del self.flight[grant]

    def cap_of(self, lane: Lane) -> int:
        cap = math.floor(self.cap)
        if lane == Lane.INTERACTIVE:
            return cap
        return max(1, math.floor(cap * (1 - self._settings.headroom)))

    def headroom(self, dimension: Dimension, lane: Lane) -> float:
        return 0.0 if lane == Lane.INTERACTIVE else self.capacity(dimension) * self._settings.headroom

    def grant(self, name: str, cost: Cost, now: float, timeout_s: float) -> None:
        for dimension in DIMENSIONS:
            self._take(dimension, cost[dimension])
        self.flight[name] = Given(now, now + timeout_s, dict(cost), dict(self.taken))

    def reconcile(self, given: Given, used: Mapping[Dimension, float]) -> None:
        for dimension, amount in used.items():
            more = amount - given.cost[dimension]
            self._take(dimension, more)
            given.taken[dimension] += more

    def correct(self, said: Mapping[Dimension, Said], given: Given | None, now: float) -> None:
        """The other side's word on its own buckets.

        It may be as old as the call. What was refilled since the grant is added, less what was taken since;
        where more was taken, our own books have it already.
        """
        for dimension, word in said.items():
            if word.limit:
                self.limit[dimension] = word.limit * self._settings.share
                self._take(dimension, 0)
            if word.remaining is not None:
                left = word.remaining + word.rounding
                if given is not None:
                    since = self.taken[dimension] - given.taken[dimension]
                    left += max(0.0, self.per_s(dimension) * (now - given.at) - since)
                self.level[dimension] = min(self.level[dimension], left)

    def succeed(self, given: Given, now: float) -> None:
        self.cap = min(self._settings.max_in_flight, self.cap + 1 / self.cap)
        self.call_s = self.call_s * 0.9 + (now - given.at) * 0.1

    def back_off(self, given: Given, now: float) -> bool:
        """Halve the bound, but once for all calls that were on their way together. Returns whether it did."""
        if given.at < self.cut_at or now - self.cut_at < 1:
            return False
        self.cap = max(1, math.floor(self.cap / 2))
        self.cut_at = now
        return True

    def close(self, seconds: float, now: float) -> None:
        """For as long as the other side asks, within reason: a date of next year would stop the line for good."""
        until = now + min(seconds, self._settings.longest_closed_s)
        self.closed_until = max(self.closed_until, until)

    def _take(self, dimension: Dimension, amount: float) -> None:
        self.level[dimension] = min(self.capacity(dimension), self.level[dimension] - amount)
        self.taken[dimension] += amount
