"""Jobs that failed, or wait after an error, by the cause; and bulk actions on those of one cause."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final

from django.db.models import QuerySet

from agents.choices import JobStatus
from agents.errors import DomainError, Invalid
from agents.jobs.actions import OPERATE, cancel_job, retry_job
from agents.models import AgentJob

if TYPE_CHECKING:
    from django.contrib.auth.models import User

__all__ = ["OPERATE", "Cause", "Done", "act_on_cause", "failed", "waiting"]

# Older ones are not counted, so that the page costs the same on a large site.
MAX_COUNTED: Final = 2_000
# Jobs of one bulk action; each is a transaction of its own.
MAX_AT_ONCE: Final = 500


@dataclass(frozen=True, slots=True)
class Cause:
    """Jobs of one error code, among the latest ``MAX_COUNTED``; ``message`` is that of the newest."""

    code: str
    count: int
    latest_at: datetime
    message: str
    latest_id: uuid.UUID


@dataclass(frozen=True, slots=True)
class Done:
    """The effect of a bulk action; ``left`` jobs of the cause were not reached, ``refusals`` are distinct."""

    count: int
    refused: int
    refusals: list[str]
    left: int


def failed() -> list[Cause]:
    """Return the causes of the latest failed jobs, the most frequent first."""
    return _causes(JobStatus.FAILED)


def waiting() -> list[Cause]:
    """Return the causes for which the latest waiting jobs were put back, the most frequent first."""
    return _causes(JobStatus.PENDING)


def act_on_cause(status: str, code: str, *, by: User) -> Done:
    """Retry the failed, or cancel the waiting, jobs of one cause, at most ``MAX_AT_ONCE`` of them, oldest first."""
    acts: dict[str, Callable[..., AgentJob]] = {JobStatus.FAILED: retry_job, JobStatus.PENDING: cancel_job}
    if status not in acts:
        raise Invalid("Only failed jobs can be retried, and only waiting jobs cancelled.")
    jobs = _with(status).filter(error_code=code)
    ids = list(jobs.order_by("created_at", "id").values_list("pk", flat=True)[: MAX_AT_ONCE + 1])
    count, refusals = 0, []
    for job_id in ids[:MAX_AT_ONCE]:
        try:
            acts[status](job_id, by=by)
        except DomainError as refusal:
            refusals.append(refusal.message)
        else:
            count += 1
    left = jobs.count() - len(refusals) if len(ids) > MAX_AT_ONCE else 0
    return Done(count, len(refusals), list(_first_of_each(refusals)), left)


def _with(status: str) -> QuerySet[AgentJob]:
    return AgentJob.objects.filter(status=status)


def _causes(status: str) -> list[Cause]:
    latest = _with(status).order_by("-created_at", "-id").values_list("pk", "error_code", "created_at")
    counts: Counter[str] = Counter()
    newest: dict[str, tuple[uuid.UUID, datetime]] = {}
    for job_id, code, created_at in latest[:MAX_COUNTED]:
        counts[code] += 1
        newest.setdefault(code, (job_id, created_at))
    counts.pop("", None)
    ids = [newest[code][0] for code in counts]
    messages = dict(AgentJob.objects.filter(pk__in=ids).values_list("pk", "error_message")) if ids else {}
    return [
        Cause(code, count, newest[code][1], messages.get(newest[code][0], ""), newest[code][0])
        for code, count in counts.most_common()
    ]


def _first_of_each(refusals: Iterable[str]) -> Iterator[str]:
    """Yield the refusals once for each beginning: the rest names the job."""
    seen: set[str] = set()
    for refusal in refusals:
        kind = refusal.partition(" ")[0] + refusal.rpartition(";")[2]
        if kind not in seen:
            seen.add(kind)
            yield refusal
