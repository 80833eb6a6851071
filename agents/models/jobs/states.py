"""States of jobs that are selected together."""

from __future__ import annotations

from django.db.models import Q

from agents.choices import JobOutcome, JobStatus

FINISHED = (JobStatus.COMPLETED, JobStatus.FAILED, JobStatus.CANCELLED)
UNFINISHED = (JobStatus.PENDING, JobStatus.PROCESSING)
UNSUCCESSFUL = (JobStatus.FAILED, JobStatus.CANCELLED)

RARE_OUTCOMES = tuple(outcome for outcome in JobOutcome if outcome != JobOutcome.TRUSTED)

# Finished jobs that the totals lack, and retried ones that they hold. Databases have statistics of the flag.
UNCOUNTED = Q(is_counted=False) & (Q(status__in=FINISHED) | ~Q(counted_as=""))
