"""Throughput and cost of one worker process, beside a bare Celery worker that asks the same model.

    python -m dev.bench.job_path [--jobs 1500] [--rounds 3] [--concurrency 500] [--latency 2] [--only ours|bare]

Alternates the two in one run, on one PostgreSQL, one broker and one model on loopback. Ours runs narrative jobs with
world rules, limits that bind nothing, no budgets, checks and review policy. Compare figures of one run only. ``--hold``
keeps our worker busy for a profiler and prints its process id.
"""

from __future__ import annotations

import argparse
import os
import signal
import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from dev.bench import quick_model
from dev.bench.meters import Meters, StatementLog, pss_mib
from dev.bench.quick_model import QuickModel
from dev.bench.rig import Site, site
from dev.bench.sides import HELD, Side, bare, ours

COUNTED_JOBS = 40
DEADLINE_S = 120


@dataclass(frozen=True, slots=True)
class Result:
    """Figures of one round; ``*_ms`` and counts are per job."""

    per_min: float
    in_flight: float
    p99_s: float
    worker_ms: float
    postgres_ms: float
    redis_ms: float
    commits: float
    round_trips: float
    pss_mib: float


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--jobs", type=int, default=1500)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--concurrency", type=int, default=500)
    parser.add_argument("--latency", type=float, default=2.0, help="seconds of a model call")
    parser.add_argument("--only", choices=("ours", "bare"))
    parser.add_argument("--universe", action="store_true", help="put our jobs into a universe")
    parser.add_argument("--hold", type=float, default=0, help="seconds of load on our worker, for a profiler")
    options = parser.parse_args()
    with (
        QuickModel(options.latency) as model,
        site(
            ANTHROPIC_API_KEY=quick_model.KEY,
            ANTHROPIC_BASE_URL=model.url,
            WORKER_CONCURRENCY=str(options.concurrency),
            LIMIT_REQUESTS_PER_MIN="1000000",
            LIMIT_INPUT_TOKENS_PER_MIN="1000000000",
            LIMIT_OUTPUT_TOKENS_PER_MIN="1000000000",
            LOG_LEVEL="INFO",
        ) as bench_site,
    ):
        sides = [
            side
            for side in (bare(bench_site, model), ours(bench_site, in_universe=options.universe))
            if options.only in (None, side.name)
        ]
        if options.hold:
            _hold(bench_site, model, sides[-1], options.hold)
            return
        results: dict[str, list[Result]] = {side.name: [] for side in sides}
        for number in range(options.rounds):
            for side in sides if number % 2 == 0 else reversed(sides):
                result = _round(bench_site, model, side, options.jobs)
                results[side.name].append(result)
                print(f"round {number + 1} {side.name:5} {_row(result)}", flush=True)
        for side in sides:
            statements = _count_statements(bench_site, side)
            print(f"{side.name:5} {statements:.1f} statements a job, {COUNTED_JOBS} jobs released together")
        _table(results)


def _row(result: Result) -> str:
    return (
        f"{result.per_min:7.0f}/min  in flight {result.in_flight:4.0f}  p99 {result.p99_s:5.2f} s  "
        f"worker {result.worker_ms:5.1f} ms  PostgreSQL {result.postgres_ms:4.2f} ms  Redis {result.redis_ms:4.2f} ms  "
        f"{result.commits:4.1f} commits  {result.round_trips:4.1f} round trips  {result.pss_mib:4.0f} MiB"
    )


def _table(results: dict[str, list[Result]]) -> None:
    for name, rows in results.items():
        rates = sorted(row.per_min for row in rows)
        print(f"{name:5} jobs/min median {statistics.median(rates):.0f} ({rates[0]:.0f}–{rates[-1]:.0f})")
    if len(results) == 2:
        theirs, own = (results[name] for name in ("bare", "ours"))
        for field, title in (("per_min", "throughput"), ("worker_ms", "worker CPU")):
            ratios = sorted(
                getattr(one, field) / getattr(other, field) for one, other in zip(own, theirs, strict=True)
            )
            median = statistics.median(ratios)
            print(f"ours / bare, {title}: {median:.2f} ({ratios[0]:.2f}–{ratios[-1]:.2f})")


