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

    At most ``starts`` threads are between ``starting`` and their first wait for a model. Without that bound a process
    that is short of processor time claims as many jobs as it has threads, and keeps all of them waiting for a turn.
    A thread that returns from a wait goes before one that starts.
    """

    def __init__(self, count: int, starts: int) -> None:
        self._lock = threading.Lock()
        self._free = count
        self._places = threading.Semaphore(starts)
        self._starting: deque[threading.Lock] = deque()
        self._returning: deque[threading.Lock] = deque()
        self._own = threading.local()

    @contextmanager
    def starting(self) -> Iterator[None]:
        """Wait until few enough threads are starting, and count this one until it gives up its first turn."""
        self._places.acquire()
        self._own.has_place = True
        try:
            yield
        finally:
            self._leave_place()

    @contextmanager
    def taken(self) -> Iterator[None]:
        """Wait for a turn, and keep it except while it is given up."""
        self._take(self._starting)
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
        self._leave_place()
        self._give()
        try:
            yield
        finally:
            self._take(self._returning)

    def _leave_place(self) -> None:
        if getattr(self._own, "has_place", False):
            self._own.has_place = False
            self._places.release()

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
            queue = self._returning or self._starting
            if queue:
                queue.popleft().release()
            else:
                self._free += 1


# Turns of the threads that run jobs in this process: several, because a turn is also kept during short waits for the
# database and for Redis, and because a long check should not hold up the other jobs. Starts are claimed in groups.
turns: Final = Turns(4, starts=24)
