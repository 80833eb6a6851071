"""Command line of the faults; see the package."""

from __future__ import annotations

import argparse
import os
import platform
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from dev.bench.rig import site

if TYPE_CHECKING:
    from dev.faults.environment import Environment
    from dev.faults.scenario import Outcome

SHORT_JOBS, SHORT_RATE, SHORT_LEASE_S = 200, 60.0, 4
ENVIRONMENT = {
    "DEBUG": "false",
    "MOCK_LATENCY_S": "0.4",
    "WORKER_CONCURRENCY": "16",
    "RETRY_BACKOFF_S": "0.5",
    "WEBHOOK_ALLOWED_HOSTS": "localhost",
    "MAX_WAITING_JOBS": "10000000",
    "LOG_LEVEL": "WARNING",
    # The number of review items is known.
    **{f"AUDIT_SHARE_{agent}": "0" for agent in ("NARRATIVE", "SPATIAL", "CONSISTENCY")},
}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, prog="python -m dev.faults")
    parser.add_argument(
        "--short", action="store_true", help="every fault once, with short outages and leases"
    )
    parser.add_argument("--jobs", type=int, default=0, help="jobs of each fault")
    parser.add_argument("--only", default="", help="words in the names of faults, separated by commas")
    parser.add_argument("--soak", type=int, default=0, help="run this many jobs under mixed faults instead")
    chosen = parser.parse_args()
    with _house(chosen.short) as environment:
        if chosen.soak:
            from dev.faults.soak import soak

            return soak(environment, chosen.soak)
        return _play_all(environment, chosen)


def _play_all(environment: Environment, chosen: argparse.Namespace) -> int:
    from dev.faults.injections import FAULTS
    from dev.faults.scenario import RATE, run

    calm, *others = FAULTS
    words = [word for word in chosen.only.split(",") if word]
    if words:
        others = [fault for fault in others if any(word in fault.name for word in words)]
    elif chosen.short:
        others = [fault for fault in others if fault.is_in_short_form]
    count = chosen.jobs or (SHORT_JOBS if chosen.short else 1000)
    rate = SHORT_RATE if chosen.short else RATE
    print(_heading(count, chosen.short), flush=True)
    problems: list[str] = []
    usual: Outcome | None = None
    for fault in (calm, *others):
        outcome = run(fault, environment, usual, count=count, away_s=fault.away_s[chosen.short], rate=rate)
        usual = usual or outcome
        print(_row(outcome), flush=True)
        problems += [f"{fault.name}: {problem}" for problem in outcome.wrong]
    for problem in problems:
        print("WRONG:", problem)
    return int(bool(problems))


@contextmanager
def _house(is_short: bool) -> Iterator[Environment]:
    lease = {"LEASE_S": str(SHORT_LEASE_S)} if is_short else {}
    with site(on_postgres=True, **(ENVIRONMENT | lease)) as running:
        # The site has to be set up before its models are imported.
        from dev.faults.environment import Environment

        environment = Environment(running)
        try:
            yield environment
        finally:
            environment.stop()


def _heading(count: int, is_short: bool) -> str:
    form = f"short form, lease {SHORT_LEASE_S} s" if is_short else "full form"
    load = os.getloadavg()[0]
    return (
        f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, {form}, {count} jobs a fault; {os.cpu_count()} cores"
        f" ({platform.machine()}), load {load:.1f}.\n\n"
        "| fault | recovery, s | jobs | lost | doubled | calls beyond one | of unknown cost |"
        " webhooks repeated | submissions | slowest, s | /healthz, ms | /readyz, ms | took, s |\n"
        f"|---|{'---|' * 12}"
    )


def _row(outcome: Outcome) -> str:
    verdict = outcome.verdict
    codes = ", ".join(f"{code or 'none'}: {times}" for code, times in sorted(outcome.jobs.codes.items()))
    away = f" ({outcome.away_s:g} s)" if outcome.away_s else ""
    cells = (
        *(f"{outcome.fault.name}{away}", f"{outcome.recovery_s:.1f}"),
        *(verdict.jobs, verdict.lost, verdict.doubled, verdict.extra_calls, verdict.unknown_calls),
        *(verdict.repeated_webhooks, codes, f"{outcome.jobs.slowest_s:.2f}"),
        *(
            f"{outcome.alive.slowest_s * 1000:.0f}",
            f"{outcome.ready.slowest_s * 1000:.0f}",
            f"{outcome.took_s:.0f}",
        ),
    )
    return f"| {' | '.join(str(cell) for cell in cells)} |"


if __name__ == "__main__":
    started = time.monotonic()
    status = main()
    print(f"\n{time.monotonic() - started:.0f} s")
    sys.exit(status)
