"""Gather the jobs that may wait, and send them to the provider together.

The rows say first that a batch is on its way; if this process dies, or the provider's answer gets lost, they say that
nobody knows whether it arrived, and ``batch_polling`` finds out.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, NamedTuple

import structlog
from django.conf import settings
from django.db import DatabaseError, transaction
from django.utils import timezone

from agents import dispatch
from agents.choices import EventKind
from agents.engine.fields import InvalidInput
from agents.engine.registry import get_agent
from agents.engine.results import RunSettings
from agents.engine.world import WorldView
from agents.llm.base import LLMError, LLMRequest, ProviderAccountError, RequestRejected
from agents.llm.batches import Batches
from agents.models import AgentJob, AgentJobEvent, BatchItem, MessageBatch
from agents.querysets import AgentJobQuerySet
from agents.services import batch_items, connections, reuse, wiring, worlds
from agents.services.moments import in_utc

log = structlog.get_logger(__name__)

# The provider takes a hundred times as many, and 256 MB. Smaller ones end sooner, and one that fails costs less.
MOST_ITEMS: Final = 1000
MOST_BYTES: Final = 32 * 2**20
# Each job keeps the world that it was asked about: of large ones there would be gigabytes in memory.
MOST_CHARS_KEPT: Final = 64 * 2**20
# What one turn looks at; the rest has its turn a minute later.
MOST_JOBS: Final = 5000
READ_AT_ONCE: Final = 100
WORLDS_KEPT: Final = 50

# How long jobs are left alone that the provider did not take, or whose line is paused.
REFUSED_PAUSE: Final = timedelta(minutes=10)
# Jobs with less of their time left than this part would hardly be answered before it is over.
LEAST_LEFT: Final = 0.1

# The provider said no to the call as such, so that it has nothing: another batch may be taken later.
_NOT_TAKEN: Final = frozenset({"rate_limited", "overloaded"})


@dataclass(frozen=True, slots=True, kw_only=True)
class _Entry:
    """A job that can go, and the question that it is."""

    job: AgentJob
    world: WorldView | None
    settings: RunSettings
    request: LLMRequest
    chars_kept: int

    @property
    def custom_id(self) -> str:
        return f"{self.job.pk.hex}-{self.job.attempts}"

    @property
    def size(self) -> int:
        return len(self.request.system.encode()) + len(self.request.user.encode())


@dataclass(slots=True)
class _Load:
    """What goes to one model together."""

    entries: list[_Entry] = field(default_factory=list)
    size: int = 0
    chars_kept: int = 0

    def takes(self, entry: _Entry) -> bool:
        return not self.entries or (
            len(self.entries) < MOST_ITEMS
            and self.size + entry.size <= MOST_BYTES
            and self.chars_kept + entry.chars_kept <= MOST_CHARS_KEPT
        )

    def add(self, entry: _Entry) -> None:
        self.entries.append(entry)
        self.size += entry.size
        self.chars_kept += entry.chars_kept


def send_batches() -> dict[str, int]:
    """Send what waits for a batch, if some of it has waited for ``BATCH_GATHER_S`` or a batch is full."""
    provider = wiring.batches()
    counts = {"batches": 0, "jobs": 0}
    if provider is None or not wiring.has_batch_lane():
        return counts
    refused: set[str] = set()
    for model, load in _loads(timezone.now()):
        if model in refused or _is_paused(model):
            _let_rest(load.entries)
            continue
        for entries in _in_steps(model, load):
            sent = _send(model, entries, provider)
            if sent is None:
                refused.add(model)
                break
            counts["batches"] += bool(sent)
            counts["jobs"] += sent
    return counts


def _let_rest(entries: list[_Entry]) -> None:
    """Leave jobs alone for a while that cannot go now: their questions are not put together in vain every minute, and
    those behind them have their turn.
    """
    now = timezone.now()
    ids = [entry.job.pk for entry in entries]
    AgentJob.objects.for_batch(now).filter(pk__in=ids).update(sent_at=now)


def _in_steps(model: str, load: _Load) -> Iterator[list[_Entry]]:
    """One job alone first where the provider may well refuse: it is taken back if so, and leaves a trace each time."""
    is_doubtful = _is_paused(model, trying=True) or any(entry.job.sent_at for entry in load.entries)
    if is_doubtful and len(load.entries) > 1:
        yield load.entries[:1]
        yield load.entries[1:]
    else:
        yield load.entries


def _is_paused(model: str, *, trying: bool = False) -> bool:
    """Whether the model's line is paused; with ``trying`` also if its pause is over and nobody has tried yet."""
    limits = wiring.limits()
    states = {"open", "half_open"} if trying else {"open"}
    return limits is not None and any(
        line.model == model and any(breaker.state in states for breaker in line.breakers)
        for line in limits.snapshot()
    )


# --- What can go --------------------------------------------------------------------------------------------


def _loads(now: datetime) -> Iterator[tuple[str, _Load]]:
    waiting = AgentJob.objects.for_batch(now + timedelta(seconds=settings.BATCH_FALL_BACK_S * LEAST_LEFT))
    waiting = waiting.unsent(now, REFUSED_PAUSE)
    gathered_since = now - timedelta(seconds=settings.BATCH_GATHER_S)
    if not waiting.filter(created_at__lte=gathered_since).exists() and waiting.count() < MOST_ITEMS:
        return
    loads: dict[str, _Load] = {}
    for entry in _entries(waiting):
        load = loads.setdefault(entry.request.model, _Load())
        if not load.takes(entry):
            yield entry.request.model, load
            load = loads[entry.request.model] = _Load()
        load.add(entry)
    yield from loads.items()


