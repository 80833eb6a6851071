"""Progress of an answer, passed from the event loop to the caller's thread."""

from __future__ import annotations

import queue
import time
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any


class ProgressChannel:
    """Word counts of one answer; a callback that blocks delays only its own thread."""

    def __init__(self) -> None:
        self._counts: queue.SimpleQueue[int | None] = queue.SimpleQueue()

    def send(self, words: int) -> None:
        """Queue a word count from the event loop; never blocks."""
        self._counts.put(words)

    def deliver(self, on_words: Callable[[int], None], answer: Future[Any], until: float) -> None:
        """Call ``on_words`` until ``answer`` is done or the monotonic clock reaches ``until``.

        The first count is always delivered; a slow callback misses outdated ones.
        """
        answer.add_done_callback(lambda _: self._counts.put(None))
        words = self._next(until)
        while words is not None:
            on_words(words)
            words = self._newest(until)

    def _newest(self, until: float) -> int | None:
        words = self._next(until)
        while words is not None and not self._counts.empty():
            newer = self._counts.get()
            if newer is None:
                # Deliver the last count before the end.
                self._counts.put(None)
                break
            words = newer
        return words

    def _next(self, until: float) -> int | None:
        try:
            return self._counts.get(timeout=max(0.0, until - time.monotonic()))
        except queue.Empty:
            return None
