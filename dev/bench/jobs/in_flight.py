"""Throughput and cost of one worker against the jobs that it has in flight, beside a bare Celery worker.

python -m dev.bench.jobs.in_flight [--svg docs/images/in-flight.svg]
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Final

from dev.bench.chart import Axis, Series, svg
from dev.bench.figures import conditions
from dev.bench.jobs import job_path
from dev.bench.jobs.job_path import Result
from dev.bench.jobs.sides import bare, ours
from dev.bench.own_process import in_own_process

IN_FLIGHT: Final = (16, 32, 64, 128, 250, 500)
LATENCY_S: Final = 2.0
_JOBS_PER_PLACE: Final = 5


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument(
        "--charts", type=Path, help="write charts of throughput and commits to this directory"
    )
    options = parser.parse_args()
    begun = conditions()
    print(f"Commit {begun['commit']}, {begun['at']}, load {begun['load']}")
    results = {count: in_own_process(partial(_measure, count)) for count in IN_FLIGHT}
    print(
        "| in flight | ours, jobs/min | bare, jobs/min | ratio | ours, ms a job | bare, ms a job | commits a job |"
    )
    print("|---|---|---|---|---|---|---|")
    for count, sides in results.items():
        own, other = sides["ours"], sides["bare"]
        print(
            f"| {count} | {own.per_min:,.0f} | {other.per_min:,.0f} | {own.per_min / other.per_min:.2f} "
            f"| {own.worker_ms:.2f} | {other.worker_ms:.2f} | {own.commits:.2f} |"
        )
    if options.charts is not None:
        (options.charts / "throughput.svg").write_text(_throughput(results))
        (options.charts / "commits.svg").write_text(_commits(results))


def _measure(count: int) -> Mapping[str, Result]:
    with job_path.models_and_site(count, LATENCY_S) as (model, bench_site):
        sides = [bare(bench_site, model), ours(bench_site)]
        with job_path.SideBySide(bench_site, model, sides) as contest:
            results = contest.rounds(_JOBS_PER_PLACE * count, 1)
    return {name: rows[0] for name, rows in results.items()}


def _throughput(results: Mapping[int, Mapping[str, Result]]) -> str:
    possible = [(count, 60 * count / LATENCY_S) for count in IN_FLIGHT]
    return svg(
        f"Throughput of one worker process, a model of {LATENCY_S:g} s",
        Axis("jobs in flight", IN_FLIGHT),
        Axis("jobs a minute", (300, 1000, 3000, 10_000, 20_000)),
        [
            Series("bare Celery", [(count, sides["bare"].per_min) for count, sides in results.items()]),
            Series("this worker", [(count, sides["ours"].per_min) for count, sides in results.items()]),
            Series("the model", possible),
        ],
    )


def _commits(results: Mapping[int, Mapping[str, Result]]) -> str:
    return svg(
        "Commits to PostgreSQL",
        Axis("jobs in flight", IN_FLIGHT),
        Axis("commits a job", (0.1, 0.3, 1, 3)),
        [
            Series("bare Celery", [(count, sides["bare"].commits) for count, sides in results.items()]),
            Series("this worker", [(count, sides["ours"].commits) for count, sides in results.items()]),
        ],
    )


if __name__ == "__main__":
    main()
