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
from agents.common.database import connections
from agents.models import AgentJob
from agents.models.jobs.job import AgentJobQuerySet
from dev.faults import model_faults
from dev.faults.environment import Environment

# Takes the environment, the jobs of the scenario, and for how long a server is away.
Injection = Callable[[Environment, AgentJobQuerySet, float], float]
CLOCK_SHIFT_S = 3600.0
NOTICED_S = 2.0


@dataclass(frozen=True, slots=True)
class Fault:
    """``away_s`` is how long a server is away, at full length and in short; ``inject`` gets the one that applies."""

    name: str
    inject: Injection
    away_s: tuple[float, float] = (0.0, 0.0)
    # Whether clients may be told that the service is unavailable, or find nobody who tells them.
    refuses: bool = False
    hangs_up: bool = False
    prepare: Callable[[Environment], None] | None = None
    is_in_short_form: bool = True
    # Whether it is one of those of ``all_in_turn``, and for how long it goes on there.
    is_in_turn: bool = True
    lasts_s: float = 0.0
    # A fault that ends workers has ten times the jobs of another in the full form.
    kills: bool = False
    # Whether the jobs ask the built-in mock model, which understands directives.
    asks_mock: bool = True
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
    lost_at = time.time()
    _require_workers_later(environment)
    return lost_at


def kill_broker(environment: Environment, jobs: AgentJobQuerySet, away_s: float) -> float:
    """Kill the broker; the jobs go on while it is away, so that the recovery begins at once."""
    killed_at = time.time()
    environment.site.restart_broker(away_s=away_s)
    _require_workers_later(environment)
    return killed_at


def _require_workers_later(environment: Environment) -> None:
    """Have the workers notice that their connections to the broker are gone, and live through that."""
    time.sleep(NOTICED_S)
    environment.require_workers()


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
    ahead, behind = ({"FAULTS_CLOCK_SHIFT_S": str(shift_s)} for shift_s in (CLOCK_SHIFT_S, -CLOCK_SHIFT_S))
    environment.replace_workers(ahead, behind, command=command)


def restart_web(environment: Environment, jobs: AgentJobQuerySet, away_s: float) -> float:
    began_at = time.time()
    environment.restart_web()
    return began_at


def hold_connections(environment: Environment, jobs: AgentJobQuerySet, away_s: float) -> float:
    """Hold 80 connections: silent ones, and some with half of their headers."""
    began_at = time.time()
    with ExitStack() as stack:
        for number in range(80):
            slow = stack.enter_context(socket.create_connection(("127.0.0.1", environment.port)))
            slow.sendall(b"GET /x HTTP/1.1\r\nHost: x\r\nX-A: " if number % 2 else b"")
        time.sleep(away_s)
    return began_at


def all_in_turn(environment: Environment, jobs: AgentJobQuerySet, away_s: float) -> float:
    """Inject one fault after the other, each as soon as the parts of the last one are back."""
    for fault in FAULTS:
        if not fault.is_in_turn:
            continue
        if fault.prepare:
            fault.prepare(environment)
            # Attempts of the workers that were there before have ended.
            time.sleep(1)
        print(f"{fault.name} …", file=sys.stderr, flush=True)
        fault.inject(environment, jobs, fault.away_s[1])
        # Those of this process broke too.
        connections.drop_dead()
        time.sleep(fault.lasts_s)
        environment.restore()
    return time.time()


FAULTS = (
    Fault("nothing", nothing, is_in_turn=False),
    Fault("worker killed", kill_one, kills=True),
    Fault(
        "worker killed six times",
        kill_six_times,
        (3.0, 3.0),
        is_in_short_form=False,
        kills=True,
        is_in_turn=False,
    ),
    Fault("all workers killed, one started", kill_all, kills=True),
    Fault(
        "worker killed between claim and call",
        model_faults.kill_before_the_call,
        prepare=model_faults.start_gated_worker,
    ),
    Fault("worker frozen, wakes later", freeze_one, locked_s=5.0, lasts_s=9.0),
    Fault("PostgreSQL restarted", stop_postgres, (0.3, 0.3), refuses=True),
    Fault("PostgreSQL away for 3 s", stop_postgres, (3.0, 3.0), refuses=True, is_in_turn=False),
    Fault("PostgreSQL away", stop_postgres, (30.0, 5.0), refuses=True),
    Fault("PostgreSQL frozen", freeze_postgres, (30.0, 4.0), refuses=True),
    Fault("connections to PostgreSQL broken", break_connections, refuses=True),
    Fault("broker restarted empty", lose_broker),
    Fault("broker killed, back with its data", kill_broker, (20.0, 3.0)),
    Fault("broker frozen", freeze_broker, (34.0, 4.0)),
    Fault("each job sent five times", send_five_times),
    # No other scenario has a beat.
    Fault("two beats", two_beats, lasts_s=5.0),
    Fault("clocks of workers an hour off", nothing, prepare=shift_clocks, lasts_s=2.0),
    Fault("80 silent clients", hold_connections, (10.0, 3.0)),
    Fault("eight hostile texts", model_faults.submit_hostile_texts),
    Fault(
        "writer of a cold prompt cache killed",
        model_faults.kill_cache_writer,
        prepare=model_faults.ask_a_stand_in,
        asks_mock=False,
    ),
    Fault("web process ended (SIGTERM), started again", restart_web, refuses=True, hangs_up=True),
)
IN_TURN = Fault("all of them in turn", all_in_turn, refuses=True, hangs_up=True, asks_mock=False)
