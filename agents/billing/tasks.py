"""Celery task of the totals."""

from __future__ import annotations

from celery import shared_task

from agents.billing import totals
from agents.common import dispatch


@shared_task(name=dispatch.COUNT_TOTALS, ignore_result=True)
def count_totals() -> dict[str, int]:
    return totals.count_new_rows()
