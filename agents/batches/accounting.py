"""Accounting of batch answers: each is applied once, and each call that may have been billed is recorded once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, TypeVar

import structlog
from django.db import transaction
from django.utils import timezone

from agents.batches import frozen, leaving
from agents.billing import ledger
from agents.choices import EventKind
from agents.common import events, world_context
from agents.engine.results import CallRecord
from agents.llm.base import LLMError, LLMReply, UnusableReply
from agents.models import AgentJob, BatchItem

T = TypeVar("T")

# Error code of an item for which an ended batch has no result.
NO_ANSWER: Final = "batch_incomplete"

log = structlog.get_logger(__name__)


def apply_once(item: BatchItem, record: Callable[[], T]) -> T | None:
    """Record an outcome and mark ``item`` applied in one transaction; None if another worker has done so already."""
    try:
        with transaction.atomic():
            recorded = record()
            if not BatchItem.objects.filter(pk=item.pk).apply(timezone.now()):
                raise _AppliedAlready
            return recorded
    except _AppliedAlready:
        log.info("batch_answer_already_applied", job_id=str(item.job_id))
        return None


class _AppliedAlready(Exception):
    """Another worker was faster: roll back the outcome of this one."""


def record_late(item: BatchItem) -> None:
    """Record the cost of an answer that its job no longer waits for."""
    call = _late_call(item)

    def record() -> None:
        job = _job_in_attempt(item)
        events.record(job.pk, EventKind.LATE_RESULT_DROPPED, attempt=job.attempts)
        ledger.record_calls(job, [] if call is None else [call], is_final=False)

    apply_once(item, record)


def record_lost(item: BatchItem, model: str) -> None:
    """Return the job of an item without a result, and record the call, which may have been made and billed."""

    def record() -> None:
        job = _job_in_attempt(item)
        leaving.leave_batch([item], code=NO_ANSWER, message="The batch ended without a result for this job.")
        # Locked after the job, in the common lock order. Another poller may have stored a result meanwhile.
        if not BatchItem.objects.unanswered().select_for_update().filter(pk=item.pk).exists():
            raise _AppliedAlready
        prompt = frozen.prompt_of(item)
        call = CallRecord(
            model=model,
            prompt_name=prompt.name,
            prompt_version=prompt.version,
            is_batch=True,
            error_code=NO_ANSWER,
            may_be_billed=True,
        )
        ledger.record_calls(job, [call], is_final=False)

    apply_once(item, record)


def _job_in_attempt(item: BatchItem) -> AgentJob:
    """Lock the universe of the item's job, and load the job with the attempt number of the item.

    The job may be in a later attempt by now; the ledger and the event belong to the item's.
    """
    job = AgentJob.objects.get(pk=item.job_id)
    job.attempts = item.attempt
    job.universe = world_context.lock_universe(job.universe_id)
    return job


def _late_call(item: BatchItem) -> CallRecord | None:
    """Return the call of an answer, or None for a result that was not billed."""
    error_code = ""
    reply: LLMReply | None
    try:
        reply = frozen.reply_of(item)
    except UnusableReply as error:
        error_code, reply = error.code, error.reply
    except LLMError:
        return None
    if reply is None:
        return None
    prompt = frozen.prompt_of(item)
    return CallRecord(
        model=reply.model,
        prompt_name=prompt.name,
        prompt_version=prompt.version,
        usage=reply.usage,
        request_id=reply.request_id,
        stop_reason=reply.stop_reason,
        is_batch=True,
        error_code=error_code,
    )
