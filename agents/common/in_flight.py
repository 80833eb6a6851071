"""Attempts that this process is running."""

from __future__ import annotations

import threading
import time
import uuid
from collections.abc import Callable
from typing import Final

# Time for which the table is compared with the register after a claim or an attempt broke off.
_SUSPICION_S: Final = 15.0


class InFlight:
    """Register of the running attempts, by job, and of those that have asked the model.

    ``worker`` is the id under which this process claims jobs. It is None in processes that are no workers, whose
    register stays empty.
    """

    def __init__(self, *, clock: Callable[[], float] = time.monotonic) -> None:
        self.worker: uuid.UUID | None = None
        # Called after each change that the row of the worker should soon tell.
        self.on_change: Callable[[], None] = lambda: None
        self._clock = clock
        self._lock = threading.Lock()
        self._is_calling: dict[str, bool] = {}
        self._suspected_at: float | None = None

    def add(self, job_id: uuid.UUID) -> None:
        if self.worker is None:
            return
        with self._lock:
            self._is_calling[str(job_id)] = False
        self.on_change()

    def note_call(self, job_id: str) -> None:
        """Note that the attempt of a job asks the model now."""
        with self._lock:
            if self._is_calling.get(job_id, True):
                return
            self._is_calling[job_id] = True
        self.on_change()

    def remove(self, job_id: uuid.UUID) -> None:
        with self._lock:
            self._is_calling.pop(str(job_id), None)

    def jobs(self) -> list[str]:
        with self._lock:
            return list(self._is_calling)

    def calling(self) -> list[str]:
        with self._lock:
            return [job_id for job_id, is_calling in self._is_calling.items() if is_calling]

    def suspect_loss(self) -> None:
        """Note that this process may hold claims in the table which are not in the register.

        An attempt broke off, or the answer to a claim was lost.
        """
        self._suspected_at = self._clock()

    @property
    def may_have_lost_some(self) -> bool:
        return self._suspected_at is not None and self._clock() - self._suspected_at < _SUSPICION_S


# The register of this process.
in_flight: Final = InFlight()
