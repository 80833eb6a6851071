"""Celery tasks of the job life cycle."""

from __future__ import annotations

from celery import shared_task
from django.conf import settings

from agents.billing import ledger
from agents.common import dispatch
from agents.jobs import maintenance, stats
from agents.notify.webhooks import delivery


@shared_task(name=dispatch.CLEANUP_OLD_JOBS)
def cleanup_old_jobs(days: int | None = None) -> maintenance.CleanupResult:
    delivery.delete_old()
    ledger.prune_calls(settings.CALLS_AFTER_DAYS)
    return maintenance.cleanup_old_jobs(settings.CLEANUP_AFTER_DAYS if days is None else days)


@shared_task(name=dispatch.GET_JOB_STATS)
def get_job_stats() -> stats.JobStats:
    return stats.job_stats()
