"""Progress events of a running attempt."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

import structlog
from django.conf import settings
from django.db import DatabaseError

from agents.choices import EventKind
from agents.common import events
from agents.common.database import connections
from agents.engine.registry import get_agent
from agents.jobs.live_text import MAX_CHARS, LiveText, live_texts
from agents.jobs.running.grouping import Grouped
from agents.models import AgentJob, AgentJobEvent
from agents.models.jobs import bulk_insert

log = structlog.get_logger(__name__)


def _record_group(recorded: Sequence[AgentJobEvent]) -> list[None]:
    try:
        bulk_insert.insert(AgentJobEvent, recorded)
    except DatabaseError as error:
        log.warning("progress_not_stored", events=len(recorded), error=str(error))
        connections.drop_dead()
    return [None] * len(recorded)


_events: Grouped[AgentJobEvent, None] = Grouped("progress", _record_group, max_items=100)


class Progress:
    """Callback that records phase and word count as an event, at most every ``PROGRESS_EVERY_S`` seconds.

    Those who watch the job get the text itself, which is recorded nowhere. After the first event a new phase is
    recorded at once, because a second opinion has no word counts. A shorter attempt leaves no event. Nobody waits for
    an event to be stored, and an unreachable database costs only the event.
    """

    def __init__(self, job: AgentJob, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._job = job
        self._clock = clock
        self._recorded_at = clock()
        self._recorded_phase = ""
        self._answer = ""

    def __call__(self, phase: str, answer: str) -> None:
        # The checks take milliseconds, after which the attempt is over.
        if phase == "checking":
            return
        if phase != "second_opinion":
            self._answer = answer
        # Few are watched, and few reports are recorded: the answer is parsed for those alone.
        if live_texts().is_watched(self._job.pk):
            text = self._text()[:MAX_CHARS]
            live_texts().write(self._job.pk, LiveText(self._job.attempts, phase, text))
        self._record(phase)

    def _text(self) -> str:
        return get_agent(self._job.agent_type).text_so_far(self._answer)

    def _record(self, phase: str) -> None:
        if not settings.PROGRESS_EVERY_S:
            return
        now = self._clock()
        is_early = now - self._recorded_at < settings.PROGRESS_EVERY_S
        if is_early and self._recorded_phase in {"", phase}:
            return
        words = 0 if phase == "second_opinion" else len(self._text().split())
        self._recorded_at, self._recorded_phase = now, phase
        _events.tell(
            events.event(
                self._job.pk, EventKind.PROGRESS, attempt=self._job.attempts, phase=phase, words=words
            )
        )
        # Without a thread for the events, this one has stored it.
        connections.release()
