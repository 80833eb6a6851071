"""What a person does with jobs: submit, retry, cancel."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from agents.billing import budgets
from agents.choices import AgentType, EventKind, JobPriority
from agents.common import dispatch, events, world_context
from agents.engine.fields import InvalidInput
from agents.engine.registry import get_agent
from agents.errors import FieldError, Invalid, NotFound
from agents.jobs import preview
from agents.models import AgentJob, GenerationSchedule
from agents.providers import factory

if TYPE_CHECKING:
    from django.contrib.auth.models import User

    from universes.models import Universe


def submit_job(
    *,
    by: User,
    agent_type: str,
    input_data: Mapping[str, Any],
    universe_id: uuid.UUID | None = None,
    schedule: GenerationSchedule | None = None,
    reuse: bool = False,
    priority: JobPriority = JobPriority.NORMAL,
) -> AgentJob:
    """Store a request and ring for a worker once it is committed, unless it may wait for a batch.

    ``reuse``: an earlier output for exactly the same question will do, where there is one that counts.

    Raises ``Invalid`` that names the field for input that the agent cannot use, ``NotFound`` for a universe that
    is not the person's, ``Forbidden`` for one that they may only read, ``Conflict`` for an archived one,
    ``BudgetExceeded`` where a budget has not enough left.
    """
    universe = _check_request(by, agent_type, input_data, universe_id)
    try:
        return create_job(
            by=by,
            agent_type=agent_type,
            input_data=input_data,
            universe=universe,
            schedule=schedule,
            may_reuse=reuse,
            priority=priority,
        )
    except IntegrityError:
        if universe is None:
            raise
        # Deleted since it was looked up.
        raise NotFound(f"There is no universe {universe_id} any more.", code="universe_not_found") from None


def preview_job(
    *,
    by: User,
    agent_type: str,
    input_data: Mapping[str, Any],
    universe_id: uuid.UUID | None = None,
    priority: JobPriority = JobPriority.NORMAL,
) -> dict[str, Any]:
    """What ``submit_job`` would lead to, and nothing stored; see ``previews.preview``.

    Raises what ``submit_job`` raises, but for the budgets: what they would say is part of the answer.
    """
    universe = _check_request(by, agent_type, input_data, universe_id)
    return preview.preview(
        AgentJob(
            universe=universe,
            agent_type=agent_type,
            requested_by=by,
            input_data=dict(input_data),
            priority=priority,
            batch_until=_batch_until(priority),
        )
    )


def _batch_until(priority: str) -> datetime | None:
    """How long a job that is submitted now may wait for a batch; None for one that is asked directly."""
    if priority != JobPriority.BATCH or not factory.has_batch_lane():
        return None
    return timezone.now() + timedelta(seconds=settings.BATCH_FALL_BACK_S)


def _check_request(
    by: User, agent_type: str, input_data: Mapping[str, Any], universe_id: uuid.UUID | None
) -> Universe | None:
    """The universe to work in; raises what is wrong with a request."""
    check_agent_type(agent_type)
    universe = world_context.writable_universe(by, universe_id) if universe_id else None
    check_input(agent_type, input_data, universe)
    return universe


def create_job(
    *,
    by: User,
    agent_type: str,
    input_data: Mapping[str, Any],
    universe: Universe | None,
    schedule: GenerationSchedule | None = None,
    follows: AgentJob | None = None,
    revision_note: str = "",
    may_reuse: bool = False,
    priority: JobPriority = JobPriority.NORMAL,
) -> AgentJob:
    """Store a request that has been checked, and ring for a worker once it is committed.

    What may wait for a batch is due when its time for that is over, and not rung for. Raises ``BudgetExceeded`` and
    stores nothing where a budget has not enough left.
    """
    now = timezone.now()
    batch_until = _batch_until(priority)
    with transaction.atomic():
        job = AgentJob.objects.create(
            universe=universe,
            agent_type=agent_type,
            requested_by=by,
            input_data=dict(input_data),
            schedule=schedule,
            follows=follows,
            revision_note=revision_note,
            may_reuse=may_reuse,
            priority=priority,
            batch_until=batch_until,
            attempt_limit=attempts_allowed(),
            created_at=now,
            available_at=batch_until or now,
            # Marked as sent beforehand, so that the usual case costs no second write.
            sent_at=None if batch_until else now,
        )
        events.record(job.pk, EventKind.SUBMITTED, attempt=0, by=by)
        # Last, because everybody's budgets are one row.
        budgets.reserve(job)
        if not batch_until:
            dispatch.enqueue_on_commit(job.pk)
    return job


def check_agent_type(agent_type: str) -> None:
    if agent_type not in AgentType.values:
        known = ", ".join(AgentType.values)
        raise Invalid(
            f"There is no agent {agent_type!r}.",
            [FieldError("/agent_type", f"Use one of: {known}.", "unknown_agent_type")],
            code="unknown_agent_type",
        )


def attempts_allowed() -> int:
    """The first attempt and its retries."""
    return int(settings.JOB_MAX_RETRIES) + 1


def check_input(agent_type: str, input_data: Mapping[str, Any], universe: Universe | None) -> None:
    """Raise ``Invalid`` with pointers under ``/input_data`` for what the agent could not use."""
    try:
        get_agent(agent_type).validate_input(input_data, world=world_context.world_view(universe))
    except InvalidInput as error:
        raise Invalid(
            "The input of the agent is not valid.",
            [FieldError(f"/input_data{e.pointer}", e.message, e.code) for e in error.errors],
        ) from None
