"""A confidence learned from verdicts: a logistic model over the signals, in which a better signal never counts less.

It predicts the probability that a reviewer approves. It is fitted without a library: there are some twenty weights, and
most outputs have the same signals.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from agents.engine.confidence.signals import Signal, hand_set_score, score
from agents.engine.confidence.statistics import Observation, auroc, brier

# Fewer verdicts, or fewer errors among them, teach nothing that holds.
MIN_VERDICTS: Final = 200
MIN_ERRORS: Final = 20
# Each verdict is predicted by a model that was fitted without its fold.
FOLDS: Final = 5
# The learned confidence must be better on held-out verdicts with this one-sided certainty (z of 95%).
MIN_Z: Final = 1.645
_PENALTY: Final = 1.0
_SWEEPS: Final = 60
# The hand-set score is a signal among the others, so that it is learned how far to trust it.
SCORE: Final = "score"


@dataclass(frozen=True, slots=True)
class Example:
    """An output with a verdict. ``signals`` are the values from 0 to 1 of what was checked."""

    signals: Mapping[str, float]
    score: float
    is_right: bool


@dataclass(frozen=True, slots=True)
class Calibration:
    """The log-odds of an approval: ``bias``, less what each signal lacks to 1 times its weight, which is at least 0."""

    bias: float
    weights: Mapping[str, float]

    def confidence(self, signals: Mapping[str, float], score: float) -> float:
        return _sigmoid(
            self.bias - sum(self.weights.get(name, 0.0) * lack for name, lack in _lacks(signals, score))
        )


@dataclass(frozen=True, slots=True)
class Comparison:
    """The learned confidence and the hand-set score on the same held-out verdicts."""

    verdicts: int
    errors: int
    brier_of_score: float
    brier_of_learned: float
    auroc_of_score: float | None
    auroc_of_learned: float | None
    z: float

    @property
    def is_better(self) -> bool:
        return self.z >= MIN_Z


def confidence_of(calibration: Calibration | None, signals: Sequence[Signal]) -> float:
    """Return the confidence of an output: the learned one within the caps of its defects, or else the score."""
    hand_set = score(signals)
    if calibration is None:
        return hand_set
    values = {signal.name: signal.value for signal in signals if signal.value is not None}
    learned = calibration.confidence(values, hand_set)
    return round(min(learned, *(signal.cap for signal in signals if signal.value is not None), 1.0), 4)


def example_of(stored: Sequence[Mapping[str, Any]], *, is_right: bool) -> Example:
    """Return an output with its verdict, from signals as ``Signal.as_dict`` has stored them."""
    values = {signal["name"]: signal["value"] for signal in stored if signal.get("value") is not None}
    return Example(values, hand_set_score(stored) or 0.0, is_right)


def learn(examples: Sequence[Example]) -> tuple[Calibration, Comparison] | None:
    """Return the calibration of all examples, and how its kind does on held-out ones; None with too few of them."""
    errors = sum(not example.is_right for example in examples)
    if len(examples) < MIN_VERDICTS or not MIN_ERRORS <= errors <= len(examples) - MIN_ERRORS:
        return None
    learned: list[Observation] = []
    scored: list[Observation] = []
    for fold in range(FOLDS):
        model = fit([example for number, example in enumerate(examples) if number % FOLDS != fold])
        for example in examples[fold::FOLDS]:
            learned.append(Observation(model.confidence(example.signals, example.score), example.is_right))
            scored.append(Observation(example.score, example.is_right))
    comparison = Comparison(
        len(examples),
        errors,
        brier(scored) or 0.0,
        brier(learned) or 0.0,
        auroc(scored),
        auroc(learned),
        _z(scored, learned),
    )
    return fit(examples), comparison


def fit(examples: Iterable[Example]) -> Calibration:
    """Fit by coordinate descent with Newton steps, each weight kept at or above 0 and drawn to 0 by a penalty."""
    rows = _grouped(examples)
    names = sorted({name for lacks, _, _ in rows for name in lacks})
    right, count = sum(row[1] for row in rows), sum(row[2] for row in rows)
    bias, weights = math.log((right + 1) / (count - right + 1)), dict.fromkeys(names, 0.0)
    logits = [bias] * len(rows)
    columns = {
        name: [(index, lacks[name]) for index, (lacks, _, _) in enumerate(rows) if name in lacks]
        for name in names
    }
    every_row = [(index, -1.0) for index in range(len(rows))]
    for _ in range(_SWEEPS):
        moved = abs(step := _step(rows, logits, every_row, 0.0, 0.0))
        bias += step
        _move(logits, every_row, step)
        for name in names:
            step = max(_step(rows, logits, columns[name], weights[name], _PENALTY), -weights[name])
            weights[name] += step
            _move(logits, columns[name], step)
            moved = max(moved, abs(step))
        if moved < 1e-6:
            break
    return Calibration(bias, {name: weight for name, weight in weights.items() if weight > 0.0})


# What the signals lack, how many of the outputs that lack just this were right, and how many there are.
_Row = tuple[Mapping[str, float], int, int]


def _grouped(examples: Iterable[Example]) -> list[_Row]:
    groups: defaultdict[tuple[tuple[str, float], ...], list[int]] = defaultdict(lambda: [0, 0])
    for example in examples:
        group = groups[tuple(_lacks(example.signals, example.score))]
        group[0] += example.is_right
        group[1] += 1
    return [(dict(lacks), right, count) for lacks, (right, count) in groups.items()]


def _lacks(signals: Mapping[str, float], score: float) -> list[tuple[str, float]]:
    """Return what each signal lacks to 1, without those that lack nothing."""
    lacks = [(name, 1.0 - value) for name, value in sorted(signals.items()) if value < 1.0]
    return [*lacks, (SCORE, 1.0 - score)] if score < 1.0 else lacks


def _step(
    rows: Sequence[_Row],
    logits: Sequence[float],
    column: Sequence[tuple[int, float]],
    weight: float,
    penalty: float,
) -> float:
    """Return the Newton step of one weight, which takes its column off the logits."""
    slope, curve = -penalty * weight, penalty + 1e-9
    for index, lack in column:
        _, right, count = rows[index]
        share = _sigmoid(logits[index])
        slope -= lack * (right - count * share)
        curve += lack * lack * count * share * (1.0 - share)
    return max(-2.0, min(2.0, slope / curve))


def _move(logits: list[float], column: Sequence[tuple[int, float]], step: float) -> None:
    for index, lack in column:
        logits[index] -= step * lack


def _z(before: Sequence[Observation], after: Sequence[Observation]) -> float:
    """Return by how many standard errors the squared errors have fallen, verdict by verdict."""
    gains = [
        (old.confidence - old.is_right) ** 2 - (new.confidence - new.is_right) ** 2
        for old, new in zip(before, after, strict=True)
    ]
    mean = math.fsum(gains) / len(gains)
    variance = math.fsum((gain - mean) ** 2 for gain in gains) / (len(gains) - 1)
    return mean / math.sqrt(variance / len(gains)) if variance else 0.0


def _sigmoid(logit: float) -> float:
    if logit >= 0:
        return 1.0 / (1.0 + math.exp(-logit))
    odds = math.exp(logit)
    return odds / (1.0 + odds)
