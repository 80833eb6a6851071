"""Outcomes of an attempt: new state of the job, events, ledger, review item and canon entry.

Each outcome is one transaction, which several successes may share. An attempt that has lost its claim, because the job
was cancelled or rescued, changes nothing but the ledger: the money was spent all the same.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from agents.billing import ledger
from agents.choices import EventKind
from agents.common import events, world_context
from agents.common.text.timestamps import isoformat_utc
from agents.engine.results import AgentFailure, AgentResult, CallRecord
from agents.jobs.running import retry_policy, successes
from agents.models import AgentJob, GenerationSchedule
from agents.notify import universe_notices
from agents.providers import factory, lifecycle_checks, run_settings

log = structlog.get_logger(__name__)

MAX_SCHEDULE_FAILURES = 5

# Minimum delay of a job while its model is paused; ``maintenance.wake_admitted_jobs`` wakes it earlier. Retries every
# few seconds would fill the database with events while a model is paused for a day.
PAUSED_DELAY_S = 300.0

# Messages of lost attempts by cause.
_LOSSES = {
    "worker_lost": "The worker stopped before the attempt finished.",
    "claim_lost": "The database connection was lost before the attempt finished.",
    "attempt_overdue": "The attempt exceeded its time limit.",
}


def record_success(
    job: AgentJob,
    result: AgentResult,
    calls: Sequence[CallRecord],
    *,
    world_hash: str,
    fallback_for: str = "",
    question_hash: str = "",
) -> None:
    """Move a job from processing to completed; open a review item if the policy asks for one, or an audit if drawn.

    ``fallback_for`` is the retired model that a successor replaced in this attempt, if any. Later jobs with the same
    request find the output by ``question_hash``; "" excludes it from reuse.
    """
    successes.store(
        successes.Success(
            job=job,
            result=result,
            calls=calls,
            world_hash=world_hash,
            fallback_for=fallback_for,
            question_hash=question_hash,
        )
    )


def record_failure(job: AgentJob, failure: AgentFailure, calls: Sequence[CallRecord]) -> None:
    """Move a job from processing to pending with a later ``available_at`` if it may retry, else to failed.

    A postponed attempt does not use up a retry.
    """
    may_retry = failure.kind == "transient" and job.attempts < job.attempt_limit
    with transaction.atomic():
        job.universe = world_context.lock_universe(job.universe_id)
        is_final = False
        if failure.kind == "postponed":
            _postpone(job, failure, made_call=bool(calls))
        elif may_retry:
            delay = retry_policy.delay_before(_next_retry(job), failure.retry_after_s)
            _put_back(job, failure, EventKind.RESCHEDULED, timezone.now() + delay, is_try=True)
        else:
            is_final = _fail(job, failure, is_mock=any(call.is_mock for call in calls))
        ledger.record_calls(job, calls, is_final=is_final)
        lifecycle_checks.check_if_gone(calls)


def _next_retry(job: AgentJob) -> int:
    """Return the number of the next retry, counted anew after a retry by a person."""
    retries_left = job.attempt_limit - job.attempts
    return int(settings.JOB_MAX_RETRIES) - retries_left + 1


def _postpone(job: AgentJob, failure: AgentFailure, *, made_call: bool) -> None:
    wait_s = failure.retry_after_s or 0.0
    # The job whose call tripped the breaker retries as soon as the pause is over, as the probe.
    if failure.code == "line_paused" and not made_call:
        wait_s = max(wait_s, PAUSED_DELAY_S)
    available_at = timezone.now() + timedelta(seconds=wait_s)
    _put_back(job, failure, EventKind.POSTPONED, available_at, is_try=False, cause=failure.cause)


def _put_back(
    job: AgentJob,
    failure: AgentFailure,
    kind: EventKind,
    available_at: datetime,
    *,
    is_try: bool,
    is_lost: bool = False,
    **data: Any,
) -> None:
    if not AgentJob.objects.put_back(
        job.pk,
        job.attempts,
        available_at=available_at,
        error_code=failure.code,
        error_message=failure.message,
        is_try=is_try,
        is_lost=is_lost,
    ):
        events.record(job.pk, EventKind.LATE_RESULT_DROPPED, attempt=job.attempts, code=failure.code)
        return
    events.record(
        job.pk,
        kind,
        attempt=job.attempts,
        code=failure.code,
        message=failure.message,
        available_at=isoformat_utc(available_at),
        **data,
    )


def _fail(job: AgentJob, failure: AgentFailure, *, is_mock: bool) -> bool:
    message = failure.message
    made = _attempts_made(job)
    if failure.kind == "transient" and made > 1:
        message = f"Gave up after {made} attempts: {message}"
    if not AgentJob.objects.fail(
        job.pk, job.attempts, error_code=failure.code, error_message=message, is_mock=is_mock
    ):
        events.record(job.pk, EventKind.LATE_RESULT_DROPPED, attempt=job.attempts, code=failure.code)
        return False
    events.record(job.pk, EventKind.FAILED, attempt=job.attempts, code=failure.code, message=message)
    if job.schedule_id is not None:
        count_schedule_failure(job.schedule_id, f"the last was job {job.pk}.")
    return True


def _attempts_made(job: AgentJob) -> int:
    """Count the attempts that reached the model since the job was submitted, or since a person last retried it."""
    retried = job.events.filter(kind=EventKind.RETRIED).order_by("-id").values("id", "attempt").first()
    # Postponed attempts and those that left their batch never reached the model.
    not_made = job.events.filter(kind__in=[EventKind.POSTPONED, EventKind.BATCH_LEFT])
    if retried is None:
        return job.attempts - not_made.count()
    return job.attempts - int(retried["attempt"]) - not_made.filter(pk__gt=retried["id"]).count()


def record_lost_attempt(job: AgentJob, cause: str, *, may_have_called: bool, is_to_fail: bool) -> None:
    """Take a locked job back from an attempt that nobody will finish.

    ``is_to_fail``: the job would lose further attempts in the same way.
    """
    events.record(job.pk, EventKind.RESCUED, attempt=job.attempts, cause=cause)
    lost = AgentFailure(cause, _LOSSES[cause], kind="transient")
    is_final = is_to_fail or job.attempts >= job.attempt_limit
    if is_final:
        is_final = _fail(job, lost, is_mock=False)
    else:
        # No back-off: the job waited already. A claim that was lost before a call is no try.
        is_try = may_have_called or cause != "claim_lost"
        _put_back(job, lost, EventKind.RESCHEDULED, timezone.now(), is_try=is_try, is_lost=True)
    ledger.record_calls(job, [_lost_call(job)] if may_have_called else [], is_final=is_final)


def _lost_call(job: AgentJob) -> CallRecord:
    """Build the record of the call that the lost worker may have made, with unknown usage and price."""
    return CallRecord(
        model="mock" if factory.uses_mock() else run_settings.run_settings(job).model,
        prompt_name="",
        prompt_version="",
        is_mock=factory.uses_mock(),
        error_code=ledger.WORKER_LOST,
        may_be_billed=True,
    )


def count_schedule_failure(schedule_id: uuid.UUID, last: str) -> None:
    """Count a failure in a row, and disable the schedule with a reason after ``MAX_SCHEDULE_FAILURES``."""
    schedule = GenerationSchedule.objects.filter(pk=schedule_id)
    schedule.update(consecutive_failures=F("consecutive_failures") + 1)
    reason = f"Switched off after {MAX_SCHEDULE_FAILURES} failures in a row; {last}"[:500]
    switched_off = schedule.filter(enabled=True, consecutive_failures__gte=MAX_SCHEDULE_FAILURES).update(
        enabled=False, next_run_at=None, disabled_reason=reason
    )
    if switched_off:
        stopped = GenerationSchedule.objects.select_related("universe").get(pk=schedule_id)
        universe_notices.notify_schedule_off(stopped.universe, stopped.name, reason)
