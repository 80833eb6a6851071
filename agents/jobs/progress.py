"""Progress events of a running attempt."""

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
    """Callback that records phase and word count as an event, at most every ``PROGRESS_EVERY_S`` seconds.

    After the first event a new phase is recorded at once, because a second opinion has no word counts. A shorter
    attempt leaves no event. An unreachable database costs only the event, and no connection stays open between events.
    """

    def __init__(self, job: AgentJob, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._job = job
        self._clock = clock
        self._recorded_at = clock()
        self._recorded_phase = ""

    def __call__(self, phase: str, words: int) -> None:
        now = self._clock()
        is_early = now - self._recorded_at < settings.PROGRESS_EVERY_S
        if not settings.PROGRESS_EVERY_S or (is_early and self._recorded_phase in {"", phase}):
            return
        self._recorded_at, self._recorded_phase = now, phase
        try:
            events.record(
                self._job.pk, EventKind.PROGRESS, attempt=self._job.attempts, phase=phase, words=words
            )
        except DatabaseError as error:
            log.warning("progress_not_stored", error=str(error))
        finally:
            connections.release()
