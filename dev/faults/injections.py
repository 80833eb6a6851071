"""Faults, each a function that breaks something of a site and returns when the recovery begins."""

from __future__ import annotations

import os
import signal
import socket
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass

import psycopg

from agents.common import dispatch
from agents.models import AgentJob
from agents.models.jobs.job import AgentJobQuerySet
from dev.faults.environment import Environment

# Takes the environment, the jobs of the scenario, and for how long a server is away.
Injection = Callable[[Environment, AgentJobQuerySet, float], float]
CLOCK_SHIFT_S = 3600.0


@dataclass(frozen=True, slots=True)
class Fault:
    """``away_s`` is how long a server is away, at full length and in short; ``inject`` gets the one that applies."""

    name: str
    inject: Injection
    away_s: tuple[float, float] = (0.0, 0.0)
    # Whether clients may be told that the service is unavailable.
    refuses: bool = False
    prepare: Callable[[Environment], None] | None = None
    is_in_short_form: bool = True
    # For how long processes that stop in a transaction may keep others from rows; see docs/reliability.md.
    locked_s: float = 0.0


def nothing(environment: Environment, jobs: AgentJobQuerySet, away_s: float) -> float:
    return time.time()


def kill_one(environment: Environment, jobs: AgentJobQuerySet, away_s: float) -> float:
    environment.workers[0].kill()
    return time.time()


def kill_six_times(environment: Environment, jobs: AgentJobQuerySet, away_s: float) -> float:
    """Kill one worker after the other as soon as it holds jobs, and start another one each time."""
    for _ in range(6):
        victim = environment.workers.pop(0)
        victim.kill()
        environment.start_worker()
        time.sleep(away_s)
    return time.time()


def kill_all(environment: Environment, jobs: AgentJobQuerySet, away_s: float) -> float:
    for worker in environment.workers:
        worker.kill()
    killed_at = time.time()
    environment.start_worker()
    return killed_at


def freeze_one(environment: Environment, jobs: AgentJobQuerySet, away_s: float) -> float:
    environment.site.freeze(environment.workers[0].pid)
    return time.time()


def stop_postgres(environment: Environment, jobs: AgentJobQuerySet, away_s: float) -> float:
    environment.site.restart_postgres(away_s=away_s)
    return time.time()


def freeze_postgres(environment: Environment, jobs: AgentJobQuerySet, away_s: float) -> float:
    environment.site.signal_postgres(signal.SIGSTOP)
    time.sleep(away_s)
    environment.site.signal_postgres(signal.SIGCONT)
    return time.time()


def break_connections(environment: Environment, jobs: AgentJobQuerySet, away_s: float) -> float:
    """End all sessions ten times, so that some statements and commits are carried out without an answer."""
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as own:
        for _ in range(10):
            own.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE pid <> pg_backend_pid() AND backend_type = 'client backend'"
            )
            time.sleep(0.2)
    return time.time()


def lose_broker(environment: Environment, jobs: AgentJobQuerySet, away_s: float) -> float:
    environment.site.lose_broker()
    return time.time()


def kill_broker(environment: Environment, jobs: AgentJobQuerySet, away_s: float) -> float:
    """Kill the broker; the jobs go on while it is away, so that the recovery begins at once."""
    killed_at = time.time()
    environment.site.restart_broker(away_s=away_s)
    return killed_at


def freeze_broker(environment: Environment, jobs: AgentJobQuerySet, away_s: float) -> float:
    frozen_at = time.time()
    environment.site.freeze(environment.site.broker_pid)
    time.sleep(away_s)
    environment.site.thaw()
    return frozen_at


def send_five_times(environment: Environment, jobs: AgentJobQuerySet, away_s: float) -> float:
    for _ in range(4):
        dispatch.enqueue(list(AgentJob.objects.for_queue().filter(pk__in=jobs.values("pk"))))
    return time.time()


def two_beats(environment: Environment, jobs: AgentJobQuerySet, away_s: float) -> float:
    for _ in range(2):
        environment.start_beat()
    return time.time()


def shift_clocks(environment: Environment) -> None:
    """Replace the workers by two whose clocks are an hour ahead and an hour behind."""
    command = [sys.executable, "-m", "dev.faults.shifted_celery"]
    shifted = [
        environment.start_worker(command=command, is_awaited=False, FAULTS_CLOCK_SHIFT_S=str(shift_s))
        for shift_s in (CLOCK_SHIFT_S, -CLOCK_SHIFT_S)
    ]
    for worker in shifted:
        worker.wait_until_ready()
    environment.only_workers(*shifted)


def hold_connections(environment: Environment, jobs: AgentJobQuerySet, away_s: float) -> float:
    """Hold 80 connections: silent ones, and some with half of their headers."""
    began_at = time.time()
    with ExitStack() as stack:
        for number in range(80):
            slow = stack.enter_context(socket.create_connection(("127.0.0.1", environment.port)))
            slow.sendall(b"GET /x HTTP/1.1\r\nHost: x\r\nX-A: " if number % 2 else b"")
        time.sleep(away_s)
    return began_at


FAULTS = (
    Fault("nothing", nothing),
    Fault("worker killed", kill_one),
    Fault("worker killed six times", kill_six_times, (3.0, 3.0), is_in_short_form=False),
    Fault("all workers killed, one started", kill_all),
    Fault("worker frozen, wakes later", freeze_one, locked_s=15.0),
    Fault("PostgreSQL restarted", stop_postgres, (0.3, 0.3), refuses=True),
    Fault("PostgreSQL away for 3 s", stop_postgres, (3.0, 3.0), refuses=True),
    Fault("PostgreSQL away", stop_postgres, (30.0, 5.0), refuses=True),
    Fault("PostgreSQL frozen", freeze_postgres, (30.0, 4.0), refuses=True),
    Fault("connections to PostgreSQL broken", break_connections, refuses=True),
    Fault("broker restarted empty", lose_broker),
    Fault("broker killed, back with its data", kill_broker, (20.0, 3.0)),
    Fault("broker frozen", freeze_broker, (34.0, 4.0)),
    Fault("each job sent five times", send_five_times),
    # No other scenario has a beat.
    Fault("two beats", two_beats),
    Fault("clocks of workers an hour off", nothing, prepare=shift_clocks),
    Fault("80 silent clients", hold_connections, (10.0, 3.0)),
)
