"""Celery tasks that send and poll message batches."""

from __future__ import annotations

from celery import shared_task

from agents.batches import polling, recovery, sending
from agents.common import dispatch


@shared_task(name=dispatch.SEND_BATCHES, ignore_result=True)
def send_batches() -> dict[str, int]:
    return sending.send_batches()


# Kept from poll to poll of this process.
_foreign = recovery.ForeignBatches()


@shared_task(name=dispatch.POLL_BATCHES, ignore_result=True)
def poll_batches() -> dict[str, int]:
    return polling.poll_batches(_foreign)
