"""Turns of threads at the interpreter.

Hundreds of threads that all want to compute take the interpreter from each other in the middle of their work, and each
switch costs processor time. Of the threads that run jobs, a few compute at a time; while one of them waits for
something, another has its turn.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

# Gap between two starts before it is measured, and its bounds. The upper one keeps a process that finishes few jobs,
# whose own upkeep is then most of its processor time, from starting slowly.
FIRST_GAP_S: Final = 0.007
MIN_GAP_S: Final = 0.001
MAX_GAP_S: Final = 0.01
MEASURED_S: Final = 1.0
# Most jobs that start at the same time. They are claimed together, and if their models take equally long, their
# outcomes are stored together: one statement for all costs little more than one for each.
GROUP: Final = 8


class Turns:
    """At most ``count`` of the threads inside ``taken`` compute at a time.

    At most ``starts`` threads are between ``starting`` and their first wait for a model, and they start no faster than
    the processor can finish jobs. Otherwise a process that is short of processor time claims as many jobs as it has
    threads, and all of them come back from their models at the same time, to wait for a turn. A thread that returns
    from a wait goes before one that starts.
    """

    def __init__(
        self,
        count: int,
        starts: int,
        *,
        clock: Callable[[], float] = time.monotonic,
        cpu_clock: Callable[[], float] = time.process_time,
    ) -> None:
        self._clock = clock
        self._cpu_clock = cpu_clock
        self._gap_s = FIRST_GAP_S
        self._group_at = clock()
        self._left_in_group = GROUP
        self._measured_from = clock(), cpu_clock()
        self._finished = 0
        self._lock = threading.Lock()
        self._free = count
        self._places = threading.Semaphore(starts)
        self._starting: deque[threading.Lock] = deque()
        self._returning: deque[threading.Lock] = deque()
        self._own = threading.local()

    @contextmanager
    def starting(self) -> Iterator[None]:
        """Wait until it is this thread's time to start, and count it until it gives up its first turn."""
        self._places.acquire()
        self._own.has_place = True
        try:
            time.sleep(self._wait_s())
            yield
        finally:
            self._leave_place()

    @contextmanager
    def taken(self) -> Iterator[None]:
        """Wait for a turn, and keep it except while it is given up; its end counts as a finished job."""
        self._take(self._starting)
        try:
            yield
        finally:
            self._give()
            # Here, and not in ``starting``: a message whose job was taken or is not due costs next to nothing, and
            # would make jobs look cheaper than they are.
            self._count_finished()

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

    def _wait_s(self) -> float:
        """Return the time until the next group that is not full starts; groups are as far apart as their jobs cost."""
        with self._lock:
            now = self._clock()
            if now >= self._group_at + GROUP * self._gap_s:
                # Nobody has been waiting for a while.
                self._group_at, self._left_in_group = now, GROUP
            elif not self._left_in_group:
                self._group_at, self._left_in_group = self._group_at + GROUP * self._gap_s, GROUP
            self._left_in_group -= 1
            return max(self._group_at - now, 0.0)

    def _count_finished(self) -> None:
        """Measure, every second or so, the processor time of the process per job that it finishes."""
        with self._lock:
            self._finished += 1
            now, cpu_s = self._clock(), self._cpu_clock()
            since, cpu_before_s = self._measured_from
            if now - since < MEASURED_S:
                return
            self._gap_s = min(max((cpu_s - cpu_before_s) / self._finished, MIN_GAP_S), MAX_GAP_S)
            self._measured_from, self._finished = (now, cpu_s), 0

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
