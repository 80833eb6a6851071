"""Celery tasks for the texts of worlds."""

from __future__ import annotations

from celery import shared_task

from agents.common import dispatch
from agents.worlds import naming, recheck

# Shorter than the pauses between two runs.
BUDGET_S = 30.0
RECHECK_BUDGET_S = 20.0


@shared_task(name=dispatch.READ_DUE_TEXTS, ignore_result=True)
def read_due_texts() -> dict[str, int]:
    return naming.read_all(budget_s=BUDGET_S)


@shared_task(name=dispatch.RECHECK_WORLDS, ignore_result=True)
def recheck_worlds() -> dict[str, int]:
    return recheck.recheck_all(budget_s=RECHECK_BUDGET_S)
