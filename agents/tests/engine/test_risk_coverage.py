from __future__ import annotations

import pytest

from agents.engine.confidence.statistics import Kept, Observation, risk_at, risk_coverage

MIXED = [
    Observation(0.9, True),
    Observation(0.9, False),
    Observation(0.5, True),
    Observation(0.1, False),
]


def test_curve_goes_from_the_most_confident_to_all_with_ties_together() -> None:
    assert risk_coverage(MIXED) == [Kept(0.5, 0.5), Kept(0.75, 1 / 3), Kept(1.0, 0.5)]
    assert risk_coverage([]) == []


@pytest.mark.parametrize(
    ("coverage", "risk"), [(0.25, 0.5), (0.5, 0.5), (0.625, 0.4), (0.75, 1 / 3), (1.0, 0.5)]
)
def test_risk_of_a_share_counts_a_cut_tie_in_part(coverage: float, risk: float) -> None:
    assert risk_at(MIXED, coverage) == pytest.approx(risk)


def test_weights_count() -> None:
    heavy = [Observation(0.9, True, weight=3.0), Observation(0.1, False)]

    assert risk_at(heavy, 0.75) == 0.0
    assert risk_at(heavy, 1.0) == 0.25


def test_nothing_kept_is_a_mistake_and_nothing_seen_says_nothing() -> None:
    assert risk_at([], 0.5) is None
    with pytest.raises(ValueError, match="Nothing is kept"):
        risk_at(MIXED, 0.0)
