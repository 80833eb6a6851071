"""Settings of the limits; docs/limits.md explains each number."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Final

from agents.llm.limits.types import Cause


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowance:
    """Limits of one model per minute, until its headers tell the real ones."""

    requests: float = 50
    input_tokens: float = 50_000
    output_tokens: float = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class BreakerRule:
    """Conditions that open a breaker, and for how long.

    It opens after ``streak`` failures in a row, or when ``ratio`` of at least ``min_calls`` calls in ``window_s``
    failed. Each failed probe doubles ``pause_s``, up to ``max_pause_s``.
    """

    streak: int
    ratio: float = 0.5
    min_calls: int = 20
    window_s: float = 30.0
    pause_s: float = 5.0
    max_pause_s: float = 120.0


BREAKERS: Final[Mapping[Cause, BreakerRule]] = {
    Cause.OVERLOADED: BreakerRule(streak=8),
    Cause.UNREACHABLE: BreakerRule(streak=8),
    Cause.STOPPED: BreakerRule(streak=1, pause_s=60.0, max_pause_s=60.0),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitSettings:
    """Settings of the limits of all models. ``share`` is our part of each limit, learned ones included."""

    default: Allowance = Allowance()
    models: Mapping[str, Allowance] = field(default_factory=dict)
    breakers: Mapping[Cause, BreakerRule] = field(default_factory=lambda: BREAKERS)
    max_in_flight: int = 64
    # Calls of one process while Redis is away.
    unshared_in_flight: int = 64
    share: float = 1.0
    # Size of a bucket: longer than the interval between two wake-ups, so that no refill is lost, and short enough
    # that a burst does not empty the provider's bucket.
    burst_s: float = 10.0
    # Part of each bucket and of the slots that is reserved for interactive jobs.
    headroom: float = 0.1
    # Longest sleep of a caller in its worker.
    sleep_s: float = 2.0
    # Time after the promised one for which a job keeps its place.
    forget_s: float = 30.0
    min_wait_s: float = 0.05
    max_wait_s: float = 300.0
    # Duration of a call until some were measured.
    call_s: float = 5.0
    # Pause after a 429 without retry-after, and the longest retry-after that is believed.
    pause_s: float = 2.0
    max_closed_s: float = 900.0
    wake_again_s: float = 5.0

    def of(self, model: str) -> dict[str, float]:
        """Return our part of a model's allowance per minute; ``ValueError`` unless all are above 0."""
        allowance = self.models.get(model, self.default)
        limits = {
            "requests": allowance.requests * self.share,
            "input": allowance.input_tokens * self.share,
            "output": allowance.output_tokens * self.share,
        }
        if min(limits.values()) <= 0:
            raise ValueError(f"Each limit of {model} has to be above 0.")
        return limits

    def as_json(self, model: str) -> dict[str, Any]:
        """Return the settings that the scripts read."""
        return {**asdict(self), "limits": self.of(model)}
