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

LATENCY_S = 2.0
_PARTS = ("throughput", "default", "pick-up", "api", "start")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--jobs", type=int, default=1000, help="jobs a round with 500 in flight")
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
        return _throughput(500, options.jobs, rounds, goal=0.95, suffix=", 500 in flight", is_saturated=True)
    if part == "default":
        return _throughput(64, 4 * 64, rounds, goal=0.97, suffix=", default settings")
    if part == "pick-up":
        with job_path.models_and_site(64, 0.05) as (model, bench_site):
            return pick_up.measure(bench_site, model, rounds, 20, 6)
    if part == "api":
        with api.api_site():
            return api.measure(rounds, 160)
    return start.measure(rounds)


def _throughput(
    concurrency: int, jobs: int, rounds: int, *, goal: float, suffix: str, is_saturated: bool = False
) -> list[Figure]:
    with job_path.models_and_site(concurrency, LATENCY_S) as (model, bench_site):
        own = ours(bench_site)
        sides = [bare(bench_site, model), own]
        if is_saturated:
            sides.insert(1, taskiq(bench_site, model, concurrency=concurrency))
            sides.append(ours(bench_site, is_second=True))
        with job_path.SideBySide(bench_site, model, sides) as contest:
            results = contest.rounds(jobs, rounds)
            statements = contest.count_statements(own)
    figures = job_path.figures(results, LATENCY_S, goal=goal, suffix=suffix)
    return [*figures, Figure(f"statements{suffix}", "a job", [statements], at_most=6)]


if __name__ == "__main__":
    main()
