"""Run of all benchmarks of speed, each beside its yardstick.

    python -m dev.bench [--rounds 3] [--json bench.json]        BIG=1 adds a site of a million jobs

Starts its own servers on free ports and stops them. Prints a table of ratios, and writes every figure as JSON.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from functools import partial
from pathlib import Path

from dev.bench import start
from dev.bench.figures import Figure, conditions, markdown, write_json
from dev.bench.jobs import job_path, pick_up
from dev.bench.jobs.sides import bare, ours, taskiq
from dev.bench.own_process import in_own_process
from dev.bench.reading import api
from dev.bench.rig import site

LATENCY_S = 2.0
_PARTS = ("throughput", "default", "processes", "pick-up", "api", "start")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--jobs", type=int, default=1500, help="jobs a round with 500 in flight")
    parser.add_argument("--json", type=Path, default=Path("bench.json"))
    parser.add_argument("--part", choices=_PARTS, help="only this part")
    options = parser.parse_args()
    begun = conditions()
    figures: list[Figure] = []
    for part in [options.part] if options.part else _PARTS:
        print(f"== {part}", flush=True)
        figures += in_own_process(partial(_run, part, options))
    write_json(options.json, begun, figures)
    print(markdown(figures))
    print(
        f"Load at the start {begun['load']}, at the end {conditions()['load']}. All figures: {options.json}"
    )
    if os.environ.get("BIG"):
        subprocess.run([sys.executable, "-m", "dev.bench.reading.table_size"], check=True)


def _run(part: str, options: argparse.Namespace) -> list[Figure]:
    rounds = options.rounds
    if part == "throughput":
        return _throughput(500, options.jobs, rounds, goal=0.95, suffix=", 500 in flight")
    if part == "default":
        return _throughput(64, options.jobs // 4, rounds, goal=0.97, suffix=", default settings")
    if part == "processes":
        return _two_processes(options.jobs, rounds)
    if part == "pick-up":
        with job_path.models_and_site(64, 0.05) as (model, bench_site):
            return pick_up.measure(bench_site, model, rounds, 20, 10)
    if part == "api":
        with site():
            return api.measure(rounds, 300)
    return start.measure(rounds)


def _throughput(concurrency: int, jobs: int, rounds: int, *, goal: float, suffix: str) -> list[Figure]:
    with job_path.models_and_site(concurrency, LATENCY_S) as (model, bench_site):
        peer = taskiq(bench_site, model, concurrency=concurrency)
        sides = [bare(bench_site, model), *([peer] if peer else []), ours(bench_site)]
        results = job_path.rounds(bench_site, model, sides, jobs=jobs, count=rounds)
        figures = job_path.figures(results, LATENCY_S, goal=goal, suffix=suffix)
        statements = [job_path.count_statements(bench_site, sides[-1])]
        return [*figures, Figure(f"statements{suffix}", "a job", statements, at_most=6)]


def _two_processes(jobs: int, rounds: int) -> list[Figure]:
    with job_path.models_and_site(500, LATENCY_S) as (model, bench_site):
        sides = [ours(bench_site), ours(bench_site, workers=2)]
        one, two = job_path.rounds(bench_site, model, sides, jobs=jobs, count=rounds).values()
    return [
        Figure(
            "throughput of two processes",
            "jobs/min",
            [row.per_min for row in two],
            "one",
            [row.per_min for row in one],
            at_least=1.8,
        )
    ]


if __name__ == "__main__":
    main()
