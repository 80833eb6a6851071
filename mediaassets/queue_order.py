"""The order in which a worker checks its queues."""

from __future__ import annotations

from collections.abc import Iterable

# Other queues come last.
_ORDER = ("maintenance", "jobs", "background", "crowded")


class UrgentFirst:
    """Kombu's queue order strategy: maintenance, then jobs that a user waits for, then the rest.

    Kombu's default takes the queues in turn, so a busy worker runs one maintenance message per job. Beat sends more
    than that: the messages would pile up and expire, and schedules, batches and mail would stop while the worker is
    busiest. Maintenance tasks take milliseconds and cannot delay the jobs. Likewise, jobs of schedules must not
    delay a user's job, nor the many of one account those of another.
    """

    def __init__(self) -> None:
        self._queues: list[str] = []

    def update(self, queues: Iterable[str]) -> None:
        self._queues = sorted(queues, key=lambda queue: (*_ORDER, queue).index(queue))

    def consume(self, count: int) -> list[str]:
        return self._queues[:count]

    def rotate(self, last_used: str) -> str:
        """Keep the order, although Kombu reports the queue that had a message."""
        return last_used
