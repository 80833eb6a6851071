"""Storing of successful attempts, several in one transaction."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import compress
from typing import Any

import structlog
from django.db import connection, transaction
from django.utils import timezone

from agents.billing import ledger
from agents.canon import placement
from agents.choices import AgentType, EventKind, JobOutcome
from agents.common import events, world_context
from agents.common.database import connections
from agents.engine.results import AgentResult, CallRecord
from agents.errors import DomainError
from agents.jobs.running import open_review
from agents.jobs.running.grouping import Grouped
from agents.models import AgentJob, AgentJobEvent, GenerationSchedule, ReviewItem
from agents.models.jobs import bulk_insert
from agents.models.jobs import statements as job_statements
from agents.models.jobs.statements import Completion
from agents.notify import universe_notices
from agents.providers import lifecycle_checks
from universes.choices import CanonStatus
from universes.models import Universe

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Success:
    """Result of an attempt; the fields are the arguments of ``outcomes.record_success``."""

    job: AgentJob
    result: AgentResult
    calls: Sequence[CallRecord]
    world_hash: str
    fallback_for: str
    question_hash: str

    @property
    def is_placed(self) -> bool:
        """True if the output enters the universe without a review."""
        is_routed = placement.ROUTES[AgentType(self.job.agent_type)] is not None
        return self.job.universe_id is not None and is_routed and not self.result.needs_review

    def completion(self) -> Completion:
        values = {
            "output_data": self.result.output,
            "signals": [signal.as_dict() for signal in self.result.signals],
            "confidence_score": self.result.confidence,
            "outcome": JobOutcome.AWAITING_REVIEW if self.result.needs_review else JobOutcome.TRUSTED,
            "is_mock": self.result.is_mock,
            "model": str(self.result.output["model"])[:100],
            "world_hash": self.world_hash,
            "world_choice": self.result.world_choice,
            "guide_version": (self.result.guidance or {}).get("guide_version", 0),
            "guidance": self.result.guidance,
            "question_hash": self.question_hash,
        }
        return Completion(self.job.pk, self.job.attempts, values)


def store(success: Success) -> None:
    """Store a success with its events, ledger rows and review item; return when that is committed."""
    _successes.ask(success)


def _store_group(successes: Sequence[Success]) -> list[Exception | None]:
    """Store successes in one transaction; if it fails, each in its own, so that one does not cost the others theirs."""
    try:
        with transaction.atomic():
            _store_all(successes)
    except connections.GONE as error:
        # The database is away, for all of them.
        return [error] * len(successes)
    except Exception as error:
        if len(successes) == 1:
            raise
        log.warning("group_not_stored", jobs=len(successes), error=str(error))
        return [_store_alone(success) for success in successes]
    return [None] * len(successes)


def _store_alone(success: Success) -> Exception | None:
    try:
        return _store_group([success])[0]
    except Exception as error:  # noqa: BLE001  raised again in the thread of the job
        return error


_successes: Grouped[Success, None] = Grouped("outcomes", _store_group, max_items=50)


def _store_all(successes: Sequence[Success]) -> None:
    # Read again: a universe may have been changed or deleted during the model call.
    universes = world_context.hold_universes(
        {success.job.universe_id for success in successes},
        to_write=any(success.is_placed for success in successes),
    )
    for success in successes:
        success.job.universe = universes.get(success.job.universe_id)
    won = _complete([success.completion() for success in successes])
    is_won = [(success.job.pk, success.job.attempts) in won for success in successes]
    changes = _Changes(_place([success for success in compress(successes, is_won) if success.is_placed]))
    for success, has_won in zip(successes, is_won, strict=True):
        changes.add(success, is_won=has_won)
    changes.write()


def _complete(completions: Sequence[Completion]) -> set[Any]:
    """Complete jobs; return the id and attempt of those whose attempt still had the claim."""
    if connection.vendor == "postgresql":
        return job_statements.complete_all(AgentJob, completions, now=timezone.now())
    return {
        (completion.job_id, completion.attempt)
        for completion in completions
        if AgentJob.objects.complete(completion.job_id, completion.attempt, **completion.values)
    }


class _Changes:
    """Rows that the successes of one transaction leave, each table's written together."""

    def __init__(self, entries: Mapping[uuid.UUID, placement.Entry]) -> None:
        self._entries = entries
        self._events: list[AgentJobEvent] = []
        self._items: list[ReviewItem] = []
        self._spendings: list[ledger.Spending] = []

    def add(self, success: Success, *, is_won: bool) -> None:
        if is_won:
            self._add_completed(success)
        else:
            self._note(success, EventKind.LATE_RESULT_DROPPED)
        self._spendings.append(ledger.Spending(success.job, success.calls, is_final=is_won))
        lifecycle_checks.check_if_gone(success.calls)

    def write(self) -> None:
        bulk_insert.insert(ReviewItem, self._items)
        bulk_insert.insert(AgentJobEvent, self._events)
        # Last, because every job of the site updates the same budget row.
        ledger.record_all(self._spendings)

    def _add_completed(self, success: Success) -> None:
        job, result = success.job, success.result
        fallback = {"in_place_of": success.fallback_for} if success.fallback_for else {}
        self._note(success, EventKind.COMPLETED, confidence=result.confidence, **fallback)
        if result.needs_review:
            item: ReviewItem | None = open_review.doubt(job, result)
        else:
            if (entry := self._entries.get(job.pk)) is not None:
                self._note(success, EventKind.CANON_ADDED, **entry.as_event())
            item = open_review.audit_if_drawn(job, result)
        if item is not None:
            self._items.append(item)
            self._note(success, EventKind.REVIEW_OPENED, review_id=str(item.pk))
        if job.schedule_id is not None:
            schedule = GenerationSchedule.objects.filter(pk=job.schedule_id, consecutive_failures__gt=0)
            schedule.update(consecutive_failures=0)

    def _note(self, success: Success, kind: EventKind, **data: Any) -> None:
        self._events.append(events.event(success.job.pk, kind, attempt=success.job.attempts, **data))


def _place(successes: Sequence[Success]) -> Mapping[uuid.UUID, placement.Entry]:
    """Place outputs that need no review as drafts or canon, as their universes' settings say; return them by job."""
    entries: dict[uuid.UUID, placement.Entry] = {}
    with_drafts: dict[uuid.UUID, Universe] = {}
    placed = placement.place_new([(success.job, success.result.output) for success in successes])
    for success, entry in zip(successes, placed, strict=True):
        job = success.job
        if isinstance(entry, DomainError):
            # The universe was archived, or the output is too long for an entry: it stays on the job.
            log.warning("output_not_placed", job_id=str(job.pk), reason=entry.message)
        elif entry is not None:
            entries[job.pk] = entry
            if entry.status == CanonStatus.DRAFT and job.universe is not None:
                with_drafts[job.universe.pk] = job.universe
    universe_notices.notify_drafts(list(with_drafts.values()))
    return entries
