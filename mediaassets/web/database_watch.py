"""Circuit breaker for the database of the web process."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Generator
from typing import Any

import psycopg
import structlog
from django.conf import settings
from django.db import connections
from psycopg.abc import RV, PQGen

log = structlog.get_logger(__name__)

# A query that takes longer than this makes the watch look at the server.
SUSPICIOUS_S = 0.25
# A server that does not answer the watch for this long is away.
PROBE_S = 0.4
PROBE_INTERVAL_S = 0.2
# The longest wait for a connection of the pool.
POOL_TIMEOUT_S = 0.7


class DatabaseWatch:
    """Circuit breaker: a thread that looks at the database when a query is slow or has failed.

    While the database is away, requests are refused at once and running queries are given up; a slow query on a
    server that answers the watch continues. The thread keeps looking until the server answers.
    """

    def __init__(self, probe: Callable[[], object]) -> None:
        self._probe = probe
        self._suspicion = threading.Event()
        self._probing_since: float | None = None
        self._has_failed = False
        threading.Thread(target=self._run, name="database-watch", daemon=True).start()

    def suspect(self) -> None:
        self._suspicion.set()

    def is_away(self) -> bool:
        since = self._probing_since
        return self._has_failed or (since is not None and time.monotonic() - since > PROBE_S)

    def _run(self) -> None:
        while True:
            self._suspicion.wait()
            while not self._look():
                time.sleep(PROBE_INTERVAL_S)
            self._suspicion.clear()

    def _look(self) -> bool:
        was_away = self.is_away()
        self._probing_since = time.monotonic()
        try:
            self._probe()
        except psycopg.Error as error:
            self._has_failed = True
            if not was_away:
                log.warning("database_away", error=type(error).__name__)
        else:
            self._has_failed = False
            if was_away:
                log.info("database_back")
        finally:
            self._probing_since = None
        return not self._has_failed


_watch: DatabaseWatch | None = None


def is_database_away() -> bool:
    return _watch is not None and _watch.is_away()


def suspect_database() -> None:
    """Have the watch look at the database, because a query has failed."""
    if _watch is not None:
        _watch.suspect()


class WatchedConnection(psycopg.Connection[Any]):
    """A connection that gives up a query when the watch finds the server away."""

    def wait(self, gen: PQGen[RV], *args: Any, **options: Any) -> RV:
        return super().wait(self._watched(gen), *args, **options)

    def _watched(self, gen: PQGen[RV]) -> Generator[Any, Any, RV]:
        started = time.monotonic()
        try:
            wanted = next(gen)
            while True:
                ready = yield wanted
                # Zero: nothing has arrived for a while.
                if not ready and time.monotonic() - started > SUSPICIOUS_S:
                    suspect_database()
                    if is_database_away():
                        self.close()
                        raise psycopg.OperationalError("The database does not answer.")
                wanted = gen.send(ready)
        except StopIteration as end:
            result: RV = end.value
            return result


def _probe() -> None:
    """Connect as the pool does, and ask for an answer."""
    params = connections["default"].get_connection_params()
    params.pop("pool", None)
    with psycopg.connect(**{**params, "connect_timeout": 2}) as connection:
        connection.execute("SELECT 1")


def install() -> None:
    """Watch the database of this process, if it is a server. Call this before the first connection."""
    pool = settings.DATABASES["default"]["OPTIONS"].get("pool")
    if pool is None:
        return
    pool |= {"timeout": POOL_TIMEOUT_S, "connection_class": WatchedConnection}
    global _watch
    _watch = DatabaseWatch(_probe)
