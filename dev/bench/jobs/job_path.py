"""Throughput and cost of a worker, beside bare workers of Celery and taskiq that ask the same model.

    python -m dev.bench.jobs.job_path [--jobs 1000] [--rounds 3] [--concurrency 500] [--latency 2] [--only ours]

Alternates them in one run, on one PostgreSQL, one broker and one model on loopback. All workers stay up for the whole
run; those that are not measured are frozen. Ours runs narrative jobs with world rules, limits that bind nothing, no
budgets, checks and review policy. Compare figures of one run only. ``--hold`` keeps our worker busy for a profiler and
prints its process id.
"""

from __future__ import annotations

import argparse
import os
import signal
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any, Self

from dev.bench.figures import Figure, markdown
from dev.bench.jobs import quick_model
from dev.bench.jobs.quick_model import QuickModel
from dev.bench.jobs.sides import HELD, Side, bare, ours, taskiq
from dev.bench.meters import Meters, StatementLog, pss_mib
from dev.bench.rig import Site, site

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


# Results of each round, by side.
Results = dict[str, list[Result]]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--jobs", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--concurrency", type=int, default=500)
    parser.add_argument("--latency", type=float, default=2.0, help="seconds of a model call")
    parser.add_argument("--only", choices=("ours", "bare", "taskiq"))
    parser.add_argument("--universe", action="store_true", help="put our jobs into a universe")
    parser.add_argument("--hold", type=float, default=0, help="seconds of load on our worker, for a profiler")
    options = parser.parse_args()
    with models_and_site(options.concurrency, options.latency) as (model, bench_site):
        sides = [
            side
            for side in (
                bare(bench_site, model),
                taskiq(bench_site, model, concurrency=options.concurrency),
                ours(bench_site, in_universe=options.universe),
            )
            if options.only in (None, side.name)
        ]
        with SideBySide(bench_site, model, sides) as contest:
            if options.hold:
                contest.hold(sides[-1], options.hold)
                return
            results = contest.rounds(options.jobs, options.rounds)
            for side in sides:
                statements = contest.count_statements(side)
                print(f"{side.name:6} {statements:.1f} statements a job, {COUNTED_JOBS} released together")
    print(markdown(figures(results, options.latency)))


@contextmanager
def models_and_site(concurrency: int, latency_s: float) -> Iterator[tuple[QuickModel, Site]]:
    """Start a model and an empty site with limits that bind nothing."""
    with (
        QuickModel(latency_s) as model,
        site(
            ANTHROPIC_API_KEY=quick_model.KEY,
            ANTHROPIC_BASE_URL=model.url,
            WORKER_CONCURRENCY=str(concurrency),
            LIMIT_REQUESTS_PER_MIN="1000000",
            LIMIT_INPUT_TOKENS_PER_MIN="1000000000",
            LIMIT_OUTPUT_TOKENS_PER_MIN="1000000000",
            LOG_LEVEL="INFO",
        ) as bench_site,
    ):
        yield model, bench_site


