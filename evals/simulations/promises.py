"""Simulations of the error promise: how often it is broken, when it is made, and how soon a drift is seen."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from agents.engine.confidence.promise import (
    CUT_OFFS,
    Stratum,
    candidates_of,
    drift_begin,
    lowest_cut_off,
)

ALPHA, DELTA = 0.1, 0.05
_THRESHOLD: Final = 0.75
_AUDITED: Final = 0.3
# The promise is computed anew after so many verdicts.
_VERDICTS_BETWEEN: Final = 25

# Probability of an error by the confidence of an output and its position in the stream.
ErrorShare = Callable[[float, int], float]


def _smooth(score: float, _: int) -> float:
    return 0.35 * (1 - score) + 0.02


def _step(score: float, _: int) -> float:
    return 0.3 if score < 0.7 else 0.04


def _just_too_many(score: float, _: int) -> float:
    return 0.5 if score < 0.6 else 0.102


def _in_bursts(score: float, position: int) -> float:
    """Return a flat 0.11, with all errors in every second hundred."""
    return 0.22 if position // 100 % 2 else 0.0


STREAMS: Final[Mapping[str, ErrorShare]] = {
    "smooth": _smooth,
    "step": _step,
    "just too many": _just_too_many,
    "in bursts": _in_bursts,
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """Shares of runs in which a promise was broken at some time, and in which one was made at all."""

    broken: float
    made: float


def promised(
    rng: random.Random, error: ErrorShare, outputs: int, *, every: int = _VERDICTS_BETWEEN
) -> list[float]:
    """Return the cut-offs promised to one agent: what is in doubt is reviewed, some of what passes is audited."""
    threshold = _THRESHOLD
    counts = {kind: {cut_off: [0, 0, 0] for cut_off in CUT_OFFS} for kind in ("in doubt", "passed")}
    cut_offs, verdicts = [], 0
    for position in range(outputs):
        score = rng.betavariate(5, 2)
        is_error = rng.random() < error(score, position)
        kind = "in doubt" if score < threshold else "passed"
        is_decided = kind == "in doubt" or rng.random() < _AUDITED
        for cut_off in CUT_OFFS:
            if score >= cut_off:
                cell = counts[kind][cut_off]
                cell[0] += 1
                cell[1] += is_decided
                cell[2] += is_decided and is_error
        verdicts += is_decided
        if is_decided and verdicts % every == 0:
            strata = {
                cut_off: [Stratum(kind, *counts[kind][cut_off]) for kind in counts] for cut_off in CUT_OFFS
            }
            held = lowest_cut_off(candidates_of(strata, DELTA), ALPHA)
            threshold = held.cut_off if held else _THRESHOLD
            cut_offs += [held.cut_off] if held else []
    return cut_offs


def true_share(error: ErrorShare, cut_off: float) -> float:
    """Return the share of errors among all outputs at or above a cut-off."""
    rng = random.Random(7)  # noqa: S311
    scores = [score for score in (rng.betavariate(5, 2) for _ in range(20_000)) if score >= cut_off]
    return sum(error(score, position) for position, score in enumerate(scores)) / len(scores)


def simulate(
    error: ErrorShare, *, runs: int, outputs: int, seed: int, every: int = _VERDICTS_BETWEEN
) -> Outcome:
    rng = random.Random(seed)  # noqa: S311
    truth = {cut_off: true_share(error, cut_off) for cut_off in CUT_OFFS}
    made = [promised(rng, error, outputs, every=every) for _ in range(runs)]
    broken = sum(any(truth[cut_off] > ALPHA for cut_off in of_run) for of_run in made)
    return Outcome(broken / runs, sum(map(bool, made)) / runs)


def verdicts_until_drift_is_seen(
    rng: random.Random, *, before: float, after: float, history: int, limit: int
) -> int | None:
    """Return after how many verdicts more errors in what passes are seen; None if not within ``limit``.

    As in operation, it is looked for after 25 verdicts.
    """
    errors = [rng.random() < before for _ in range(history)]
    for count in range(1, limit + 1):
        errors.append(rng.random() < after)
        if count % _VERDICTS_BETWEEN == 0 and drift_begin(errors) is not None:
            return count
    return None


def seen_within(verdicts: int, *, before: float, after: float, runs: int, seed: int) -> float:
    """Return the share of runs in which a drift is seen within so many verdicts."""
    rng = random.Random(seed)  # noqa: S311
    seen = [
        verdicts_until_drift_is_seen(rng, before=before, after=after, history=400, limit=verdicts)
        for _ in range(runs)
    ]
    return sum(count is not None for count in seen) / runs


def report() -> list[str]:
    """Return lines to print."""
    lines = [
        f"Error promises of {ALPHA:.0%} errors, {1 - DELTA:.0%} certainty, 200 runs of 800 outputs each:"
    ]
    for name, error in STREAMS.items():
        outcome = simulate(error, runs=200, outputs=800, seed=20)
        lines.append(f"  {name:<16} broken in {outcome.broken:>5.1%} of runs, made in {outcome.made:>4.0%}")
    lines.append(
        "Drift among what passes, from 2% errors, seen within 50 verdicts (a day of 1,000 outputs, 5% audited):"
    )
    for after in (0.02, 0.1, 0.2, 0.3):
        share = seen_within(50, before=0.02, after=after, runs=400, seed=5)
        lines.append(f"  to {after:>4.0%}: {share:.0%} of runs")
    return lines
