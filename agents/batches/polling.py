"""Ask what has become of batches: take in what was answered, and send on what was not in time.

Each step is harmless when two of it run at once, or when the one before it died half way.
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

from agents.batches import batch_items
from agents.choices import BatchState, JobStatus
from agents.common import connections, dispatch, world_context
from agents.llm.anthropic.messages import batch_reply
from agents.llm.base import LLMError
from agents.llm.batches import Batches, BatchResult
from agents.models import AgentJob, BatchItem, MessageBatch
from agents.providers import factory

Row = TypeVar("Row", MessageBatch, BatchItem)

log = structlog.get_logger(__name__)

STORED_AT_ONCE: Final = 100
LATE_AT_ONCE: Final = 500
RUNG_AT_ONCE: Final = 2000

# How long a ring for an answer that arrived may go unheard.
RESEND_AFTER: Final = timedelta(minutes=10)
# A sender that says nothing for so long is gone: a batch goes up in less.
SENT_WITHIN: Final = timedelta(minutes=10)
# The provider's clock is not ours.
SKEW: Final = timedelta(minutes=5)
# The provider ends every batch within a day.
GIVEN_UP_AFTER: Final = timedelta(hours=30)


def poll_batches() -> dict[str, int]:
    """One look at every batch that is under way, and a ring for each answer that waits for a worker."""
    provider = factory.batches()
    if provider is not None:
        _find_lost(provider)
        _each(MessageBatch.objects.filter(state=BatchState.RUNNING), partial(_look, provider=provider))
    _each(MessageBatch.objects.open().filter(fall_back_at__lte=timezone.now()), _fall_back)
    late = _settle_late()
    return {"late": late, "rung": _ring_arrived()}


def _each(rows: Iterable[Row], step: Callable[[Row], None]) -> int:
    """How many of them the step was done for. One that it fails for must not hold up all others for ever."""
    done = 0
    for row in rows:
        try:
            step(row)
        except Exception:  # the process edge
            log.exception("batch_step_failed", of=str(row))
        else:
            done += 1
    return done


# --- What may have arrived there, although nobody said so -----------------------------------------------------


class _Foreign:
    """Ended batches of the same key that are not ours; looked into once by each process."""

    ids: set[str] = set()


def _find_lost(provider: Batches) -> None:
    """Settle the batches whose sender never heard whether they had been taken.

    The results of one that had been have our names on them. One that is not among all that the provider has never
    arrived; what is under way there could be any that was sent at that time, until it has ended.
    """
    now = timezone.now()
    sending = MessageBatch.objects.filter(state=BatchState.SENDING)
    lost = {batch.pk: batch for batch in sending.exclude(error="", created_at__gt=now - SENT_WITHIN)}
    if not lost:
        return
    connections.release()
    unread: list[datetime] = []
    try:
        for view in provider.newest(min(batch.created_at for batch in lost.values()) - SKEW):
            if view.id in _Foreign.ids or MessageBatch.objects.filter(provider_id=view.id).exists():
                continue
            result = next(provider.results(view.id), None) if view.is_ended else None
            if result is None:
                unread.append(view.created_at)
            elif (item := BatchItem.objects.filter(custom_id=result.custom_id).first()) is None:
                _Foreign.ids.add(view.id)
            elif sending.filter(pk=item.batch_id).take_over(view.id, at=view.created_at):
                log.info("batch_found", batch=str(item.batch_id), provider_id=view.id)
                lost.pop(item.batch_id, None)
    except LLMError as error:
        log.warning("batches_not_listed", code=error.code, reason=error.message)
        return
    for batch in lost.values():
        since, until = batch.created_at - SKEW, batch.created_at + SENT_WITHIN
        if until < now and not any(since <= at <= until + SKEW for at in unread):
            _never_arrived(batch)


def _never_arrived(batch: MessageBatch) -> None:
    """Let its jobs wait for another batch, or go on directly where the time for that is over."""
    log.warning("batch_never_arrived", batch=str(batch.pk))
    message = "The batch never arrived at the provider."
    until = batch.fall_back_at if timezone.now() < batch.fall_back_at else None
    with transaction.atomic():
        if (
            not MessageBatch.objects.select_for_update()
            .filter(pk=batch.pk, state=BatchState.SENDING)
            .exists()
        ):
            return
        batch_items.abandon(batch.items.light(), code="batch_lost", message=message, batch_until=until)
        batch.delete()


# --- What has been answered -----------------------------------------------------------------------------------


def _look(batch: MessageBatch, provider: Batches) -> None:
    connections.release()
    try:
        view = provider.look(batch.provider_id)
        if view.is_ended:
            for results in _chunks(provider.results(batch.provider_id), STORED_AT_ONCE):
                _store(batch, results)
            _end(batch)
        elif not view.is_ending and not _is_wanted(batch):
            provider.cancel(batch.provider_id)
    except LLMError as error:
        log.warning("batch_not_seen", batch=str(batch.pk), code=error.code, reason=error.message)
        MessageBatch.objects.filter(pk=batch.pk).update(error=error.message, checked_at=timezone.now())
        return
    MessageBatch.objects.filter(pk=batch.pk).update(error="", checked_at=timezone.now())


def _is_wanted(batch: MessageBatch) -> bool:
    """Whether some job still waits for it: they may all have been cancelled, or have gone on without."""
    return timezone.now() < batch.fall_back_at and batch.items.held().unanswered().exists()


def _chunks(results: Iterable[BatchResult], size: int) -> Iterator[list[BatchResult]]:
    left = iter(results)
    while chunk := list(islice(left, size)):
        yield chunk


def _store(batch: MessageBatch, results: list[BatchResult]) -> None:
    """Keep the results that are new; send on the jobs whose question was not answered."""
    now = timezone.now()
    by_name = {result.custom_id: result for result in results}
    with transaction.atomic():
        new = batch.items.unanswered().filter(custom_id__in=by_name)
        # Universes before jobs before items, and each in one order, as everybody takes them.
        jobs = list(new.values_list("job", flat=True))
        world_context.lock_universes_of(jobs)
        list(AgentJob.objects.select_for_update().filter(pk__in=jobs).order_by("pk").values_list("pk"))
        arrived = list(new.light().select_for_update().order_by("pk"))
        final = [item for item in arrived if by_name[item.custom_id].is_final]
        for item in final:
            result = by_name[item.custom_id]
            item.outcome, item.arrived_at, item.result = result.outcome, now, result.result
        BatchItem.objects.bulk_update(final, ["outcome", "arrived_at", "result"])
        waited_for = BatchItem.objects.held().filter(pk__in=[item.pk for item in final]).values("job")
        AgentJob.objects.filter(pk__in=waited_for).update(claimed_until=now + batch_items.APPLY_WITHIN)
        others = [item for item in arrived if not by_name[item.custom_id].is_final]
        _send_on([(item, by_name[item.custom_id]) for item in others], now)


def _send_on(unanswered: list[tuple[BatchItem, BatchResult]], now: datetime) -> None:
    """Settle items that another call may answer, and let their jobs make it."""
    by_reason: dict[tuple[str, str], list[BatchItem]] = defaultdict(list)
    for item, result in unanswered:
        settled = BatchItem.objects.filter(pk=item.pk)
        settled.update(outcome=result.outcome, arrived_at=now)
        settled.apply(now)
        by_reason[_reason(result)].append(item)
    for (code, message), items in by_reason.items():
        batch_items.abandon(items, code=code, message=message)


def _reason(result: BatchResult) -> tuple[str, str]:
    match result.outcome:
        case "expired":
            return "batch_expired", "The batch did not come to this job in time."
        case "canceled":
            return "batch_canceled", "The batch was cancelled before it came to this job."
    try:
        batch_reply(result.result)
    except LLMError as error:
        return error.code, error.message
    raise AssertionError("An answer is final.")


def _end(batch: MessageBatch) -> None:
    """Close a batch whose results are stored. What it has no result for will never have one."""
    for item in batch.items.unanswered().light():
        batch_items.record_lost(item, batch.model)
    MessageBatch.objects.filter(pk=batch.pk).open().update(state=BatchState.ENDED, ended_at=timezone.now())


# --- What was not answered in time ----------------------------------------------------------------------------


def _fall_back(batch: MessageBatch) -> None:
    """Let the jobs go on without a batch whose time is over, and give up one that never comes to an end."""
    waiting = batch.items.unanswered().held().light()
    if left := batch_items.abandon(waiting, code="batch_late", message="The batch was not ready in time."):
        log.warning("batch_late", batch=str(batch.pk), jobs=left)
    if batch.state == BatchState.RUNNING and batch.created_at + GIVEN_UP_AFTER < timezone.now():
        log.error("batch_given_up", batch=str(batch.pk), provider_id=batch.provider_id)
        _end(batch)


def _settle_late() -> int:
    """Put answers in the books that nobody waits for any more."""
    late = BatchItem.objects.to_apply(timezone.now()).exclude(
        job__status=JobStatus.PROCESSING, job__attempts=F("attempt")
    )
    return _each(list(late.defer("world").order_by("pk")[:LATE_AT_ONCE]), batch_items.record_late)


def _ring_arrived() -> int:
    """Ring for the jobs whose answer waits for a worker; again after a while, for a worker may have died with it."""
    now = timezone.now()
    with transaction.atomic():
        answered = BatchItem.objects.to_apply(now).held().values("job")
        silent = AgentJob.objects.filter(pk__in=answered).unsent(now, RESEND_AFTER)
        # Held and marked before they are sent, so that a second poller finds nothing.
        held = silent.select_for_update(skip_locked=True).order_by("pk")
        ids = list(held.values_list("pk", flat=True)[:RUNG_AT_ONCE])
        AgentJob.objects.filter(pk__in=ids).update(sent_at=now)
    return dispatch.enqueue(ids) if ids else 0
