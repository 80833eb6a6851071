"""Response time of each page that reads jobs, with 10,000 jobs and with more.

    python -m dev.bench.table_size [--jobs 100000]     BIG=1 makes it 1,000,000
    python -m dev.bench.table_size --only jobs         pages whose name contains "jobs"

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
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dev.bench.rig import site

SMALL = 10_000
ROUNDS = 5
# A page that takes this long is measured fewer times.
ENOUGH_S = 2.0


@dataclass(frozen=True, slots=True)
class Timing:
    name: str
    small_ms: float
    large_ms: float
    queries: int


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--jobs", type=int, default=1_000_000 if os.environ.get("BIG") else 100_000)
    parser.add_argument("--only", default="", help="measure only the pages whose name contains this")
    parser.add_argument("--json", type=Path, help="write the figures to this file too")
    options = parser.parse_args()
    with site() as temporary:
        from django.core.management import call_command

        from dev.bench import rows

        names = {}
        for name, jobs in (("small", SMALL), ("large", options.jobs)):
            temporary.create_database(name)
            names[name] = name
            use_database(name)
            call_command("migrate", verbosity=0)
            began = time.perf_counter()
            rows.fill(jobs)
            print(f"{jobs:,} jobs written in {time.perf_counter() - began:.0f} s")
        show(compare("small", "large", options.only), options.jobs, options.json)


def use_database(name: str) -> None:
    """Point the default connection of this process to another database of the same server."""
    from django.db import connection

    connection.close()
    connection.close_pool()
    connection.settings_dict["NAME"] = name


def compare(small: str, large: str, only: str = "") -> list[Timing]:
    """Time each page on both databases, one after the other; the median of the rounds counts."""
    from dev.bench.table_pages import pages_of

    pages: dict[str, dict[str, Callable[[], Any]]] = {}
    for database in (small, large):
        use_database(database)
        pages[database] = pages_of()
    timings = []
    for name in pages[small]:
        if only not in name:
            continue
        took: dict[str, list[float]] = {small: [], large: []}
        queries = 0
        began = time.perf_counter()
        for _ in range(ROUNDS):
            for database in (small, large):
                use_database(database)
                seconds, queries = _timed(pages[database][name])
                took[database] += seconds
            if time.perf_counter() - began > ENOUGH_S:
                break
        timings.append(Timing(name, statistics.median(took[small]), statistics.median(took[large]), queries))
        print(line_of(timings[-1]), flush=True)
    return timings


def _timed(page: Callable[[], Any]) -> tuple[list[float], int]:
    """Return the milliseconds of three requests on a warm connection, and the queries of one."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    # A new connection reads the catalogue first.
    page()
    took = []
    for _ in range(3):
        began = time.perf_counter()
        page()
        took.append((time.perf_counter() - began) * 1000)
    with CaptureQueriesContext(connection) as captured:
        page()
    return took, len(captured)


def line_of(timing: Timing) -> str:
    ratio = timing.large_ms / timing.small_ms
    return f"{timing.name:44}{timing.small_ms:10.1f}{timing.large_ms:10.1f}{ratio:8.2f}{timing.queries:8}"


def show(timings: list[Timing], jobs: int, path: Path | None) -> None:
    print(f"median of up to {3 * ROUNDS}, milliseconds")
    print(f"{'page':44}{SMALL:10,}{jobs:10,}{'ratio':>8}{'queries':>8}")
    for timing in timings:
        print(line_of(timing))
    if path is not None:
        path.write_text(
            json.dumps(
                [
                    {
                        "page": t.name,
                        "small_ms": t.small_ms,
                        "large_ms": t.large_ms,
                        "queries": t.queries,
                    }
                    for t in timings
                ],
                indent=1,
            )
        )


if __name__ == "__main__":
    main()
