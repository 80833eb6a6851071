"""Polling of batches: store arrived results, and return the jobs that were not answered in time.

Every step tolerates a second poller at the same time, and an earlier one that died half-way.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from functools import partial
from itertools import islice
from typing import Final, TypeVar

import structlog
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from agents.batches import accounting, recovery
from agents.batches.answer_source import APPLY_WITHIN
from agents.batches.leaving import leave_batch
from agents.batches.recovery import ForeignBatches
from agents.choices import BatchState, JobStatus
from agents.common import dispatch, world_context
from agents.common.database import connections
from agents.llm.base import LLMError
from agents.llm.batches import Batches, BatchResult, BatchView
from agents.models import AgentJob, BatchItem, MessageBatch
from agents.providers import factory

Row = TypeVar("Row", MessageBatch, BatchItem)

log = structlog.get_logger(__name__)

RESULTS_PER_TRANSACTION: Final = 100
# Maximum numbers in one poll; the rest follows in the next.
MAX_LATE: Final = 500
MAX_ENQUEUED: Final = 2000

# A job with an arrived answer is enqueued again after this time.
RESEND_AFTER: Final = timedelta(minutes=10)
# Results that an ended batch promises and does not give are asked for again, before their jobs are asked directly.
SHORT_FOR: Final = timedelta(minutes=15)
# The provider ends every batch within a day.
GIVEN_UP_AFTER: Final = timedelta(hours=30)


def poll_batches(foreign: ForeignBatches | None = None) -> dict[str, int]:
    """Poll every batch that is under way, and enqueue each job whose answer has arrived.

    ``foreign`` keeps what an earlier poll of the same process learned.
    """
    provider = factory.batches()
    if provider is not None:
        recovery.find_lost_batches(provider, ForeignBatches() if foreign is None else foreign)
        _for_each(
            MessageBatch.objects.filter(state=BatchState.RUNNING), partial(_poll_one, provider=provider)
        )
    _for_each(MessageBatch.objects.open().filter(fall_back_at__lte=timezone.now()), _fall_back)
    late = _record_late_answers()
    return {"late": late, "enqueued": _enqueue_arrived()}


def _for_each(rows: Iterable[Row], step: Callable[[Row], None]) -> int:
    """Apply ``step`` to each row, log failures, and return the number of successes.

    A row for which the step keeps failing must not block the others for ever.
    """
    done = 0
    for row in rows:
        try:
            step(row)
        except Exception:  # the process edge
            log.exception("batch_step_failed", row=str(row))
        else:
            done += 1
    return done


# --- Results ------------------------------------------------------------------------------------------------


def _poll_one(batch: MessageBatch, provider: Batches) -> None:
    connections.release()
    try:
        view = provider.retrieve(batch.provider_id)
        if view.is_ended:
            found = _store_all(batch, provider)
            if found < view.promised and _may_still_come(view):
                log.error("batch_results_short", batch=str(batch.pk), found=found, promised=view.promised)
                short = f"{found} of {view.promised} results have come; they are asked for again."
                MessageBatch.objects.filter(pk=batch.pk).update(error=short, checked_at=timezone.now())
                return
            _end(batch)
        elif not view.is_ending and not _is_wanted(batch):
            provider.cancel(batch.provider_id)
    except LLMError as error:
        log.warning("batch_not_polled", batch=str(batch.pk), code=error.code, reason=error.message)
        MessageBatch.objects.filter(pk=batch.pk).update(error=error.message, checked_at=timezone.now())
        return
    MessageBatch.objects.filter(pk=batch.pk).update(error="", checked_at=timezone.now())


def _may_still_come(view: BatchView) -> bool:
    return view.ended_at is not None and timezone.now() < view.ended_at + SHORT_FOR


def _is_wanted(batch: MessageBatch) -> bool:
    """Return False if every job of the batch was cancelled or has continued without it."""
    return timezone.now() < batch.fall_back_at and batch.items.awaited().unanswered().exists()


def _chunks(results: Iterable[BatchResult], size: int) -> Iterator[list[BatchResult]]:
    remaining = iter(results)
    while chunk := list(islice(remaining, size)):
        yield chunk


def _store_all(batch: MessageBatch, provider: Batches) -> int:
    """Store the results that are new, and return how many requests have one; of two for a request the first counts."""
    seen: set[str] = set()

    def first_of_each() -> Iterator[BatchResult]:
        for result in provider.results(batch.provider_id):
            if result.custom_id in seen:
                log.error("batch_result_repeated", batch=str(batch.pk), custom_id=result.custom_id)
                continue
            seen.add(result.custom_id)
            yield result

    for results in _chunks(first_of_each(), RESULTS_PER_TRANSACTION):
        _store(batch, results)
    return len(seen)


def _store(batch: MessageBatch, results: list[BatchResult]) -> None:
    """Store the results that are new, and return the jobs whose request was not answered."""
    now = timezone.now()
    by_custom_id = {result.custom_id: result for result in results}
    with transaction.atomic():
        new = batch.items.unanswered().filter(custom_id__in=by_custom_id)
        # Lock order: universes, jobs, items, each by primary key.
        jobs = list(new.values_list("job", flat=True))
        world_context.lock_universes_of(jobs)
        list(AgentJob.objects.select_for_update().filter(pk__in=jobs).order_by("pk").values_list("pk"))
        arrived = list(new.without_payload().select_for_update().order_by("pk"))
        final = [item for item in arrived if by_custom_id[item.custom_id].is_final]
        for item in final:
            result = by_custom_id[item.custom_id]
            item.outcome, item.arrived_at, item.result = result.outcome, now, result.result
        BatchItem.objects.bulk_update(final, ["outcome", "arrived_at", "result"])
        awaited = BatchItem.objects.awaited().filter(pk__in=[item.pk for item in final]).values("job")
        AgentJob.objects.filter(pk__in=awaited).update(claimed_until=now + APPLY_WITHIN)
        unanswered = [item for item in arrived if not by_custom_id[item.custom_id].is_final]
        _return_unanswered([(item, by_custom_id[item.custom_id]) for item in unanswered], now)


def _return_unanswered(unanswered: list[tuple[BatchItem, BatchResult]], now: datetime) -> None:
    """Settle items that a direct call may still answer, and return their jobs to make it."""
    by_reason: dict[tuple[str, str], list[BatchItem]] = defaultdict(list)
    for item, result in unanswered:
        row = BatchItem.objects.filter(pk=item.pk)
        row.update(outcome=result.outcome, arrived_at=now)
        row.apply(now)
        by_reason[_reason(result)].append(item)
    for (code, message), items in by_reason.items():
        leave_batch(items, code=code, message=message)


def _reason(result: BatchResult) -> tuple[str, str]:
    match result.outcome:
        case "expired":
            return "batch_expired", "The batch did not come to this job in time."
        case "canceled":
            return "batch_canceled", "The batch was cancelled before it came to this job."
    try:
        factory.batch_reply(result.result)
    except LLMError as error:
        return error.code, error.message
    raise AssertionError("A usable answer is final.")


def _end(batch: MessageBatch) -> None:
    """Close a batch whose results are stored. Items without a result will never get one."""
    for item in batch.items.unanswered().without_payload():
        accounting.record_lost(item, batch.model)
    MessageBatch.objects.filter(pk=batch.pk).open().update(state=BatchState.ENDED, ended_at=timezone.now())


# --- Deadlines ----------------------------------------------------------------------------------------------


def _fall_back(batch: MessageBatch) -> None:
    """Ask the jobs of an overdue batch directly, and give up a batch that never ends."""
    waiting = batch.items.unanswered().awaited().without_payload()
    returned = leave_batch(waiting, code="batch_late", message="The batch was not ready in time.")
    if returned:
        log.warning("batch_late", batch=str(batch.pk), jobs=returned)
    if batch.state == BatchState.RUNNING and batch.created_at + GIVEN_UP_AFTER < timezone.now():
        log.error("batch_given_up", batch=str(batch.pk), provider_id=batch.provider_id)
        _end(batch)


def _record_late_answers() -> int:
    """Record the cost of answers that their jobs no longer wait for."""
    late = BatchItem.objects.to_apply(timezone.now()).exclude(
        job__status=JobStatus.PROCESSING, job__attempts=F("attempt")
    )
    return _for_each(list(late.defer("world").order_by("pk")[:MAX_LATE]), accounting.record_late)


def _enqueue_arrived() -> int:
    """Enqueue the jobs whose answer has arrived; repeated after a while, because a worker may have died with it."""
    now = timezone.now()
    with transaction.atomic():
        answered = BatchItem.objects.to_apply(now).awaited().values("job")
        unsent = AgentJob.objects.filter(pk__in=answered).unsent(now, RESEND_AFTER)
        # Locked and marked before they are sent, so that a second poller finds none of them.
        locked = unsent.select_for_update(skip_locked=True).order_by("pk")
        jobs = list(locked.for_queue()[:MAX_ENQUEUED])
        AgentJob.objects.filter(pk__in=[job.pk for job in jobs]).update(sent_at=now)
    return dispatch.enqueue(jobs)
