"""Sources of the answer for an attempt of a job.

``DirectSource`` asks the model; ``agents.batches.answer_source`` has the one for answers that arrived in a batch.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Protocol, Self, TypeVar

from agents.common import world_context
from agents.common.database import versions
from agents.common.database.versions import Versions
from agents.engine.results import CallRecord, RunSettings
from agents.engine.world import WorldView
from agents.jobs.running import claims
from agents.llm.base import LLMClient
from agents.models import AgentJob
from agents.providers import factory
from agents.providers import run_settings as providers_run_settings

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class RunContext:
    """World, settings and model client of one attempt."""

    world: WorldView | None
    settings: RunSettings
    client: LLMClient

    @property
    def world_hash(self) -> str:
        return self.world.hash if self.world else ""


class AnswerSource(Protocol):
    """Claimed attempt of a job, and the origin of its answer.

    ``may_reuse``: an output of an earlier job with the same request will do.
    """

    @property
    def job(self) -> AgentJob: ...

    @property
    def may_reuse(self) -> bool: ...

    def context(self) -> RunContext:
        """Read what the attempt runs on from the database."""

    def apply_once(self, record: Callable[[], T]) -> T | None:
        """Call ``record``, which stores an outcome; None if another worker has applied the same answer."""

    def booked(self, calls: Iterable[CallRecord]) -> tuple[CallRecord, ...]:
        """Return ``calls`` as the ledger has to record them."""


@dataclass(frozen=True, slots=True)
class DirectSource:
    """A claimed attempt that asks the model now, in the present world and under the present settings."""

    job: AgentJob
    versions: Versions
    client: LLMClient | None = None

    @classmethod
    def claim(cls, job_id: uuid.UUID, client: LLMClient | None = None) -> Self | None:
        """Claim a due job; None if it is not due or another worker has it. ``client`` defaults to the process's own."""
        claim = claims.claim(job_id)
        return None if claim is None else cls(claim.job, claim.versions, client)

    @property
    def may_reuse(self) -> bool:
        return self.job.may_reuse

    def context(self) -> RunContext:
        with versions.pinned(self.versions):
            return RunContext(
                world=world_context.world_view(self.job.universe),
                settings=providers_run_settings.run_settings(self.job),
                client=self.client or factory.llm_client(),
            )

    def apply_once(self, record: Callable[[], T]) -> T | None:
        # The attempt number fences the outcome: without the claim it changes nothing but the ledger.
        return record()

    def booked(self, calls: Iterable[CallRecord]) -> tuple[CallRecord, ...]:
        return tuple(calls)
