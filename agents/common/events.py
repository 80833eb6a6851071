"""Recording of job events."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from agents.choices import EventKind
from agents.models import AgentJobEvent
from agents.models.jobs import bulk_insert

if TYPE_CHECKING:
    from django.contrib.auth.models import User


def record(job_id: uuid.UUID, kind: EventKind, *, attempt: int, by: User | None = None, **data: Any) -> None:
    """Record an event of a job. Call it in the transaction of the change that it describes."""
    bulk_insert.insert(AgentJobEvent, [event(job_id, kind, attempt=attempt, by=by, **data)])


def event(
    job_id: uuid.UUID, kind: EventKind, *, attempt: int, by: User | None = None, **data: Any
) -> AgentJobEvent:
    """Return an event that is not stored yet."""
    return AgentJobEvent(job_id=job_id, kind=kind, attempt=attempt, by=by, data=data)
