"""Share of a model's rate limit that worker processes use, and the wait of interactive jobs meanwhile.

    python -m dev.bench.limits [--jobs 3000] [--rpm 1000] [--workers 4]

A stand-in for the Messages API refuses calls beyond its rate. Background jobs wait for capacity, and every few seconds
a person submits an interactive one. Uses a private PostgreSQL, a private broker and real worker processes; this
process sweeps as beat would. The wait is from the submission to the start of the call that was answered.
"""

from __future__ import annotations

import argparse
import statistics
import threading
import time
from collections import Counter
from datetime import timedelta
from typing import TYPE_CHECKING

from dev.bench.rig import site
from dev.standin import KEY, StandInProcess

if TYPE_CHECKING:
    from django.contrib.auth.models import User

    from agents.models import GenerationSchedule
    from dev.standin.instruments.journal import Call

PERSON_EVERY_S = 3.0
SWEEP_EVERY_S = 5.0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--jobs", type=int, default=3000)
    parser.add_argument("--rpm", type=int, default=1000)
    parser.add_argument("--workers", type=int, default=4)
    parser.add_argument("--concurrency", type=int, default=24, help="threads of each worker")
    parser.add_argument("--latency", type=float, default=1.0, help="seconds to the first byte")
    options = parser.parse_args()
    with StandInProcess() as standin:
        standin.limits(rpm=options.rpm, itpm=100_000_000, otpm=100_000_000)
        standin.latency(first_byte_s=options.latency)
        standin.answers({"where": "", "output_tokens": 400})
        with site(
            ANTHROPIC_API_KEY=KEY,
            ANTHROPIC_BASE_URL=standin.url,
            WORKER_CONCURRENCY=str(options.concurrency),
            LIMIT_PROCESSES=str(options.workers),
            DB_POOL_SIZE="8",
            AUDIT_SHARE_SPATIAL="0",
            # Measure the rate of direct calls only.
            BATCH_LANE="false",
        ) as bench_site:
            user, schedule = _people()
            _submit_background(options.jobs, user, schedule)
            for _ in range(options.workers):
                bench_site.worker()
            _work_until_done(user)
            _report(standin.read_log().messages, options)


def _people() -> tuple[User, GenerationSchedule]:
    from django.contrib.auth.models import User

    from agents.schedules import scheduling
    from universes.services.universes import create_universe

    user = User.objects.create(username="bench")
    schedule = scheduling.create_schedule(
        owner=user,
        universe_id=create_universe(user, name="Bench").pk,
        name="Yearly",
        agent_type="spatial",
        input_data={"location_name": "A place"},
        crontab="0 0 1 1 *",
        time_zone="UTC",
        enabled=False,
    )
    return user, schedule


def _submit_background(count: int, user: User, schedule: GenerationSchedule) -> None:
    from agents.jobs import submission
    from agents.jobs.submission import JobRequest

    for number in range(count):
        submission.submit_job(
            JobRequest(
                by=user,
                agent_type="spatial",
                input_data={"location_name": f"Place {number}"},
                schedule=schedule,
            )
        )


def _work_until_done(user: User) -> None:
    from agents.jobs import maintenance, submission
    from agents.jobs.submission import JobRequest
    from agents.models import AgentJob

    stop = threading.Event()

    def sweep() -> None:
        while not stop.wait(SWEEP_EVERY_S):
            maintenance.enqueue_due_jobs()

    sweeper = threading.Thread(target=sweep)
    sweeper.start()
    background = AgentJob.objects.filter(schedule__isnull=False)
    try:
        while background.exclude(status__in=["completed", "failed"]).exists():
            submission.submit_job(
                JobRequest(
                    by=user, agent_type="spatial", input_data={"location_name": "Where a person waits"}
                )
            )
            time.sleep(PERSON_EVERY_S)
    finally:
        stop.set()
        sweeper.join()


def _report(calls: list[Call], options: argparse.Namespace) -> None:
    from agents.models import AgentJob, ModelCall

    statuses = Counter(call.status for call in calls)
    arrived = sorted(call.arrived_at for call in calls if call.status == 200)
    # Leave out the start, while workers boot, and the end, when no job waits.
    tenth = len(arrived) // 10
    middle = arrived[tenth:-tenth]
    used = (len(middle) - 1) / (middle[-1] - middle[0]) * 60 / options.rpm
    waits = [
        (call.at - timedelta(milliseconds=call.latency_ms) - call.job.created_at).total_seconds()
        for call in ModelCall.objects.filter(job__schedule=None, error_code="").select_related("job")
        if call.job is not None
    ]
    waits.sort()
    outcomes = Counter(AgentJob.objects.values_list("status", flat=True))
    print(f"{options.workers} workers, {options.rpm} requests a minute, {options.jobs} background jobs")
    print(f"  rate used   {100 * used:6.1f} % (of the middle 80 % of {len(arrived)} answered calls)")
    print(f"  refused     {100 * statuses[429] / statuses.total():6.2f} % of {statuses.total()} calls: 429")
    print(
        f"  a person    waits {statistics.median(waits):.2f} s (median), {waits[-1]:.2f} s (longest of {len(waits)})"
    )
    print(f"  jobs        {dict(outcomes)}")


if __name__ == "__main__":
    main()
