"""Schedules: create, change and delete them, and submit the jobs that are due."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from enum import Enum, auto
from typing import TYPE_CHECKING, Any

import structlog
from django.db import transaction
from django.utils import timezone

from agents.billing import budget_settings
from agents.choices import JobPriority, JobStatus, OverlapPolicy
from agents.common import world_context
from agents.errors import BudgetExceeded, Conflict, DomainError, Forbidden, Invalid, NotFound
from agents.jobs import submission
from agents.jobs.running import outcomes
from agents.models import AgentJob, GenerationSchedule
from agents.providers import factory
from agents.schedules import stopping
from agents.schedules.timetable import check_interval, next_run

if TYPE_CHECKING:
    from django.contrib.auth.models import User

log = structlog.get_logger(__name__)

# Permissions to change and to delete the schedules of others.
CHANGE = "agents.change_generationschedule"
DELETE = "agents.delete_generationschedule"

UNFINISHED = (JobStatus.PENDING, JobStatus.PROCESSING)
# ``month_limit_usd`` is stored as a budget.
EDITABLE = ("name", "agent_type", "input_data", "crontab", "time_zone", "overlap", "enabled")


class Run(Enum):
    """The outcome of a run that was due."""

    SUBMITTED = auto()
    SKIPPED = auto()
    # Another process was faster.
    TAKEN = auto()


def create_schedule(
    *, owner: User, universe_id: uuid.UUID, month_limit_usd: Decimal | None = None, **fields: Any
) -> GenerationSchedule:
    """Create a schedule in the owner's name; raise what ``submission.submit_job`` raises for the same input."""
    universe = world_context.writable_universe(owner, universe_id)
    schedule = GenerationSchedule(owner=owner, universe=universe, **fields)
    _check(schedule)
    check_interval(schedule.crontab, schedule.time_zone, timezone.now())
    with transaction.atomic():
        schedule.save()
        if month_limit_usd is not None:
            budget_settings.set_schedule_limit(schedule, month_limit_usd)
    return schedule


def update_schedule(schedule_id: uuid.UUID, changes: Mapping[str, Any], *, by: User) -> GenerationSchedule:
    """Change some fields. Enabling a schedule again resets its failures."""
    with transaction.atomic():
        schedule = lock_schedule(schedule_id, by=by)
        _require(CHANGE, schedule, by)
        was_enabled = schedule.enabled
        timing = _timing(schedule)
        for name in EDITABLE:
            if name in changes:
                setattr(schedule, name, changes[name])
        if schedule.enabled and not was_enabled:
            world_context.writable_universe(schedule.owner, schedule.universe_id)
            schedule.consecutive_failures = 0
            schedule.disabled_reason = ""
        elif was_enabled and not schedule.enabled:
            schedule.disabled_reason = f"Switched off by {by.get_username()}."
        due_at = schedule.next_run_at
        _check(schedule)
        if _timing(schedule) == timing:
            # A change of the name must not skip a run that is due at this moment.
            schedule.next_run_at = due_at
        else:
            check_interval(schedule.crontab, schedule.time_zone, timezone.now())
        schedule.save()
        if "month_limit_usd" in changes:
            budget_settings.set_schedule_limit(schedule, changes["month_limit_usd"])
    return schedule


def _timing(schedule: GenerationSchedule) -> tuple[str, str, bool]:
    return schedule.crontab, schedule.time_zone, schedule.enabled


def lock_schedule(schedule_id: uuid.UUID, *, by: User) -> GenerationSchedule:
    """Lock a schedule until the transaction ends, and return it; raise ``NotFound`` as ``get_schedule`` does."""
    schedule = (
        GenerationSchedule.objects.select_for_update(of=("self",))
        .visible_to(by)
        .select_related("universe", "owner")
        .filter(pk=schedule_id)
        .first()
    )
    if schedule is None:
        raise _not_found(schedule_id)
    return schedule


def get_schedule(schedule_id: uuid.UUID, *, by: User) -> GenerationSchedule:
    """Return a schedule that the person may see; raise ``NotFound`` otherwise."""
    schedule = (
        GenerationSchedule.objects.visible_to(by).select_related("owner").filter(pk=schedule_id).first()
    )
    if schedule is None:
        raise _not_found(schedule_id)
    return schedule


def _not_found(schedule_id: uuid.UUID) -> NotFound:
    return NotFound(f"There is no schedule {schedule_id}.", code="schedule_not_found")


def delete_schedule(schedule_id: uuid.UUID, *, by: User) -> None:
    """Delete a schedule but not its jobs."""
    schedule = get_schedule(schedule_id, by=by)
    _require(DELETE, schedule, by)
    with transaction.atomic():
        budget_settings.delete_budgets_of(schedule)
        schedule.delete()


def _require(permission: str, schedule: GenerationSchedule, by: User) -> None:
    """Raise ``Forbidden`` for people who may see the schedules of others but not change them."""
    if schedule.owner_id != by.pk and not by.has_perm(permission):
        raise Forbidden("You may not change the schedules of others.")


def _check(schedule: GenerationSchedule) -> None:
    submission.check_agent_type(schedule.agent_type)
    world = world_context.world_view(schedule.universe)
    submission.check_input(schedule.agent_type, schedule.input_data, world)
    upcoming = next_run(schedule.crontab, schedule.time_zone, timezone.now())
    schedule.next_run_at = upcoming if schedule.enabled else None