def _entries(waiting: AgentJobQuerySet) -> Iterator[_Entry]:
    """The jobs with their questions, the one that has to be answered first before the others."""
    ids = list(waiting.order_by("batch_until", "pk").values_list("pk", flat=True)[:MOST_JOBS])
    seen: dict[object, _World] = {}
    for start in range(0, len(ids), READ_AT_ONCE):
        page = waiting.filter(pk__in=ids[start : start + READ_AT_ONCE]).order_by("batch_until", "pk")
        for job in page.select_related("universe", "requested_by"):
            try:
                if job.universe_id not in seen:
                    if len(seen) >= WORLDS_KEPT:
                        seen.clear()
                    seen[job.universe_id] = _World.of(job)
                entry = _entry(job, *seen[job.universe_id])
            except DatabaseError:
                raise
            except Exception:  # the process edge: a mistake of ours with one job must not hold up all others
                log.exception("job_cannot_be_batched", job_id=str(job.pk))
                _ask_directly(job)
                continue
            if entry is not None:
                yield entry


class _World(NamedTuple):
    """What a job's universe says, and how long that is."""

    view: WorldView | None
    chars: int

    @classmethod
    def of(cls, job: AgentJob) -> _World:
        view = worlds.world_view(job.universe)
        return cls(view, len(view.canonical_json()) if view else 0)


def _entry(job: AgentJob, world: WorldView | None, world_chars: int) -> _Entry | None:
    """The job as the attempt that the batch will be; None for one that a worker is done with at once."""
    job.attempts += 1
    run_settings = wiring.run_settings(job)
    try:
        request = get_agent(job.agent_type).request_for(job.input_data, world, run_settings)
    except InvalidInput:
        # There it fails by name.
        _ask_directly(job)
        return None
    if job.may_reuse:
        question = reuse.question_hash(job, world, run_settings)
        if reuse.is_answered(job, question, run_settings, is_mock=False):
            _ask_directly(job)
            return None
    return _Entry(job=job, world=world, settings=run_settings, request=request, chars_kept=world_chars)


def _ask_directly(job: AgentJob) -> None:
    AgentJob.objects.filter(pk=job.pk).ask_directly(timezone.now())
    dispatch.enqueue([job.pk])


# --- Sending ------------------------------------------------------------------------------------------------


def _send(model: str, entries: list[_Entry], provider: Batches) -> int | None:
    """How many jobs went; None if the provider took none of them."""
    batch, going = _write_down(model, entries)
    if batch is None:
        return 0
    connections.release()
    try:
        view = provider.create({entry.custom_id: entry.request for entry in going})
    except LLMError as error:
        return _not_sent(batch, len(going), error)
    MessageBatch.objects.filter(pk=batch.pk).take_over(view.id, at=timezone.now())
    log.info("batch_sent", batch=str(batch.pk), provider_id=view.id, model=model, jobs=len(going))
    return len(going)


def _write_down(model: str, entries: list[_Entry]) -> tuple[MessageBatch | None, list[_Entry]]:
    """Claim the jobs for a batch of their own. Of two senders each gets those that the other has not."""
    now = timezone.now()
    with transaction.atomic():
        free = AgentJob.objects.for_batch(now).filter(pk__in=[entry.job.pk for entry in entries])
        held = free.select_for_update(skip_locked=True).order_by("pk")
        attempts = dict(held.values_list("pk", "attempts"))
        going = [entry for entry in entries if attempts.get(entry.job.pk) == entry.job.attempts - 1]
        if not going:
            return None, []
        fall_back_at = min(entry.job.batch_until for entry in going if entry.job.batch_until)
        batch = MessageBatch.objects.create(model=model, requests=len(going), fall_back_at=fall_back_at)
        BatchItem.objects.bulk_create(
            BatchItem(
                batch=batch,
                job=entry.job,
                attempt=entry.job.attempts,
                custom_id=entry.custom_id,
                **batch_items.frozen(entry.world, entry.settings, entry.request),
            )
            for entry in going
        )
        AgentJob.objects.filter(pk__in=[entry.job.pk for entry in going]).join_batch(
            now, until=fall_back_at + batch_items.APPLY_WITHIN
        )
        AgentJobEvent.objects.bulk_create(
            AgentJobEvent(
                job=entry.job,
                kind=EventKind.BATCHED,
                attempt=entry.job.attempts,
                data={"batch": str(batch.pk), "model": model, "fall_back_at": in_utc(fall_back_at)},
            )
            for entry in going
        )
    return batch, going


def _not_sent(batch: MessageBatch, count: int, error: LLMError) -> int | None:
    """What becomes of the jobs of a batch that the provider did not say it has."""
    log.warning("batch_not_sent", batch=str(batch.pk), code=error.code, reason=error.message)
    is_refused = isinstance(error, RequestRejected)
    was_not_reached = error.code == "connection" and not error.may_be_billed
    is_known = (
        is_refused or isinstance(error, ProviderAccountError) or error.code in _NOT_TAKEN or was_not_reached
    )
    if not is_known:
        # It may be there all the same.
        MessageBatch.objects.filter(pk=batch.pk).update(error=error.message)
        return count
    with transaction.atomic():
        batch_items.leave(
            batch.items.light(),
            code=error.code,
            message=error.message,
            batch_until=None if is_refused else batch.fall_back_at,
        )
        batch.delete()
    return None
