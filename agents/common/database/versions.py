"""Small tables that a process keeps in memory while their versions are current.

Triggers renew the version of a table in the transaction that changes it (``DataVersion``). A value is used only after
its version was compared with that of the database: once per piece of work, for which the versions are then pinned. A
transaction that must not miss a change (a new budget) reads the versions with ``lock_shared``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cached_property
from typing import Any, Generic, TypeVar

from django.db import connection

from agents.choices import VersionedData
from agents.common.database import connections
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


def read_when_asked() -> Versions:
    """Return the versions of all tables, read when the first of them is asked for, and once."""
    return _WhenAsked()


class _WhenAsked(Mapping[str, str]):
    @cached_property
    def _read(self) -> Versions:
        return read()

    def __getitem__(self, name: str) -> str:
        return self._read[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._read)

    def __len__(self) -> int:
        return len(self._read)


def lock_shared(*names: VersionedData) -> Versions:
    """Return the versions of some tables, which then cannot change until the transaction ends.

    Others may lock them so at the same time; a transaction that has changed one of the tables is waited for. Lock
    order: after universes and jobs, before the periods of budgets.
    """
    return {name: stamp for name, stamp, _ in _lock(names, "FOR SHARE")}


def lock_shared_and_count(name: VersionedData, query: str, params: Sequence[Any]) -> tuple[Versions, int]:
    """Do what ``lock_shared`` does, and return the only value of a query, in the same round trip."""
    versions, count = {}, None
    for name_, stamp, found in _lock((name,), "FOR SHARE", query, params):
        versions[name_], count = stamp, found
    if count is None:
        # An emptied database has no versions.
        with connection.cursor() as cursor:
            cursor.execute(query, params)
            (count,) = cursor.fetchone()
    return versions, int(count)


def lock_exclusive(name: VersionedData) -> None:
    """Wait for the transactions that rely on a version, before a change that locks rows of others first."""
    _lock((name,), "FOR UPDATE")


def _lock(
    names: tuple[VersionedData, ...], how: str, query: str = "SELECT NULL", params: Sequence[Any] = ()
) -> list[tuple[str, str, Any]]:
    # SQLite has one writer at a time.
    clause = how if connection.features.has_select_for_update else ""
    wanted = ", ".join(["%s"] * len(names))
    return connections.rows_locked(
        f"SELECT name, stamp, ({query}) FROM agent_data_versions WHERE name IN ({wanted}) ORDER BY name {clause}",  # noqa: S608
        [*params, *map(str, names)],
    )


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
