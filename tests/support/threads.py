"""Concurrent calls, with real threads and connections."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from django.db import connection

from agents.errors import DomainError

Refusal = TypeVar("Refusal", bound=DomainError)


def run_concurrently(*calls: Callable[[], Any]) -> list[Any]:
    """Start all calls at the same moment, one thread each, and return results or domain errors in order."""
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


def new_thread(call: Callable[[], Any]) -> threading.Thread:
    """Return an unstarted thread that closes its database connection at the end."""

    def go() -> None:
        try:
            call()
        finally:
            connection.close()

    return threading.Thread(target=go)


def wait_until_blocking_others(*, within_s: float = 20) -> None:
    """Wait until another session waits for a lock that this thread's transaction holds.

    On SQLite return at once: it has one writer at a time and does not show waiting ones.
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
