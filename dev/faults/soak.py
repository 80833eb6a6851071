"""Many jobs under mixed faults: memory must not grow, and the throughput must stay as it is."""

from __future__ import annotations

import random
import statistics
import time
from dataclasses import dataclass
from typing import Final

from agents.models import AgentJob
from dev.faults.environment import Environment
from dev.faults.injections import FAULTS
from dev.faults.scenario import Outcome, run

ROUND: Final = 2000
MAX_GROWTH: Final = 0.10
MAX_DRIFT: Final = 0.10
# Faults that end a process or a server's service take their time, and are left out of the throughput.
LASTING: Final = frozenset({"PostgreSQL away", "PostgreSQL frozen", "worker killed six times"})


@dataclass(frozen=True, slots=True)
class Round:
    """Figures after one fault and its jobs."""

    jobs: int
    memory_mb: float
    per_s: float
    is_calm: bool


def soak(environment: Environment, wanted: int) -> int:
    """Run this many jobs in rounds, each second one without a fault; return the exit status."""
    chance = random.Random(1)
    faults = [fault for fault in FAULTS if fault.name not in LASTING and fault.prepare is None]
    calm: Outcome | None = None
    rounds: list[Round] = []
    problems: list[str] = []
    print("| jobs | fault | memory of web and workers, MB | jobs/s | wrong |\n|---|---|---|---|---|")
    while (done := sum(each.jobs for each in rounds)) < wanted:
        fault = FAULTS[0] if len(rounds) % 2 == 0 else chance.choice(faults[1:])
        started = time.monotonic()
        outcome = run(fault, environment, calm, count=ROUND, away_s=fault.away_s[True])
        calm = calm or outcome
        per_s = outcome.verdict.jobs / (time.monotonic() - started)
        rounds.append(
            Round(outcome.verdict.jobs, environment.resident_mb(), per_s, is_calm=fault is FAULTS[0])
        )
        problems += [f"{fault.name}: {problem}" for problem in outcome.wrong]
        last = rounds[-1]
        print(
            f"| {done + last.jobs} | {fault.name} | {last.memory_mb:.0f} | {last.per_s:.1f} | {len(outcome.wrong)} |",
            flush=True,
        )
    problems += _drift([each for each in rounds if each.is_calm])
    print(f"{AgentJob.objects.count()} jobs in the database.")
    for problem in problems:
        print("WRONG:", problem)
    return int(bool(problems))


def _drift(calm: list[Round]) -> list[str]:
    """Compare the first quarter of the calm rounds, after the first one, with the last quarter."""
    share = max(1, len(calm) // 4)
    early, late = calm[1 : 1 + share], calm[-share:]
    if not early:
        return []
    memory = [statistics.median(each.memory_mb for each in part) for part in (early, late)]
    per_s = [statistics.median(each.per_s for each in part) for part in (early, late)]
    growth, drift = memory[1] / memory[0] - 1, per_s[1] / per_s[0] - 1
    print(f"Memory {growth:+.1%}, throughput {drift:+.1%}.")
    wrong = [f"the memory grew by {growth:.0%}"] if growth > MAX_GROWTH else []
    return wrong + ([f"the throughput changed by {drift:+.0%}"] if abs(drift) > MAX_DRIFT else [])
