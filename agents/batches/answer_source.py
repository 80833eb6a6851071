"""Source of answers for jobs in a batch."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from typing import ClassVar, Final, Self, TypeVar

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from agents.batches import accounting, frozen
from agents.common import findings
from agents.common.database import connections
from agents.engine.results import CallRecord
from agents.jobs.running import processing
from agents.jobs.running.answer_source import DirectSource, RunContext
from agents.llm.base import LLMClient
from agents.llm.batches import AnsweredClient
from agents.llm.turns import turns
from agents.models import AgentJob, BatchItem
from agents.providers import factory

T = TypeVar("T")

# Maximum time between the arrival of an answer and its use; after that the rescue takes the job back.
APPLY_WITHIN: Final = timedelta(hours=1)


def process_job(job_id: uuid.UUID, client: LLMClient | None = None) -> None:
    """Run one attempt of a job that is due or whose batch answer has arrived; do nothing for any other job."""
    with turns.starting():
        source = DirectSource.claim(job_id, client) or BatchSource.lease(job_id, client)
        if source is not None:
            # Nobody waits for a turn with a connection in hand, for which those with a turn may be waiting.
            connections.release()
            with turns.taken():
                processing.run_job(source)


@dataclass(frozen=True, slots=True)
class BatchSource:
    """A leased batch answer, read with the world and the settings that its request was built from.

    Only the intentional findings are those of today. Repairs and second opinions are live calls of ``client``.
    """

    item: BatchItem
    client: LLMClient | None = None
    may_reuse: ClassVar[bool] = False

    @classmethod
    def lease(cls, job_id: uuid.UUID, client: LLMClient | None = None) -> Self | None:
        """Lease the arrived answer of a job; None if there is none or another worker holds it."""
        item = _lease(job_id)
        return None if item is None else cls(item, client)

    @property
    def job(self) -> AgentJob:
        return self.item.job

    def context(self) -> RunContext:
        live = self.client or factory.llm_client()
        return RunContext(
            world=frozen.world_of(self.item),
            settings=replace(
                frozen.settings_of(self.item), intentional=findings.intentional_ids(self.job.universe_id)
            ),
            client=AnsweredClient(partial(frozen.reply_of, self.item), live),
        )

    def apply_once(self, record: Callable[[], T]) -> T | None:
        return accounting.apply_once(self.item, record)

    def booked(self, calls: Iterable[CallRecord]) -> tuple[CallRecord, ...]:
        return tuple(self._with_sent_prompt(call) if call.is_batch else call for call in calls)

    def _with_sent_prompt(self, call: CallRecord) -> CallRecord:
        """Name the prompt that the batch was sent with: a release may have changed it since."""
        prompt = frozen.prompt_of(self.item)
        return replace(call, prompt_name=prompt.name, prompt_version=prompt.version)


def _lease(job_id: uuid.UUID) -> BatchItem | None:
    now = timezone.now()
    arrived = BatchItem.objects.to_apply(now).filter(job_id=job_id).order_by("attempt")
    item = arrived.select_related("job__universe", "job__requested_by", "job__follows").first()
    if item is None or item.arrived_at is None:
        return None
    held_until = now + timedelta(seconds=settings.LLM_TIMEOUT_S + settings.CLAIM_MARGIN_S)
    with transaction.atomic():
        # The claim on the job outlasts the lease of the item: if this worker dies, another one leases the item before
        # the rescue takes the job back. The claim is bounded, in case this answer is what crashes the workers.
        until = max(held_until, item.arrived_at + APPLY_WITHIN)
        is_waiting = AgentJob.objects.extend_claim(item.job_id, item.attempt, until=until)
        if not BatchItem.objects.to_apply(now).filter(pk=item.pk).update(held_until=held_until):
            return None
    if not is_waiting:
        accounting.record_late(item)
        return None
    return item
