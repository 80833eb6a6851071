"""Faults around the calls of a model: before one, in one that writes a cold prompt cache, in the checks after it."""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Final, TypeVar

import redis

from agents.choices import EventKind, JobStatus
from agents.jobs import submission
from agents.jobs.submission import JobRequest
from agents.models import AgentJob, AgentJobEvent, ModelCall, WorkerProcess
from agents.models.jobs.job import AgentJobQuerySet
from dev.faults.environment import Environment
from dev.faults.hostile_texts import HOSTILE_TEXTS, add_people
from dev.standin import KEY, StandInProcess
from universes.services import universes

T = TypeVar("T")

# The writer's call lasts until it is killed.
WRITER_S: Final = 30.0
OTHERS_S: Final = 0.5
# A writer's lease is four seconds.
FOLLOWED_WITHIN_S: Final = 5.0
MIN_CLAIMS: Final = 4
WAIT_S: Final = 60.0


def stand_in_variables(environment: Environment) -> dict[str, str]:
    """Start a stand-in for a provider, whose first call lasts; return the variables of its clients."""
    standin = environment.until_restored(StandInProcess())
    standin.latency(first_byte_s=WRITER_S)
    environment.standin = standin
    # Ample limits, so that a job waits for nothing but the cache.
    ample = {f"LIMIT_{what}_PER_MIN": "1000000" for what in ("REQUESTS", "INPUT_TOKENS", "OUTPUT_TOKENS")}
    return {"ANTHROPIC_API_KEY": KEY, "ANTHROPIC_BASE_URL": standin.url, "LIMIT_PROCESSES": "2", **ample}


def ask_a_stand_in(environment: Environment) -> None:
    variables = stand_in_variables(environment)
    environment.replace_workers(variables, variables)


def kill_cache_writer(environment: Environment, jobs: AgentJobQuerySet, away_s: float) -> float:
    """Kill the worker whose call writes the prompt cache of a prefix that is cold, while the others wait for it."""
    assert environment.standin is not None
    writer = _soon(lambda: _cache_writer(environment, jobs))
    if writer is None or writer.worker is None:
        environment.found_wrong.append("no job wrote a prompt cache")
        return time.time()
    calls = len(environment.standin.read_log().messages)
    environment.standin.latency(first_byte_s=OTHERS_S)
    environment.worker_named(WorkerProcess.objects.get(pk=writer.worker).name).kill()
    killed_at = time.time()
    standin = environment.standin
    _soon(lambda: len(standin.read_log().messages) > calls)
    if (waited_s := time.time() - killed_at) > FOLLOWED_WITHIN_S + environment.tolerance_s:
        environment.found_wrong.append(f"the others waited {waited_s:.1f} s for a dead writer of their cache")
    # A job waits in its thread, and has an event, once at most, only if the writer took longer than that.
    waits = AgentJobEvent.objects.filter(job__in=jobs, kind=EventKind.POSTPONED, data__cause="cache")
    again = Counter(waits.values_list("job", flat=True)) - Counter(set(waits.values_list("job", flat=True)))
    if again:
        environment.found_wrong.append(
            f"{len(again)} jobs were put back again and again for a writer of their cache"
        )
    return killed_at


def _cache_writer(environment: Environment, jobs: AgentJobQuerySet) -> AgentJob | None:
    with environment.site.broker() as client:
        for key in client.scan_iter("*:prefix:*"):
            try:
                writer = client.hget(key, "writer_id")
            except redis.ResponseError:
                continue
            job = jobs.filter(pk=writer.decode(), status=JobStatus.PROCESSING).first() if writer else None
            if job is not None and str(job.pk) in _calling(job):
                return job
    return None


def _calling(job: AgentJob) -> list[str]:
    worker = WorkerProcess.objects.filter(pk=job.worker).first() if job.worker else None
    return worker.calling if worker is not None else []


def start_gated_worker(environment: Environment) -> None:
    """Add a worker whose attempts can be stopped before their call, until ``restore``."""
    command = [sys.executable, "-m", "dev.faults.gated_celery"]
    environment.start_worker(command=command, FAULTS_GATE=str(_gate(environment)))


def _gate(environment: Environment) -> Path:
    return environment.site.directory / "gate"


def kill_before_the_call(environment: Environment, jobs: AgentJobQuerySet, away_s: float) -> float:
    """Kill a worker none of whose claims has called yet: the ledger must have no calls of unknown cost for them."""
    doomed = environment.workers[0]
    _gate(environment).touch()
    try:
        claimed = _soon(lambda: _claims_without_a_call(doomed.name))
    finally:
        doomed.kill()
        killed_at = time.time()
        _gate(environment).unlink()
    if not claimed:
        environment.found_wrong.append("no worker had claims without a call")
    attempts = {(job.pk, job.attempts) for job in claimed}

    def check() -> None:
        lost = ModelCall.objects.filter(job__in=claimed, error_code="worker_lost")
        if unknown := attempts.intersection(lost.values_list("job", "attempt")):
            environment.found_wrong.append(f"{len(unknown)} attempts that made no call are in the ledger")
        rescued = AgentJobEvent.objects.filter(job__in=claimed, kind=EventKind.RESCUED)
        if left := attempts.difference(rescued.values_list("job", "attempt")):
            environment.found_wrong.append(f"{len(left)} claims of the dead worker were not taken back")

    environment.check_afterwards(check)
    return killed_at


def _claims_without_a_call(name: str) -> list[AgentJob]:
    """Return the claims of a worker if there are several and none has called; otherwise nothing."""
    row = WorkerProcess.objects.get(name=name)
    claimed = list(AgentJob.objects.filter(worker=row.pk, status=JobStatus.PROCESSING))
    newest = max((job.started_at.timestamp() for job in claimed if job.started_at), default=0.0)
    # A heartbeat after the last claim has told that none of them calls.
    is_told = not row.calling and row.seen_at.timestamp() > newest
    return claimed if is_told and len(claimed) >= MIN_CLAIMS else []


def submit_hostile_texts(environment: Environment, jobs: AgentJobQuerySet, away_s: float) -> float:
    """Submit eight texts of the greatest length that are slow to check, in a world of two hundred people."""
    began_at = time.time()
    user = jobs.latest("created_at").requested_by
    assert user is not None
    world = universes.create_universe(user, name="The Deep Fens")
    add_people(world)
    hostile = submission.submit_jobs(
        [
            JobRequest(by=user, agent_type="consistency", universe_id=world.pk, input_data={"content": text})
            for text in HOSTILE_TEXTS
        ],
        all_or_none=True,
    )
    ids = [job.pk for job in hostile if isinstance(job, AgentJob)]

    def check() -> None:
        overdue = AgentJobEvent.objects.filter(
            job__in=ids, kind=EventKind.RESCUED, data__cause="attempt_overdue"
        )
        if count := overdue.count():
            environment.found_wrong.append(f"{count} attempts outlived their claim while they checked a text")

    environment.check_afterwards(check)
    return began_at


def _soon(condition: Callable[[], T]) -> T:
    """Return the first true value of ``condition``, or its last one."""
    deadline = time.monotonic() + WAIT_S
    while not (found := condition()) and time.monotonic() < deadline:
        time.sleep(0.1)
    return found
