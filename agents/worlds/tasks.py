"""Celery tasks for the texts of worlds."""

from __future__ import annotations

from celery import shared_task

from agents.common import dispatch
from agents.worlds import naming

# Shorter than the pause between two runs.
BUDGET_S = 30.0


@shared_task(name=dispatch.READ_DUE_TEXTS, ignore_result=True)
def read_due_texts() -> dict[str, int]:
    return naming.read_all(budget_s=BUDGET_S)
