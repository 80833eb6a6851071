"""Database connection of the current thread."""

from __future__ import annotations

from django.db import connection


def release() -> None:
    """Return the connection to the pool before a slow call, unless a transaction is open (as in tests)."""
    if not connection.in_atomic_block:
        connection.close()
