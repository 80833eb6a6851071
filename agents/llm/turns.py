"""Turns of threads at the interpreter.

Hundreds of threads that all want to compute take the interpreter from each other in the middle of their work, and each
switch costs processor time. Of the threads that run jobs, a few compute at a time; while one of them waits for
something, another has its turn.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final


class Turns:
    """At most ``count`` of the threads inside ``taken`` compute at a time.

    A thread that has waited for something goes before one that begins: work in progress is finished first, and a job is
    not claimed before there is time for it.
    """

    def __init__(self, count: int) -> None:
        self._lock = threading.Lock()
        self._free = count
        self._beginning: deque[threading.Lock] = deque()
        self._returning: deque[threading.Lock] = deque()
        self._own = threading.local()

    @contextmanager
    def taken(self) -> Iterator[None]:
        """Wait for a turn, and keep it except while it is given up."""
        self._take(self._beginning)
        try:
            yield
        finally:
            self._give()

    @contextmanager
    def given_up(self) -> Iterator[None]:
        """Let another thread compute while this one waits; no effect for a thread that has no turn."""
        if not getattr(self._own, "has_turn", False):
            yield
            return
        self._give()
        try:
            yield
        finally:
            self._take(self._returning)

    def _take(self, queue: deque[threading.Lock]) -> None:
        with self._lock:
            if self._free:
                self._free -= 1
                turn = None
            else:
                turn = threading.Lock()
                turn.acquire()
                queue.append(turn)
        if turn is not None:
            # Released by the thread that passes its turn on.
            turn.acquire()
        self._own.has_turn = True

    def _give(self) -> None:
        self._own.has_turn = False
        with self._lock:
            queue = self._returning or self._beginning
            if queue:
                queue.popleft().release()
            else:
                self._free += 1


# Turns of the threads that run jobs in this process: several, because a turn is also kept during short waits for the
# database and for Redis, and because a long check should not hold up the other jobs.
turns: Final = Turns(4)
