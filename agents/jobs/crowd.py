"""Turns between accounts: many waiting jobs of one do not delay those of another.

An account's jobs beyond ``CROWDED_AFTER_JOBS`` waiting ones are **crowded**: workers take them when no other job waits.
Beyond ``MAX_WAITING_JOBS`` they are refused.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Final

from django.conf import settings
from django.db import connection

from agents.choices import JobStatus, VersionedData
from agents.common.database import versions
from agents.common.database.versions import Versions
from agents.errors import DomainError, Quota, TooManyWaitingJobs
from agents.models import AgentJob

_counts: ContextVar[bool] = ContextVar("waiting_jobs_count", default=True)

# Wait that is suggested to an account with too many waiting jobs.
RETRY_S: Final = 60


def mark_and_lock(jobs: Sequence[AgentJob]) -> tuple[dict[uuid.UUID, DomainError], Versions]:
    """Mark the jobs that are served after those of others; return the refusals of those beyond the quota by job.

    The jobs are of one person. Submissions at the same time do not see each other's jobs, so both numbers may be
    exceeded by as many. The version of the budgets is locked in the same round trip, and returned.
    """
    if not jobs:
        return {}, {}
    person = jobs[0].requested_by_id
    refusals: dict[uuid.UUID, DomainError] = {}
    # The exact number is counted only where it matters.
    locked, waiting = versions.lock_shared_and_count(
        VersionedData.BUDGETS, *_waiting(person, at_most=settings.CROWDED_AFTER_JOBS)
    )
    if waiting == settings.CROWDED_AFTER_JOBS:
        waiting = _count_waiting(person, at_most=settings.MAX_WAITING_JOBS)
    for job in jobs:
        job.is_crowded = waiting >= settings.CROWDED_AFTER_JOBS
        if waiting >= settings.MAX_WAITING_JOBS and _counts.get():
            refusals[job.pk] = TooManyWaitingJobs(
                f"{settings.MAX_WAITING_JOBS:,} of your jobs are already waiting. Submit more when some are done.",
                _quota(),
            )
        else:
            waiting += 1
    return refusals, locked


@contextmanager
def without_quota() -> Iterator[None]:
    """Let the demo have as many waiting jobs as it shows: there nobody could come back later."""
    token = _counts.set(False)
    try:
        yield
    finally:
        _counts.reset(token)


def _count_waiting(person: Any, *, at_most: int) -> int:
    with connection.cursor() as cursor:
        cursor.execute(*_waiting(person, at_most=at_most))
        return int(cursor.fetchone()[0])


def _waiting(person: Any, *, at_most: int) -> tuple[str, list[Any]]:
    # As text, because the ORM takes longer to write it than the database to answer.
    table, status = AgentJob._meta.db_table, JobStatus.PENDING.value
    waiting = f"SELECT 1 FROM {table} WHERE requested_by_id = %s AND status = '{status}' LIMIT %s"  # noqa: S608
    return f"SELECT COUNT(*) FROM ({waiting}) AS waiting", [person, at_most]  # noqa: S608


def _quota() -> Quota:
    return Quota(
        "waiting_jobs", settings.MAX_WAITING_JOBS, window_s=RETRY_S, remaining=0, resets_in_s=RETRY_S
    )
