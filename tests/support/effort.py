"""Processor time as a multiple of a fixed piece of work, so that limits hold on fast and slow machines."""

from __future__ import annotations

import time
from collections.abc import Callable

_ADDITIONS = 500_000


def effort(call: Callable[[], object]) -> float:
    """Return the processor time of ``call`` in units of half a million additions (15 to 30 ms).

    The unit is measured before and after the call; the slower of the two counts.
    """
    before = _seconds(_add)
    took = _seconds(call)
    return took / max(before, _seconds(_add))


def _seconds(call: Callable[[], object]) -> float:
    started = time.thread_time()
    call()
    return time.thread_time() - started


def _add() -> None:
    total = 0
    for number in range(_ADDITIONS):
        total += number
