"""Recovery from faults of workers and servers, on a private PostgreSQL and broker.

    python -m dev.faults [--jobs 200] [--only worker-killed,redis-frozen]

The mock model answers after two seconds. Each fault begins while jobs run. Printed are the seconds until all jobs are
finished (counted from the return of a server that comes back), the jobs that were lost or finished twice, the attempts
beyond one a job, and the calls that were booked as unknown. The exit status is 1 if a job is lost or doubled, or if the
fault costs more than ``LIMIT_S`` beyond the time that the jobs take anyway.
"""

from __future__ import annotations

import argparse
import sys
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass

from dev.bench.rig import Site, site
from tests.site.servers import Worker

LATENCY_S = 2.0
THREADS = 16
# Longest recovery, on a machine that is not busy.
LIMIT_S = 15.0
GIVE_UP_S = 120.0


@dataclass(frozen=True, slots=True)
class Fault:
    """``strike`` makes it happen and returns when the recovery begins (a monotonic time)."""

    name: str
    strike: Callable[[Site, list[Worker]], float]
    directive: str = ""


def kill_one(running: Site, workers: list[Worker]) -> float:
    workers[0].kill()
    return time.monotonic()


def kill_all(running: Site, workers: list[Worker]) -> float:
    for worker in workers:
        worker.kill()
    killed_at = time.monotonic()
    running.worker()
    return killed_at


def freeze_one(running: Site, workers: list[Worker]) -> float:
    running.freeze(workers[0].pid)
    return time.monotonic()


def restart_postgres(running: Site, workers: list[Worker]) -> float:
    running.restart_postgres(away_s=0.3)
    return time.monotonic()


def stop_postgres(running: Site, workers: list[Worker]) -> float:
    running.restart_postgres(away_s=20)
    return time.monotonic()


def kill_redis(running: Site, workers: list[Worker]) -> float:
    running.lose_broker()
    return time.monotonic()


def freeze_redis(running: Site, workers: list[Worker]) -> float:
    running.freeze(running.broker_pid)
    return time.monotonic()


def nothing(running: Site, workers: list[Worker]) -> float:
    return time.monotonic()


FAULTS = [
    Fault("worker-killed", kill_one),
    Fault("all-workers-killed", kill_all),
    Fault("worker-frozen", freeze_one),
    Fault("postgres-restarted", restart_postgres),
    Fault("postgres-away", stop_postgres),
    Fault("redis-restarted-empty", kill_redis),
    Fault("redis-frozen", freeze_redis),
    # No fault run has a beat. Here each job needs a retry besides.
    Fault("beat-dead", nothing, directive="[mock:fail-once]"),
]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--jobs", type=int, default=200)
    parser.add_argument("--only", default="", help="names of faults, separated by commas")
    options = parser.parse_args()
    names = [name for name in options.only.split(",") if name] or [fault.name for fault in FAULTS]
    problems: list[str] = []
    print(
        f"{'fault':24}{'jobs':>6}{'recovery, s':>13}{'lost':>6}{'doubled':>9}{'extra attempts':>16}{'unknown':>9}"
    )
    with site(MOCK_LATENCY_S=str(LATENCY_S), WORKER_CONCURRENCY=str(THREADS)) as running:
        for fault in FAULTS:
            if fault.name in names:
                problems += _play(fault, running, options.jobs)
                running.heal()
    for problem in problems:
        print("WRONG:", problem)
    sys.exit(1 if problems else 0)


def _play(fault: Fault, running: Site, count: int) -> list[str]:
    """Run jobs through one fault, print its line, and return what is wrong."""
    workers = [running.worker(), running.worker()]
    jobs = _submit(count, fault.directive)
    if not _wait_until(lambda: _count(jobs, status="processing") >= THREADS, within_s=30):
        return [f"{fault.name}: the workers were never busy"]
    began_at = fault.strike(running, workers)
    _wait_until(lambda: _count(jobs, status="completed") == count, within_s=GIVE_UP_S)
    recovery_s = time.monotonic() - began_at
    # Frozen processes have the chance to do harm.
    running.thaw()
    time.sleep(2)
    lost = count - _count(jobs, status="completed")
    doubled, extra, unknown = _tally(jobs)
    print(f"{fault.name:24}{count:6}{recovery_s:13.1f}{lost:6}{doubled:9}{extra:16}{unknown:9}", flush=True)
    wrong = [f"{fault.name}: {lost} jobs are not finished"] if lost else []
    if doubled:
        wrong.append(f"{fault.name}: {doubled} jobs are finished twice")
    if recovery_s > LIMIT_S + count * LATENCY_S / THREADS:
        wrong.append(f"{fault.name}: the recovery took {recovery_s:.1f} s")
    return wrong


def _submit(count: int, directive: str) -> list[uuid.UUID]:
    from django.contrib.auth.models import User

    from agents.jobs import submission
    from agents.jobs.submission import JobRequest

    user, _ = User.objects.get_or_create(username="bench")
    text = f"A storm reaches the lighthouse. {directive}"
    return [
        submission.submit_job(JobRequest(by=user, agent_type="narrative", input_data={"prompt": text})).pk
        for _ in range(count)
    ]


def _count(jobs: list[uuid.UUID], **where: str) -> int:
    from agents.models import AgentJob

    return AgentJob.objects.filter(pk__in=jobs, **where).count()


def _tally(jobs: list[uuid.UUID]) -> tuple[int, int, int]:
    """Return the jobs that were finished twice, the attempts beyond one a job, and the calls of unknown cost."""
    from django.db.models import Count, Sum

    from agents.models import AgentJob, AgentJobEvent, ModelCall

    completed = AgentJobEvent.objects.filter(job__in=jobs, kind="completed").values("job")
    doubled = completed.annotate(times=Count("id")).filter(times__gt=1).count()
    attempts = AgentJob.objects.filter(pk__in=jobs).aggregate(sum=Sum("attempts"))["sum"]
    unknown = ModelCall.objects.filter(job__in=jobs, error_code="worker_lost").count()
    return doubled, attempts - len(jobs), unknown


def _wait_until(condition: Callable[[], bool], *, within_s: float) -> bool:
    from django.db import OperationalError, connection

    deadline = time.monotonic() + within_s
    while time.monotonic() < deadline:
        try:
            if condition():
                return True
        except OperationalError:
            # One of the connections of this process that broke with the server.
            connection.close()
        time.sleep(0.2)
    return False


if __name__ == "__main__":
    main()
