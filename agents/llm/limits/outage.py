"""What happens to what is shared while Redis is away."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Final, TypeVar

import redis
import structlog

log = structlog.get_logger(__name__)

T = TypeVar("T")

# What the client raises when the server is away, depending on where it is noticed. A mistake in a script is a
# RedisError too: then the work goes on as well, and the log says why.
AWAY: Final = (redis.RedisError, OSError)


class Outage:
    """Whether Redis is away. While it is, it is tried again every ``retry_s``, not by each call."""

    def __init__(self, *, retry_s: float = 5.0, clock: Callable[[], float] = time.monotonic) -> None:
        self._retry_s = retry_s
        self._clock = clock
        self._lock = threading.Lock()
        self._is_away = False
        self._try_at = 0.0

    def shared_or_local(self, shared: Callable[[], T], local: Callable[[], T]) -> T:
        """The shared answer, or the local one while there is none."""
        if self._may_try():
            try:
                answer = shared()
            except AWAY as error:
                self._begin(error)
            else:
                self._end()
                return answer
        return local()

    def _may_try(self) -> bool:
        with self._lock:
            if not self._is_away:
                return True
            if self._clock() < self._try_at:
                return False
            # One thread tries; the others do not wait for its time-out.
            self._try_at = self._clock() + self._retry_s
            return True

    def _begin(self, error: Exception) -> None:
        with self._lock:
            is_new, self._is_away = not self._is_away, True
            self._try_at = self._clock() + self._retry_s
        if is_new:
            log.warning("shared_limits_away", error=str(error))

    def _end(self) -> None:
        with self._lock:
            was_away, self._is_away = self._is_away, False
        if was_away:
            log.info("shared_limits_back")
