"""The database backend, by the name that Django looks for."""

from __future__ import annotations

from datetime import UTC
from typing import Any, Final

import psycopg
from django.db.backends.base.base import NO_DB_ALIAS
from django.db.backends.postgresql import base
from psycopg.pq import Format
from psycopg_pool import ConnectionPool

Connection = psycopg.Connection[Any]

# psycopg's own, in C where that is installed. Django's, in Python, takes seven times as long for the same instants in
# UTC; it also puts them into other time zones.
_LOADER_OF_INSTANTS: Final = psycopg.adapters.get_loader(base.TIMESTAMPTZ_OID, Format.TEXT)


class Pool(ConnectionPool[Connection]):
    """Pool that no caller waits for longer than the server is away.

    The one of psycopg would keep callers waiting for all of their time-out in two cases. It stops connecting after
    ``reconnect_timeout``, and begins anew only for the next caller; and it makes a caller pause before each further
    connection, for twice as long each time, although all idle ones died together with the first.
    """

    def __init__(self, **options: Any) -> None:
        # A check of the pool also begins to connect again.
        super().__init__(check=self._check_taken, reconnect_failed=ConnectionPool.check, **options)

    def _check_taken(self, taken: Connection) -> None:
        try:
            self.check_connection(taken)
        except psycopg.Error:
            self.check()
            raise


class DatabaseWrapper(base.DatabaseWrapper):
    # The stubs know less of them.
    _connection_pools: dict[str, Pool]
    _configure_connection: Any

    def create_cursor(self, name: str | None = None) -> Any:
        cursor: Any = super().create_cursor(name)
        if self.timezone == UTC and _LOADER_OF_INSTANTS is not None:
            cursor.adapters.register_loader(base.TIMESTAMPTZ_OID, _LOADER_OF_INSTANTS)
        return cursor

    @property
    def pool(self) -> Pool | None:
        options = self.settings_dict["OPTIONS"].get("pool")
        if self.alias == NO_DB_ALIAS or not options:
            return None
        if self.alias not in self._connection_pools:
            made = Pool(
                kwargs={**self.get_connection_params(), "autocommit": True},
                open=False,
                configure=self._configure_connection,
                **options,
            )
            # Another thread may have been faster.
            self._connection_pools.setdefault(self.alias, made)
        return self._connection_pools[self.alias]
