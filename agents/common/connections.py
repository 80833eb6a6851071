"""Database connection of the current thread."""

from __future__ import annotations

from django.db import connection


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
    """Return the connection to the pool before a slow call, unless a transaction is open (as in tests)."""
    if not connection.in_atomic_block:
        connection.close()
