"""Submission of jobs: check a request, compute its price ceiling, store the job and enqueue it."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from agents.billing import budgets, estimates
from agents.choices import AgentType, EventKind, JobPriority, VersionedData
from agents.common import dispatch, events, versions, world_context
from agents.engine.fields import InvalidInput
from agents.engine.registry import get_agent
from agents.engine.world import WorldView
from agents.errors import FieldError, Invalid
from agents.jobs import preview
from agents.models import AgentJob, GenerationSchedule
from agents.models.jobs import bulk_insert
from agents.providers import factory

if TYPE_CHECKING:
    from django.contrib.auth.models import User

    from universes.models import Universe


@dataclass(frozen=True, slots=True, kw_only=True)
class JobRequest:
    """A request for one job. ``may_reuse``: an earlier output for exactly the same request will do."""

    by: User
    agent_type: str
    input_data: Mapping[str, Any]
    universe_id: uuid.UUID | None = None
    schedule: GenerationSchedule | None = None
    follows: AgentJob | None = None
    revision_note: str = ""
    may_reuse: bool = False
    priority: str = JobPriority.NORMAL


@dataclass(frozen=True, slots=True)
class PreparedJob:
    """A job that is not stored yet, and the US dollars to reserve for it; None if no budget applies."""

    job: AgentJob
    to_reserve: Decimal | None


def submit_job(request: JobRequest) -> AgentJob:
    """Store a request and enqueue it on commit, unless it may wait for a batch.

    Raises ``Invalid`` that names the field for input that the agent cannot use, ``NotFound`` for a universe of which
    the person is no member, ``Forbidden`` for one that they may only read, ``Conflict`` for an archived one,
    ``BudgetExceeded`` if a budget has not enough left.
    """
    with versions.pinned(versions.read()):
        universe, world = check_request(request)
        prepared = prepare_job(request, universe, world)
    return create_job(prepared)


def preview_job(request: JobRequest) -> preview.JobPreview:
    """Return what ``submit_job`` would lead to, and store nothing.

    Raises what ``submit_job`` raises except ``BudgetExceeded``: a refusal by a budget is part of the preview.
    """
    universe, world = check_request(request)
    return preview.preview(_new_job(request, universe), world)


def check_request(request: JobRequest) -> tuple[Universe | None, WorldView | None]:
    """Return the universe of a valid request and its world; raise what ``submit_job`` raises for an invalid one."""
    check_agent_type(request.agent_type)
    universe = (
        world_context.writable_universe(request.by, request.universe_id) if request.universe_id else None
    )
    world = world_context.world_view(universe)
    check_input(request.agent_type, request.input_data, world)
    return universe, world


def prepare_job(request: JobRequest, universe: Universe | None, world: WorldView | None) -> PreparedJob:
    """Build the job of a checked request. Call it outside of the transaction of ``create_job``: it builds prompts."""
    job = _new_job(request, universe)
    return PreparedJob(job, amount_to_reserve(job, world, is_batch=job.batch_until is not None))


def amount_to_reserve(job: AgentJob, world: WorldView | None, *, is_batch: bool) -> Decimal | None:
    """Return the price ceiling of one attempt, zero if it is not known; None if no budget applies to the job."""
    if not budgets.apply_to(job):
        return None
    return estimates.ceiling_of(job, world, is_batch=is_batch) or Decimal(0)


def create_job(prepared: PreparedJob) -> AgentJob:
    """Store a prepared job, reserve its price ceiling, and enqueue it on commit.

    A job that may wait for a batch becomes due at the end of that time and is not enqueued. Raises ``NotFound`` or
    ``Conflict`` if the universe was deleted or archived since the check, ``BudgetExceeded`` if a budget has not enough
    left; nothing is stored then.
    """
    job = prepared.job
    with transaction.atomic():
        world_context.hold_open_universe(job.universe_id)
        bulk_insert.insert(AgentJob, [job])
        events.record(job.pk, EventKind.SUBMITTED, attempt=0, by=job.requested_by)
        # After the other writes, because every job of the site updates the same budget row.
        reserve_in_budgets(job, prepared.to_reserve)
        if job.batch_until is None:
            dispatch.enqueue_on_commit(job)
    return job


def reserve_in_budgets(job: AgentJob, to_reserve: Decimal | None) -> None:
    """Reserve the amount, which was computed before the transaction, or None if no budget applied then.

    From here on no budget begins until the transaction ends; one that began since the amount was computed counts.
    """
    with versions.pinned(versions.lock_shared(VersionedData.BUDGETS)):
        if to_reserve is None:
            world = world_context.world_view(job.universe) if budgets.apply_to(job) else None
            to_reserve = amount_to_reserve(job, world, is_batch=job.batch_until is not None)
        if to_reserve is not None:
            budgets.reserve(job, to_reserve)


def _new_job(request: JobRequest, universe: Universe | None) -> AgentJob:
    now = timezone.now()
    batch_until = _batch_until(request.priority, now)
    return AgentJob(
        universe=universe,
        agent_type=request.agent_type,
        requested_by=request.by,
        input_data=dict(request.input_data),
        schedule=request.schedule,
        follows=request.follows,
        revision_note=request.revision_note,
        may_reuse=request.may_reuse,
        priority=request.priority,
        batch_until=batch_until,
        attempt_limit=attempts_allowed(),
        created_at=now,
        available_at=batch_until or now,
        # Marked as sent in advance, to save a second write in the usual case.
        sent_at=None if batch_until else now,
    )


def _batch_until(priority: str, now: datetime) -> datetime | None:
    """Return the time until which a new job may wait for a batch; None for a job that is asked directly."""
    if priority != JobPriority.BATCH or not factory.has_batch_lane():
        return None
    return now + timedelta(seconds=settings.BATCH_FALL_BACK_S)


def check_agent_type(agent_type: str) -> None:
    if agent_type not in AgentType.values:
        known = ", ".join(AgentType.values)
        raise Invalid(
            f"There is no agent {agent_type!r}.",
            [FieldError("/agent_type", f"Use one of: {known}.", "unknown_agent_type")],
            code="unknown_agent_type",
        )


def check_input(agent_type: str, input_data: Mapping[str, Any], world: WorldView | None) -> None:
    """Raise ``Invalid`` with pointers under ``/input_data`` for input that the agent cannot use."""
    try:
        get_agent(agent_type).validate_input(input_data, world=world)
    except InvalidInput as error:
        raise Invalid(
            "The input of the agent is not valid.",
            [FieldError(f"/input_data{e.pointer}", e.message, e.code) for e in error.errors],
        ) from None


def attempts_allowed() -> int:
    """Return the number of attempts of a new job: the first one and its retries."""
    return int(settings.JOB_MAX_RETRIES) + 1
