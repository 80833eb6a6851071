"""Submission of jobs: check a request, compute its price ceiling, store the job and enqueue it."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import OperationalError, transaction
from django.utils import timezone

from agents.billing import budgets, estimates
from agents.choices import AgentType, EventKind, JobPriority, VersionedData
from agents.common import dispatch, events, world_context
from agents.common.database import connections, versions
from agents.engine.fields import InvalidInput
from agents.engine.registry import get_agent
from agents.engine.world import WorldView
from agents.errors import BudgetExceeded, BudgetsBusy, DomainError, FieldError, Invalid
from agents.jobs import crowd, preview
from agents.models import AgentJob, AgentJobEvent, GenerationSchedule
from agents.models.jobs import bulk_insert
from agents.notify.webhooks import endpoints as webhooks
from agents.providers import factory
from universes.ids import new_id

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
    variants_id: uuid.UUID | None = None
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
    ``BudgetExceeded`` if a budget has not enough left, ``TooManyWaitingJobs`` if the person may have no more.
    """
    with versions.pinned(versions.read_when_asked()):
        universe, world = check_request(request)
        prepared = prepare_job(request, universe, world)
    return create_job(prepared)


def submit_jobs(
    requests: Sequence[JobRequest | Exception], *, all_or_none: bool
) -> list[AgentJob | Exception]:
    """Submit many requests as ``submit_job`` does, with a fixed number of statements for each universe.

    Return for each request its job, or the error that ``submit_job`` would have raised; an error in place of a request
    is returned as it is. ``all_or_none``: with one error or more nothing is stored, and the other jobs are not real.
    """
    worlds = Worlds()
    answers: list[AgentJob | Exception] = []
    prepared: dict[int, PreparedJob] = {}
    with versions.pinned(versions.read_when_asked()):
        for index, request in enumerate(requests):
            if isinstance(request, Exception):
                answers.append(request)
                continue
            try:
                prepared[index] = prepare_job(request, *check_request(request, worlds))
                answers.append(prepared[index].job)
            except DomainError as error:
                answers.append(error)
    if all_or_none and len(prepared) < len(requests):
        return answers
    refusals = create_jobs(list(prepared.values()), all_or_none=all_or_none)
    for index, refusal in zip(prepared, refusals, strict=True):
        answers[index] = refusal or answers[index]
    return answers


def submit_variants(request: JobRequest, count: int) -> list[AgentJob]:
    """Submit the same request several times, all or none; one of the outputs is to be chosen."""
    one = replace(request, variants_id=new_id(), may_reuse=False)
    answers = submit_jobs([one] * count, all_or_none=True)
    jobs = [answer for answer in answers if isinstance(answer, AgentJob)]
    for refusal in answers:
        if isinstance(refusal, Exception):
            raise refusal
    return jobs


def preview_job(request: JobRequest) -> preview.JobPreview:
    """Return what ``submit_job`` would lead to, and store nothing.

    Raises what ``submit_job`` raises except ``BudgetExceeded``: a refusal by a budget is part of the preview.
    """
    with versions.pinned(versions.read()):
        universe, world = check_request(request)
        return preview.preview(_new_job(request, universe), world)


class Worlds:
    """Universes of some requests with their worlds, each read once."""

    def __init__(self) -> None:
        self._found: dict[tuple[int, uuid.UUID], tuple[Universe, WorldView | None] | DomainError] = {}

    def find(self, request: JobRequest) -> tuple[Universe | None, WorldView | None]:
        """Return the universe of a request and its world; raise ``submit_job``'s errors for one that refuses."""
        if request.universe_id is None:
            return None, None
        key = request.by.pk, request.universe_id
        if key not in self._found:
            try:
                universe = world_context.writable_universe(request.by, request.universe_id)
                self._found[key] = universe, world_context.world_view(universe)
            except DomainError as refusal:
                self._found[key] = refusal
        found = self._found[key]
        if isinstance(found, DomainError):
            raise found
        return found


def check_request(
    request: JobRequest, worlds: Worlds | None = None
) -> tuple[Universe | None, WorldView | None]:
    """Return the universe of a valid request and its world; raise what ``submit_job`` raises for an invalid one."""
    check_agent_type(request.agent_type)
    universe, world = (worlds or Worlds()).find(request)
    check_input(request.agent_type, request.input_data, world)
    return universe, world


def prepare_job(request: JobRequest, universe: Universe | None, world: WorldView | None) -> PreparedJob:
    """Build the job of a checked request. Call it outside of the transaction of ``create_job``: it builds prompts."""
    job = _new_job(request, universe)
    return PreparedJob(job, amount_to_reserve(job, world, is_batch=job.batch_until is not None))


