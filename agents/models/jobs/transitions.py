"""State transitions of a job.

A transition is one ``UPDATE … WHERE status = old``, and its row count tells who won. ``attempts`` is the fence: the
late update of a worker that stalled and woke again matches no row.
"""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import Any, Self, TypeVar

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from agents.choices import JobOutcome, JobStatus

JobT = TypeVar("JobT", bound=models.Model)


class JobTransitions(models.QuerySet[JobT]):
    """Sole writers of a job's state; each caller records an AgentJobEvent in the same transaction."""

    def due(self, now: datetime | None = None) -> Self:
        """Select pending jobs that may start now."""
        return self.filter(status=JobStatus.PENDING, available_at__lte=now or timezone.now())

    def claim(self, job_id: uuid.UUID, *, claim_s: float, worker: uuid.UUID | None = None) -> JobT | None:
        """Move a due job from pending to processing; None if it is not due or another worker was faster."""
        now = timezone.now()
        won = (
            self.due(now)
            .filter(pk=job_id)
            .update(
                status=JobStatus.PROCESSING,
                attempts=F("attempts") + 1,
                started_at=now,
                claimed_until=now + timedelta(seconds=claim_s),
                worker=worker,
            )
        )
        if not won:
            return None
        return self.select_related("universe", "requested_by", "follows").get(pk=job_id)

    def _claimed(self, job_id: uuid.UUID, attempt: int) -> Self:
        return self.filter(pk=job_id, status=JobStatus.PROCESSING, attempts=attempt)

    def complete(self, job_id: uuid.UUID, attempt: int, *, outcome: JobOutcome, **result: Any) -> bool:
        """Move a job from processing to completed, if this attempt still holds the claim."""
        return bool(
            self._claimed(job_id, attempt).update(
                status=JobStatus.COMPLETED,
                outcome=outcome,
                completed_at=timezone.now(),
                claimed_until=None,
                error_code="",
                error_message="",
                **result,
            )
        )

    def put_back(
        self,
        job_id: uuid.UUID,
        attempt: int,
        *,
        available_at: datetime,
        error_code: str,
        error_message: str,
        is_try: bool,
        is_lost: bool = False,
    ) -> bool:
        """Move a job from processing to pending, to be claimed from ``available_at`` on.

        ``is_try`` False: the attempt did not reach the model and does not count against the limit.
        ``is_lost``: a worker lost the attempt. The job had its turn, so it no longer waits for the jobs of others.
        """
        return bool(
            self._claimed(job_id, attempt).update(
                **({"is_crowded": False} if is_lost else {}),
                status=JobStatus.PENDING,
                attempt_limit=F("attempt_limit") + (0 if is_try else 1),
                available_at=available_at,
                sent_at=None,
                claimed_until=None,
                error_code=error_code,
                error_message=error_message,
            )
        )

    def join_batch(self, now: datetime, *, until: datetime) -> int:
        """Move locked jobs from pending to processing without a worker."""
        return self.filter(status=JobStatus.PENDING).update(
            status=JobStatus.PROCESSING,
            attempts=F("attempts") + 1,
            started_at=now,
            claimed_until=until,
            worker=None,
            batch_until=None,
            sent_at=None,
        )

    def extend_claim(self, job_id: uuid.UUID, attempt: int, *, until: datetime) -> bool:
        """Extend the claim, if this attempt still holds it."""
        return bool(self._claimed(job_id, attempt).update(claimed_until=until))

    def leave_batch(
        self,
        now: datetime,
        *,
        batch_until: datetime | None,
        error_code: str,
        error_message: str,
    ) -> int:
        """Move locked jobs from processing to pending without using up a retry.

        They are asked directly, or wait for another batch until ``batch_until``.
        """
        return self.filter(status=JobStatus.PROCESSING).update(
            status=JobStatus.PENDING,
            attempt_limit=F("attempt_limit") + 1,
            available_at=batch_until or now,
            batch_until=batch_until,
            sent_at=now,
            claimed_until=None,
            error_code=error_code,
            error_message=error_message,
        )

    def ask_directly(self, now: datetime) -> int:
        """Make jobs that wait for a batch due now."""
        return self.filter(status=JobStatus.PENDING, batch_until__isnull=False).update(
            batch_until=None, available_at=now, sent_at=now
        )

    def bring_forward(self, now: datetime, **where: Any) -> list[JobT]:
        """Make waiting jobs due now; return those that have to be enqueued. Call it in a transaction."""
        waiting = self.filter(status=JobStatus.PENDING, **where).filter(
            Q(available_at__gt=now) | Q(sent_at__isnull=True)
        )
        # The row lock lets only one of two processes bring a job forward.
        jobs = list(waiting.select_for_update(skip_locked=True).only("schedule", "priority"))
        self.filter(pk__in=[job.pk for job in jobs]).update(available_at=now, sent_at=now)
        return jobs

    def fail(
        self, job_id: uuid.UUID, attempt: int, *, error_code: str, error_message: str, is_mock: bool
    ) -> bool:
        """Move a job from processing to failed, if this attempt still holds the claim."""
        return bool(
            self._claimed(job_id, attempt).update(
                status=JobStatus.FAILED,
                outcome=JobOutcome.FAILED,
                completed_at=timezone.now(),
                claimed_until=None,
                error_code=error_code,
                error_message=error_message,
                is_mock=is_mock,
            )
        )

    def retry(self, job_id: uuid.UUID, *, more_attempts: int) -> bool:
        """Move a job from failed to pending with a new allowance of attempts; the attempt number continues."""
        now = timezone.now()
        return bool(
            self.filter(pk=job_id, status=JobStatus.FAILED).update(
                status=JobStatus.PENDING,
                outcome="",
                attempt_limit=F("attempts") + more_attempts,
                # A person is waiting now, so no batch.
                batch_until=None,
                available_at=now,
                sent_at=now,
                completed_at=None,
                # The totals hold it as failed.
                is_counted=False,
                error_code="",
                error_message="",
            )
        )

    def cancel(self, job_id: uuid.UUID) -> bool:
        """Move a job from pending or processing to cancelled; a running attempt loses its claim."""
        return bool(
            self.filter(pk=job_id, status__in=[JobStatus.PENDING, JobStatus.PROCESSING]).update(
                status=JobStatus.CANCELLED,
                outcome=JobOutcome.CANCELLED,
                completed_at=timezone.now(),
                claimed_until=None,
            )
        )

    def decide(self, job_id: uuid.UUID, outcome: JobOutcome) -> bool:
        """Change what became of the output of a completed job."""
        completed = self.filter(pk=job_id, status=JobStatus.COMPLETED).exclude(outcome=outcome)
        # The totals hold it with its earlier outcome.
        return bool(completed.update(outcome=outcome, is_counted=False))
