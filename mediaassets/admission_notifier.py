"""Wake jobs that wait for rate-limit capacity, once a second in each worker process.

A periodic Celery task would be too slow, because it waits behind other tasks.
"""

from __future__ import annotations

from typing import Any

from celery import bootsteps

from agents.jobs import maintenance
from agents.providers import factory
from mediaassets.loops import Loop

INTERVAL_S = 1.0


class AdmissionNotifier(bootsteps.StartStopStep):
    """Worker component that runs the thread, except with the mock model, which has no limits."""

    def __init__(self, worker: Any, **kwargs: Any) -> None:
        super().__init__(worker, **kwargs)
        pauses = maintenance.PauseWatch()
        # The sweeper still enqueues each job when its wait ends.
        self._loop = Loop(
            "admission-notifier", lambda: maintenance.wake_admitted_jobs(pauses), interval_s=INTERVAL_S
        )

    def start(self, worker: Any) -> None:
        if not factory.uses_mock():
            self._loop.start()

    def stop(self, worker: Any) -> None:
        self._loop.stop()
        self._loop.join()
