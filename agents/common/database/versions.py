"""Small tables that a process keeps in memory while their versions are current.

Triggers renew the version of a table in the transaction that changes it (``DataVersion``). A value is used only after
its version was compared with that of the database: once per piece of work, for which the versions are then pinned. A
transaction that must not miss a change (a new budget) reads the versions with ``lock_shared``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Generic, TypeVar

from django.db import connection

from agents.choices import VersionedData
from agents.models import DataVersion

T = TypeVar("T")

# Stamps by name.
Versions = Mapping[str, str]

_pinned: ContextVar[Versions | None] = ContextVar("pinned_versions", default=None)


def read() -> Versions:
    """Return the versions of all tables now."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT name, stamp FROM {DataVersion._meta.db_table}")  # noqa: S608
        return dict(cursor.fetchall())


def lock_shared(*names: VersionedData) -> Versions:
    """Return the versions of some tables, which then cannot change until the transaction ends.

    Others may lock them so at the same time; a transaction that has changed one of the tables is waited for. Lock
    order: after universes and jobs, before the periods of budgets.
    """
    return _lock(names, "FOR SHARE")


def lock_exclusive(name: VersionedData) -> None:
    """Wait for the transactions that rely on a version, before a change that locks rows of others first."""
    _lock((name,), "FOR UPDATE")


def _lock(names: tuple[VersionedData, ...], how: str) -> Versions:
    # SQLite has one writer at a time.
    clause = how if connection.features.has_select_for_update else ""
    wanted = ", ".join(["%s"] * len(names))
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT name, stamp FROM agent_data_versions WHERE name IN ({wanted}) ORDER BY name {clause}",  # noqa: S608
            [str(name) for name in names],
        )
        return dict(cursor.fetchall())


@contextmanager
def pinned(versions: Versions) -> Iterator[None]:
    """Trust ``versions`` instead of asking the database again, until the block ends."""
    token = _pinned.set(versions)
    try:
        yield
    finally:
        _pinned.reset(token)


class Versioned(Generic[T]):
    """Value that ``load`` reads from one of the tables, kept while the version of the table is current.

    The version is read before the value: a value that is newer than its version is merely loaded once more.
    """

    def __init__(self, name: VersionedData, load: Callable[[], T]) -> None:
        self._name = str(name)
        self._load = load
        self._held: tuple[str, T] | None = None

    def get(self) -> T:
        pins = _pinned.get()
        versions = pins if pins is not None and self._name in pins else read()
        stamp = versions.get(self._name)
        held = self._held
        if held is not None and held[0] == stamp:
            return held[1]
        value = self._load()
        # An emptied database has no versions.
        if stamp is not None:
            self._held = (stamp, value)
        return value

    def recent(self) -> T:
        """Return the value of the last ``get``, for uses that may miss the latest change; it asks no version."""
        held = self._held
        return self.get() if held is None else held[1]
