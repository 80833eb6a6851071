"""The database connection of this thread."""

from __future__ import annotations

from django.db import connection


def release() -> None:
    """Give the connection back while something else takes its time. (A test's own transaction cannot be given back.)"""
    if not connection.in_atomic_block:
        connection.close()
