"""Results and costs of jobs under every fault of the API, many times each.

    python -m dev.bench.models.faults [--times 100] [--only overloaded,cut]

The jobs run in threads of this process, with limits and the real client, against the stand-in and a private
PostgreSQL. Each fault has an expected status, number of attempts and number of calls. The ledger must equal the price
that the stand-in computes, call by call, where the answer was delivered, and be unknown where it was not. The exit
status is 1 if anything differs.
"""

from __future__ import annotations

import argparse
import sys
import time

from dev.bench.rig import site
from dev.standin import KEY, StandIn

THREADS = 16


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--times", type=int, default=100)
    parser.add_argument("--only", default="", help="names of faults, separated by commas")
    options = parser.parse_args()
    with (
        StandIn(seed=1) as standin,
        site(ANTHROPIC_API_KEY=KEY, ANTHROPIC_BASE_URL=standin.url, DB_POOL_SIZE=str(THREADS + 4)),
    ):
        from django.contrib.auth.models import User

        from tests.jobs.running.faults_played import CASES, play

        user = User.objects.create(username="bench")
        sleeps = _record_sleeps()
        problems = []
        print(f"{'fault':22}{'jobs':>6}{'calls':>7}{'known cost, $':>15}{'unknown':>9}")
        for name in [name for name in options.only.split(",") if name] or CASES:
            played = play(name, options.times, standin, user, threads=THREADS)
            known = f"{played.known_usd:15.6f}"
            print(f"{name:22}{options.times:6}{played.calls:7}{known}{played.unknown:9}", flush=True)
            problems += [f"{name}: {sentence}" for sentence in played.wrong]
    longest = max(sleeps, default=0.0)
    print(f"The longest sleep of a worker's thread: {longest:.2f} s.")
    if longest > 2:
        problems.append(f"a worker slept for {longest:.2f} s")
    for problem in problems:
        print("WRONG:", problem)
    sys.exit(1 if problems else 0)


def _record_sleeps() -> list[float]:
    """Patch ``time.sleep``, and return the list that collects the seconds of each call."""
    sleeps: list[float] = []
    original = time.sleep

    def sleep(seconds: float) -> None:
        sleeps.append(seconds)
        original(seconds)

    time.sleep = sleep  # type: ignore[assignment]
    return sleeps


if __name__ == "__main__":
    main()
