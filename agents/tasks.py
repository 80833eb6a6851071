"""The consumer's side of Celery: each task is one call to a service."""

from __future__ import annotations

import uuid
from typing import Any

from celery import shared_task
from django.conf import settings
from django.core.management import call_command

from agents import dispatch
from agents.services import (
    batch_polling,
    batch_sending,
    gold,
    mailing,
    maintenance,
    model_checks,
    processing,
    review_reports,
    schedules,
    stats,
)


@shared_task(name=dispatch.PROCESS_AGENT_JOB, acks_late=True, ignore_result=True)
def process_agent_job(job_id: str) -> None:
    processing.run_job(uuid.UUID(job_id))


@shared_task(name=dispatch.ENQUEUE_DUE_JOBS, ignore_result=True)
def enqueue_due_jobs() -> dict[str, int]:
    return maintenance.enqueue_due_jobs()


@shared_task(name=dispatch.RESCUE_STALLED_JOBS)
def rescue_stalled_jobs() -> dict[str, int]:
    return maintenance.rescue_stalled_jobs()


@shared_task(name=dispatch.RUN_DUE_SCHEDULES, ignore_result=True)
def run_due_schedules() -> dict[str, int]:
    return schedules.run_due()


@shared_task(name=dispatch.CLEANUP_OLD_JOBS)
def cleanup_old_jobs(days: int | None = None) -> dict[str, Any]:
    return maintenance.cleanup_old_jobs(settings.CLEANUP_AFTER_DAYS if days is None else days)


@shared_task(name=dispatch.FLUSH_EXPIRED_TOKENS)
def flush_expired_tokens() -> None:
    call_command("flushexpiredtokens")


@shared_task(name=dispatch.GET_JOB_STATS)
def get_job_stats() -> dict[str, Any]:
    return stats.job_stats()


@shared_task(name=dispatch.REFRESH_REVIEW_REPORTS, ignore_result=True)
def refresh_review_reports() -> dict[str, int]:
    return review_reports.refresh_all()


@shared_task(name=dispatch.PLANT_GOLD, ignore_result=True)
def plant_gold() -> dict[str, int]:
    return gold.plant_gold()


@shared_task(name=dispatch.MAIL_NOTIFICATIONS, ignore_result=True)
def mail_notifications() -> dict[str, int]:
    return mailing.mail_notifications()


@shared_task(name=dispatch.MAIL_OVERDUE_DIGEST)
def mail_overdue_digest() -> dict[str, int]:
    return mailing.mail_overdue_digest()


@shared_task(name=dispatch.CHECK_LANGUAGE_MODELS)
def check_language_models(only_if_due: bool = False) -> dict[str, int]:
    return model_checks.check_language_models(only_if_due=only_if_due)


@shared_task(name=dispatch.SEND_BATCHES, ignore_result=True)
def send_batches() -> dict[str, int]:
    return batch_sending.send_batches()


@shared_task(name=dispatch.POLL_BATCHES, ignore_result=True)
def poll_batches() -> dict[str, int]:
    return batch_polling.poll_batches()
