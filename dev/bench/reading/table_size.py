"""Response time of each page that reads jobs, with 10,000 jobs and with more.

    python -m dev.bench.reading.table_size [--jobs 100000]     BIG=1 makes it 1,000,000
    python -m dev.bench.reading.table_size --only jobs         pages whose name contains "jobs"
    python -m dev.bench.reading.table_size --keep DIRECTORY    databases that are there already are used again

Fills two databases of a private PostgreSQL and requests each page from both, alternating, through the real views.
Compare figures of one run only.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, cast

from dev.bench.chart import Axis, Series, svg
from dev.bench.rig import site

SMALL = 10_000
ROUNDS = 5
# A page that takes this long is measured fewer times.
ENOUGH_S = 2.0


@dataclass(frozen=True, slots=True)
class Cost:
    """Duration of one request, and CPU time of this process and of its database processes."""

    ms: float
    cpu_ms: float


@dataclass(frozen=True, slots=True)
class Timing:
    """Costs of a page in both databases, its queries, and how many rows it shows; None unless it is a list."""

    name: str
    small: Cost
    large: Cost
    queries: int
    small_rows: int | None = None
    large_rows: int | None = None


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--jobs", type=int, default=1_000_000 if os.environ.get("BIG") else 100_000)
    parser.add_argument("--only", default="", help="measure only the pages whose name contains this")
    parser.add_argument(
        "--keep", type=Path, help="keep the databases in this directory, outside of home directories"
    )
    parser.add_argument("--json", type=Path, help="write the figures to this file too")
    parser.add_argument("--svg", type=Path, help="write a chart of the figures to this file")
    options = parser.parse_args()
    with site(keep_in=options.keep and options.keep.resolve()) as bench_site:
        from django.core.management import call_command

        from dev.bench.reading import rows

        large = f"jobs_{options.jobs}"
        for name, jobs in (("small", SMALL), (large, options.jobs)):
            is_new = bench_site.create_database(name)
            use_database(name)
            call_command("migrate", verbosity=0)
            if is_new:
                began = time.perf_counter()
                rows.fill(jobs)
                print(f"{jobs:,} jobs written in {time.perf_counter() - began:.0f} s", flush=True)
        timings = compare("small", large, options.only)
    show(timings, options.jobs, options.json)
    if options.svg is not None:
        options.svg.write_text(chart(timings, options.jobs))


def use_database(name: str) -> None:
    """Point the default connection of this process to another database of the same server."""
    from django.db import connection

    connection.close()
    cast(Any, connection).close_pool()
    connection.settings_dict["NAME"] = name


def compare(small: str, large: str, only: str = "") -> list[Timing]:
    """Time each page on both databases, one after the other; the median of the rounds counts."""
    from dev.bench.reading.table_pages import pages_of

    pages: dict[str, dict[str, Callable[[], int | None]]] = {}
    for database in (small, large):
        use_database(database)
        pages[database] = pages_of()
    timings = []
    for name in pages[small]:
        if only not in name:
            continue
        took: dict[str, list[Cost]] = {small: [], large: []}
        rows: dict[str, int | None] = {}
        queries = 0
        began = time.perf_counter()
        for _ in range(ROUNDS):
            for database in (small, large):
                use_database(database)
                costs, queries, rows[database] = _timed(pages[database][name])
                took[database] += costs
            if time.perf_counter() - began > ENOUGH_S:
                break
        medians = _median(took[small]), _median(took[large])
        timings.append(Timing(name, *medians, queries, rows[small], rows[large]))
        print(line_of(timings[-1]), flush=True)
    return timings


def _median(costs: list[Cost]) -> Cost:
    return Cost(statistics.median(c.ms for c in costs), statistics.median(c.cpu_ms for c in costs))


def _timed(page: Callable[[], int | None]) -> tuple[list[Cost], int, int | None]:
    """Return the costs of three requests on a warm connection, and the queries and rows of one."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    # A new connection reads the catalogue first.
    page()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pid FROM pg_stat_activity WHERE datname = current_database()")
        processes = [Path(f"/proc/{pid}/schedstat") for (pid,) in cursor.fetchall()]
    took = []
    for _ in range(3):
        began, used = time.perf_counter(), _cpu_ms(processes)
        page()
        took.append(Cost((time.perf_counter() - began) * 1000, _cpu_ms(processes) - used))
    with CaptureQueriesContext(connection) as captured:
        rows = page()
    return took, len(captured), rows


def _cpu_ms(processes: list[Path]) -> float:
    of_database = sum(int(path.read_text().split()[0]) for path in processes if path.exists())
    return time.process_time() * 1000 + of_database / 1e6


def line_of(timing: Timing) -> str:
    small, large = timing.small, timing.large
    shown = "" if timing.small_rows is None else f"{timing.small_rows} → {timing.large_rows}"
    return (
        f"{timing.name:36}{small.ms:9.1f}{large.ms:9.1f}{large.ms / small.ms:7.2f}"
        f"{small.cpu_ms:9.1f}{large.cpu_ms:9.1f}{large.cpu_ms / small.cpu_ms:7.2f}{timing.queries:8}{shown:>11}"
    )


def show(timings: list[Timing], jobs: int, path: Path | None) -> None:
    print(f"median of up to {3 * ROUNDS}, milliseconds: duration, then CPU of the process and its database")
    print(f"{'':36}{SMALL:9,}{jobs:9,}{'ratio':>7}{SMALL:9,}{jobs:9,}{'ratio':>7}{'queries':>8}{'rows':>11}")
    for timing in timings:
        print(line_of(timing))
    if path is not None:
        path.write_text(json.dumps([asdict(timing) for timing in timings], indent=1))


def chart(timings: list[Timing], jobs: int) -> str:
    """Return a chart with a point for each page, and the line of 1.5 times the time in the small database."""
    marks = (1, 3, 10, 30, 100, 300, 1000, 3000)
    points = [(timing.small.ms, timing.large.ms) for timing in timings]
    return svg(
        "Time of each page in a small and in a large database",
        Axis(f"ms with {SMALL:,} jobs", marks),
        Axis(f"ms with {jobs:,} jobs", marks),
        [
            Series("", points, is_joined=False),
            Series("1.5 times", [(1, 1.5), (1000, 1500)]),
        ],
    )


if __name__ == "__main__":
    main()
