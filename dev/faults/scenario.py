"""One fault under load: submit, inject, wait until all jobs have ended, check."""

from __future__ import annotations

import math
import sys
import threading
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field

from django.contrib.auth.models import User
from django.db import OperationalError, connection
from django.db.models import Q
from django.utils import timezone
from rest_framework_simplejwt.tokens import AccessToken

from agents.common.database import connections
from agents.jobs import submission
from agents.jobs.submission import JobRequest
from agents.models import AgentJob, WebhookDelivery
from agents.models.jobs.job import AgentJobQuerySet
from agents.models.jobs.states import FINISHED
from agents.notify.webhooks import endpoints
from dev.faults import checker
from dev.faults.environment import Environment
from dev.faults.injections import Fault
from dev.faults.load import Load, Seen
from universes.choices import TrustedOutput
from universes.services import universes

# Jobs that come in over HTTP; more are submitted before them, by another account.
OVER_HTTP = 200
RATE = 40.0
# Share of the jobs over HTTP that are accepted before the fault begins.
BEFORE = 0.25
GIVE_UP_S = 300.0
TELL_EVERY_S = 10.0
LOOK_EVERY_S = 0.2
# Accounts with more jobs have no webhook, whose messages would take longer than their jobs.
TOLD_UP_TO = 2000
# A message whose sender was lost comes again after the lease of a delivery.
TOLD_AGAIN_S = 30.0
# Longest recovery and longest answer, beyond those of a scenario without a fault, which shows how busy the machine is
# and may itself vary by half. A time-out of a server would be three seconds or more.
LIMIT_S = 15.0
ANSWER_LIMIT_S = 2.0
VARIATION = 1.5


@dataclass(frozen=True)
class Outcome:
    """Results of one fault: ``wrong`` are broken promises, ``slow`` those about time, which depend on the machine."""

    fault: Fault
    away_s: float
    verdict: checker.Verdict
    recovery_s: float
    per_s: float
    took_s: float
    jobs: Seen
    alive: Seen
    ready: Seen
    wrong: list[str] = field(default_factory=list)
    slow: list[str] = field(default_factory=list)


def run(
    fault: Fault,
    environment: Environment,
    calm: Outcome | None,
    *,
    count: int | None,
    away_s: float,
    rate: float = RATE,
) -> Outcome:
    """Run ``count`` jobs through a fault; ``calm`` is the scenario without one.

    Without a ``count``, clients submit for as long as the injection takes.
    """
    started = time.monotonic()
    environment.restore()
    environment.hooks.forget()
    environment.tolerance_s = VARIATION * calm.recovery_s if calm else math.inf
    if fault.prepare:
        fault.prepare(environment)
    crowd = _account(environment, is_told=count is not None and count <= TOLD_UP_TO, output="draft")
    client = _account(environment, is_told=True, output="canon")
    _submit_directly(crowd, count - OVER_HTTP if count else 0)
    jobs = AgentJob.objects.filter(requested_by__in=[crowd.user, client.user])
    over_http = min(count, OVER_HTTP) if count else None
    began = time.monotonic()
    load = Load(
        environment.url,
        client.token,
        client.universe_id,
        count=over_http,
        rate=rate,
        asks_mock=fault.asks_mock,
    )
    try:
        _wait(lambda: len(load.accepted) >= (over_http or OVER_HTTP) * BEFORE, within_s=60)
        at_work = list(jobs.filter(status="processing").values_list("pk", flat=True))
        struck = jobs.filter(Q(pk__in=at_work) | Q(requested_by=client.user))
        watch = _Watch(struck)
        began_at = fault.inject(environment, jobs, away_s)
    except BaseException:
        load.give_up()
        raise
    load.finish()
    # Those of this process broke too.
    connections.drop_dead()
    _wait_for_ends(jobs, fault.name)
    per_s = jobs.count() / (time.monotonic() - began)
    ended = watch.stop()
    waits = [
        ended.get(pk, time.time()) - max(began_at, created_at.timestamp())
        for pk, created_at in struck.values_list("pk", "created_at")
    ]
    recovery_s = max(0.0, *waits)
    # Frozen processes wake, and have the chance to do harm.
    environment.site.thaw()
    time.sleep(1)
    told = jobs.filter(requested_by__in=[user.user for user in (crowd, client) if user.is_told])
    _wait_for_webhooks(environment, told)
    verdict = checker.check(
        jobs,
        accepted=load.accepted.keys(),
        told=told,
        webhooks=environment.hooks.jobs("job.completed"),
        repeated_webhooks=sum(times - 1 for times in environment.hooks.times.values()),
    )
    outcome = Outcome(
        fault=fault,
        away_s=away_s,
        verdict=verdict,
        recovery_s=recovery_s,
        per_s=per_s,
        took_s=time.monotonic() - started,
        jobs=load.jobs,
        alive=load.alive,
        ready=load.ready,
    )
    outcome.wrong.extend([*verdict.wrong, *environment.take_found_wrong()])
    outcome.slow.extend(_slow(outcome, calm or outcome))
    return outcome


