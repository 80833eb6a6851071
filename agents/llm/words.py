"""How far an answer is, carried from the thread that hears it to the thread that waits for it."""

from __future__ import annotations

import queue
import time
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any


class Words:
    """Who is told may block, and holds up nobody but itself."""

    def __init__(self) -> None:
        self._told: queue.SimpleQueue[int | None] = queue.SimpleQueue()

    def tell(self, words: int) -> None:
        """In the thread that hears the answer; never blocks."""
        self._told.put(words)

    def pass_on(self, on_words: Callable[[int], None], answer: Future[Any], until: float) -> None:
        """In the caller's thread, until ``answer`` is there or the monotonic clock shows ``until``.

        The first number is always told; who is slow misses those that are no longer true.
        """
        answer.add_done_callback(lambda _: self._told.put(None))
        words = self._next(until)
        while words is not None:
            on_words(words)
            words = self._newest(until)

    def _newest(self, until: float) -> int | None:
        words = self._next(until)
        while words is not None and not self._told.empty():
            later = self._told.get()
            if later is None:
                # The last number is told before the end.
                self._told.put(None)
                break
            words = later
        return words

    def _next(self, until: float) -> int | None:
        try:
            return self._told.get(timeout=max(0.0, until - time.monotonic()))
        except queue.Empty:
            return None
