"""Recording of job events."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from agents.choices import EventKind
from agents.models import AgentJobEvent

if TYPE_CHECKING:
    from django.contrib.auth.models import User


def record(job_id: uuid.UUID, kind: EventKind, *, attempt: int, by: User | None = None, **data: Any) -> None:
    """Record an event of a job. Call it in the transaction of the change that it describes."""
    AgentJobEvent.objects.create(job_id=job_id, kind=kind, attempt=attempt, by=by, data=data)
