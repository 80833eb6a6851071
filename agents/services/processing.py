"""The life of one attempt: claim, think outside, write down.

No transaction is open and no database connection is held while the model is being called.
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TypeVar

import structlog
from django.conf import settings
from django.db import DataError, IntegrityError, OperationalError, connection, transaction

from agents.choices import EventKind
from agents.engine.registry import get_agent
from agents.engine.results import AgentFailure, CallRecord
from agents.llm.base import LLMClient
from agents.llm.batches import AnsweredClient
from agents.models import AgentJob, BatchItem
from agents.services import batch_items, connections, events, ledger, outcomes, reuse, wiring, worlds
from agents.services.asked import revision_of
from agents.services.progress import Progress

log = structlog.get_logger(__name__)

# How long a paid answer waits for a database that has gone away, in seconds before each new try.
WRITE_RETRIES_S = (0.2, 1.0, 1.5, 2.0)

T = TypeVar("T")


def run_job(job_id: uuid.UUID, llm: LLMClient | None = None) -> None:
    """Work on one job, if it is due and nobody else has claimed it; ``llm`` is the process's own by default."""
    job = _claim(job_id)
    item = batch_items.take(job_id) if job is None else None
    if item is not None:
        job = item.job
    if job is None:
        return
    with structlog.contextvars.bound_contextvars(job_id=str(job.pk), attempt=job.attempts):
        _attempt(job, item, llm)


def _claim(job_id: uuid.UUID) -> AgentJob | None:
    with transaction.atomic():
        job = AgentJob.objects.claim(job_id, claim_s=settings.LLM_TIMEOUT_S + settings.CLAIM_MARGIN_S)
        if job is not None:
            events.record(job.pk, EventKind.CLAIMED, attempt=job.attempts)
    return job


def _attempt(job: AgentJob, item: BatchItem | None, llm: LLMClient | None) -> None:
    """``item`` is the answer that has come in a batch, if the job was asked in one."""
    calls: list[CallRecord] = []
    try:
        _think_and_record(job, item, llm, calls)
    except OperationalError:
        # The database went away: the claim runs out and the rescue takes the job back.
        raise
    except Exception as error:  # the process edge: no job may hang because of a mistake of ours
        log.exception("attempt_crashed")
        _record_crash(job, item, error, calls)


def _record_crash(job: AgentJob, item: BatchItem | None, error: Exception, calls: list[CallRecord]) -> None:
    """processing -> failed, with what was paid for; without it where that is what cannot be stored."""
    message = f"{type(error).__name__} while working on the job; the log has the details."
    try:
        made = batch_items.as_asked(item, tuple(calls))
        crash = AgentFailure("internal_error", message, kind="permanent", calls=made)
        _write(job, partial(outcomes.record_failure, job, crash), item)
    except (IntegrityError, DataError, OverflowError):
        log.exception("calls_not_stored", calls=len(calls))
        crash = AgentFailure("internal_error", message, kind="permanent")
        _write(job, partial(outcomes.record_failure, job, crash), item)


def _think_and_record(
    job: AgentJob, item: BatchItem | None, llm: LLMClient | None, calls: list[CallRecord]
) -> None:
    """One attempt. ``calls`` takes every call that is made, so that none is lost by a mistake of ours."""
    started = time.monotonic()
    agent = get_agent(job.agent_type)
    model = llm or wiring.llm_client()
    if item is None:
        world, run_settings = worlds.world_view(job.universe), wiring.run_settings(job)
    else:
        world, run_settings = batch_items.frozen_world(item), batch_items.frozen_settings(item)
        model = AnsweredClient(partial(batch_items.reply_of, item), model)
    if job.may_reuse and item is None:
        question = reuse.question_hash(job, world, run_settings)
        answer_again = partial(reuse.answer_again, job, question, run_settings, is_mock=model.is_mock)
        if question != "" and _write(job, answer_again, item):
            return
    revision = revision_of(job)
    connections.release()
    try:
        result = agent.run(
            job.input_data, world, run_settings, model, revision, on_phase=Progress(job), calls=calls
        )
    except AgentFailure as failure:
        failure.calls = batch_items.as_asked(item, failure.calls)
        _write(job, partial(outcomes.record_failure, job, failure), item)
        return
    result = replace(result, calls=batch_items.as_asked(item, result.calls))
    world_hash = world.hash if world else ""
    _write(
        job,
        partial(
            outcomes.record_success,
            job,
            result,
            world_hash=world_hash,
            in_place_of=run_settings.fallback_for,
            question_hash="" if revision else reuse.hash_of(result.request, world_hash, run_settings),
        ),
        item,
    )
    log.info("attempt_finished", seconds=round(time.monotonic() - started, 2), confidence=result.confidence)


def _write(job: AgentJob, record: Callable[[], T], item: BatchItem | None) -> T | None:
    """Store an outcome; a database that is away for a moment must not cost an answer that was paid for.

    Nor must a universe that is deleted at the very moment of the commit: the next try finds the job without it.
    """
    store: Callable[[], T | None] = record
    for pause_s in WRITE_RETRIES_S:
        try:
            return batch_items.once(item, store)
        except (OperationalError, IntegrityError) as error:
            log.warning("outcome_not_stored_yet", error=str(error))
            _drop_dead_connections()
            time.sleep(pause_s)
            store = partial(_unless_stored, job, record)
    return batch_items.once(item, store)


def _unless_stored(job: AgentJob, record: Callable[[], T]) -> T | None:
    """A connection can break after the commit has gone out and before it is answered: nothing is booked twice."""
    return None if ledger.has_calls_of(job) else record()


def _drop_dead_connections() -> None:
    """Close this thread's connection, and those of the pool that died with it.

    After a restart of the server all that idle in the pool are dead, and each try would be given another of them.
    """
    connection.close()
    if pool := getattr(connection, "pool", None):
        pool.check()
