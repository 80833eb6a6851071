"""Ledger of model calls with their tokens, rates and cost."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.utils import timezone

from agents.billing import budgets, prices
from agents.choices import VersionedData
from agents.common.database import versions
from agents.engine.results import CallRecord
from agents.models import AgentJob, ModelCall
from agents.models.jobs import bulk_insert

# Error code of the call that a lost worker may have made.
WORKER_LOST: Final = "worker_lost"
PRUNED_AT_ONCE: Final = 1000


@dataclass(frozen=True, slots=True)
class Spending:
    """Calls of one attempt; a final job gives up its reservations."""

    job: AgentJob
    calls: Sequence[CallRecord]
    is_final: bool


def record_calls(job: AgentJob, calls: Iterable[CallRecord], *, is_final: bool) -> None:
    """Record calls with their cost and settle the budgets, in the transaction that stores the outcome."""
    record_all([Spending(job, tuple(calls), is_final)])


def record_all(spendings: Sequence[Spending]) -> None:
    """Record the calls of several jobs as ``record_calls`` does.

    No budget begins or ends meanwhile: one that is being created either finds these calls in the ledger or is found
    here.
    """
    with versions.pinned(versions.lock_shared(VersionedData.BUDGETS, VersionedData.PRICES)):
        at = timezone.now()
        rows = [[_row(spending.job, call, at) for call in spending.calls] for spending in spendings]
        bulk_insert.insert(ModelCall, [row for of_job in rows for row in of_job])
        budgets.settle_all(
            (
                budgets.Settlement(spending.job, [row.cost_usd for row in of_job], spending.is_final)
                for spending, of_job in zip(spendings, rows, strict=True)
            ),
            at=at,
        )


def record_apart(universe_id: uuid.UUID, agent_type: str, call: CallRecord) -> None:
    """Record a call that belongs to a universe, but to no job; no budget is asked."""
    apart = AgentJob(universe_id=universe_id, agent_type=agent_type, attempts=0)
    row = _row(apart, call, timezone.now())
    row.job = None
    row.save(force_insert=True)


def has_calls_of(job: AgentJob) -> bool:
    """Return whether calls of the current attempt are recorded, apart from the call of a lost worker."""
    calls = ModelCall.objects.filter(job=job.pk, attempt=job.attempts)
    return calls.exclude(error_code=WORKER_LOST).exists()


def prune_calls(days: int) -> int:
    """Delete calls that are older than ``days``, whose job is gone and that the totals hold; return their number."""
    before = timezone.now() - timedelta(days=days)
    pruned = 0
    while True:
        old = ModelCall.objects.filter(at__lt=before, job__isnull=True, is_counted=True).order_by("at")
        ids = list(old.values_list("pk", flat=True)[:PRUNED_AT_ONCE])
        if not ids:
            return pruned
        pruned += ModelCall.objects.filter(pk__in=ids).delete()[0]


def _row(job: AgentJob, call: CallRecord, at: datetime) -> ModelCall:
    rates = _rates(call, at)
    is_usage_known = call.is_mock or not call.may_be_billed
    return ModelCall(
        job=job,
        universe_id=job.universe_id,
        requested_by_id=job.requested_by_id,
        agent_type=job.agent_type,
        attempt=job.attempts,
        at=at,
        # Values of the provider are cut to their column, so that an odd header does not lose a paid answer.
        model=call.model[:100],
        prompt_name=call.prompt_name,
        prompt_version=call.prompt_version,
        input_tokens=call.usage.input_tokens,
        output_tokens=call.usage.output_tokens,
        cache_read_tokens=call.usage.cache_read_tokens,
        cache_write_tokens=call.usage.cache_write_tokens,
        latency_ms=call.latency_ms,
        request_id=call.request_id[:200],
        stop_reason=call.stop_reason[:64],
        error_code=call.error_code,
        is_mock=call.is_mock,
        is_batch=call.is_batch,
        cost_usd=rates.cost_of(call.usage) if rates is not None and is_usage_known else None,
        **(rates.as_dict() if rates is not None else {}),
    )


def _rates(call: CallRecord, at: datetime) -> prices.Rates | None:
    if call.is_mock:
        return prices.FREE
    return prices.price_for(call.model, call.usage, at=at, is_batch=call.is_batch)
