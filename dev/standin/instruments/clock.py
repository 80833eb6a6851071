"""Time of the stand-in, which a test can advance to let caches, limits and batches age at once."""

from __future__ import annotations

import datetime
import time
from collections.abc import Callable


class Clock:
    """Seconds since the epoch, read from ``source`` plus what ``advance`` added."""

    def __init__(self, source: Callable[[], float] = time.time) -> None:
        self._source = source
        self._ahead_s = 0.0

    def now(self) -> float:
        return self._source() + self._ahead_s

    def advance(self, seconds: float) -> None:
        self._ahead_s += seconds


def rfc3339(at: float, *, timespec: str = "seconds") -> str:
    moment = datetime.datetime.fromtimestamp(at, datetime.UTC)
    return moment.isoformat(timespec=timespec).replace("+00:00", "Z")