class SideBySide:
    """Workers of several sides, of which one side works at a time while the others are frozen."""

    def __init__(self, bench_site: Site, model: QuickModel, sides: Sequence[Side]) -> None:
        self._site = bench_site
        self._model = model
        self._sides = sides
        self._pids: dict[str, list[int]] = {}
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            for side in self._sides:
                if side.beside is None:
                    self._pids[side.name] = stack.enter_context(running(side))
                    self._warm_up(side)
                    signal_all(self._pids[side.name], signal.SIGSTOP)
            self._stack = stack.pop_all()
        return self

    def __exit__(self, *exc: Any) -> None:
        self._stack.close()

    def rounds(self, jobs: int, count: int) -> Results:
        """Run every side once a round, in turn from the first and from the last."""
        results: Results = {side.name: [] for side in self._sides}
        for number in range(count):
            for side in self._sides if number % 2 == 0 else reversed(self._sides):
                result = self._round(side, jobs)
                results[side.name].append(result)
                print(f"round {number + 1} {side.name:8} {_row(result)}", flush=True)
        return results

    def count_statements(self, side: Side) -> float:
        """Return the statements that a job costs the database when some are released together."""
        with self._awake(side), StatementLog(os.environ["DATABASE_URL"], self._site.postgres_log) as log:
            side.fill(COUNTED_JOBS)
            before = len(log.lines())
            self._release(side, COUNTED_JOBS)
            lines = log.lines()[before:]
        if os.environ.get("BENCH_SHOW_STATEMENTS"):
            for line in lines[-30:]:
                print("   ", line[:200])
        return len(lines) / COUNTED_JOBS

    def hold(self, side: Side, seconds: float) -> None:
        """Keep a side busy, for a profiler."""
        with self._awake(side) as workers:
            side.fill(int(seconds * 150))
            self._site.broker().rename(HELD, side.queue)
            print(f"worker {workers[0]} is busy", flush=True)
            time.sleep(seconds)

    @contextmanager
    def _awake(self, side: Side) -> Iterator[list[int]]:
        """Let the workers of a side run, with those beside which they work."""
        kept = self._pids[side.beside or side.name]
        signal_all(kept, signal.SIGCONT)
        try:
            # What was due meanwhile is done before anything is measured.
            time.sleep(1)
            if side.beside is None:
                yield kept
            else:
                with running(side) as more:
                    self._warm_up(side)
                    yield [*kept, *more]
        finally:
            signal_all(kept, signal.SIGSTOP)

    def _round(self, side: Side, count: int) -> Result:
        with self._awake(side) as workers:
            broker = self._site.broker()
            meters = Meters(workers, self._site.postgres_pid, os.environ["DATABASE_URL"], broker)
            before = meters.read()
            took_s, in_flight = self._run(side, count)
            used = meters.read().since(before)
            pss = sum(map(pss_mib, workers))
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

    def _warm_up(self, side: Side) -> None:
        """Load the SDK and fill caches; the first call alone, because it writes the prompt cache.

        Then as many jobs as there are places: each begins with a thread and two connections, which it keeps.
        """
        self._run(side, 1)
        self._run(side, int(os.environ["WORKER_CONCURRENCY"]))

    def _run(self, side: Side, count: int) -> tuple[float, float]:
        """Release ``count`` jobs at once; return the seconds until the last has its outcome and the mean in flight."""
        side.fill(count)
        self._model.load("reset")
        started = time.time()
        times = self._release(side, count)
        took_s = max(ended for _, ended in times) - started
        return took_s, self._model.load()["integral"] / took_s

    def _release(self, side: Side, count: int) -> list[tuple[float, float]]:
        """Release the filled jobs and wait for their outcomes; return their times."""
        self._site.broker().rename(HELD, side.queue)
        deadline = time.monotonic() + DEADLINE_S
        while self._model.load()["served"] < count or len(times := side.times(count)) < count:
            if time.monotonic() > deadline:
                raise SystemExit(
                    f"The jobs did not finish in {DEADLINE_S} seconds: is one postponed? Nothing sweeps here."
                )
            time.sleep(0.1)
        return times


@contextmanager
def running(side: Side) -> Iterator[list[int]]:
    """Start the workers of a side; give their process ids, and end them."""
    pids = side.start()
    try:
        yield pids
    finally:
        signal_all(pids, signal.SIGKILL)


def signal_all(pids: Sequence[int], sign: signal.Signals) -> None:
    """Send a signal to the process groups of those that are alive."""
    for group in {os.getpgid(pid) for pid in pids if os.path.exists(f"/proc/{pid}")}:
        os.killpg(group, sign)


def figures(results: Results, latency_s: float, *, goal: float = 0.95, suffix: str = "") -> list[Figure]:
    """Return throughput and cost of our worker beside those of each yardstick, and of two of our workers."""
    own = results.get("ours", [])
    two = results.get("ours × 2", [])
    found = []
    for name, theirs in results.items():
        if name.startswith("ours") or not own:
            continue
        is_bare = name == "bare"
        found += [
            Figure(
                f"throughput{suffix}",
                "jobs/min",
                [row.per_min for row in own],
                name,
                [row.per_min for row in theirs],
                at_least=goal if is_bare else None,
            ),
            Figure(
                f"worker CPU{suffix}",
                "ms a job",
                [row.worker_ms for row in own],
                name,
                [row.worker_ms for row in theirs],
                at_most=1.3 if is_bare else None,
            ),
        ]
    if own:
        found += [
            Figure(
                f"own time p99 / model{suffix}",
                "ratio",
                [row.p99_s / latency_s for row in own],
                at_most=1.15,
            ),
            Figure(f"memory{suffix}", "MiB", [row.pss_mib for row in own], at_most=200),
            Figure(f"PostgreSQL CPU{suffix}", "ms a job", [row.postgres_ms for row in own]),
            Figure(f"Redis CPU{suffix}", "ms a job", [row.redis_ms for row in own]),
            Figure(f"commits{suffix}", "a job", [row.commits for row in own]),
            Figure(f"round trips to Redis{suffix}", "a job", [row.round_trips for row in own]),
        ]
    if two:
        per_min = [row.per_min for row in two]
        one = [row.per_min for row in own]
        found.append(Figure("throughput of two processes", "jobs/min", per_min, "one", one, at_least=1.8))
    return found


def _row(result: Result) -> str:
    return (
        f"{result.per_min:7.0f}/min  in flight {result.in_flight:4.0f}  p99 {result.p99_s:5.2f} s  "
        f"worker {result.worker_ms:5.1f} ms  PostgreSQL {result.postgres_ms:4.2f} ms  Redis {result.redis_ms:4.2f} ms  "
        f"{result.commits:4.1f} commits  {result.round_trips:4.1f} round trips  {result.pss_mib:4.0f} MiB"
    )


if __name__ == "__main__":
    main()
