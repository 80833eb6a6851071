"""Celery tasks for review metrics and gold items."""

from __future__ import annotations

from celery import shared_task

from agents.common import dispatch
from agents.quality import gold, reports
from agents.quality.promise import keeping


@shared_task(name=dispatch.REFRESH_REVIEW_REPORTS, ignore_result=True)
def refresh_review_reports() -> dict[str, int]:
    return reports.refresh_all()


@shared_task(name=dispatch.PLANT_GOLD, ignore_result=True)
def plant_gold() -> dict[str, int]:
    return gold.plant_gold()


@shared_task(name=dispatch.COMPUTE_PROMISES, ignore_result=True)
def compute_promises() -> dict[str, int]:
    return keeping.compute_all()
