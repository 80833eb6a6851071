"""Calls at the same moment, by real threads with real connections."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from django.db import connection

from agents.errors import DomainError

Refusal = TypeVar("Refusal", bound=DomainError)


def at_once(*calls: Callable[[], Any]) -> list[Any]:
    """Start all calls at the same moment, a thread each; what each returned, or the refusal it raised."""
    start = threading.Barrier(len(calls))

    def go(call: Callable[[], Any]) -> Any:
        start.wait(30)
        try:
            return call()
        except DomainError as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as threads:
        return list(threads.map(go, calls))


def thread_of(call: Callable[[], Any]) -> threading.Thread:
    """A thread, not started yet, that leaves no connection behind."""

    def go() -> None:
        try:
            call()
        finally:
            connection.close()

    return threading.Thread(target=go)


def wait_until_blocking_others(*, within_s: float = 20) -> None:
    """Wait until another session waits for a lock that this thread's transaction holds.

    SQLite has one writer at a time and shows nobody who waits for it: there is nothing to wait for.
    """
    if connection.vendor != "postgresql":
        return
    deadline = time.monotonic() + within_s
    with connection.cursor() as cursor:
        while True:
            cursor.execute(
                "SELECT EXISTS (SELECT FROM pg_locks"
                " WHERE NOT granted AND pg_backend_pid() = ANY (pg_blocking_pids(pid)))"
            )
            if cursor.fetchone()[0]:
                return
            assert time.monotonic() < deadline, "No session waits for this transaction."
            time.sleep(0.01)


def refusals(answers: Iterable[Any], kind: type[Refusal]) -> list[Refusal]:
    return [answer for answer in answers if isinstance(answer, kind)]
