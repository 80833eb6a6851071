"""Database connections of the current thread."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Final

from django.db import InternalError, OperationalError, connection
from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg.errors import LockNotAvailable

# Errors after which the connection is gone. InternalError is that of a session which the server has ended because its
# process stood still in a transaction.
GONE: Final = (OperationalError, InternalError)

# Keep a caller from waiting for a server that is gone; TCP alone would wait for minutes.
_IMPATIENT: Final = {
    "connect_timeout": 3,
    "tcp_user_timeout": 4000,
    "options": "-c statement_timeout=4000 -c lock_timeout=4000",
}

# The longest wait for a row that a submission locks; None, as in workers, which must not lose a result: any.
_max_lock_wait_ms: int | None = None


def bound_lock_waits(at_most_ms: int | None) -> None:
    """Have the statements of this process within ``lock_waits_bounded`` give up a wait that is longer."""
    global _max_lock_wait_ms
    _max_lock_wait_ms = at_most_ms


@contextmanager
def lock_waits_bounded() -> Iterator[None]:
    """Bound the waits for locks of the statements in the block; see ``is_lock_timeout`` for one that was given up.

    The bound is sent with each statement, and is of that alone.
    """
    if _max_lock_wait_ms is None or connection.vendor != "postgresql":
        yield
        return
    with connection.execute_wrapper(_execute_bounded):
        yield


def _execute_bounded(
    execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Mapping[str, Any]
) -> Any:
    bound = f"SET LOCAL lock_timeout = {_max_lock_wait_ms}"
    result = execute(f"{bound}; {sql}; SET LOCAL lock_timeout TO DEFAULT", params, many, context)
    context["cursor"].nextset()
    return result


def rows_locked(query: str, params: Sequence[Any]) -> list[tuple[Any, ...]]:
    """Return the rows of a query that locks them, with a bounded wait."""
    with lock_waits_bounded(), connection.cursor() as cursor:
        cursor.execute(query, params)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows


def is_lock_timeout(error: OperationalError) -> bool:
    return isinstance(error.__cause__, LockNotAvailable)


def drop_dead() -> None:
    """Close this thread's connection and all dead ones of the pool, unless a transaction is open.

    After a restart of the server every idle connection in the pool is dead, and each retry would get another one.
    """
    if connection.in_atomic_block:
        return
    connection.close()
    if pool := getattr(connection, "pool", None):
        pool.check()


def release_if_usable() -> None:
    """Return a connection that was kept for a while to the pool, which would hand a dead one to somebody else."""
    if connection.connection is not None and not connection.is_usable():
        connection.connection.close()
    connection.close()


def release() -> None:
    """Return the connection to the pool before a slow call, unless a transaction is open (as in tests).

    SQLite has no pool: an idle connection holds nothing that others wait for.
    """
    if connection.vendor == "postgresql" and not connection.in_atomic_block:
        connection.close()


def open_own() -> BaseDatabaseWrapper:
    """Return another connection to the database, outside the pool, that gives up within seconds."""
    own: BaseDatabaseWrapper = connection.copy()
    if own.vendor == "postgresql":
        options = {name: value for name, value in own.settings_dict["OPTIONS"].items() if name != "pool"}
        own.settings_dict["OPTIONS"] = {**options, **_IMPATIENT}
    return own
