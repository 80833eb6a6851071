"""Reading vocabulary of batches, and the changes that one row of them can make; see ``agents.querysets``."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q

from agents.choices import BatchState, JobStatus

if TYPE_CHECKING:
    from agents.models import BatchItem, MessageBatch  # noqa: F401  named in base classes


class MessageBatchQuerySet(models.QuerySet["MessageBatch"]):
    def open(self) -> MessageBatchQuerySet:
        return self.exclude(state=BatchState.ENDED)

    def take_over(self, provider_id: str, *, at: datetime) -> bool:
        """sending -> running: the provider has it, under that id, since then."""
        return bool(
            self.filter(state=BatchState.SENDING).update(
                state=BatchState.RUNNING, provider_id=provider_id, sent_at=at, error=""
            )
        )


class BatchItemQuerySet(models.QuerySet["BatchItem"]):
    def held(self) -> BatchItemQuerySet:
        """Those whose job still waits for them: it was not cancelled, and has not gone on without."""
        return self.filter(job__status=JobStatus.PROCESSING, job__attempts=F("attempt"))

    def light(self) -> BatchItemQuerySet:
        """Without what is large: a thousand of them may hold a thousand worlds."""
        return self.defer("world", "run_settings", "result")

    def unanswered(self) -> BatchItemQuerySet:
        return self.filter(outcome="")

    def to_apply(self, now: datetime) -> BatchItemQuerySet:
        """Those whose result has arrived and which nobody works on."""
        return self.filter(Q(held_until__isnull=True) | Q(held_until__lt=now)).filter(
            arrived_at__isnull=False, applied_at__isnull=True
        )

    def apply(self, now: datetime) -> int:
        """Settle what has not been settled yet, and empty what is not needed any more; returns how many were."""
        return self.filter(applied_at__isnull=True).update(
            applied_at=now, world=None, run_settings=None, result=None
        )
