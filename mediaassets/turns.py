"""A thread of each worker process that rings, every second, for jobs whose turn at the model has come.

A periodic task would be too slow: it waits behind others, and what it does has to happen every second.
"""

from __future__ import annotations

import threading

import structlog
from django.db import DatabaseError, connection

from agents.jobs import maintenance
from agents.llm.limits.outage import AWAY
from agents.providers import factory

log = structlog.get_logger(__name__)

EVERY_S = 1.0


class _Ringer(threading.Thread):
    def __init__(self) -> None:
        super().__init__(name="turns", daemon=True)
        self.is_over = threading.Event()
        self.pauses = maintenance.PauseWatch()

    def run(self) -> None:
        while not self.is_over.wait(EVERY_S):
            try:
                maintenance.wake_admitted_jobs(self.pauses)
            except (DatabaseError, *AWAY) as error:
                # The sweeper still rings at the promised times.
                log.warning("turns_not_rung", error=str(error))
            finally:
                connection.close()


_ringer: _Ringer | None = None


def start() -> None:
    """Start the thread, where there is anything to wait for."""
    global _ringer
    if _ringer is None and not factory.uses_mock():
        _ringer = _Ringer()
        _ringer.start()


def stop() -> None:
    global _ringer
    if _ringer is not None:
        _ringer.is_over.set()
        _ringer.join(5)
        _ringer = None
