"""Sign of life of a worker process, which is the lease of all its claims."""

from __future__ import annotations

import time
import uuid
from typing import Any, Final

import structlog
from django.conf import settings
from django.db import DatabaseError
from django.utils import timezone

from agents.common.database import connections
from agents.common.in_flight import in_flight
from agents.models import WorkerProcess
from universes.ids import new_id

log = structlog.get_logger(__name__)

# Heartbeats in a lease: a thread that waits for the interpreter or for a lock may miss most of them.
_PER_LEASE: Final = 5


def interval_s() -> float:
    return float(settings.LEASE_S) / _PER_LEASE


class Heartbeat:
    """Row of this process in ``agent_workers``, renewed by one statement over a connection of its own.

    Its own, because the pool may be empty for as long as jobs are stuck.
    """

    def __init__(self, name: str) -> None:
        self._worker = new_id()
        self._name = name[:200]
        self._started_at = timezone.now()
        self._connection = connections.open_own()
        # Only the thread of the heartbeat uses it, but another one makes it.
        self._connection.inc_thread_sharing()
        self._beat_at = time.monotonic()
        # The first beats of a process follow no silence that could be the database's.
        self._steady_since = self._beat_at - settings.LEASE_S

    @property
    def worker(self) -> uuid.UUID:
        return self._worker

    def beat(self) -> bool:
        """Renew the lease; False, and a log entry, if the database does not take it."""
        try:
            with self._connection.cursor() as cursor:
                cursor.execute(_beat_sql(self._connection.vendor), self._row())
        except DatabaseError as error:
            log.warning("heartbeat_failed", error=str(error))
            self._connection.close()
            in_flight.suspect_loss()
            return False
        now = time.monotonic()
        if now - self._beat_at > settings.LEASE_S:
            self._steady_since = now
        self._beat_at = now
        return True

    def is_steady(self) -> bool:
        """Return whether this process could have seen the heartbeats of others for the length of a lease.

        After an outage of the database all workers look silent; each of them has a lease's time to return.
        """
        now = time.monotonic()
        return now - self._beat_at < settings.LEASE_S <= now - self._steady_since

    def end(self) -> None:
        """Delete the row of a process that has finished its jobs; otherwise its lease runs out."""
        try:
            if not in_flight.jobs():
                with self._connection.cursor() as cursor:
                    cursor.execute("DELETE FROM agent_workers WHERE id = %s", self._row()[:1])
        except DatabaseError as error:
            log.warning("heartbeat_not_ended", error=str(error))
        finally:
            self._connection.close()

    def _row(self) -> list[Any]:
        values = {
            "id": self._worker,
            "name": self._name,
            "started_at": self._started_at,
            "calling": in_flight.calling(),
        }
        fields: Any = WorkerProcess._meta.get_field
        return [fields(name).get_db_prep_save(value, self._connection) for name, value in values.items()]


def _beat_sql(vendor: str) -> str:
    now = "statement_timestamp()" if vendor == "postgresql" else "strftime('%%Y-%%m-%%d %%H:%%M:%%f', 'now')"
    return f"""
        INSERT INTO agent_workers (id, name, started_at, calling, seen_at) VALUES (%s, %s, %s, %s, {now})
        ON CONFLICT (id) DO UPDATE SET seen_at = excluded.seen_at, calling = excluded.calling
    """  # noqa: S608
