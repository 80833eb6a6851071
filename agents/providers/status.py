"""Rate-limit and breaker status per model, for the overview and the readiness endpoint."""

from __future__ import annotations

from typing import TypedDict

from agents.llm.limits.snapshots import ModelState
from agents.providers import factory


class ModelSummary(TypedDict):
    """The state of a model's calls; ``left_percent`` is the capacity left of each rate limit."""

    line: str
    in_flight: int
    waiting: int
    left_percent: dict[str, int]


def model_states() -> list[ModelState]:
    """Return each model called lately; empty for the mock model and while Redis is away."""
    limits = factory.limits()
    return limits.snapshot() if limits else []


def summary() -> dict[str, ModelSummary]:
    """Return a summary per model. It is public, so it contains none of the provider's own words."""
    return {
        state.model: {
            "line": ", ".join(paused_by(state)) or "open",
            "in_flight": state.in_flight,
            "waiting": sum(state.waiting.values()),
            "left_percent": {bucket.name: _percent(bucket.left, bucket.capacity) for bucket in state.buckets},
        }
        for state in model_states()
    }


def paused_by(state: ModelState) -> list[str]:
    """Return the causes of a pause, as ``stopped``, or ``stopped (trying)`` while a probe is due."""
    return [
        f"{breaker.cause}{' (trying)' if breaker.state == 'half_open' else ''}"
        for breaker in state.breakers
        if breaker.state != "closed"
    ]


def _percent(left: float, capacity: float) -> int:
    return max(0, min(100, round(100 * left / capacity))) if capacity else 0
