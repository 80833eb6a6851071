"""Threads of a worker process that do something every few seconds."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable

import redis
import structlog
from django.db import DatabaseError, connection
from kombu.exceptions import KombuError

log = structlog.get_logger(__name__)

MAX_STOP_S = 5.0
# Spread of the intervals, so that the workers of a site do not all ask at once.
JITTER = 0.2


class Loop:
    """Daemon thread that calls ``work`` every ``interval_s``; an unreachable server only costs that call."""

    def __init__(self, name: str, work: Callable[[], object], *, interval_s: float) -> None:
        self._name = name
        self._work = work
        self._interval_s = interval_s
        self._is_stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Let no further call begin."""
        self._is_stopping.set()

    def join(self) -> None:
        if self._thread.is_alive():
            self._thread.join(MAX_STOP_S)

    def _run(self) -> None:
        while not self._is_stopping.wait(self._interval_s * random.uniform(1 - JITTER, 1 + JITTER)):  # noqa: S311
            try:
                self._work()
            except (DatabaseError, redis.RedisError, KombuError, OSError) as error:
                log.warning("loop_failed", loop=self._name, error=str(error))
            except Exception:  # the thread's edge: the next call may succeed
                log.exception("loop_crashed", loop=self._name)
            finally:
                connection.close()
