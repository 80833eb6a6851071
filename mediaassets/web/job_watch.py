"""One look at the database, twice a second, for all clients of this process that wait for a job."""

from __future__ import annotations

import asyncio
import uuid
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Final

import structlog
from django.db import DatabaseError, connection

from agents.jobs.changes import JobNews
from agents.jobs.live_text import LiveText

log = structlog.get_logger(__name__)

INTERVAL_S: Final = 0.5

# Reads the news of jobs behind an event, and the live texts of some of them.
Read = Callable[[Collection[uuid.UUID], int, Collection[uuid.UUID]], Mapping[uuid.UUID, JobNews]]
# State and live text that a client was told last.
Told = tuple[str, LiveText | None]


class JobWatch:
    """Tells waiting clients the news of their jobs, by one statement for all of them on a thread of its own.

    Without waiting clients it asks nothing. All methods belong to the event loop.
    """

    def __init__(self, read: Read) -> None:
        self._read = read
        # By job: the queues of its clients, and the state that each was told last.
        self._queues: dict[uuid.UUID, dict[asyncio.Queue[JobNews | None], Told]] = {}
        self._with_text: Counter[uuid.UUID] = Counter()
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="job-watch")
        self._running: asyncio.Task[None] | None = None
        self._since = 0
        self.is_closed = False

    @contextmanager
    def news_of(
        self, job_id: uuid.UUID, *, with_text: bool = False
    ) -> Iterator[asyncio.Queue[JobNews | None]]:
        """Provide a queue of the news of a job, which ends with None when the process stops.

        The news say again what was already there when the block began.
        """
        queue: asyncio.Queue[JobNews | None] = asyncio.Queue()
        queues = self._queues.setdefault(job_id, {})
        queues[queue] = ("", None)
        self._with_text[job_id] += with_text
        if self.is_closed:
            queue.put_nowait(None)
        elif self._running is None:
            self._running = asyncio.create_task(self._run())
        try:
            yield queue
        finally:
            del queues[queue]
            self._with_text[job_id] -= with_text
            self._with_text += Counter()
            if not queues and self._queues.get(job_id) is queues:
                del self._queues[job_id]

    def close(self) -> None:
        """Let everybody who waits go."""
        self.is_closed = True
        for queues in self._queues.values():
            for queue in queues:
                queue.put_nowait(None)

    async def _run(self) -> None:
        while self._queues and not self.is_closed:
            await asyncio.sleep(INTERVAL_S)
            if self._queues:
                loop = asyncio.get_running_loop()
                self._tell(
                    await loop.run_in_executor(
                        self._thread, self._look, list(self._queues), list(self._with_text)
                    )
                )
        self._running = None

    def _look(
        self, job_ids: Collection[uuid.UUID], with_text: Collection[uuid.UUID]
    ) -> Mapping[uuid.UUID, JobNews]:
        try:
            return self._read(job_ids, self._since, with_text)
        except DatabaseError as error:
            log.warning("job_watch_failed", error=str(error))
            return {}
        finally:
            connection.close()

    def _tell(self, news: Mapping[uuid.UUID, JobNews]) -> None:
        for job_id, found in news.items():
            for event in found.events:
                self._since = max(self._since, event.id)
            queues = self._queues.get(job_id, {})
            for queue, told in queues.items():
                if found.events or found.status != told[0] or self._is_new_text(found, told, queue):
                    queues[queue] = (found.status, found.text)
                    queue.put_nowait(found)

    def _is_new_text(self, found: JobNews, told: Told, queue: asyncio.Queue[JobNews | None]) -> bool:
        # A client that has not read what it was told gets a newer text later, so that texts do not pile up.
        return found.text is not None and found.text != told[1] and queue.empty()
