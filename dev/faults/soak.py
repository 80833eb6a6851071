"""Many jobs under mixed faults: memory must not grow, and the throughput must stay as it is."""

from __future__ import annotations

import json
import random
import statistics
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from agents.models import AgentJob
from dev.bench.figures import conditions
from dev.faults.environment import Environment
from dev.faults.injections import FAULTS
from dev.faults.scenario import OVER_HTTP, Outcome, run

ROUNDS: Final = 24
MAX_GROWTH: Final = 0.10
MAX_DRIFT: Final = 0.10
# A worker and the web process live through the whole soak, so that their memory can be compared.
REPLACES_ALL: Final = frozenset(
    {
        "all workers killed, one started",
        "worker killed six times",
        "clocks of workers an hour off",
        "writer of a cold prompt cache killed",
    }
)
HEAD: Final = "| jobs | fault | memory, MB | jobs/s | lost | doubled | wrong |\n|---|---|---|---|---|---|---|"


@dataclass(frozen=True, slots=True)
class Round:
    """Figures after one fault and its jobs; the memory is that of the web process and the oldest worker."""

    done: int
    fault: str
    memory_mb: float
    per_s: float
    lost: int
    doubled: int
    wrong: list[str]

    def row(self) -> str:
        figures = f"{self.memory_mb:.0f} | {self.per_s:.1f} | {self.lost} | {self.doubled}"
        return f"| {self.done} | {self.fault} | {figures} | {len(self.wrong)} |"


def soak(environment: Environment, wanted: int, output: Path) -> int:
    """Run this many jobs in rounds, each second one without a fault; return the exit status."""
    chance = random.Random(1)
    faults = [fault for fault in FAULTS[1:] if fault.name not in REPLACES_ALL and not fault.hangs_up]
    chance.shuffle(faults)
    calm: Outcome | None = None
    rounds: list[Round] = []
    begun, size = conditions(), max(OVER_HTTP, wanted // ROUNDS)
    print(HEAD)
    started = time.monotonic()
    while not rounds or rounds[-1].done < wanted:
        number = len(rounds)
        fault = FAULTS[0] if number % 2 == 0 else faults[number // 2 % len(faults)]
        outcome = run(fault, environment, calm, count=size, away_s=fault.away_s[True])
        calm = calm or outcome
        verdict = outcome.verdict
        rounds.append(
            Round(
                (rounds[-1].done if rounds else 0) + verdict.jobs,
                fault.name,
                environment.resident_mb(),
                outcome.per_s,
                verdict.lost,
                verdict.doubled,
                outcome.wrong,
            )
        )
        print(rounds[-1].row(), flush=True)
    problems = [f"{each.fault}: {problem}" for each in rounds for problem in each.wrong]
    summary, drifts = _drift([each for each in rounds if each.fault == FAULTS[0].name])
    problems += drifts
    took = f"{AgentJob.objects.count():,} jobs in {(time.monotonic() - started) / 60:.1f} minutes. {summary}"
    print(took)
    table = "\n".join([HEAD, *(each.row() for each in rounds)])
    output.write_text(f"{begun['at']}, {begun['cores']} cores. {took}\n\n{table}\n")
    whole = {
        "begun": begun,
        "ended": conditions(),
        "summary": took,
        "rounds": [asdict(each) for each in rounds],
    }
    output.with_suffix(".json").write_text(json.dumps(whole, indent=1) + "\n")
    for problem in problems:
        print("WRONG:", problem)
    return int(bool(problems))


def _drift(calm: list[Round]) -> tuple[str, list[str]]:
    """Compare the first quarter of the calm rounds, after the first one, with the last quarter."""
    share = max(1, len(calm) // 4)
    early, late = calm[1 : 1 + share], calm[-share:]
    if not early:
        return "", []
    memory = [statistics.median(each.memory_mb for each in part) for part in (early, late)]
    per_s = [statistics.median(each.per_s for each in part) for part in (early, late)]
    growth, drift = memory[1] / memory[0] - 1, per_s[1] / per_s[0] - 1
    wrong = [f"the memory grew by {growth:.0%}"] if growth > MAX_GROWTH else []
    if abs(drift) > MAX_DRIFT:
        wrong.append(f"the throughput changed by {drift:+.0%}")
    return f"Memory {growth:+.1%}, throughput {drift:+.1%}.", wrong
