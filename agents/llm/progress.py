"""Progress of an answer, passed from the event loop to the caller's thread."""

from __future__ import annotations

import queue
import time
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any


class ProgressChannel:
    """The text so far of one answer; a callback that blocks delays only its own thread."""

    def __init__(self) -> None:
        self._texts: queue.SimpleQueue[str | None] = queue.SimpleQueue()

    def send(self, text: str) -> None:
        """Queue the text so far from the event loop; never blocks."""
        self._texts.put(text)

    def deliver(self, on_text: Callable[[str], None], answer: Future[Any], until: float) -> None:
        """Call ``on_text`` until ``answer`` is done or the monotonic clock reaches ``until``.

        The first text is always delivered; a slow callback misses outdated ones.
        """
        answer.add_done_callback(lambda _: self._texts.put(None))
        text = self._next(until)
        while text is not None:
            on_text(text)
            text = self._newest(until)

    def _newest(self, until: float) -> str | None:
        text = self._next(until)
        while text is not None and not self._texts.empty():
            newer = self._texts.get()
            if newer is None:
                # Deliver the last text before the end.
                self._texts.put(None)
                break
            text = newer
        return text

    def _next(self, until: float) -> str | None:
        try:
            return self._texts.get(timeout=max(0.0, until - time.monotonic()))
        except queue.Empty:
            return None
