"""Risk among the most confident outputs: the share that is wrong when only those are kept."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from agents.engine.confidence.statistics import Observation


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """Share of wrong outputs (``risk``) among the most confident ``coverage`` of all outputs."""

    coverage: float
    risk: float


def risk_coverage(observations: Iterable[Observation]) -> list[CurvePoint]:
    """Return the risk by rising coverage; observations of equal confidence enter together."""
    ordered = sorted(observations, key=lambda observation: -observation.confidence)
    total = math.fsum(observation.weight for observation in ordered)
    curve: list[CurvePoint] = []
    kept = wrong = 0.0
    for _, tied in groupby(ordered, key=lambda observation: observation.confidence):
        for observation in tied:
            kept += observation.weight
            wrong += 0.0 if observation.is_right else observation.weight
        curve.append(CurvePoint(kept / total, wrong / kept))
    return curve


def risk_at(observations: Iterable[Observation], coverage: float) -> float | None:
    """Return the risk at ``coverage``, taking a tie that is cut in proportion; None without observations."""
    if not 0.0 < coverage <= 1.0:
        raise ValueError(f"The coverage {coverage} is outside (0, 1].")
    before = CurvePoint(0.0, 0.0)
    for point in risk_coverage(observations):
        if point.coverage >= coverage:
            wrong, more = before.coverage * before.risk, point.coverage * point.risk
            share = (coverage - before.coverage) / (point.coverage - before.coverage)
            return (wrong + share * (more - wrong)) / coverage
        before = point
    return before.risk if before.coverage else None
