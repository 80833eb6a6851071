"""Sending of batches: claim the jobs, hand them to the provider, and handle its refusal.

The rows of a batch are written before it is sent. If this process dies or the provider's answer gets lost, they show
that its arrival is unknown, and ``polling`` finds out.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import structlog
from django.db import transaction
from django.utils import timezone

from agents.batches import frozen, gathering
from agents.batches.answer_source import APPLY_WITHIN
from agents.batches.gathering import Entry, Load
from agents.batches.leaving import leave_batch
from agents.choices import EventKind
from agents.common.database import connections
from agents.common.text.timestamps import isoformat_utc
from agents.llm.base import LLMError, ProviderAccountError, RequestRejected
from agents.llm.batches import Batches
from agents.models import AgentJob, AgentJobEvent, BatchItem, MessageBatch
from agents.providers import factory

log = structlog.get_logger(__name__)

# Codes of calls that the provider refused as such: it has nothing, and may take another batch later.
_NOT_TAKEN: Final = frozenset({"rate_limited", "overloaded"})


def send_batches() -> dict[str, int]:
    """Send the jobs that wait for a batch, once one has waited for ``BATCH_GATHER_S`` or a batch is full."""
    provider = factory.batches()
    counts = {"batches": 0, "jobs": 0}
    if provider is None or not factory.has_batch_lane():
        return counts
    refused: set[str] = set()
    for model, load in gathering.gather(timezone.now()):
        if model in refused or _is_paused(model):
            _defer(load.entries)
            continue
        for entries in _with_probe_first(model, load):
            sent = _send(model, entries, provider)
            if sent is None:
                refused.add(model)
                break
            counts["batches"] += bool(sent)
            counts["jobs"] += sent
    return counts


def _defer(entries: list[Entry]) -> None:
    """Skip jobs that cannot be sent now for ``REFUSED_PAUSE``, so that the jobs behind them are considered."""
    now = timezone.now()
    ids = [entry.job.pk for entry in entries]
    AgentJob.objects.for_batch(now).filter(pk__in=ids).update(sent_at=now)


def _with_probe_first(model: str, load: Load) -> Iterator[list[Entry]]:
    """Yield a single job first if the provider may refuse it: each refusal returns its jobs and leaves events."""
    is_doubtful = _is_paused(model, or_unproven=True) or any(entry.job.sent_at for entry in load.entries)
    if is_doubtful and len(load.entries) > 1:
        yield load.entries[:1]
        yield load.entries[1:]
    else:
        yield load.entries


def _is_paused(model: str, *, or_unproven: bool = False) -> bool:
    """Return True if the model is paused; with ``or_unproven`` also if no call has succeeded since its pause."""
    limits = factory.limits()
    states = {"open", "half_open"} if or_unproven else {"open"}
    return limits is not None and any(
        quota.model == model and any(breaker.state in states for breaker in quota.breakers)
        for quota in limits.snapshot()
    )


def _send(model: str, entries: list[Entry], provider: Batches) -> int | None:
    """Send one batch and return its number of jobs; None if the provider took none of them."""
    batch, claimed = _claim_for_batch(model, entries)
    if batch is None:
        return 0
    connections.release()
    try:
        view = provider.create({entry.custom_id: entry.request for entry in claimed})
    except LLMError as error:
        return _handle_send_error(batch, len(claimed), error)
    MessageBatch.objects.filter(pk=batch.pk).take_over(view.id, at=timezone.now())
    log.info("batch_sent", batch=str(batch.pk), provider_id=view.id, model=model, jobs=len(claimed))
    return len(claimed)


def _claim_for_batch(model: str, entries: list[Entry]) -> tuple[MessageBatch | None, list[Entry]]:
    """Claim jobs for a new batch; None and no entries if another sender or worker has all of them."""
    now = timezone.now()
    with transaction.atomic():
        free = AgentJob.objects.for_batch(now).filter(pk__in=[entry.job.pk for entry in entries])
        locked = free.select_for_update(skip_locked=True).order_by("pk")
        attempts = dict(locked.values_list("pk", "attempts"))
        claimed = [entry for entry in entries if attempts.get(entry.job.pk) == entry.job.attempts]
        if not claimed:
            return None, []
        fall_back_at = min(entry.job.batch_until for entry in claimed if entry.job.batch_until)
        batch = MessageBatch.objects.create(model=model, requests=len(claimed), fall_back_at=fall_back_at)
        BatchItem.objects.bulk_create(
            BatchItem(
                batch=batch,
                job=entry.job,
                attempt=entry.attempt,
                custom_id=entry.custom_id,
                **frozen.columns(entry.world, entry.settings, entry.request),
            )
            for entry in claimed
        )
        AgentJob.objects.filter(pk__in=[entry.job.pk for entry in claimed]).join_batch(
            now, until=fall_back_at + APPLY_WITHIN
        )
        AgentJobEvent.objects.bulk_create(
            AgentJobEvent(
                job=entry.job,
                kind=EventKind.BATCHED,
                attempt=entry.attempt,
                data={"batch": str(batch.pk), "model": model, "fall_back_at": isoformat_utc(fall_back_at)},
            )
            for entry in claimed
        )
    return batch, claimed


def _handle_send_error(batch: MessageBatch, count: int, error: LLMError) -> int | None:
    """Return the jobs of a refused batch and return None; keep a batch that may have arrived and return ``count``."""
    log.warning("batch_not_sent", batch=str(batch.pk), code=error.code, reason=error.message)
    is_refused = isinstance(error, RequestRejected)
    was_not_reached = error.code == "connection" and not error.may_be_billed
    has_not_arrived = (
        is_refused or isinstance(error, ProviderAccountError) or error.code in _NOT_TAKEN or was_not_reached
    )
    if not has_not_arrived:
        # The poller finds out whether the provider has it.
        MessageBatch.objects.filter(pk=batch.pk).update(error=error.message)
        return count
    with transaction.atomic():
        leave_batch(
            batch.items.without_payload(),
            code=error.code,
            message=error.message,
            batch_until=None if is_refused else batch.fall_back_at,
        )
        batch.delete()
    return None
