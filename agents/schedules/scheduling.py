"""Schedules: create, change and delete them, and submit the jobs that are due."""

from __future__ import annotations

import uuid
import zoneinfo
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import structlog
from cronsim import CronSim, CronSimError
from django.db import transaction
from django.utils import timezone

from agents.choices import JobPriority
from agents.common import world_context
from agents.errors import BudgetExceeded, DomainError, FieldError, Forbidden, Invalid, NotFound
from agents.jobs import outcomes, submission
from agents.models import GenerationSchedule
from agents.providers import factory

if TYPE_CHECKING:
    from django.contrib.auth.models import User

log = structlog.get_logger(__name__)

# Permissions to change and to delete the schedules of others.
CHANGE = "agents.change_generationschedule"
DELETE = "agents.delete_generationschedule"

EDITABLE = ("name", "agent_type", "input_data", "crontab", "time_zone", "enabled")


def next_run(crontab: str, time_zone: str, after: datetime) -> datetime:
    """Return the first run after ``after``, in UTC; daylight saving follows the time zone.

    Raises ``Invalid`` that names ``/crontab`` or ``/time_zone``.
    """
    try:
        zone = zoneinfo.ZoneInfo(time_zone)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        detail = f"{time_zone!r} is not a time zone; use a name such as Europe/Rome."
        raise Invalid("The time zone is not known.", [FieldError("/time_zone", detail)]) from None
    if len(crontab.split()) != 5:
        raise _bad_crontab("It has five fields: minute, hour, day, month, weekday.")
    try:
        moment = next(CronSim(crontab, after.astimezone(zone)))
    except CronSimError as error:
        raise _bad_crontab(f"{error}.") from None
    except StopIteration:
        raise _bad_crontab("No such day ever comes.") from None
    return moment.astimezone(UTC)


def _bad_crontab(detail: str) -> Invalid:
    return Invalid("The crontab cannot be read.", [FieldError("/crontab", detail)])


def create_schedule(*, owner: User, universe_id: uuid.UUID, **fields: Any) -> GenerationSchedule:
    """Create a schedule in the owner's name; raise what ``submission.submit_job`` raises for the same input."""
    universe = world_context.writable_universe(owner, universe_id)
    schedule = GenerationSchedule(owner=owner, universe=universe, **fields)
    _check(schedule)
    schedule.save()
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
        schedule.save()
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
    made up for: one job now, then the regular times again.
    """
    now = timezone.now()
    submitted = failed = skipped = 0
    for schedule in (
        GenerationSchedule.objects.due(now).select_related("owner", "universe").order_by("next_run_at")
    ):
        try:
            if _run(schedule, now):
                submitted += 1
        except BudgetExceeded as error:
            skipped += 1
            _skip(schedule, error)
        except DomainError as error:
            failed += 1
            _count_refusal(schedule, error)
    return {"submitted": submitted, "failed": failed, "skipped": skipped}


def _run(schedule: GenerationSchedule, now: datetime) -> bool:
    assert schedule.next_run_at is not None
    if not schedule.owner.is_active:
        raise Forbidden(f"The account {schedule.owner.get_username()} is switched off.")
    upcoming = next_run(schedule.crontab, schedule.time_zone, now)
    request = submission.JobRequest(
        by=schedule.owner,
        agent_type=schedule.agent_type,
        input_data=schedule.input_data,
        universe_id=schedule.universe_id,
        schedule=schedule,
        priority=JobPriority.BATCH if factory.has_batch_lane() else JobPriority.NORMAL,
    )
    universe, world = submission.check_request(request)
    prepared = submission.prepare_job(request, universe, world)
    with transaction.atomic():
        world_context.lock_universe(schedule.universe_id)
        if not GenerationSchedule.objects.advance(
            schedule.pk, from_run=schedule.next_run_at, to_run=upcoming
        ):
            return False
        job = submission.create_job(prepared)
        GenerationSchedule.objects.filter(pk=schedule.pk).update(last_job=job)
    return True


def _skip(schedule: GenerationSchedule, refusal: BudgetExceeded) -> None:
    """Skip a run that a budget refused; this does not count as a failure of the schedule."""
    log.warning("schedule_skipped", schedule_id=str(schedule.pk), reason=refusal.message)
    assert schedule.next_run_at is not None
    upcoming = next_run(schedule.crontab, schedule.time_zone, timezone.now())
    GenerationSchedule.objects.advance(schedule.pk, from_run=schedule.next_run_at, to_run=upcoming)


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