def _slow(outcome: Outcome, calm: Outcome) -> list[str]:
    """Return what took too long, and answers that clients should not have got during this fault."""
    slow: list[str] = []
    fault, locked_s = outcome.fault, outcome.fault.locked_s
    if outcome.recovery_s > LIMIT_S + locked_s + VARIATION * calm.recovery_s:
        slow.append(f"the recovery took {outcome.recovery_s:.1f} s")
    allowed = {202, 409, 503} if fault.refuses else {202}
    hung_up = {0} if fault.hangs_up else set()
    if odd := {code: times for code, times in outcome.jobs.codes.items() if code not in allowed | hung_up}:
        slow.append(f"submissions were answered with {odd} ({dict(outcome.jobs.why)})")
    if set(outcome.alive.codes) - hung_up != {200}:
        slow.append(f"/healthz was answered with {dict(outcome.alive.codes)}")
    for what, seen, usual in (
        ("a submission", outcome.jobs, calm.jobs),
        ("/readyz", outcome.ready, calm.ready),
        ("/healthz", outcome.alive, calm.alive),
    ):
        if seen.slowest_s > ANSWER_LIMIT_S + locked_s + VARIATION * usual.slowest_s:
            slow.append(f"{what} took {seen.slowest_s:.1f} s")
    return slow


@dataclass(frozen=True, slots=True)
class _Account:
    user: User
    universe_id: uuid.UUID
    token: str
    is_told: bool


def _account(environment: Environment, *, is_told: bool, output: str) -> _Account:
    """Create an account with a universe that takes trusted output as ``output``, and a webhook if it ``is_told``."""
    user = User.objects.create(username=f"fault-{uuid.uuid4().hex[:12]}")
    # The name is part of the prompt, whose cache is then cold.
    universe = universes.create_universe(user, name=f"The Low Marches {user.pk}")
    universes.update_universe(universe, trusted_output=TrustedOutput(output))
    if is_told:
        endpoints.create_endpoint(user, url=environment.hooks.url, events=["job.completed", "job.failed"])
    return _Account(user, universe.pk, str(AccessToken.for_user(user)), is_told)


def _submit_directly(account: _Account, count: int) -> None:
    requests = [
        JobRequest(
            by=account.user,
            agent_type="narrative",
            universe_id=account.universe_id,
            input_data={"prompt": f"Tide number {number} leaves the harbour."},
        )
        for number in range(count)
    ]
    for begin in range(0, count, 500):
        submission.submit_jobs(requests[begin : begin + 500], all_or_none=True)


class _Watch:
    """Thread that notes when each job is first seen to have ended, also while the fault lasts.

    The columns of the jobs have the clocks of the workers.
    """

    def __init__(self, jobs: AgentJobQuerySet) -> None:
        self._jobs = jobs
        self._ended: dict[uuid.UUID, float] = {}
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def stop(self) -> dict[uuid.UUID, float]:
        """Look for the last time, and return the times by job."""
        self._is_over.set()
        self._thread.join()
        return self._ended

    def _run(self) -> None:
        is_last = False
        while not is_last:
            is_last = self._is_over.wait(LOOK_EVERY_S)
            try:
                new = self._jobs.filter(status__in=FINISHED).exclude(pk__in=list(self._ended))
                found = list(new.values_list("pk", flat=True))
                # After the answer, which may have taken as long as the database was away.
                self._ended.update(dict.fromkeys(found, time.time()))
            except OperationalError:
                pass
            connection.close()


def _wait_for_ends(jobs: AgentJobQuerySet, name: str) -> None:
    total, next_told = jobs.count(), time.monotonic() + TELL_EVERY_S

    def all_ended() -> bool:
        nonlocal next_told
        if time.monotonic() > next_told:
            next_told += TELL_EVERY_S
            done = jobs.filter(status__in=FINISHED).count()
            print(f"  {name}: {done:,} of {total:,} jobs have ended", file=sys.stderr, flush=True)
        return not jobs.exclude(status__in=FINISHED).exists()

    _wait(all_ended, within_s=GIVE_UP_S + total / 10)


def _wait_for_webhooks(environment: Environment, told: AgentJobQuerySet) -> None:
    """Wait until the ends of all jobs were told.

    Those left after the leases of lost senders are in a pause after a failed attempt, or were being sent by a process
    whose clock is an hour ahead when it was killed: they are due at once here.
    """
    count = told.filter(status="completed").count()

    def all_told() -> bool:
        return sum(environment.hooks.jobs("job.completed").values()) >= count

    if not _wait(all_told, within_s=TOLD_AGAIN_S + count / 50):
        now = timezone.now()
        WebhookDelivery.objects.filter(delivered_at=None, due_at__gt=now).update(due_at=now)
        _wait(all_told, within_s=TOLD_AGAIN_S)


def _wait(condition: Callable[[], bool], *, within_s: float) -> bool:
    deadline = time.monotonic() + within_s
    while time.monotonic() < deadline:
        try:
            if condition():
                return True
        except OperationalError:
            # A connection of this process that broke with the server.
            connection.close()
        time.sleep(LOOK_EVERY_S)
    return False
