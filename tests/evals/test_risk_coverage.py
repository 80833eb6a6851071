"""Risk by coverage on a handful of observations."""

from __future__ import annotations

import pytest

from agents.engine.confidence.statistics import Observation
from evals.risk_coverage import CurvePoint, risk_at, risk_coverage

MIXED = [
    Observation(0.9, True),
    Observation(0.9, False),
    Observation(0.5, True),
    Observation(0.1, False),
]


def test_curve_starts_at_the_most_confident_and_joins_ties() -> None:
    assert risk_coverage(MIXED) == [CurvePoint(0.5, 0.5), CurvePoint(0.75, 1 / 3), CurvePoint(1.0, 0.5)]
    assert risk_coverage([]) == []


@pytest.mark.parametrize(
    ("coverage", "risk"), [(0.25, 0.5), (0.5, 0.5), (0.625, 0.4), (0.75, 1 / 3), (1.0, 0.5)]
)
def test_cut_tie_counts_in_proportion(coverage: float, risk: float) -> None:
    assert risk_at(MIXED, coverage) == pytest.approx(risk)


def test_risk_is_weighted() -> None:
    heavy = [Observation(0.9, True, weight=3.0), Observation(0.1, False)]

    assert risk_at(heavy, 0.75) == 0.0
    assert risk_at(heavy, 1.0) == 0.25


def test_zero_coverage_is_refused_and_no_observations_give_none() -> None:
    assert risk_at([], 0.5) is None
    with pytest.raises(ValueError, match="is outside"):
        risk_at(MIXED, 0.0)
