"""Detection of a Redis outage."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Final, TypeVar

import redis
import structlog

log = structlog.get_logger(__name__)

T = TypeVar("T")

# Errors of the client while the server is away, depending on where it notices. A defect in a script raises a
# RedisError too: calls then go on without shared limits, and the log has the reason.
AWAY: Final = (redis.RedisError, OSError)


class Outage:
    """State of the connection to Redis: while it is away, one thread retries every ``retry_s``.

    ``name`` begins the names of its log entries.
    """

    def __init__(
        self,
        *,
        name: str = "shared_limits",
        retry_s: float = 5.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._name = name
        self._retry_s = retry_s
        self._clock = clock
        self._lock = threading.Lock()
        self._is_away = False
        self._retry_at = 0.0

    def attempt(self, ask: Callable[[], T]) -> T | None:
        """Return ``ask()``, or None while Redis is away."""
        if not self._may_try():
            return None
        try:
            answer = ask()
        except AWAY as error:
            self._begin(error)
            return None
        self._end()
        return answer

    def _may_try(self) -> bool:
        with self._lock:
            if not self._is_away:
                return True
            if self._clock() < self._retry_at:
                return False
            # The other threads must not wait for this one's time-out.
            self._retry_at = self._clock() + self._retry_s
            return True

    def _begin(self, error: Exception) -> None:
        with self._lock:
            is_new, self._is_away = not self._is_away, True
            self._retry_at = self._clock() + self._retry_s
        if is_new:
            log.warning(f"{self._name}_away", error=str(error))

    def _end(self) -> None:
        with self._lock:
            was_away, self._is_away = self._is_away, False
        if was_away:
            log.info(f"{self._name}_back")
