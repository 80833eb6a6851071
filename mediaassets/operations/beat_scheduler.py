"""Beat's scheduler."""

from __future__ import annotations

import time
from typing import Any

from django_celery_beat.schedulers import DatabaseScheduler

from mediaassets.operations import beat

INTERVAL_S = 5.0


class Scheduler(DatabaseScheduler):  # type: ignore[misc]
    """Scheduler that records a heartbeat with each look at its timetable, at least every five seconds."""

    _recorded_at = 0.0

    def tick(self, *args: Any, **kwargs: Any) -> Any:
        if time.monotonic() - self._recorded_at >= INTERVAL_S - 1:
            beat.record_heartbeat()
            self._recorded_at = time.monotonic()
        return super().tick(*args, **kwargs)
