"""Calibration of the confidence against verdicts, and rates with their intervals.

The weight of an observation is the number of outputs that it represents: 20 if one output in twenty is reviewed. Equal
observations may be given as one with their ``count``.
Without data all functions return None, never zero.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final, TypedDict

# The 97.5% point of the normal distribution, for two-sided 95% intervals.
Z_95: Final = 1.959963984540054
BINS: Final = 10


@dataclass(frozen=True, slots=True)
class Observation:
    confidence: float
    is_right: bool
    weight: float = 1.0
    count: int = 1

    def __post_init__(self) -> None:
        if not 0.0 <= self.confidence <= 1.0:
            raise ValueError(f"The confidence {self.confidence} is outside [0, 1].")
        if not (self.weight > 0.0 and math.isfinite(self.weight)):
            raise ValueError(f"The weight {self.weight} is not a positive number.")


class Rate(TypedDict):
    """A share with its Wilson 95% interval. ``count`` is the unweighted number of cases."""

    share: float
    count: int
    low: float
    high: float


class Bin(TypedDict):
    """Observations with a confidence in [``low``, ``high``); the last bin includes its upper end.

    ``weight`` is the sum of weights. The mean confidence and the share of right outputs (``right``, with its Wilson 95%
    interval) are weighted, and None in an empty bin.
    """

    low: float
    high: float
    count: int
    weight: float
    mean_confidence: float | None
    right: float | None
    right_low: float | None
    right_high: float | None


def wilson(share: float, count: float) -> tuple[float, float]:
    """Return Wilson's 95% score interval of a share in ``count`` trials; the count may be an effective one."""
    if not (0.0 <= share <= 1.0 and count > 0.0):
        raise ValueError(f"There is no interval of the share {share} of {count}.")
    square = Z_95 * Z_95
    middle = (share + square / (2 * count)) / (1 + square / count)
    half = Z_95 / (1 + square / count) * math.sqrt(share * (1 - share) / count + square / (4 * count * count))
    # At the ends the exact formula gives 0 and 1; floats do not.
    low = 0.0 if share == 0.0 else max(0.0, middle - half)
    high = 1.0 if share == 1.0 else min(1.0, middle + half)
    return low, high


def effective_count(weights: Iterable[tuple[float, int]]) -> float:
    """Return Kish's effective sample size: the squared sum of the weights by the sum of their squares.

    ``weights`` are pairs of a weight and the number of cases with it.
    """
    total = squares = 0.0
    for weight, count in weights:
        total += weight * count
        squares += weight * weight * count
    return total * total / squares if squares else 0.0


def rate(hits: int, count: int) -> Rate | None:
    if not count:
        return None
    low, high = wilson(hits / count, count)
    return {"share": hits / count, "count": count, "low": low, "high": high}


def weighted_rate(cases: Sequence[tuple[bool, float, int]]) -> Rate | None:
    """Return the share of hits, with the interval for the effective count.

    ``cases`` say whether they are hits, their weight, and how many of them there are.
    """
    if not cases:
        return None
    total = math.fsum(weight * count for _, weight, count in cases)
    # Rounding must not lift a full share above 1.
    share = min(1.0, math.fsum(weight * count for is_hit, weight, count in cases if is_hit) / total)
    low, high = wilson(share, effective_count((weight, count) for _, weight, count in cases))
    return {"share": share, "count": sum(count for _, _, count in cases), "low": low, "high": high}


def agreement(pairs: Iterable[tuple[str, str]]) -> Rate | None:
    """Return the rate of equal pairs."""
    same = [first == second for first, second in pairs]
    return rate(sum(same), len(same))


def quantile(values: Iterable[float], at: float) -> float | None:
    """Return the quantile with linear interpolation; unlike the standard library, of a single value as well."""
    if not 0.0 <= at <= 1.0:
        raise ValueError(f"There is no quantile at {at}.")
    ordered = sorted(values)
    if not ordered:
        return None
    position = at * (len(ordered) - 1)
    below = math.floor(position)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (position - below)


def reliability(observations: Iterable[Observation], bins: int = BINS) -> list[Bin]:
    """Sort the observations into ``bins`` bins of equal width, including empty ones."""
    members: list[list[Observation]] = [[] for _ in range(bins)]
    for observation in observations:
        members[min(int(observation.confidence * bins), bins - 1)].append(observation)
    return [_bin(index / bins, (index + 1) / bins, inside) for index, inside in enumerate(members)]


def _bin(low: float, high: float, inside: list[Observation]) -> Bin:
    right = weighted_rate(
        [(observation.is_right, observation.weight, observation.count) for observation in inside]
    )
    weight = math.fsum(observation.weight * observation.count for observation in inside)
    confidence = math.fsum(
        observation.confidence * observation.weight * observation.count for observation in inside
    )
    return {
        "low": low,
        "high": high,
        "count": sum(observation.count for observation in inside),
        "weight": weight,
        "mean_confidence": confidence / weight if inside else None,
        "right": right and right["share"],
        "right_low": right and right["low"],
        "right_high": right and right["high"],
    }


def calibration_error(bins: Iterable[Bin]) -> float | None:
    """Return the expected calibration error: the weighted mean gap between confidence and truth over the bins."""
    gaps = [
        (bin_["weight"], abs(bin_["right"] - bin_["mean_confidence"]))
        for bin_ in bins
        if bin_["right"] is not None and bin_["mean_confidence"] is not None
    ]
    if not gaps:
        return None
    return math.fsum(weight * gap for weight, gap in gaps) / math.fsum(weight for weight, _ in gaps)


def brier(observations: Sequence[Observation]) -> float | None:
    """Return the Brier score, the mean squared error: 0 is perfect, a constant confidence of 0.5 scores 0.25."""
    if not observations:
        return None
    total = math.fsum(each.weight * each.count for each in observations)
    errors = ((each.confidence - each.is_right) ** 2 * each.weight * each.count for each in observations)
    return math.fsum(errors) / total


def auroc(observations: Iterable[Observation]) -> float | None:
    """Return the probability that a right output has a higher confidence than a wrong one; a tie counts half.

    None if all outputs are right, or all are wrong.
    """
    right_total = wrong_total = wins = 0.0
    ordered = sorted(observations, key=lambda observation: observation.confidence)
    for _, tied in groupby(ordered, key=lambda observation: observation.confidence):
        right = wrong = 0.0
        for observation in tied:
            if observation.is_right:
                right += observation.weight * observation.count
            else:
                wrong += observation.weight * observation.count
        wins += right * (wrong_total + wrong / 2)
        right_total += right
        wrong_total += wrong
    if not (right_total and wrong_total):
        return None
    return wins / (right_total * wrong_total)
