"""In which order a worker looks into its queues."""

from __future__ import annotations

from collections.abc import Iterable

# Others come after these.
_ORDER = ("maintenance", "jobs", "background")


class UrgentFirst:
    """Housekeeping, then jobs that somebody waits for, then the rest, whenever a worker has room for a message.

    In turn, as Kombu does it, a busy worker takes one housekeeping message a job. Beat sends more than that; they
    pile up, each is too old when its turn comes, and retries, rescues and schedules stand still while the worker is
    busiest. Housekeeping is over in milliseconds and cannot hold up the jobs. Likewise a person's job would wait
    behind all that schedules have asked for.
    """

    def __init__(self) -> None:
        self._queues: list[str] = []

    def update(self, queues: Iterable[str]) -> None:
        self._queues = sorted(queues, key=lambda queue: (*_ORDER, queue).index(queue))

    def consume(self, count: int) -> list[str]:
        return self._queues[:count]

    def rotate(self, last_used: str) -> str:
        """Kombu says which queue had a message; the order stays."""
        return last_used
