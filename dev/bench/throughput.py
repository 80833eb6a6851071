"""Jobs per minute of one worker process, and its pick-up delay.

    python -m dev.bench.throughput [--jobs 2000] [--latency 2] [--concurrency 64] [--database sqlite|postgres]

Uses a private broker, a private database, one real worker process, and the mock model with ``--latency`` seconds before
each answer. Compare figures of one run only.
"""

from __future__ import annotations

import argparse
import statistics
import time
from typing import TYPE_CHECKING

from dev.bench.rig import site

if TYPE_CHECKING:
    from django.contrib.auth.models import User


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--jobs", type=int, default=1000)
    parser.add_argument("--latency", type=float, default=2.0, help="seconds of a model call")
    parser.add_argument("--concurrency", type=int, default=64)
    parser.add_argument("--database", choices=("sqlite", "postgres"), default="sqlite")
    options = parser.parse_args()
    with site(
        on_postgres=options.database == "postgres",
        MOCK_LATENCY_S=str(options.latency),
        WORKER_CONCURRENCY=str(options.concurrency),
    ) as bench_site:
        bench_site.worker()
        _measure(options.jobs, options)


def _measure(count: int, options: argparse.Namespace) -> None:
    from django.contrib.auth.models import User

    from agents.choices import JobStatus
    from agents.jobs import submission
    from agents.jobs.submission import JobRequest
    from agents.models import AgentJob

    user = User.objects.create(username="bench")
    started = time.monotonic()
    for number in range(count):
        submission.submit_job(
            JobRequest(by=user, agent_type="spatial", input_data={"location_name": f"Place {number}"})
        )
    submitted_s = time.monotonic() - started
    deadline = started + 600
    while AgentJob.objects.filter(status=JobStatus.COMPLETED).count() < count:
        if time.monotonic() > deadline:
            raise SystemExit("The jobs did not finish within ten minutes.")
        time.sleep(0.2)
    total_s = time.monotonic() - started
    ideal = 60 * options.concurrency / options.latency if options.latency else float("inf")
    print(f"{count} jobs, model {options.latency:g} s, {options.concurrency} threads, {options.database}")
    print(f"  submitted {count / submitted_s:8.0f} a second, one after the other")
    print(f"  finished  {60 * count / total_s:8.0f} a minute (the model alone would allow {ideal:.0f})")
    _measure_pick_up(user)


def _measure_pick_up(user: User) -> None:
    """Measure single jobs on an idle system, from the commit to the claim."""
    from agents.jobs import submission
    from agents.jobs.submission import JobRequest
    from agents.models import AgentJob

    waits = []
    for number in range(50):
        job = submission.submit_job(
            JobRequest(by=user, agent_type="spatial", input_data={"location_name": f"Idle {number}"})
        )
        while (current := AgentJob.objects.get(pk=job.pk)).started_at is None:
            time.sleep(0.001)
        waits.append(1000 * (current.started_at - current.created_at).total_seconds())
    waits.sort()
    print(f"  picked up after {statistics.median(waits):.0f} ms (median), {waits[-2]:.0f} ms (49th of 50)")


if __name__ == "__main__":
    main()