def amount_to_reserve(job: AgentJob, world: WorldView | None, *, is_batch: bool) -> Decimal | None:
    """Return the price ceiling of one attempt, zero if it is not known; None if no budget applies to the job.

    It may miss a budget that has just begun; ``_reserve`` does not.
    """
    if not budgets.lately_applied_to(job):
        return None
    return estimates.ceiling_of(job, world, is_batch=is_batch) or Decimal(0)


def create_job(prepared: PreparedJob) -> AgentJob:
    """Store a prepared job, reserve its price ceiling, and enqueue it on commit.

    A job that may wait for a batch becomes due at the end of that time and is not enqueued. Raises ``NotFound`` or
    ``Conflict`` if the universe was deleted or archived since the check, ``BudgetExceeded`` if a budget has not enough
    left, ``BudgetsBusy`` or ``UniverseBusy`` if other transactions hold a budget or close the universe for too long;
    nothing is stored then.
    """
    (refusal,) = create_jobs([prepared], all_or_none=True)
    if refusal is not None:
        raise refusal
    return prepared.job


def create_jobs(prepared: Sequence[PreparedJob], *, all_or_none: bool) -> list[DomainError | None]:
    """Do for many jobs together what ``create_job`` does; return the refusal of each, None for those stored.

    ``all_or_none``: one refusal, and nothing is stored.
    """
    with _told_if_busy(), transaction.atomic():
        closed = world_context.hold_open_universes(one.job.universe_id for one in prepared)
        refusals: dict[uuid.UUID, DomainError] = {
            one.job.pk: closed[one.job.universe_id] for one in prepared if one.job.universe_id in closed
        }
        too_many, locked = crowd.mark_and_lock([one.job for one in prepared if one.job.pk not in refusals])
        refusals |= too_many
        stored = [one for one in prepared if one.job.pk not in refusals]
        submitted = [
            events.event(one.job.pk, EventKind.SUBMITTED, attempt=0, by=one.job.requested_by)
            for one in stored
        ]
        bulk_insert.insert_all({AgentJob: [one.job for one in stored], AgentJobEvent: submitted})
        # After the other writes, because every job of the site updates the same budget row.
        unaffordable = _reserve(stored, locked)
        refusals |= unaffordable
        if refusals and all_or_none:
            transaction.set_rollback(True)
        elif unaffordable:
            bulk_insert.take_back(AgentJobEvent, "job_id", unaffordable)
            bulk_insert.take_back(AgentJob, "id", unaffordable)
        dispatch.enqueue_on_commit(
            [one.job for one in stored if one.job.pk not in refusals and one.job.batch_until is None]
        )
    exceeded = [refusal for refusal in refusals.values() if isinstance(refusal, BudgetExceeded)]
    if exceeded:
        # All are of one request, and so of one person.
        webhooks.tell_of_exceeded(prepared[0].job.requested_by_id, exceeded)
    return [refusals.get(one.job.pk) for one in prepared]


def _reserve(prepared: Sequence[PreparedJob], locked: versions.Versions) -> dict[uuid.UUID, DomainError]:
    """Reserve the amounts, which were computed before the transaction; return the refusals by job.

    ``locked``: the version of the budgets, so that none begins until the transaction ends; one that began since an
    amount was computed counts.
    """
    worlds: dict[uuid.UUID | None, WorldView | None] = {}
    wants: list[tuple[AgentJob, Decimal]] = []
    with versions.pinned(locked):
        for one in prepared:
            job, to_reserve = one.job, one.to_reserve
            if to_reserve is None and budgets.apply_to(job):
                if job.universe_id not in worlds:
                    worlds[job.universe_id] = world_context.world_view(job.universe)
                world = worlds[job.universe_id]
                to_reserve = amount_to_reserve(job, world, is_batch=job.batch_until is not None)
            if to_reserve is not None:
                wants.append((job, to_reserve))
        refusals = budgets.reserve(wants) if wants else []
    return {job.pk: refusal for (job, _), refusal in zip(wants, refusals, strict=True) if refusal is not None}


def reserve_in_budgets(job: AgentJob, to_reserve: Decimal | None) -> None:
    """Reserve the amount for a job that becomes pending again; raise ``BudgetExceeded`` if a budget refuses.

    Raises ``BudgetsBusy`` if other transactions hold a budget for too long.
    """
    with _told_if_busy():
        refusals = _reserve([PreparedJob(job, to_reserve)], versions.lock_shared(VersionedData.BUDGETS))
    for refusal in refusals.values():
        raise refusal


@contextmanager
def _told_if_busy() -> Iterator[None]:
    try:
        yield
    except OperationalError as error:
        if connections.is_lock_timeout(error):
            raise BudgetsBusy("Other requests are changing the budgets of this job. Try again.") from error
        raise


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
        variants_id=request.variants_id,
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
