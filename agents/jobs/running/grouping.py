"""Work of many threads that one thread does in groups."""

from __future__ import annotations

import os
import queue
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from typing import Final, Generic, TypeVar

from django.db import connection

from agents.common.database import connections
from agents.llm.turns import turns

Item = TypeVar("Item")
Result = TypeVar("Result")

# Handles items together and returns their results in the same order; an exception is raised for its item alone.
Handle = Callable[[Sequence[Item]], Sequence[Result | Exception]]

# Time after which the thread returns its connection to the pool when there is nothing to do.
_IDLE_S: Final = 0.5


class Grouped(Generic[Item, Result]):
    """Queue for one kind of work: what arrives while a group is handled is the next group.

    One transaction then serves several jobs, over one connection that stays open, while a single job waits for nothing
    but its own turn. Without a database that has many writers, and in a transaction of the caller, the item is handled
    at once in the caller's thread.
    """

    def __init__(self, name: str, handle: Handle[Item, Result], *, max_items: int) -> None:
        self._name = name
        self._handle = handle
        self._max_items = max_items
        self._lock = threading.Lock()
        self._queue: queue.SimpleQueue[tuple[Item, Future[Result]]] = queue.SimpleQueue()
        # A forked child has the object, but not the thread.
        self._pid = 0

    def ask(self, item: Item) -> Result:
        """Return the result of ``item`` once its transaction is committed; raise what went wrong with it."""
        answer = self._put(item)
        # Whoever waits for a turn must hold no connection: those with a turn may be waiting for one.
        connections.release()
        with turns.given_up():
            return answer.result()

    def tell(self, item: Item) -> None:
        """Have ``item`` handled without waiting for it; what goes wrong is for the handler to log."""
        self._put(item)

    def _put(self, item: Item) -> Future[Result]:
        answer: Future[Result] = Future()
        if connection.in_atomic_block or connection.vendor != "postgresql":
            result = self._handle([item])[0]
            if isinstance(result, Exception):
                raise result
            answer.set_result(result)
        else:
            self._start()
            self._queue.put((item, answer))
        return answer

    def _start(self) -> None:
        if self._pid == os.getpid():
            return
        with self._lock:
            if self._pid != os.getpid():
                self._queue = queue.SimpleQueue()
                threading.Thread(target=self._run, name=self._name, daemon=True).start()
                self._pid = os.getpid()

    def _run(self) -> None:
        while True:
            group = self._next_group()
            try:
                results = self._handle([item for item, _ in group])
            except Exception as error:  # noqa: BLE001  raised again in the threads that wait
                results = [error] * len(group)
            if any(isinstance(result, Exception) for result in results):
                # It may be broken; the next group gets another one.
                connection.close()
            for (_, answer), result in zip(group, results, strict=True):
                if isinstance(result, Exception):
                    answer.set_exception(result)
                else:
                    answer.set_result(result)

    def _next_group(self) -> list[tuple[Item, Future[Result]]]:
        try:
            group = [self._queue.get(timeout=_IDLE_S)]
        except queue.Empty:
            connections.release_if_usable()
            group = [self._queue.get()]
        while len(group) < self._max_items and not self._queue.empty():
            group.append(self._queue.get())
        return group
