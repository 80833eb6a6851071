"""The error promise: a cut-off above which at most a given share of the outputs would have been refused or changed.

Exact binomial bounds (Clopper and Pearson, 1934), one for each stratum of outputs that were reviewed at one rate, and
corrected for the number of strata and of cut-offs (Bonferroni). Nothing is weighted that is not counted exactly.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal

# Fixed in advance: cut-offs chosen after looking at the scores break the promise more often than promised.
CUT_OFFS: Final = (0.5, 0.6, 0.7, 0.8, 0.9)
# A forecast beyond this many verdicts says that there are too many errors.
MAX_FORECAST: Final = 20_000
# The newest verdicts on what passes are compared with the ones before; fewer show a sudden drift, more a slow one.
DRIFT_WINDOWS: Final = (15, 30, 50)
# A lower p-value than this is a drift, corrected for the number of windows.
DRIFT_P: Final = 0.005
_BISECTIONS: Final = 30

State = Literal["kept", "too_few", "too_many"]


@dataclass(frozen=True, slots=True)
class Stratum:
    """Outputs of one rate of review: how many there are, how many were decided, and how many of those were wrong.

    ``outputs`` counts those reviewed and unreviewed alike; it is known exactly.
    """

    name: str
    outputs: int
    verdicts: int
    errors: int

    def __post_init__(self) -> None:
        if not 0 <= self.errors <= self.verdicts:
            raise ValueError(f"{self.errors} errors in {self.verdicts} verdicts")


@dataclass(frozen=True, slots=True)
class Candidate:
    """The outputs at or above one cut-off. ``bound`` is None if there are no such outputs."""

    cut_off: float
    strata: tuple[Stratum, ...]
    bound: float | None

    @property
    def outputs(self) -> int:
        return sum(stratum.outputs for stratum in self.strata)

    @property
    def verdicts(self) -> int:
        return sum(stratum.verdicts for stratum in self.strata)

    @property
    def estimate(self) -> float | None:
        """The estimated share of errors; None while a stratum has no verdicts."""
        known = [stratum for stratum in self.strata if stratum.outputs]
        if not known or any(not stratum.verdicts for stratum in known):
            return None
        total = sum(stratum.outputs for stratum in known)
        return sum(stratum.outputs / total * stratum.errors / stratum.verdicts for stratum in known)


@dataclass(frozen=True, slots=True)
class Promise:
    """A kept promise with its cut-off, or the reason for none.

    ``cut_off`` is the least strict one that holds; ``best_bound`` the lowest bound reached. ``needed`` is the forecast
    number of further verdicts while there are too few.
    """

    state: State
    candidates: tuple[Candidate, ...]
    cut_off: float | None = None
    best_bound: float | None = None
    needed: int | None = None


def lowest_cut_off(candidates: Iterable[Candidate], alpha: float) -> Candidate | None:
    """Return the least strict candidate with a bound of at most ``alpha``."""
    held = [each for each in candidates if each.bound is not None and each.bound <= alpha]
    return min(held, key=lambda each: each.cut_off, default=None)


def candidates_of(strata: Mapping[float, Sequence[Stratum]], delta: float) -> tuple[Candidate, ...]:
    """Bound the share of errors at or above each cut-off; all bounds hold together with certainty 1 - ``delta``.

    The cut-offs must have been fixed before the verdicts.
    """
    risk = delta / max(1, len(strata))
    return tuple(Candidate(cut_off, tuple(of), bound(of, risk)) for cut_off, of in sorted(strata.items()))


def promise(strata: Mapping[float, Sequence[Stratum]], alpha: float, delta: float) -> Promise:
    """Return the promise of at most ``alpha`` errors with certainty 1 - ``delta``, or why there is none.

    ``strata`` are those of the outputs at or above each cut-off.
    """
    if not (0.0 < alpha < 1.0 and 0.0 < delta < 1.0):
        raise ValueError(f"alpha {alpha} and delta {delta} are not both between 0 and 1.")
    candidates = candidates_of(strata, delta)
    best = min((each.bound for each in candidates if each.bound is not None), default=None)
    if (held := lowest_cut_off(candidates, alpha)) is not None:
        return Promise("kept", candidates, cut_off=held.cut_off, best_bound=held.bound)
    risk = delta / max(1, len(candidates))
    forecasts = [more for each in candidates if (more := _further_verdicts(each, alpha, risk)) is not None]
    if not forecasts and any(each.verdicts for each in candidates):
        return Promise("too_many", candidates, best_bound=best)
    return Promise("too_few", candidates, best_bound=best, needed=min(forecasts, default=None))


def bound(strata: Sequence[Stratum], risk: float) -> float | None:
    """Return an upper bound of the share of errors in all strata; it is wrong with at most the probability ``risk``.

    The bound of each stratum is exact; by the union bound all hold together, so that their mean by size holds too.
    """
    known = [stratum for stratum in strata if stratum.outputs]
    total = sum(stratum.outputs for stratum in known)
    if not total:
        return None
    return math.fsum(
        stratum.outputs / total * upper_bound(stratum.errors, stratum.verdicts, risk / len(known))
        for stratum in known
    )


@lru_cache(maxsize=65_536)
def upper_bound(errors: int, count: int, risk: float) -> float:
    """Return the exact one-sided upper bound of a share after ``errors`` in ``count``: Clopper and Pearson.

    It is the share at which so few errors have the probability ``risk``.
    """
    if errors >= count:
        return 1.0
    if errors == 0:
        return float(1.0 - risk ** (1.0 / count))
    low, high = errors / count, 1.0
    for _ in range(_BISECTIONS):
        middle = (low + high) / 2
        if _at_most(errors, count, middle) > risk:
            low = middle
        else:
            high = middle
    return high


def _at_most(errors: int, count: int, share: float) -> float:
    """Return the probability of at most ``errors`` (0 < errors < count) in ``count`` at a share above errors/count."""
    log_term = (
        math.lgamma(count + 1)
        - math.lgamma(errors + 1)
        - math.lgamma(count - errors + 1)
        + errors * math.log(share)
        + (count - errors) * math.log1p(-share)
    )
    term = total = math.exp(log_term)
    odds = (1 - share) / share
    for fewer in range(errors, 0, -1):
        term *= fewer / (count - fewer + 1) * odds
        total += term
        if term < total * 1e-17:
            break
    return total


def _further_verdicts(candidate: Candidate, alpha: float, risk: float) -> int | None:
    """Return how many more verdicts would do if the shares of errors stay; None if no number up to the limit does.

    They are spread over the strata like the outputs.
    """
    known = [stratum for stratum in candidate.strata if stratum.outputs]
    total = sum(stratum.outputs for stratum in known)

    def holds(further: int) -> bool:
        reached = bound([_grown(stratum, further * stratum.outputs // total) for stratum in known], risk)
        return reached is not None and reached <= alpha

    if not holds(MAX_FORECAST):
        return None
    low, high = 0, MAX_FORECAST
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if holds(middle) else (middle, high)
    return high


def _grown(stratum: Stratum, further: int) -> Stratum:
    """Return the stratum after ``further`` verdicts with the same share of errors."""
    verdicts = stratum.verdicts + further
    errors = stratum.errors * verdicts // stratum.verdicts if stratum.verdicts else 0
    return Stratum(stratum.name, stratum.outputs, verdicts, errors)


def more_errors_than_before(recent: tuple[int, int], before: tuple[int, int]) -> float:
    """Return the p-value of Fisher's exact test, one-sided, that the share of errors has risen.

    Each pair is (errors, verdicts).
    """
    (errors, count), (old_errors, old_count) = recent, before
    total, all_errors = count + old_count, errors + old_errors
    ways = math.comb(total, count)
    return math.fsum(
        math.comb(all_errors, hits) * math.comb(total - all_errors, count - hits) / ways
        for hits in range(errors, min(all_errors, count) + 1)
    )


def drift_begin(errors: Sequence[bool]) -> int | None:
    """Return the position from which on the verdicts have more errors than those before; None if no window shows it.

    ``errors`` are those on what passes, oldest first.
    """
    for window in DRIFT_WINDOWS:
        recent, before = errors[-window:], errors[:-window]
        if before and len(recent) == window:
            p = more_errors_than_before((sum(recent), window), (sum(before), len(before)))
            if p < DRIFT_P / len(DRIFT_WINDOWS):
                return len(before)
    return None


def are_different(first: tuple[int, int], second: tuple[int, int]) -> float:
    """Return the p-value of a two-sided exact test that two shares differ: twice the smaller tail, at most 1."""
    return min(1.0, 2 * min(more_errors_than_before(first, second), more_errors_than_before(second, first)))
