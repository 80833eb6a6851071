"""The numbers of the limits. docs/limits.md says what each is good for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from agents.llm.limits.kinds import Cause


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowance:
    """What one model may be asked a minute, until its headers say better."""

    requests: float = 50
    input_tokens: float = 50_000
    output_tokens: float = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class BreakerRule:
    """Opens after ``streak`` failures in a row, or when ``ratio`` of at least ``least`` calls in ``window_s``
    failed. Stays open for ``pause_s``, and twice as long after each failed probe, up to ``longest_pause_s``.
    """

    streak: int
    ratio: float = 0.5
    least: int = 20
    window_s: float = 30.0
    pause_s: float = 5.0
    longest_pause_s: float = 120.0


BREAKERS: Final[Mapping[Cause, BreakerRule]] = {
    Cause.OVERLOADED: BreakerRule(streak=8),
    Cause.UNREACHABLE: BreakerRule(streak=8),
    Cause.STOPPED: BreakerRule(streak=1, pause_s=60.0, longest_pause_s=60.0),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitSettings:
    """``share`` is the part of each limit, learned ones included, that these limits may give away."""

    default: Allowance = Allowance()
    models: Mapping[str, Allowance] = field(default_factory=dict)
    breakers: Mapping[Cause, BreakerRule] = field(default_factory=lambda: BREAKERS)
    max_in_flight: int = 64
    # Calls of one process while Redis is away.
    unshared_in_flight: int = 64
    share: float = 1.0
    # A bucket holds so many seconds' worth: more than the sweeper's interval, so that nothing is lost between
    # two of its turns, and little enough that no burst empties the other side's.
    burst_s: float = 10.0
    # The part of each bucket, and of the places, that only interactive jobs may use.
    headroom: float = 0.1
    # How long a caller is willing to sleep in a worker.
    sleep_s: float = 2.0
    # How long after its promised time a job keeps its place.
    forget_s: float = 30.0
    shortest_wait_s: float = 0.05
    longest_wait_s: float = 300.0
    # How long a call takes, until some were seen.
    call_s: float = 5.0
    # How long a 429 without a time closes the line, and how long one that names a time can at most.
    pause_s: float = 2.0
    longest_closed_s: float = 900.0
    ring_again_s: float = 5.0

    def of(self, model: str) -> dict[str, float]:
        """Our part of a model's allowance a minute, by dimension. ``ValueError`` for one that allows nothing."""
        allowance = self.models.get(model, self.default)
        limits = {
            "requests": allowance.requests * self.share,
            "input": allowance.input_tokens * self.share,
            "output": allowance.output_tokens * self.share,
        }
        if min(limits.values()) <= 0:
            raise ValueError(f"{model} is allowed nothing: each limit has to be above 0.")
        return limits

    def as_json(self, model: str) -> dict[str, Any]:
        """What the scripts are told."""
        plain = {
            name: getattr(self, name)
            for name in (
                *("max_in_flight", "burst_s", "headroom", "sleep_s", "forget_s", "shortest_wait_s"),
                *("longest_wait_s", "call_s", "pause_s", "longest_closed_s", "ring_again_s"),
            )
        }
        breakers = {
            cause.value: {
                name: getattr(rule, name)
                for name in ("streak", "ratio", "least", "window_s", "pause_s", "longest_pause_s")
            }
            for cause, rule in self.breakers.items()
        }
        return {**plain, "limits": self.of(model), "breakers": breakers}
