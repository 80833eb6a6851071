"""One fault under load: submit, inject, wait until all jobs have ended, check."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field

from django.contrib.auth.models import User
from django.db import OperationalError, connection
from rest_framework_simplejwt.tokens import AccessToken

from agents.common.database import connections
from agents.jobs import submission
from agents.jobs.submission import JobRequest
from agents.models import AgentJob
from agents.models.jobs.job import AgentJobQuerySet
from agents.models.jobs.states import FINISHED
from agents.notify.webhooks import endpoints
from dev.faults import checker
from dev.faults.environment import Environment
from dev.faults.injections import Fault
from dev.faults.load import Load, Seen
from universes.services import universes

# Jobs that come in over HTTP; more are submitted before them, by another account.
OVER_HTTP = 200
RATE = 40.0
# Share of the jobs over HTTP that are accepted before the fault begins.
BEFORE = 0.25
GIVE_UP_S = 300.0
# Longest recovery and longest answer, beyond those of a scenario without a fault, which shows how busy the machine is
# and may itself vary by half. A time-out of a server would be three seconds or more.
LIMIT_S = 15.0
ANSWER_LIMIT_S = 2.0
VARIATION = 1.5


@dataclass(frozen=True)
class Outcome:
    """Results of one fault."""

    fault: Fault
    away_s: float
    verdict: checker.Verdict
    recovery_s: float
    took_s: float
    jobs: Seen
    alive: Seen
    ready: Seen
    wrong: list[str] = field(default_factory=list)


def run(
    fault: Fault,
    environment: Environment,
    calm: Outcome | None,
    *,
    count: int,
    away_s: float,
    rate: float = RATE,
) -> Outcome:
    """Run ``count`` jobs through a fault; ``calm`` is the scenario without one."""
    started = time.monotonic()
    environment.restore()
    environment.hooks.forget()
    if fault.prepare:
        fault.prepare(environment)
    crowd, client = _account(environment), _account(environment)
    _submit_directly(crowd, count - OVER_HTTP)
    jobs = AgentJob.objects.filter(requested_by__in=[crowd.user, client.user])
    over_http = min(count, OVER_HTTP)
    load = Load(environment.url, client.token, client.universe_id, count=over_http, rate=rate)
    _wait(lambda: len(load.accepted) >= over_http * BEFORE, within_s=60)
    struck = set(jobs.filter(status="processing").values_list("pk", flat=True))
    began_at = fault.inject(environment, jobs, away_s)
    load.finish()
    # Those of this process broke too.
    connections.drop_dead()
    struck |= set(jobs.filter(requested_by=client.user).values_list("pk", flat=True))
    ended = _ends(jobs)
    created = dict(jobs.filter(pk__in=struck).values_list("pk", "created_at"))
    waits = [
        ended.get(pk, time.time()) - max(began_at, created_at.timestamp())
        for pk, created_at in created.items()
    ]
    recovery_s = max(0.0, *waits)
    # Frozen processes wake, and have the chance to do harm.
    environment.site.thaw()
    time.sleep(1)
    _wait(lambda: sum(environment.hooks.jobs("job.completed").values()) >= len(ended), within_s=30)
    verdict = checker.check(
        jobs,
        accepted=load.accepted.keys(),
        webhooks=environment.hooks.jobs("job.completed"),
        repeated_webhooks=sum(times - 1 for times in environment.hooks.times.values()),
    )
    outcome = Outcome(
        fault=fault,
        away_s=away_s,
        verdict=verdict,
        recovery_s=recovery_s,
        took_s=time.monotonic() - started,
        jobs=load.jobs,
        alive=load.alive,
        ready=load.ready,
    )
    outcome.wrong.extend(_wrong(outcome, calm or outcome))
    return outcome


def _wrong(outcome: Outcome, calm: Outcome) -> list[str]:
    wrong = list(outcome.verdict.wrong)
    locked_s = outcome.fault.locked_s
    if outcome.recovery_s > LIMIT_S + locked_s + VARIATION * calm.recovery_s:
        wrong.append(f"the recovery took {outcome.recovery_s:.1f} s")
    allowed = {202, 409, 503} if outcome.fault.refuses else {202}
    if odd := {code: times for code, times in outcome.jobs.codes.items() if code not in allowed}:
        wrong.append(f"submissions were answered with {odd}")
    if set(outcome.alive.codes) != {200}:
        wrong.append(f"/healthz was answered with {dict(outcome.alive.codes)}")
    for what, seen, usual in (
        ("a submission", outcome.jobs, calm.jobs),
        ("/readyz", outcome.ready, calm.ready),
        ("/healthz", outcome.alive, calm.alive),
    ):
        if seen.slowest_s > ANSWER_LIMIT_S + locked_s + VARIATION * usual.slowest_s:
            wrong.append(f"{what} took {seen.slowest_s:.1f} s")
    return wrong


@dataclass(frozen=True, slots=True)
class _Account:
    user: User
    universe_id: uuid.UUID
    token: str


def _account(environment: Environment) -> _Account:
    user = User.objects.create(username=f"fault-{uuid.uuid4().hex[:12]}")
    universe = universes.create_universe(user, name="The Low Marches")
    endpoints.create_endpoint(user, url=environment.hooks.url, events=["job.completed", "job.failed"])
    return _Account(user, universe.pk, str(AccessToken.for_user(user)))


def _submit_directly(account: _Account, count: int) -> None:
    for number in range(count):
        submission.submit_job(
            JobRequest(
                by=account.user,
                agent_type="narrative",
                universe_id=account.universe_id,
                input_data={"prompt": f"Tide number {number} leaves the harbour."},
            )
        )


def _ends(jobs: AgentJobQuerySet) -> dict[uuid.UUID, float]:
    """Wait until all jobs have ended, and return when each was first seen so.

    The columns of the jobs have the clocks of the workers.
    """
    ended: dict[uuid.UUID, float] = {}

    def all_ended() -> bool:
        now = time.time()
        finished = jobs.filter(status__in=FINISHED).values_list("pk", flat=True)
        for pk in finished:
            ended.setdefault(pk, now)
        return len(ended) == jobs.count()

    _wait(all_ended, within_s=GIVE_UP_S + jobs.count() / 10)
    return ended


def _wait(condition: Callable[[], bool], *, within_s: float) -> bool:
    deadline = time.monotonic() + within_s
    while time.monotonic() < deadline:
        try:
            if condition():
                return True
        except OperationalError:
            # A connection of this process that broke with the server.
            connection.close()
        time.sleep(0.2)
    return False
