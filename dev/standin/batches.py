"""Message batches: what waits, until when, and how it is shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from dev.standin.clock import rfc3339
from dev.standin.errors import ApiError
from dev.standin.journal import Call

LIFE_S: Final = 24 * 3600.0
ARCHIVED_AFTER_S: Final = 29 * 24 * 3600.0

_OUTCOMES: Final = ("succeeded", "errored", "canceled", "expired")


@dataclass(slots=True, kw_only=True)
class Batch:
    """``lasts_s`` is the work of all items, one after the other. ``results`` is None until the batch has ended."""

    id: str
    items: list[Mapping[str, Any]]
    created_at: float
    lasts_s: float
    cancel_s: float
    canceled_at: float | None = None
    ended_at: float | None = None
    results: list[dict[str, Any]] | None = None
    calls: list[Call] = field(default_factory=list)

    @property
    def ends_at(self) -> float:
        ends = min(self.created_at + self.lasts_s, self.created_at + LIFE_S)
        return ends if self.canceled_at is None else min(ends, self.canceled_at + self.cancel_s)

    @property
    def is_cut_short_by_cancel(self) -> bool:
        return self.ends_at < min(self.created_at + self.lasts_s, self.created_at + LIFE_S)

    def info(self, base_url: str, now: float) -> dict[str, Any]:
        is_archived = now > self.created_at + ARCHIVED_AFTER_S
        has_results = self.results is not None and not is_archived
        status = "ended" if self.results is not None else "canceling" if self.canceled_at else "in_progress"
        return {
            "id": self.id,
            "type": "message_batch",
            "processing_status": status,
            "request_counts": self._counts(),
            "created_at": _time(self.created_at),
            "expires_at": _time(self.created_at + LIFE_S),
            "ended_at": _time(self.ended_at),
            "cancel_initiated_at": _time(self.canceled_at),
            "archived_at": _time(self.created_at + ARCHIVED_AFTER_S if is_archived else None),
            "results_url": f"{base_url}/v1/messages/batches/{self.id}/results" if has_results else None,
        }

    def _counts(self) -> dict[str, int]:
        """Everything is processing until the whole batch has ended."""
        results = self.results or []
        counts = {name: sum(line["result"]["type"] == name for line in results) for name in _OUTCOMES}
        return {"processing": len(self.items) - len(results), **counts}


def _time(at: float | None) -> str | None:
    return None if at is None else rfc3339(at, timespec="microseconds")


class BatchStore:
    """Newest first, as they are listed."""

    def __init__(self) -> None:
        self._batches: dict[str, Batch] = {}

    def add(self, batch: Batch) -> None:
        self._batches = {batch.id: batch, **self._batches}

    def find(self, batch_id: str) -> Batch:
        if batch_id not in self._batches:
            raise ApiError(404, f"Message batch {batch_id} not found.")
        return self._batches[batch_id]

    def remove(self, batch: Batch) -> None:
        del self._batches[batch.id]

    def all(self) -> list[Batch]:
        return list(self._batches.values())
