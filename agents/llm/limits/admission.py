"""How a worker asks: it may sleep for a moment, and no longer."""

from __future__ import annotations

import time
from collections.abc import Callable

from agents.llm.limits.kinds import Ask, Grant, Limits, Wait


def admit(
    limits: Limits, ask: Ask, *, at_most_s: float = 2.0, sleep: Callable[[float], None] = time.sleep
) -> Grant | Wait:
    """A grant after at most ``at_most_s`` of sleep in all, or the wait for which to put the job back."""
    left_s = at_most_s
    while True:
        answer = limits.reserve(ask)
        if isinstance(answer, Grant) or answer.seconds > left_s:
            return answer
        sleep(answer.seconds)
        left_s -= answer.seconds
