"""Recovery of batches whose sender died or got no answer from the provider."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

import structlog
from django.db import transaction
from django.utils import timezone

from agents.batches.leaving import leave_batch
from agents.choices import BatchState
from agents.common.database import connections
from agents.llm.base import LLMError
from agents.llm.batches import Batches
from agents.models import BatchItem, MessageBatch

log = structlog.get_logger(__name__)

# A sender without a result after this time has died: an upload takes less.
SENT_WITHIN: Final = timedelta(minutes=10)
# Maximum difference between the provider's clock and ours.
CLOCK_SKEW: Final = timedelta(minutes=5)
# Number of foreign batches that a process remembers.
MAX_FOREIGN: Final = 10_000


class ForeignBatches:
    """Ended batches of the same API key that are not ours, remembered so that each is read only once.

    The oldest are forgotten beyond ``max_size``; reading one again is harmless.
    """

    def __init__(self, max_size: int = MAX_FOREIGN) -> None:
        self._ids: dict[str, None] = {}
        self._max_size = max_size

    def __contains__(self, batch_id: object) -> bool:
        return batch_id in self._ids

    def __len__(self) -> int:
        return len(self._ids)

    def add(self, batch_id: str) -> None:
        self._ids[batch_id] = None
        while len(self._ids) > self._max_size:
            del self._ids[next(iter(self._ids))]


def find_lost_batches(provider: Batches, foreign: ForeignBatches) -> None:
    """Find out whether the provider has the batches whose sender died or got no answer.

    The results of an ended batch carry our custom ids. A batch that is not among those of the provider has never
    arrived, but a running one that was created at the time of sending may be it, until it has ended.
    """
    now = timezone.now()
    sending = MessageBatch.objects.filter(state=BatchState.SENDING)
    lost = {batch.pk: batch for batch in sending.exclude(error="", created_at__gt=now - SENT_WITHIN)}
    if not lost:
        return
    connections.release()
    # Creation times of the provider's batches that cannot be identified yet.
    unidentified: list[datetime] = []
    try:
        for view in provider.list_since(min(batch.created_at for batch in lost.values()) - CLOCK_SKEW):
            if view.id in foreign or MessageBatch.objects.filter(provider_id=view.id).exists():
                continue
            result = next(provider.results(view.id), None) if view.is_ended else None
            if result is None:
                unidentified.append(view.created_at)
                continue
            item = BatchItem.objects.filter(custom_id=result.custom_id).first()
            if item is None:
                foreign.add(view.id)
            elif sending.filter(pk=item.batch_id).take_over(view.id, at=view.created_at):
                log.info("batch_found", batch=str(item.batch_id), provider_id=view.id)
                lost.pop(item.batch_id, None)
    except LLMError as error:
        log.warning("batches_not_listed", code=error.code, reason=error.message)
        return
    for batch in lost.values():
        if not _may_have_arrived(batch, unidentified, now):
            _give_up_sending(batch)


def _may_have_arrived(batch: MessageBatch, unidentified: list[datetime], now: datetime) -> bool:
    since, until = batch.created_at - CLOCK_SKEW, batch.created_at + SENT_WITHIN
    return now <= until or any(since <= at <= until + CLOCK_SKEW for at in unidentified)


def _give_up_sending(batch: MessageBatch) -> None:
    """Let the jobs wait for another batch, or ask them directly if the time for that is over."""
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
        leave_batch(batch.items.without_payload(), code="batch_lost", message=message, batch_until=until)
        batch.delete()
