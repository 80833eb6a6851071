"""Celery task that submits the jobs of due schedules."""

from __future__ import annotations

from celery import shared_task

from agents.common import dispatch
from agents.schedules import scheduling


@shared_task(name=dispatch.RUN_DUE_SCHEDULES, ignore_result=True)
def run_due_schedules() -> dict[str, int]:
    return scheduling.run_due()
