"""Time from the submission of a job to its start, at a steady rate, beside a bare Celery worker.

    python -m dev.bench.jobs.pick_up [--rounds 3] [--rate 20] [--seconds 8]

The model answers at once, so that no job waits for another one.
"""

from __future__ import annotations

import argparse
import itertools
import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import psycopg

from dev.bench.figures import Figure, markdown
from dev.bench.jobs.job_path import models_and_site, running, signal_all
from dev.bench.jobs.quick_model import QuickModel
from dev.bench.jobs.sides import bare, ours
from dev.bench.rig import Site

Waits = list[float]
# Submits the job of a number, and returns how to read the milliseconds until it began; None before.
Submit = Callable[[int], Callable[[], float | None]]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--rate", type=int, default=20, help="jobs a second")
    parser.add_argument("--seconds", type=float, default=8)
    options = parser.parse_args()
    with models_and_site(64, 0.05) as (model, bench_site):
        print(markdown(measure(bench_site, model, options.rounds, options.rate, options.seconds)))


def measure(bench_site: Site, model: QuickModel, count: int, rate: int, seconds: float) -> list[Figure]:
    own: list[Waits] = []
    theirs: list[Waits] = []
    # Ours last: the app that was imported last is the current one of this thread.
    with _bare(bench_site, model) as to_bare, _ours(bench_site) as to_ours:
        sides = (("ours", to_ours, own), ("bare", to_bare, theirs))
        for number in range(count):
            for name, (submit, pids), waits in sides if number % 2 == 0 else reversed(sides):
                signal_all(pids, signal.SIGCONT)
                waits.append(_waits(submit, rate, seconds))
                signal_all(pids, signal.SIGSTOP)
                print(f"round {number + 1} {name} picked up after {_shown(waits[-1])}", flush=True)
    goals = {0.5: 6.0, 0.99: 15.0}
    return [
        Figure(
            f"submit → start, p{share * 100:.0f}",
            "ms",
            [_quantile(waits, share) for waits in own],
            at_most=goal,
        )
        for share, goal in goals.items()
    ] + [
        Figure(
            f"submit → start, p{share * 100:.0f}, beside bare",
            "ms",
            [_quantile(waits, share) for waits in own],
            "bare",
            [_quantile(waits, share) for waits in theirs],
        )
        for share in goals
    ]


def _waits(submit: Submit, rate: int, seconds: float) -> Waits:
    """Submit at a steady rate; return the milliseconds until each job began."""
    # The first jobs load the SDK and open connections.
    _all([submit(-1 - number) for number in range(10)])
    time.sleep(2)
    begun = time.monotonic()
    asked = []
    for number in range(int(rate * seconds)):
        time.sleep(max(0.0, begun + number / rate - time.monotonic()))
        asked.append(submit(number))
    return sorted(_all(asked))


def _all(asked: list[Callable[[], float | None]]) -> Waits:
    deadline = time.monotonic() + 30
    waits: Waits = []
    for wait_of in asked:
        while (wait := wait_of()) is None:
            if time.monotonic() > deadline:
                raise SystemExit("A job was not picked up within 30 seconds.")
            time.sleep(0.05)
        waits.append(wait)
    return waits


@contextmanager
def _ours(bench_site: Site) -> Iterator[tuple[Submit, list[int]]]:
    from django.contrib.auth.models import User

    from agents.jobs import submission
    from agents.jobs.submission import JobRequest
    from agents.models import AgentJob
    from mediaassets.celery import app

    app.set_current()
    side = ours(bench_site)
    user = User.objects.get(username="bench")

    def submit(number: int) -> Callable[[], float | None]:
        job = submission.submit_job(
            JobRequest(by=user, agent_type="narrative", input_data={"prompt": f"Evening {number}."})
        )

        def wait() -> float | None:
            current = AgentJob.objects.get(pk=job.pk)
            if current.started_at is None:
                return None
            return 1000 * (current.started_at - current.created_at).total_seconds()

        return wait

    with running(side) as pids:
        signal_all(pids, signal.SIGSTOP)
        yield submit, pids


@contextmanager
def _bare(bench_site: Site, model: QuickModel) -> Iterator[tuple[Submit, list[int]]]:
    from dev.bench.jobs import bare_celery

    side = bare(bench_site, model)
    with (
        running(side) as pids,
        psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as connection,
        bare_celery.app.producer_pool.acquire(block=True) as producer,
    ):
        ids = itertools.count(1)

        def submit(_: int) -> Callable[[], float | None]:
            job_id = next(ids)
            created = time.time()
            connection.execute(
                "INSERT INTO bare_jobs (id, status, input) VALUES (%s, 'pending', '{\"prompt\": \"Write.\"}')",
                (job_id,),
            )
            bare_celery.app.send_task(
                bare_celery.TASK, args=[job_id], queue=bare_celery.QUEUE, producer=producer
            )

            def wait() -> float | None:
                row = connection.execute(
                    "SELECT extract(epoch FROM started_at) FROM bare_jobs WHERE id = %s", (job_id,)
                ).fetchone()
                return None if row is None or row[0] is None else 1000 * (float(row[0]) - created)

            return wait

        signal_all(pids, signal.SIGSTOP)
        yield submit, pids


def _quantile(ordered: Waits, share: float) -> float:
    return ordered[min(int(share * len(ordered)), len(ordered) - 1)]


def _shown(ordered: Waits) -> str:
    return f"{_quantile(ordered, 0.5):.1f} ms (median), {_quantile(ordered, 0.99):.1f} ms (99%)"


if __name__ == "__main__":
    main()
