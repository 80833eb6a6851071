"""Processes that die between two statements."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import connection

# Statements of savepoints stand for the ends of transactions, which the database carries out alone.
_OF_TRANSACTIONS = ("SAVEPOINT", "RELEASE", "ROLLBACK")


class Crash(BaseException):
    """The end of a process, which no ``except Exception`` survives."""


def run_or_crash(work: Callable[[], object], after: int | None) -> bool:
    """Do ``work``, and crash after its statement number ``after``; return whether it came to its end.

    Meant for a test in a transaction, whose savepoints then are the transactions of ``work``.
    """
    left = after

    def count(execute: Callable[..., Any], sql: str, *arguments: Any) -> Any:
        nonlocal left
        result = execute(sql, *arguments)
        if left is not None and not sql.startswith(_OF_TRANSACTIONS):
            left -= 1
            if left <= 0:
                raise Crash
        return result

    try:
        with connection.execute_wrapper(count):
            work()
    except Crash:
        # Django asks for the end of the test's transaction where it begins one without a savepoint, to delete rows.
        connection.needs_rollback = False
        return False
    return True