def _round(bench_site: Site, model: QuickModel, side: Side, count: int) -> Result:
    with _running(side) as worker:
        _warm_up(bench_site, model, side)
        meters = Meters(worker, bench_site.postgres_pid, os.environ["DATABASE_URL"], bench_site.broker())
        before = meters.read()
        took_s, in_flight = _run(bench_site, model, side, count)
        used = meters.read().since(before)
        pss = pss_mib(worker)
    own = sorted(ended - started for started, ended in side.times(count))
    return Result(
        per_min=60 * count / took_s,
        in_flight=in_flight,
        p99_s=own[int(0.99 * len(own))],
        worker_ms=1000 * used.worker_s / count,
        postgres_ms=1000 * used.postgres_s / count,
        redis_ms=1000 * used.redis_s / count,
        commits=used.commits / count,
        round_trips=used.round_trips / count,
        pss_mib=pss,
    )


@contextmanager
def _running(side: Side) -> Iterator[int]:
    pid = side.start()
    try:
        yield pid
    finally:
        os.killpg(pid, signal.SIGKILL)


def _run(bench_site: Site, model: QuickModel, side: Side, count: int) -> tuple[float, float]:
    """Release ``count`` jobs at once; return the seconds until the last has its outcome and the mean in flight."""
    side.fill(count)
    model.load("reset")
    started = time.time()
    bench_site.broker().rename(HELD, side.queue)
    deadline = time.monotonic() + DEADLINE_S
    while (load := model.load())["served"] < count:
        _check(deadline)
        time.sleep(0.1)
    while len(times := side.times(count)) < count:
        _check(deadline)
        time.sleep(0.1)
    took_s = max(ended for _, ended in times) - started
    return took_s, load["integral"] / took_s


def _warm_up(bench_site: Site, model: QuickModel, side: Side) -> None:
    """Load the SDK, open connections and fill caches; the first call alone, because it writes the prompt cache."""
    _run(bench_site, model, side, 1)
    _run(bench_site, model, side, 50)


def _check(deadline: float) -> None:
    if time.monotonic() > deadline:
        raise SystemExit(
            f"The jobs did not finish in {DEADLINE_S} seconds: is one postponed? Nothing sweeps here."
        )


def _count_statements(bench_site: Site, side: Side) -> float:
    with _running(side):
        _run_quickly(bench_site, side, 1)
        with StatementLog(os.environ["DATABASE_URL"], bench_site.postgres_log) as log:
            side.fill(COUNTED_JOBS)
            before = len(log.lines())
            bench_site.broker().rename(HELD, side.queue)
            deadline = time.monotonic() + DEADLINE_S
            while len(side.times(COUNTED_JOBS)) < COUNTED_JOBS:
                _check(deadline)
                time.sleep(0.5)
            lines = log.lines()[before:]
    if os.environ.get("BENCH_SHOW_STATEMENTS"):
        for line in lines[-30:]:
            print("   ", line[:200])
    return len(lines) / COUNTED_JOBS


def _run_quickly(bench_site: Site, side: Side, count: int) -> None:
    side.fill(count)
    bench_site.broker().rename(HELD, side.queue)
    deadline = time.monotonic() + 60
    while len(side.times(count)) < count:
        _check(deadline)
        time.sleep(0.1)


def _hold(bench_site: Site, model: QuickModel, side: Side, seconds: float) -> None:
    with _running(side) as worker:
        _warm_up(bench_site, model, side)
        side.fill(int(seconds * 150))
        bench_site.broker().rename(HELD, side.queue)
        print(f"worker {worker} is busy", flush=True)
        time.sleep(seconds)


# --- The two sides


if __name__ == "__main__":
    main()