def run_due() -> dict[str, int]:
    """Submit a job for every schedule that is due.

    The update to the next run is the fence: of any number of concurrent workers, one submits. Missed runs are not
    made up for: one job now, then the regular times again. Schedules whose owner has left are stopped first.
    """
    stopping.stop_orphaned()
    now = timezone.now()
    submitted = failed = skipped = 0
    for schedule in (
        GenerationSchedule.objects.due(now).select_related("owner", "universe").order_by("next_run_at")
    ):
        try:
            match _run(schedule, now):
                case Run.SUBMITTED:
                    submitted += 1
                case Run.SKIPPED:
                    skipped += 1
        except BudgetExceeded as error:
            skipped += 1
            _skip(schedule, error)
        except DomainError as error:
            failed += 1
            _count_refusal(schedule, error)
    return {"submitted": submitted, "failed": failed, "skipped": skipped}


def _run(schedule: GenerationSchedule, now: datetime) -> Run:
    assert schedule.next_run_at is not None
    if not schedule.owner.is_active:
        raise Forbidden(f"The account {schedule.owner.get_username()} is switched off.")
    upcoming = next_run(schedule.crontab, schedule.time_zone, now)
    prepared = _prepared(schedule, JobPriority.BATCH if factory.has_batch_lane() else JobPriority.NORMAL)
    with transaction.atomic():
        world_context.lock_universe(schedule.universe_id)
        if not GenerationSchedule.objects.advance(
            schedule.pk, from_run=schedule.next_run_at, to_run=upcoming
        ):
            return Run.TAKEN
        running = _running(schedule)
        if running is not None:
            _record_skip(schedule, f"Job {running.pk} of an earlier run was not finished.")
            return Run.SKIPPED
        _create(schedule, prepared)
    return Run.SUBMITTED


def run_now(schedule_id: uuid.UUID, *, by: User) -> AgentJob:
    """Submit a job of a schedule at once, in the owner's name; its timetable stays, and it may be paused.

    Raises what ``submission.submit_job`` raises, and ``Conflict`` ``schedule_running`` if an earlier job is not
    finished and the schedule skips.
    """
    schedule = get_schedule(schedule_id, by=by)
    _require(CHANGE, schedule, by)
    if not schedule.owner.is_active:
        raise Forbidden(f"The account {schedule.owner.get_username()} is switched off.")
    prepared = _prepared(schedule, JobPriority.NORMAL)
    with transaction.atomic():
        world_context.lock_universe(schedule.universe_id)
        running = _running(schedule)
        if running is not None:
            raise Conflict(
                f"Job {running.pk} of this schedule is not finished, and its overlap policy is to skip.",
                code="schedule_running",
                details={"existing": {"id": str(running.pk), "name": str(running)}},
            )
        return _create(schedule, prepared)


def _prepared(schedule: GenerationSchedule, priority: JobPriority) -> submission.PreparedJob:
    request = submission.JobRequest(
        by=schedule.owner,
        agent_type=schedule.agent_type,
        input_data=schedule.input_data,
        universe_id=schedule.universe_id,
        schedule=schedule,
        priority=priority,
    )
    universe, world = submission.check_request(request)
    return submission.prepare_job(request, universe, world)


def _create(schedule: GenerationSchedule, prepared: submission.PreparedJob) -> AgentJob:
    job = submission.create_job(prepared)
    GenerationSchedule.objects.filter(pk=schedule.pk).update(last_job=job)
    return job


def _running(schedule: GenerationSchedule) -> AgentJob | None:
    """Return an unfinished job of a schedule that skips; the lock of the universe keeps others from adding one."""
    if schedule.overlap != OverlapPolicy.SKIP:
        return None
    return AgentJob.objects.filter(schedule=schedule, status__in=UNFINISHED).first()


def _record_skip(schedule: GenerationSchedule, reason: str) -> None:
    log.warning("schedule_skipped", schedule_id=str(schedule.pk), reason=reason)
    GenerationSchedule.objects.filter(pk=schedule.pk).update(
        last_skipped_at=timezone.now(), last_skip_reason=reason[:500]
    )


def _skip(schedule: GenerationSchedule, refusal: BudgetExceeded) -> None:
    """Skip a run that a budget refused; this does not count as a failure of the schedule."""
    assert schedule.next_run_at is not None
    upcoming = next_run(schedule.crontab, schedule.time_zone, timezone.now())
    if GenerationSchedule.objects.advance(schedule.pk, from_run=schedule.next_run_at, to_run=upcoming):
        _record_skip(schedule, refusal.message)


def _count_refusal(schedule: GenerationSchedule, error: DomainError) -> None:
    """Count a refused submission as a failure, and move the schedule to its next run."""
    log.warning("schedule_refused", schedule_id=str(schedule.pk), reason=error.message)
    assert schedule.next_run_at is not None
    try:
        upcoming = next_run(schedule.crontab, schedule.time_zone, timezone.now())
    except Invalid as unreadable:
        # The machine no longer knows the time zone: without a next run the schedule has to be disabled.
        reason = f"Switched off: {unreadable.errors[0].detail}"[:500]
        GenerationSchedule.objects.filter(pk=schedule.pk, enabled=True).update(
            enabled=False, next_run_at=None, disabled_reason=reason
        )
        return
    with transaction.atomic():
        if not GenerationSchedule.objects.advance(
            schedule.pk, from_run=schedule.next_run_at, to_run=upcoming
        ):
            return
        outcomes.count_schedule_failure(schedule.pk, f"the last was refused: {error.message}")
