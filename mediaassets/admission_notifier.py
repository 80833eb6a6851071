"""Wake jobs that wait for rate-limit capacity, once a second in each worker process.

A periodic Celery task would be too slow, because it waits behind other tasks.
"""

from __future__ import annotations

import threading
from typing import Any

import redis
import structlog
from celery import bootsteps
from django.db import DatabaseError, connection

from agents.jobs import maintenance
from agents.providers import factory

log = structlog.get_logger(__name__)

INTERVAL_S = 1.0
MAX_STOP_S = 5.0


class AdmissionNotifier(bootsteps.StartStopStep):
    """Worker component that runs the thread, except with the mock model, which has no limits."""

    def __init__(self, worker: Any, **kwargs: Any) -> None:
        super().__init__(worker, **kwargs)
        self._is_stopping = threading.Event()
        self._pauses = maintenance.PauseWatch()
        self._thread = threading.Thread(target=self._run, name="admission-notifier", daemon=True)

    def start(self, worker: Any) -> None:
        if not factory.uses_mock():
            self._thread.start()

    def stop(self, worker: Any) -> None:
        self._is_stopping.set()
        if self._thread.is_alive():
            self._thread.join(MAX_STOP_S)

    def _run(self) -> None:
        while not self._is_stopping.wait(INTERVAL_S):
            try:
                maintenance.wake_admitted_jobs(self._pauses)
            except (DatabaseError, redis.RedisError, OSError) as error:
                # The sweeper still enqueues each job when its wait ends.
                log.warning("waking_admitted_jobs_failed", error=str(error))
            finally:
                connection.close()
