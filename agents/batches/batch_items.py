"""What a job in a batch takes with it, and how it leaves: the rows' side of the batch lane."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, fields, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final, TypeVar

import structlog
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from agents.billing import ledger
from agents.choices import EventKind, JobStatus
from agents.common import dispatch, events, world_context
from agents.engine.results import CallRecord, RunSettings
from agents.engine.world import WorldView
from agents.llm.anthropic.messages import batch_reply
from agents.llm.base import LLMError, LLMReply, LLMRequest, UnusableReply
from agents.models import AgentJob, AgentJobEvent, BatchItem

T = TypeVar("T")

# Of a batch that ended without a word on some job.
NO_ANSWER: Final = "batch_incomplete"

log = structlog.get_logger(__name__)

# How long an answer that has arrived may wait for a worker before its job goes on without it.
APPLY_WITHIN = timedelta(hours=1)


def frozen(world: WorldView | None, run_settings: RunSettings, request: LLMRequest) -> dict[str, Any]:
    """The columns of an item that keep what its prompt was made of."""
    return {
        "world": world.model_dump(mode="json") if world else None,
        "run_settings": {
            "settings": asdict(run_settings),
            "prompt_name": request.prompt_name,
            "prompt_version": request.prompt_version,
        },
    }


def frozen_world(item: BatchItem) -> WorldView | None:
    return WorldView.model_validate(item.world) if item.world is not None else None


def frozen_settings(item: BatchItem) -> RunSettings:
    """As they were; what was not kept, because a later release knows more of them, has its default."""
    kept: Mapping[str, Any] = _kept(item)["settings"]
    known = {field.name for field in fields(RunSettings)}
    values = {name: value for name, value in kept.items() if name in known}
    if values.get("word_range"):
        values["word_range"] = tuple(values["word_range"])
    return RunSettings(**values)


def _kept(item: BatchItem) -> Mapping[str, Any]:
    kept: Mapping[str, Any] = item.run_settings or {}
    return kept


def reply_of(item: BatchItem) -> LLMReply:
    """The answer that has arrived; raises the ``LLMError`` that it is, if it is none."""
    return batch_reply(str(item.result))


def with_batch_prompt(item: BatchItem | None, calls: tuple[CallRecord, ...]) -> tuple[CallRecord, ...]:
    """``calls`` with the prompt that the batch was asked with, which a release may have changed since."""
    if item is None:
        return calls
    asked = {name: _kept(item)[name] for name in ("prompt_name", "prompt_version")}
    return tuple(replace(call, **asked) if call.is_batch else call for call in calls)


def lease(job_id: uuid.UUID) -> BatchItem | None:
    """The arrived answer of a job, for one worker; None where there is none, or somebody else has it."""
    now = timezone.now()
    arrived = BatchItem.objects.to_apply(now).filter(job_id=job_id).order_by("attempt")
    item = arrived.select_related("job__universe", "job__requested_by", "job__follows").first()
    if item is None or item.arrived_at is None:
        return None
    held_until = now + timedelta(seconds=settings.LLM_TIMEOUT_S + settings.CLAIM_MARGIN_S)
    with transaction.atomic():
        # The job is held longer than the item: if this worker dies, another takes the item, and no rescue the job. But
        # not for ever, because it may be this answer that they die of.
        until = max(held_until, item.arrived_at + APPLY_WITHIN)
        still_held = AgentJob.objects.hold_longer(item.job_id, item.attempt, until=until)
        if not BatchItem.objects.to_apply(now).filter(pk=item.pk).update(held_until=held_until):
            return None
    if not still_held:
        record_late(item)
        return None
    return item


def apply_once(item: BatchItem | None, record: Callable[[], T]) -> T | None:
    """Write down an outcome, and with it that the answer of ``item`` has been used: of several workers, one does."""
    if item is None:
        return record()
    try:
        with transaction.atomic():
            written = record()
            if not BatchItem.objects.filter(pk=item.pk).apply(timezone.now()):
                raise _AppliedAlready
            return written
    except _AppliedAlready:
        log.info("batch_answer_was_applied", job_id=str(item.job_id))
        return None


class _AppliedAlready(Exception):
    """Another worker was faster: nothing of this one's outcome may stay."""


def record_late(item: BatchItem) -> None:
    """Write down what an answer cost that nobody waits for any more, once."""
    error_code, reply = "", None
    try:
        reply = reply_of(item)
    except UnusableReply as error:
        error_code, reply = error.code, error.reply
    except LLMError:
        pass
    job = AgentJob.objects.get(pk=item.job_id)
    job.attempts = item.attempt
    calls = [_call(item, reply, error_code)] if reply is not None else []
    apply_once(item, partial(_record_late, job, calls))


def record_lost(item: BatchItem, model: str) -> None:
    """Send on the job of an item that never gets an answer. It may have been made and billed: nobody knows."""
    apply_once(item, partial(_record_lost, item, model))


def _record_lost(item: BatchItem, model: str) -> None:
    job = AgentJob.objects.get(pk=item.job_id)
    job.attempts = item.attempt
    job.universe = world_context.lock_universe(job.universe_id)
    abandon([item], code=NO_ANSWER, message="The batch ended without a result for this job.")
    # After the job, as everybody takes them. Somebody else may have read more of the results.
    if not BatchItem.objects.unanswered().select_for_update().filter(pk=item.pk).exists():
        raise _AppliedAlready
    call = CallRecord(
        model=model,
        prompt_name=_kept(item)["prompt_name"],
        prompt_version=_kept(item)["prompt_version"],
        is_batch=True,
        error_code=NO_ANSWER,
        may_be_billed=True,
    )
    ledger.record_calls(job, [call], is_final=False)


def _record_late(job: AgentJob, calls: list[CallRecord]) -> None:
    job.universe = world_context.lock_universe(job.universe_id)
    events.record(job.pk, EventKind.LATE_RESULT_DROPPED, attempt=job.attempts)
    ledger.record_calls(job, calls, is_final=False)


def _call(item: BatchItem, reply: LLMReply, error_code: str) -> CallRecord:
    return CallRecord(
        model=reply.model,
        prompt_name=_kept(item)["prompt_name"],
        prompt_version=_kept(item)["prompt_version"],
        usage=reply.usage,
        request_id=reply.request_id,
        stop_reason=reply.stop_reason,
        is_batch=True,
        error_code=error_code,
    )


def abandon(
    items: Iterable[BatchItem], *, code: str, message: str, batch_until: datetime | None = None
) -> int:
    """Send the jobs of ``items`` away from their batch, as far as they still wait for it; returns how many.

    They are asked directly, or wait for another batch until ``batch_until``. No try is used up.
    """
    attempts = {item.job_id: item.attempt for item in items}
    now = timezone.now()
    with transaction.atomic():
        world_context.lock_universes_of(attempts)
        waiting = AgentJob.objects.select_for_update().filter(pk__in=attempts, status=JobStatus.PROCESSING)
        rows = waiting.order_by("pk").values_list("pk", "attempts")
        leaving = [pk for pk, attempt in rows if attempt == attempts[pk]]
        AgentJob.objects.filter(pk__in=leaving).leave_batch(
            now, batch_until=batch_until, error_code=code, error_message=message
        )
        AgentJobEvent.objects.bulk_create(
            AgentJobEvent(
                job_id=job_id,
                kind=EventKind.BATCH_LEFT,
                attempt=attempts[job_id],
                data={"code": code, "message": message},
            )
            for job_id in leaving
        )
        if batch_until is None:
            transaction.on_commit(lambda: dispatch.enqueue(leaving))
    return len(leaving)
