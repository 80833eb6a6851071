"""Rescue of jobs whose attempt is lost: they run again, or fail if their attempts are used up."""

from __future__ import annotations

import random
import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, Self

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from agents.choices import EventKind, JobStatus
from agents.common import world_context
from agents.common.in_flight import in_flight
from agents.jobs.running import outcomes
from agents.models import AgentJob, WorkerProcess
from agents.models.jobs.job import AgentJobQuerySet

log = structlog.get_logger(__name__)

MAX_RESCUED: Final = 500

# Age of a claim from which it counts: a younger one may not have come back to its thread yet.
GRACE_S: Final = 3.0

# Attempts of one job that may run into the end of their claim; after that the job is the cause.
MAX_OVERDUE: Final = 2

# Silence after which the row of a worker is deleted. Its jobs have been rescued long before.
FORGET_WORKER_S: Final = 600.0


class Loss(StrEnum):
    """Cause of the loss of an attempt."""

    WORKER = "worker_lost"
    CLAIM = "claim_lost"
    OVERDUE = "attempt_overdue"


@dataclass(frozen=True, slots=True)
class _Stalled:
    """Selection of the jobs whose attempt is lost, made from one look at the workers."""

    now: datetime
    silent: Collection[uuid.UUID]
    own: uuid.UUID | None
    running: Collection[str]

    @classmethod
    def look(cls, *, trusts_silence: bool) -> Self:
        own = in_flight.worker
        silent = WorkerProcess.objects.silent() if trusts_silence else ()
        return cls(
            now=timezone.now(),
            silent=[worker.pk for worker in silent if worker.pk != own],
            own=own if in_flight.may_have_lost_some else None,
            running=in_flight.jobs(),
        )

    def jobs(self) -> AgentJobQuerySet:
        """Select the jobs; ``agent_jobs_claims`` serves the usual case, in which no worker is silent."""
        lost = Q(claimed_until__lt=self.now)
        if self.silent:
            # A claim is a sign of life too: the worker may have slept, and its heartbeat be about to follow. One from
            # the future only shows that its clock is wrong.
            lease = timedelta(seconds=settings.LEASE_S)
            is_recent = Q(started_at__range=(self.now - lease, self.now + lease))
            lost |= Q(worker__in=self.silent) & ~is_recent
        if self.own:
            held = Q(worker=self.own, started_at__lt=self.now - timedelta(seconds=GRACE_S))
            lost |= held & ~Q(pk__in=self.running)
        return AgentJob.objects.filter(lost, status=JobStatus.PROCESSING)

    def cause(self, job: AgentJob) -> Loss:
        if job.claimed_until is not None and job.claimed_until < self.now:
            return Loss.OVERDUE if job.worker else Loss.WORKER
        return Loss.CLAIM if job.worker == self.own else Loss.WORKER


def rescue_stalled_jobs(*, trusts_silence: bool = True) -> dict[str, int]:
    """Take back the jobs whose worker is silent or whose claim has expired.

    Also those that this process has claimed and does not run. Any number of processes may do so at once.
    ``trusts_silence`` False: the database was away, and all workers look silent.
    """
    stalled = _Stalled.look(trusts_silence=trusts_silence)
    lost = list(stalled.jobs().order_by("claimed_until")[:MAX_RESCUED])
    # In different orders, so that several rescuers share the work.
    random.shuffle(lost)
    rescued = sum(_rescue(job, stalled) for job in lost)
    if rescued:
        log.warning("jobs_rescued", count=rescued)
    if stalled.silent and not lost:
        WorkerProcess.objects.silent(FORGET_WORKER_S).delete()
    return {"rescued": rescued}


def _rescue(job: AgentJob, stalled: _Stalled) -> bool:
    with transaction.atomic():
        job.universe = world_context.lock_universe(job.universe_id)
        # Locked until the end, so that a second rescuer does not find it.
        mine = stalled.jobs().filter(pk=job.pk, attempts=job.attempts).select_for_update(skip_locked=True)
        if mine.first() is None:
            return False
        cause = stalled.cause(job)
        is_poison = cause == Loss.OVERDUE and _times_overdue(job) + 1 >= MAX_OVERDUE
        outcomes.record_lost_attempt(job, cause, may_have_called=_may_have_called(job), is_to_fail=is_poison)
    return True


def _times_overdue(job: AgentJob) -> int:
    return job.events.filter(kind=EventKind.RESCUED, data__cause=Loss.OVERDUE).count()


def _may_have_called(job: AgentJob) -> bool:
    """Return whether the model may have been asked in the lost attempt.

    That is the case if the worker's row names the job, or if the attempt began after the row was renewed for the last
    time. Workers of earlier releases and batches have no row.
    """
    worker = WorkerProcess.objects.filter(pk=job.worker).first() if job.worker else None
    if worker is None or job.started_at is None:
        return True
    return str(job.pk) in worker.calling or job.started_at >= worker.seen_at
