"""How a worker asks: it may sleep for a moment, and no longer."""

from __future__ import annotations

import time
from collections.abc import Callable

from agents.llm.limits.kinds import Ask, Grant, Wait
from agents.llm.limits.prefixes import Follower, Leader, Prefixes, Warm
from agents.llm.limits.redis_limits import RedisLimits


class Patience:
    """For how long a worker may sleep for one call, in all. ``slept_s`` is what it did."""

    def __init__(self, at_most_s: float = 2.0, sleep: Callable[[float], None] = time.sleep) -> None:
        self.slept_s = 0.0
        self._at_most_s = at_most_s
        self._sleep = sleep

    def sleeps(self, seconds: float) -> bool:
        """Sleep for so long; False, at once, when that is longer than what is left."""
        if self.slept_s + seconds > self._at_most_s:
            return False
        self._sleep(seconds)
        self.slept_s += seconds
        return True


def admit(limits: RedisLimits, ask: Ask, patience: Patience) -> Grant | Wait:
    """A grant, or the wait for which to put the job back."""
    answer = limits.reserve(ask)
    while isinstance(answer, Wait) and patience.sleeps(answer.seconds):
        answer = limits.reserve(ask)
    return answer


def follow(
    prefixes: Prefixes, prefix: str, caller: str, timeout_s: float, patience: Patience
) -> Leader | Warm | Follower:
    """How to call: as the one who writes the prefix, or as one who reads it; or after how long to ask again."""
    answer = prefixes.lead(prefix, caller, timeout_s)
    while isinstance(answer, Follower) and patience.sleeps(answer.wait_s):
        answer = prefixes.lead(prefix, caller, timeout_s)
    return answer
