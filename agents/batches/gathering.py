"""Gathering of the jobs that wait for a batch, with their requests."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final, NamedTuple

import structlog
from django.conf import settings
from django.db import DatabaseError
from django.utils import timezone

from agents.common import dispatch, world_context
from agents.common.database import versions
from agents.engine.fields import InvalidInput
from agents.engine.registry import get_agent
from agents.engine.results import RunSettings
from agents.engine.world import WorldView
from agents.jobs import reuse
from agents.llm.base import LLMRequest
from agents.models import AgentJob
from agents.models.jobs.job import AgentJobQuerySet
from agents.providers import run_settings as providers_run_settings

log = structlog.get_logger(__name__)

# The provider's limits are 100,000 items and 256 MB. Smaller batches end sooner, and a failed one costs less.
MAX_ITEMS: Final = 1000
MAX_BYTES: Final = 32 * 2**20
# Each item keeps a copy of its world: copies of large worlds would take gigabytes of memory.
MAX_WORLD_CHARS: Final = 64 * 2**20
# Maximum number of jobs in one run; the rest follows a minute later.
MAX_JOBS: Final = 5000
PAGE_SIZE: Final = 100
MAX_CACHED_WORLDS: Final = 50

# Minimum time between two tries of a job that the provider refused, or whose model is paused.
REFUSED_PAUSE: Final = timedelta(minutes=10)
# Jobs with a smaller share of their waiting time left would hardly be answered in time.
MIN_TIME_LEFT: Final = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A job that can be sent, and its request."""

    job: AgentJob
    attempt: int
    world: WorldView | None
    settings: RunSettings
    request: LLMRequest
    world_chars: int

    @property
    def custom_id(self) -> str:
        return f"{self.job.pk.hex}-{self.attempt}"

    @property
    def size(self) -> int:
        return len(self.request.system.encode()) + len(self.request.user.encode())


@dataclass(slots=True)
class Load:
    """Entries for one batch of one model, within its limits."""

    entries: list[Entry] = field(default_factory=list)
    size: int = 0
    world_chars: int = 0

    def has_room_for(self, entry: Entry) -> bool:
        return not self.entries or (
            len(self.entries) < MAX_ITEMS
            and self.size + entry.size <= MAX_BYTES
            and self.world_chars + entry.world_chars <= MAX_WORLD_CHARS
        )

    def add(self, entry: Entry) -> None:
        self.entries.append(entry)
        self.size += entry.size
        self.world_chars += entry.world_chars


def gather(now: datetime) -> Iterator[tuple[str, Load]]:
    """Yield models with their loads, once a job has waited for ``BATCH_GATHER_S`` or a batch is full."""
    waiting = AgentJob.objects.for_batch(now + timedelta(seconds=settings.BATCH_FALL_BACK_S * MIN_TIME_LEFT))
    waiting = waiting.unsent(now, REFUSED_PAUSE)
    gathered_since = now - timedelta(seconds=settings.BATCH_GATHER_S)
    if not waiting.filter(created_at__lte=gathered_since).exists() and waiting.count() < MAX_ITEMS:
        return
    loads: dict[str, Load] = {}
    for entry in _entries(waiting):
        load = loads.setdefault(entry.request.model, Load())
        if not load.has_room_for(entry):
            yield entry.request.model, load
            load = loads[entry.request.model] = Load()
        load.add(entry)
    yield from loads.items()


def _entries(waiting: AgentJobQuerySet) -> Iterator[Entry]:
    """Yield the waiting jobs with their requests, the earliest deadline first."""
    ids = list(waiting.order_by("batch_until", "pk").values_list("pk", flat=True)[:MAX_JOBS])
    worlds: dict[object, _World] = {}
    for start in range(0, len(ids), PAGE_SIZE):
        page = waiting.filter(pk__in=ids[start : start + PAGE_SIZE]).order_by("batch_until", "pk")
        current = versions.read()
        for job in page.select_related("universe", "requested_by"):
            try:
                if job.universe_id not in worlds:
                    if len(worlds) >= MAX_CACHED_WORLDS:
                        worlds.clear()
                    worlds[job.universe_id] = _World.of(job)
                with versions.pinned(current):
                    entry = _entry(job, *worlds[job.universe_id])
            except DatabaseError:
                raise
            except Exception:  # the process edge: a bug with one job must not block the others
                log.exception("job_cannot_be_batched", job_id=str(job.pk))
                _ask_directly(job)
                continue
            if entry is not None:
                yield entry


class _World(NamedTuple):
    """World of a job, and its length as JSON."""

    view: WorldView | None
    chars: int

    @classmethod
    def of(cls, job: AgentJob) -> _World:
        view = world_context.world_view(job.universe)
        return cls(view, len(view.canonical_json()) if view else 0)


def _entry(job: AgentJob, world: WorldView | None, world_chars: int) -> Entry | None:
    """Build the entry of a job's next attempt; None for a job that a worker can finish without a model call."""
    attempt = job.attempts + 1
    run_settings = replace(providers_run_settings.run_settings(job), attempt=attempt)
    try:
        request = get_agent(job.agent_type).request_for(job.input_data, world, run_settings)
    except InvalidInput:
        # The worker fails it with the reason.
        _ask_directly(job)
        return None
    if job.may_reuse:
        request_hash = reuse.request_hash(request, world.hash if world else "", run_settings)
        if reuse.has_earlier_output(job, request_hash, run_settings, is_mock=False):
            _ask_directly(job)
            return None
    return Entry(
        job=job,
        attempt=attempt,
        world=world,
        settings=run_settings,
        request=request,
        world_chars=world_chars,
    )


def _ask_directly(job: AgentJob) -> None:
    AgentJob.objects.filter(pk=job.pk).ask_directly(timezone.now())
    dispatch.enqueue([job])
