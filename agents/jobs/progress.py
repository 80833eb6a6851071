"""How far a running attempt is, told as events while the model writes."""

from __future__ import annotations

import time
from collections.abc import Callable

import structlog
from django.conf import settings
from django.db import DatabaseError

from agents.choices import EventKind
from agents.common import connections, events
from agents.models import AgentJob

log = structlog.get_logger(__name__)


class Progress:
    """Called with the phase and the words so far; writes an event at most every ``PROGRESS_EVERY_S`` seconds.

    Once it has written one, it tells a new phase at once: of a second opinion no words are told. An attempt that is
    over sooner leaves none. A database that is away costs the event and nothing else, and no connection stays open
    between two of them.
    """

    def __init__(self, job: AgentJob, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._job = job
        self._clock = clock
        self._told_at = clock()
        self._told_phase = ""

    def __call__(self, phase: str, words: int) -> None:
        now = self._clock()
        is_early = now - self._told_at < settings.PROGRESS_EVERY_S
        if not settings.PROGRESS_EVERY_S or (is_early and self._told_phase in {"", phase}):
            return
        self._told_at, self._told_phase = now, phase
        try:
            events.record(
                self._job.pk, EventKind.PROGRESS, attempt=self._job.attempts, phase=phase, words=words
            )
        except DatabaseError as error:
            log.warning("progress_not_stored", error=str(error))
        finally:
            connections.release()
