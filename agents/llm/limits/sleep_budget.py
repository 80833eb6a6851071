"""Short waits inside a worker thread."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

from agents.llm.limits.types import Wait

T = TypeVar("T")


class SleepBudget:
    """Total time that a worker may sleep for one call; ``slept_s`` is the part that is used up."""

    def __init__(self, max_s: float = 2.0, sleep: Callable[[float], None] = time.sleep) -> None:
        self.slept_s = 0.0
        self._max_s = max_s
        self._sleep = sleep

    def retry(self, ask: Callable[[], T | Wait]) -> T | Wait:
        """Repeat ``ask`` after each wait that fits into the budget; return its last answer."""
        answer = ask()
        while isinstance(answer, Wait) and self.slept_s + answer.seconds <= self._max_s:
            self._sleep(answer.seconds)
            self.slept_s += answer.seconds
            answer = ask()
        return answer
