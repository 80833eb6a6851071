"""Claims that could not be freed because the database was away: they are freed as soon as it is back."""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable
from typing import Final, Generic, TypeVar

import structlog
from django.db import Error, connection

log = structlog.get_logger(__name__)

INTERVAL_S: Final = 0.5
# After this their time is over anyway.
MAX_TRIES: Final = 240

Claim = TypeVar("Claim", bound=Hashable)


class Abandoned(Generic[Claim]):
    """Claims to ``free``, which a thread tries again and again while there are any."""

    def __init__(self, free: Callable[[Claim], object], *, interval_s: float = INTERVAL_S) -> None:
        self._free = free
        self._interval_s = interval_s
        self._lock = threading.Lock()
        self._tries: dict[Claim, int] = {}
        self._is_running = False

    def add(self, claim: Claim) -> None:
        with self._lock:
            self._tries[claim] = 0
            if self._is_running:
                return
            self._is_running = True
        threading.Thread(target=self._run, name="abandoned-claims", daemon=True).start()

    def _run(self) -> None:
        pause = threading.Event()
        while True:
            with self._lock:
                if not self._tries:
                    self._is_running = False
                    return
                waiting = list(self._tries)
            pause.wait(self._interval_s)
            try:
                for claim in waiting:
                    self._try(claim)
            finally:
                connection.close()

    def _try(self, claim: Claim) -> None:
        try:
            self._free(claim)
        except Error as error:
            with self._lock:
                self._tries[claim] += 1
                if self._tries[claim] < MAX_TRIES:
                    return
            log.warning("claim_not_freed", error=str(error))
        with self._lock:
            self._tries.pop(claim, None)
