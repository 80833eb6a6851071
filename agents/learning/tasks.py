"""Celery task of learning."""

from __future__ import annotations

from celery import shared_task

from agents.common import dispatch
from agents.learning import effect, proposals


@shared_task(name=dispatch.LEARN, ignore_result=True)
def learn() -> dict[str, int]:
    return {"proposed": proposals.propose_all(), "trials_ended": effect.end_trials()}
