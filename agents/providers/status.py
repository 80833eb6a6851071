"""How the lines to the models stand: for the dashboard, and in fewer words for who watches."""

from __future__ import annotations

from typing import Any

from agents.llm.limits.snapshots import ModelState
from agents.providers import factory


def lines() -> list[ModelState]:
    """Return each model called lately; empty for the mock model and while Redis is away."""
    limits = factory.limits()
    return limits.snapshot() if limits else []


def summary() -> dict[str, dict[str, Any]]:
    """By model: whether its line is open or why it is paused, what is on its way and waits, and what is left.

    Says nothing of what the other side answered: this may be read by anybody.
    """
    return {
        line.model: {
            "line": ", ".join(paused_by(line)) or "open",
            "in_flight": line.in_flight,
            "waiting": sum(line.waiting.values()),
            "left_percent": {bucket.name: _percent(bucket.left, bucket.capacity) for bucket in line.buckets},
        }
        for line in lines()
    }


def paused_by(line: ModelState) -> list[str]:
    """The causes for which calls are held back, as ``stopped`` or ``stopped (trying)`` while a probe is due."""
    return [
        f"{breaker.cause}{' (trying)' if breaker.state == 'half_open' else ''}"
        for breaker in line.breakers
        if breaker.state != "closed"
    ]


def _percent(left: float, capacity: float) -> int:
    return max(0, min(100, round(100 * left / capacity))) if capacity else 0
