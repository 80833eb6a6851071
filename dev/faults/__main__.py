"""Command line of the faults; see the package."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from dev.bench.figures import conditions
from dev.bench.rig import site
from dev.faults import full_disk, report

if TYPE_CHECKING:
    from dev.faults.environment import Environment

SHORT_JOBS, SHORT_RATE, SHORT_LEASE_S = 200, 60.0, 4
FULL_JOBS = 10_000
IN_TURN_RATE = 3.0
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
# Many in flight, so that the machine and not the model bounds the throughput.
FULL_ENVIRONMENT = {"WORKER_CONCURRENCY": "64"}
# One job may meet many faults.
IN_TURN_ENVIRONMENT = {"LEASE_S": str(SHORT_LEASE_S), "JOB_MAX_RETRIES": "20"}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, prog="python -m dev.faults")
    parser.add_argument(
        "--short", action="store_true", help="every fault once, with short outages and leases"
    )
    parser.add_argument(
        "--in-turn", action="store_true", help="all faults in one run, which judges nothing by time"
    )
    parser.add_argument(
        "--jobs", type=int, default=0, help="jobs of each fault that ends workers; others have a tenth"
    )
    parser.add_argument("--only", default="", help="words in the names of faults, separated by commas")
    parser.add_argument("--soak", type=int, default=0, help="run this many jobs under mixed faults instead")
    parser.add_argument(
        "--output", type=Path, default=Path("faults.md"), help="the table, and as .json beside it"
    )
    chosen = parser.parse_args()
    if full_disk.NAME in chosen.only:
        return full_disk.run(is_timed=True)
    with _house(chosen) as environment:
        if chosen.soak:
            from dev.faults.soak import soak

            return soak(environment, chosen.soak, chosen.output)
        status = _play_in_turn(environment) if chosen.in_turn else _play_all(environment, chosen)
    return status if chosen.only else full_disk.run(is_timed=not chosen.in_turn) or status


def _play_in_turn(environment: Environment) -> int:
    from dev.faults.injections import IN_TURN
    from dev.faults.scenario import run

    outcome = run(IN_TURN, environment, None, count=None, away_s=0.0, rate=IN_TURN_RATE)
    print(report.row(outcome))
    _print_all("WRONG", outcome.wrong)
    return int(bool(outcome.wrong))


def _play_all(environment: Environment, chosen: argparse.Namespace) -> int:
    from dev.faults.injections import FAULTS
    from dev.faults.scenario import OVER_HTTP, RATE, Outcome, run

    calm, *others = FAULTS
    words = [word for word in chosen.only.split(",") if word]
    if words:
        others = [fault for fault in others if any(word in fault.name for word in words)]
    elif chosen.short:
        others = [fault for fault in others if fault.is_in_short_form]
    begun = conditions()
    outcomes: list[Outcome] = []
    form = f"Short form, lease {SHORT_LEASE_S} s" if chosen.short else "Full form"
    print(report.heading(form, begun), flush=True)
    for fault in (calm, *others):
        count = SHORT_JOBS
        if not chosen.short:
            jobs = chosen.jobs or FULL_JOBS
            count = jobs if fault.kills else max(OVER_HTTP, jobs // 10)
        usual = outcomes[0] if outcomes else None
        rate = SHORT_RATE if chosen.short else RATE
        outcome = run(fault, environment, usual, count=count, away_s=fault.away_s[chosen.short], rate=rate)
        outcomes.append(outcome)
        print(report.row(outcome), flush=True)
        # After each fault, so that an interrupted run leaves what it has.
        report.write(chosen.output, form, begun, outcomes)
    for outcome in outcomes:
        _print_all(f"WRONG: {outcome.fault.name}", [*outcome.wrong, *outcome.slow])
    return int(any(outcome.wrong or outcome.slow for outcome in outcomes))


def _print_all(what: str, problems: Sequence[str]) -> None:
    for problem in problems:
        print(f"{what}: {problem}")


@contextmanager
def _house(chosen: argparse.Namespace) -> Iterator[Environment]:
    if chosen.in_turn:
        form = IN_TURN_ENVIRONMENT
    else:
        form = {"LEASE_S": str(SHORT_LEASE_S)} if chosen.short else FULL_ENVIRONMENT
    with site(on_postgres=True, keep_in=None, **(ENVIRONMENT | form)) as running:
        # The site has to be set up before its models are imported.
        from dev.faults.environment import Environment

        environment = Environment(running)
        try:
            yield environment
        finally:
            environment.stop()


if __name__ == "__main__":
    started = time.monotonic()
    status = main()
    print(f"\n{time.monotonic() - started:.0f} s")
    sys.exit(status)
