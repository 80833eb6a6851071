"""Every fault that the model's side can have, many times each: what becomes of the jobs, and of the books.

    python -m dev.bench.faults [--times 100] [--only overloaded,cut]

The product's own path (``run_job``, limits, the real client) against the stand-in, in threads of this process, on a
private PostgreSQL. For each fault it is known beforehand how the job ends, after how many tries and with how many
calls. The ledger is held against the stand-in's own price, call by call: equal where the answer was delivered,
unknown where it was not. The exit status is 1 if anything is otherwise.
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

        from tests.jobs.faults_played import CASES, play

        user = User.objects.create(username="bench")
        slept = _watch_sleeps()
        wrong = []
        print(f"{'fault':22}{'jobs':>6}{'calls':>7}{'known cost, $':>15}{'unknown':>9}")
        for name in [name for name in options.only.split(",") if name] or CASES:
            played = play(name, options.times, standin, user, threads=THREADS)
            known = f"{played.known_usd:15.6f}"
            print(f"{name:22}{options.times:6}{played.calls:7}{known}{played.unknown:9}", flush=True)
            wrong += [f"{name}: {sentence}" for sentence in played.wrong]
    longest = max(slept, default=0.0)
    print(f"The longest sleep of a worker's thread: {longest:.2f} s.")
    if longest > 2:
        wrong.append(f"a worker slept for {longest:.2f} s")
    for line in wrong:
        print("WRONG:", line)
    sys.exit(1 if wrong else 0)


def _watch_sleeps() -> list[float]:
    """Every ``time.sleep`` of the threads that work, from now on."""
    slept: list[float] = []
    really = time.sleep

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        really(seconds)

    time.sleep = sleep  # type: ignore[assignment]
    return slept


if __name__ == "__main__":
    main()
