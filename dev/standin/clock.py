"""The stand-in's time: the machine's, and what a test puts on top to let caches and batches grow old at once."""

from __future__ import annotations

import datetime
import time
from collections.abc import Callable


class Clock:
    """Seconds since the epoch. ``source`` may be any function that says so."""

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
