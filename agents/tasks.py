"""Celery tasks of the agents: importing a room's tasks module registers its tasks."""

from __future__ import annotations

import uuid

from celery import current_task, shared_task
from django.core.management import call_command

import agents.batches.tasks
import agents.billing.tasks
import agents.jobs.tasks
import agents.learning.tasks
import agents.notify.tasks
import agents.providers.tasks
import agents.quality.tasks
import agents.schedules.tasks
import agents.worlds.tasks  # noqa: F401
from agents.batches.answer_source import process_job
from agents.common import dispatch, tracing


@shared_task(name=dispatch.PROCESS_AGENT_JOB, acks_late=True, ignore_result=True)
def process_agent_job(job_id: str) -> None:
    with tracing.continued(current_task.request.headers):
        process_job(uuid.UUID(job_id))


@shared_task(name=dispatch.FLUSH_EXPIRED_TOKENS)
def flush_expired_tokens() -> None:
    call_command("flushexpiredtokens")
