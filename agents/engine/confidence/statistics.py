"""How good the machine's confidence is, and how sure one may be of it: arithmetic on verdicts.

An observation is a confidence in [0, 1], whether the output was right, and a weight: for how many outputs it speaks.
Where only one output in twenty is looked at, each that was weighs 20. All functions give None where there is nothing
to say, never zero.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from itertools import groupby
from typing import Any, Final

# The normal distribution's 97.5% point: of an interval that holds the truth in 95 of 100 cases.
Z_95: Final = 1.959963984540054
BINS: Final = 10


@dataclass(frozen=True, slots=True)
class Observation:
    confidence: float
    is_right: bool
    weight: float = 1.0

    def __post_init__(self) -> None:
        if not 0.0 <= self.confidence <= 1.0:
            raise ValueError(f"The confidence {self.confidence} is outside [0, 1].")
        if not (self.weight > 0.0 and math.isfinite(self.weight)):
            raise ValueError(f"The weight {self.weight} is not a positive number.")


@dataclass(frozen=True, slots=True)
class Rate:
    """A share with its Wilson 95% interval. ``count`` is how many were looked at, whatever they weigh."""

    share: float
    count: int
    low: float
    high: float

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Bin:
    """The observations whose confidence lies in [``low``, ``high``); the last bin has its upper end too.

    ``weight`` is their sum of weights; the mean confidence and the share that was right are weighted means, None
    in an empty bin. ``right_low`` and ``right_high`` are the Wilson 95% interval of that share.
    """

    low: float
    high: float
    count: int
    weight: float
    mean_confidence: float | None
    right: float | None
    right_low: float | None
    right_high: float | None

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def wilson(share: float, count: float) -> tuple[float, float]:
    """Wilson's 95% score interval of a share seen in ``count`` trials; the count may be an effective one."""
    if not (0.0 <= share <= 1.0 and count > 0.0):
        raise ValueError(f"There is no interval of the share {share} of {count}.")
    square = Z_95 * Z_95
    middle = (share + square / (2 * count)) / (1 + square / count)
    half = Z_95 / (1 + square / count) * math.sqrt(share * (1 - share) / count + square / (4 * count * count))
    # The formula gives exactly 0 and 1 at the ends, but for the rounding of floats.
    low = 0.0 if share == 0.0 else max(0.0, middle - half)
    high = 1.0 if share == 1.0 else min(1.0, middle + half)
    return low, high


def effective_count(weights: Iterable[float]) -> float:
    """How many observations of equal weight say as much (Kish): the sum squared by the sum of squares; 0 for none.

    Equal weights give their number, whatever they are.
    """
    total = squares = 0.0
    for weight in weights:
        total += weight
        squares += weight * weight
    return total * total / squares if squares else 0.0


def rate(hits: int, count: int) -> Rate | None:
    """How many of so many."""
    if not count:
        return None
    low, high = wilson(hits / count, count)
    return Rate(hits / count, count, low, high)


def weighted_rate(cases: Sequence[tuple[bool, float]]) -> Rate | None:
    """The share of hits among (is a hit, weight); its interval is Wilson's for the effective count."""
    if not cases:
        return None
    total = math.fsum(weight for _, weight in cases)
    # Rounding must not carry a share of everything beyond 1.
    share = min(1.0, math.fsum(weight for is_hit, weight in cases if is_hit) / total)
    low, high = wilson(share, effective_count(weight for _, weight in cases))
    return Rate(share, len(cases), low, high)


def agreement(pairs: Iterable[tuple[str, str]]) -> Rate | None:
    """How often two opinions were the same."""
    same = [first == second for first, second in pairs]
    return rate(sum(same), len(same))


def quantile(values: Iterable[float], at: float) -> float | None:
    """The value below which the share ``at`` lies, with straight lines between neighbours."""
    if not 0.0 <= at <= 1.0:
        raise ValueError(f"There is no quantile at {at}.")
    ordered = sorted(values)
    if not ordered:
        return None
    position = at * (len(ordered) - 1)
    below = math.floor(position)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (position - below)


def median(values: Iterable[float]) -> float | None:
    return quantile(values, 0.5)


def reliability(observations: Iterable[Observation], bins: int = BINS) -> list[Bin]:
    """Confidence against truth, in ``bins`` bins of equal width; empty ones are there too.

    A bin's interval is Wilson's for the effective count of its weights, which is the count itself as long as all
    weigh the same.
    """
    members: list[list[Observation]] = [[] for _ in range(bins)]
    for observation in observations:
        members[min(int(observation.confidence * bins), bins - 1)].append(observation)
    return [_bin(index / bins, (index + 1) / bins, inside) for index, inside in enumerate(members)]


def _bin(low: float, high: float, inside: list[Observation]) -> Bin:
    right = weighted_rate([(one.is_right, one.weight) for one in inside])
    if right is None:
        return Bin(low, high, 0, 0.0, None, None, None, None)
    weight = math.fsum(one.weight for one in inside)
    mean = math.fsum(one.confidence * one.weight for one in inside) / weight
    return Bin(low, high, len(inside), weight, mean, right.share, right.low, right.high)


def calibration_error(bins: Iterable[Bin]) -> float | None:
    """The expected calibration error: how far confidence is from truth in a bin, averaged by the bins' weights."""
    gaps = [
        (bin_.weight, abs(bin_.right - bin_.mean_confidence))
        for bin_ in bins
        if bin_.right is not None and bin_.mean_confidence is not None
    ]
    if not gaps:
        return None
    return math.fsum(weight * gap for weight, gap in gaps) / math.fsum(weight for weight, _ in gaps)


def brier(observations: Sequence[Observation]) -> float | None:
    """The mean squared distance of confidence from truth: 0 is perfect, 0.25 is what "one half" always gets."""
    if not observations:
        return None
    total = math.fsum(one.weight for one in observations)
    return math.fsum(one.weight * (one.confidence - one.is_right) ** 2 for one in observations) / total


def auroc(observations: Iterable[Observation]) -> float | None:
    """How probably a right output has the higher confidence than a wrong one; a tie counts half.

    None where all are right, or all are wrong.
    """
    right_total = wrong_total = wins = 0.0
    ordered = sorted(observations, key=lambda one: one.confidence)
    for _, tied in groupby(ordered, key=lambda one: one.confidence):
        right = wrong = 0.0
        for one in tied:
            if one.is_right:
                right += one.weight
            else:
                wrong += one.weight
        wins += right * (wrong_total + wrong / 2)
        right_total += right
        wrong_total += wrong
    if not (right_total and wrong_total):
        return None
    return wins / (right_total * wrong_total)
