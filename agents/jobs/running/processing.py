"""Processing of an attempt: ask the model, then store the outcome.

No transaction is open and no database connection is held while the model is being called.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from typing import TypeVar

import structlog
from django.db import DataError, IntegrityError

from agents.billing import ledger
from agents.common import tracing
from agents.common.database import connections
from agents.common.in_flight import in_flight
from agents.common.text.job_text import revision_request
from agents.engine.registry import get_agent
from agents.engine.results import AgentFailure, CallRecord
from agents.jobs import reuse
from agents.jobs.running import outcomes
from agents.jobs.running.answer_source import AnswerSource, RunContext
from agents.jobs.running.progress import Progress
from agents.llm.turns import turns
from agents.models import AgentJob

log = structlog.get_logger(__name__)

# Pauses before each retry of storing a paid answer while the database is away, in seconds: about a minute, in which
# the thread could not claim another job.
WRITE_RETRIES_S = (0.2, 1.0, 1.5, *[2.0] * 30)

# Retries after a row that the database refuses. Only a universe that was deleted meanwhile is cured by the first.
MAX_REFUSALS = 3

T = TypeVar("T")


def run_job(source: AnswerSource) -> None:
    """Run the attempt that ``source`` holds, and store its outcome."""
    job = source.job
    # Takes each call as soon as it is over, so that a crash loses none.
    calls: list[CallRecord] = []
    names: dict[str, str | int] = {"job_id": str(job.pk), "attempt": job.attempts}
    with (
        structlog.contextvars.bound_contextvars(**names),
        tracing.span("attempt", agent_type=job.agent_type, **names),
    ):
        try:
            _run_attempt(source, calls)
        except connections.GONE:
            # The database went away: the rescue of this process returns the job as soon as it is back.
            in_flight.suspect_loss()
            raise
        except Exception as error:  # the process edge: a bug of ours must not leave the job hanging
            log.exception("attempt_crashed")
            _store_crash(source, error, calls)
        finally:
            in_flight.remove(job.pk)


def _run_attempt(source: AnswerSource, calls: list[CallRecord]) -> None:
    started = time.monotonic()
    job, agent = source.job, get_agent(source.job.agent_type)
    context, revision = source.context(), revision_request(job)
    connections.release()
    try:
        work = agent.prepare(job.input_data, context.world, context.settings, revision)
        # A reviewer who asked for a revision does not want the same output again.
        request_hash = (
            "" if revision else reuse.request_hash(work.request, context.world_hash, context.settings)
        )
        if source.may_reuse and request_hash and _reuse_output(source, request_hash, context):
            return
        result = agent.run_prepared(work, context.client, on_phase=Progress(job), calls=calls)
    except AgentFailure as failure:
        _store(source, partial(outcomes.record_failure, job, failure, source.booked(calls)))
        return
    _store(
        source,
        partial(
            outcomes.record_success,
            job,
            result,
            source.booked(calls),
            world_hash=context.world_hash,
            fallback_for=context.settings.fallback_for,
            question_hash=request_hash,
        ),
    )
    log.info("attempt_finished", seconds=round(time.monotonic() - started, 2), confidence=result.confidence)


def _reuse_output(source: AnswerSource, request_hash: str, context: RunContext) -> bool:
    """Complete the job with an earlier output for the same request; False if there is none."""
    complete = partial(
        reuse.complete_from_earlier,
        source.job,
        request_hash,
        context.settings,
        is_mock=context.client.is_mock,
    )
    is_reused = _store(source, complete)
    connections.release()
    return bool(is_reused)


def _store_crash(source: AnswerSource, error: Exception, calls: list[CallRecord]) -> None:
    """Fail the job with the calls that were paid for; without them if they are what cannot be stored."""
    message = f"{type(error).__name__} while working on the job; the log has the details."
    crash = AgentFailure("internal_error", message, kind="permanent")
    try:
        _store(source, partial(outcomes.record_failure, source.job, crash, source.booked(calls)))
    except (IntegrityError, DataError, OverflowError):
        log.exception("calls_not_stored", calls=len(calls))
        _store(source, partial(outcomes.record_failure, source.job, crash, ()))


def _store(source: AnswerSource, record: Callable[[], T]) -> T | None:
    """Store an outcome, with retries: a database that is away for a moment must not cost a paid answer.

    Nor must a universe that is deleted at the moment of the commit: the retry finds the job without it.
    """
    store: Callable[[], T | None] = record
    refusals = 0
    for pause_s in WRITE_RETRIES_S:
        try:
            return source.apply_once(store)
        except (*connections.GONE, IntegrityError) as error:
            refusals += isinstance(error, IntegrityError)
            if refusals > MAX_REFUSALS:
                raise
            log.warning("outcome_not_stored_yet", error=str(error))
            connections.drop_dead()
            with turns.given_up():
                time.sleep(pause_s)
            store = partial(_unless_stored, source.job, record)
    return source.apply_once(store)


def _unless_stored(job: AgentJob, record: Callable[[], T]) -> T | None:
    """Skip a retry if the first try was committed and only its confirmation got lost."""
    return None if ledger.has_calls_of(job) else record()
