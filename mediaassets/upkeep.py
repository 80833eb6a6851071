"""Upkeep by every worker process: its heartbeat, the rescue of lost jobs, the sweep of due ones, webhooks and imports.

Nothing of it needs beat, and only the sweep needs the broker: a worker with idle threads takes due jobs from the table.
"""

from __future__ import annotations

import atexit
import threading
import uuid
from typing import Any, Final

import structlog
from celery import bootsteps
from celery.worker import state
from django.db import DatabaseError

from agents.batches.answer_source import process_job
from agents.common.database import connections
from agents.common.in_flight import in_flight
from agents.jobs import maintenance
from agents.jobs.running import heartbeat, rescue
from agents.jobs.running.heartbeat import Heartbeat
from agents.notify.webhooks import delivery
from mediaassets.loops import Loop
from universes.transfer import imports

log = structlog.get_logger(__name__)

INTERVAL_S: Final = 2.0

# Pause after a heartbeat that was hastened by a change, so that many changes share one.
_HASTE_S: Final = 0.2


class Upkeep(bootsteps.StartStopStep):
    """Worker component with five threads besides the heartbeat's, so that none waits for another one's server."""

    def __init__(self, worker: Any, **kwargs: Any) -> None:
        super().__init__(worker, **kwargs)
        self._worker = worker
        self._taken: set[uuid.UUID] = set()
        self._loops = (
            Loop("rescue", self._rescue_and_take, interval_s=INTERVAL_S),
            Loop("sweep", maintenance.enqueue_due_jobs, interval_s=INTERVAL_S),
            Loop("webhooks", delivery.deliver_due, interval_s=INTERVAL_S),
            Loop("imports", imports.run_due, interval_s=INTERVAL_S),
        )

    def start(self, worker: Any) -> None:
        self._pulse = _Pulse(Heartbeat(worker.hostname))
        self._pulse.start()
        for loop in self._loops:
            loop.start()

    def close(self, worker: Any) -> None:
        """Take no more jobs; the heartbeat goes on until the running ones are finished."""
        for loop in self._loops:
            loop.stop()

    def stop(self, worker: Any) -> None:
        self.close(worker)

    def _rescue_and_take(self) -> None:
        rescue.rescue_stalled_jobs(trusts_silence=self._pulse.heartbeat.is_steady())
        idle = self._worker.pool.num_processes - len(state.reserved_requests) - len(self._taken)
        for job_id in maintenance.overlooked_jobs(idle) if idle > 0 else ():
            self._taken.add(job_id)
            self._worker.pool.apply_async(self._process, (job_id,), callback=_ignore, accept_callback=_ignore)

    def _process(self, job_id: uuid.UUID) -> None:
        try:
            process_job(job_id)
        except DatabaseError as error:
            log.warning("job_not_processed", job_id=str(job_id), error=str(error))
        except Exception:  # the thread's edge, which Celery has for its own messages
            log.exception("job_crashed", job_id=str(job_id))
        finally:
            self._taken.discard(job_id)
            connections.release()


class _Pulse(threading.Thread):
    """Thread of the heartbeat, from before the first claim until after the last one."""

    def __init__(self, beating: Heartbeat) -> None:
        super().__init__(name="heartbeat", daemon=True)
        self.heartbeat = beating
        self._is_hastened = threading.Event()
        self._is_over = threading.Event()

    def start(self) -> None:
        self.heartbeat.beat()
        in_flight.worker = self.heartbeat.worker
        in_flight.on_change = self._is_hastened.set
        # After the threads of the pool: a warm shutdown may wait for its jobs for minutes.
        atexit.register(self._end)
        super().start()

    def run(self) -> None:
        while not self._is_over.wait(_HASTE_S):
            self._is_hastened.wait(heartbeat.interval_s())
            self._is_hastened.clear()
            self.heartbeat.beat()

    def _end(self) -> None:
        self._is_over.set()
        self._is_hastened.set()
        self.join(5)
        self.heartbeat.end()


def _ignore(*args: Any, **kwargs: Any) -> None:
    """Replace the callbacks of Celery's requests."""
