"""Comparison with scipy, scikit-learn and numpy on simulated verdicts."""

from __future__ import annotations

import random

import numpy as np
import pytest
from scipy import stats as scipy_stats
from sklearn.calibration import calibration_curve
from sklearn.metrics import brier_score_loss, roc_auc_score

from agents.engine.confidence import statistics
from agents.engine.confidence.statistics import Observation

SEEDS = range(12)


def simulated(seed: int, *, count: int = 400, weighted: bool = False, places: int = 6) -> list[Observation]:
    """Simulate verdicts on outputs with an overconfident model."""
    dice = random.Random(seed)
    observations = []
    for _ in range(count):
        confidence = round(dice.betavariate(4, 2), places)
        is_right = dice.random() < confidence**1.7
        observations.append(
            Observation(confidence, is_right, dice.choice([1.0, 20.0, 3.5]) if weighted else 1.0)
        )
    return observations


def columns(observations):
    return (
        np.array([each.confidence for each in observations]),
        np.array([each.is_right for each in observations]),
        np.array([each.weight for each in observations]),
    )


@pytest.mark.parametrize("count", [1, 2, 7, 20, 400, 100_000])
def test_wilson_interval_matches_scipy(count):
    for hits in {0, 1, count // 3, count // 2, count - 1, count}:
        expected = scipy_stats.binomtest(hits, count).proportion_ci(0.95, method="wilson")

        found = statistics.rate(hits, count)

        assert found is not None
        assert (found["share"], found["count"]) == (hits / count, count)
        assert (found["low"], found["high"]) == pytest.approx((expected.low, expected.high), abs=1e-12)


def test_interval_stays_within_zero_and_one():
    assert [statistics.wilson(0.0, n)[0] for n in (1, 3, 40)] == [0.0, 0.0, 0.0]
    assert [statistics.wilson(1.0, n)[1] for n in (1, 3, 40)] == [1.0, 1.0, 1.0]


@pytest.mark.parametrize(("share", "count"), [(0.5, 0), (-0.1, 4), (1.1, 4)])
def test_interval_of_invalid_share_is_rejected(share, count):
    with pytest.raises(ValueError, match="There is no interval"):
        statistics.wilson(share, count)


@pytest.mark.parametrize("seed", SEEDS)
def test_quantiles_match_numpy(seed):
    dice = random.Random(seed)
    values = [dice.lognormvariate(3, 2) for _ in range(dice.randrange(1, 60))]

    for at in (0.0, 0.1, 0.25, 0.5, 0.9, 1.0):
        assert statistics.quantile(values, at) == pytest.approx(float(np.quantile(values, at)), rel=1e-12)


def test_no_data_gives_none():
    assert statistics.rate(0, 0) is None
    assert statistics.weighted_rate([]) is None
    assert statistics.agreement([]) is None
    assert statistics.quantile([], 0.5) is None
    assert statistics.brier([]) is None
    assert statistics.auroc([]) is None
    bins = statistics.reliability([])
    assert statistics.calibration_error(bins) is None
    assert {
        (bin_["count"], bin_["weight"], bin_["mean_confidence"], bin_["right"], bin_["right_low"])
        for bin_ in bins
    } == {(0, 0.0, None, None, None)}


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("seed", SEEDS)
def test_brier_score_matches_scikit_learn(seed, weighted):
    observations = simulated(seed, weighted=weighted)
    confidence, right, weight = columns(observations)

    expected = brier_score_loss(right, confidence, sample_weight=weight)
    assert statistics.brier(observations) == pytest.approx(expected, rel=1e-12)


# One or two decimal places produce many ties.
@pytest.mark.parametrize("places", [1, 2, 6])
@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("seed", SEEDS)
def test_auroc_matches_scikit_learn(seed, weighted, places):
    observations = simulated(seed, weighted=weighted, places=places)
    confidence, right, weight = columns(observations)

    expected = roc_auc_score(right, confidence, sample_weight=weight)
    assert statistics.auroc(observations) == pytest.approx(expected, rel=1e-9)


def test_auroc_counts_ties_half():
    tied = [Observation(0.6, True), Observation(0.6, False), Observation(0.6, False)]

    assert statistics.auroc(tied) == 0.5
    assert statistics.auroc([*tied, Observation(0.9, True)]) == 0.75


@pytest.mark.parametrize("is_right", [True, False])
def test_auroc_of_one_class_is_none(is_right):
    assert statistics.auroc([Observation(c / 10, is_right) for c in range(10)]) is None


@pytest.mark.parametrize("seed", SEEDS)
def test_bins_match_scikit_learn(seed):
    observations = simulated(seed)
    confidence, right, _ = columns(observations)
    expected_right, expected_confidence = calibration_curve(right, confidence, n_bins=10)

    filled = [bin_ for bin_ in statistics.reliability(observations) if bin_["count"]]

    assert [bin_["right"] for bin_ in filled] == pytest.approx(list(expected_right), rel=1e-12)
    assert [bin_["mean_confidence"] for bin_ in filled] == pytest.approx(list(expected_confidence), rel=1e-12)
    for bin_ in filled:
        hits = round((bin_["right"] or 0.0) * bin_["count"])
        interval = scipy_stats.binomtest(hits, bin_["count"]).proportion_ci(0.95, method="wilson")
        assert (bin_["right_low"], bin_["right_high"]) == pytest.approx(
            (interval.low, interval.high), abs=1e-12
        )


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("seed", SEEDS)
def test_calibration_error_is_weighted_gap_of_bins(seed, weighted):
    observations = simulated(seed, weighted=weighted)
    confidence, right, weight = columns(observations)
    inside = np.digitize(confidence, np.linspace(0, 1, 11)[1:-1])
    expected = sum(
        weight[inside == index].sum()
        / weight.sum()
        * abs(
            np.average(confidence[inside == index], weights=weight[inside == index])
            - np.average(right[inside == index], weights=weight[inside == index])
        )
        for index in set(inside)
    )

    found = statistics.calibration_error(statistics.reliability(observations))

    assert found == pytest.approx(expected, rel=1e-9)


def test_weight_of_twenty_counts_as_twenty_outputs():
    light = [Observation(0.95, True, 20.0), Observation(0.95, False, 20.0), Observation(0.5, True)]
    heavy = [Observation(0.95, True)] * 20 + [Observation(0.95, False)] * 20 + [Observation(0.5, True)]

    assert statistics.brier(light) == pytest.approx(statistics.brier(heavy), rel=1e-12)
    assert statistics.auroc(light) == pytest.approx(statistics.auroc(heavy), rel=1e-12)
    errors = [statistics.calibration_error(statistics.reliability(some)) for some in (light, heavy)]
    assert errors[0] == pytest.approx(errors[1], rel=1e-12)
    # The interval still reflects that only two outputs were reviewed.
    assert statistics.reliability(light)[9]["count"] == 2
    assert statistics.reliability(light)[9]["right_low"] == pytest.approx(statistics.wilson(0.5, 2)[0])


@pytest.mark.parametrize("confidence", [index / 10 for index in range(10)])
def test_bin_includes_its_lower_end(confidence):
    bins = statistics.reliability([Observation(confidence, True)])

    assert [bin_["low"] for bin_ in bins if bin_["count"]] == [confidence]


def test_last_bin_includes_full_confidence():
    assert [bin_["count"] for bin_ in statistics.reliability([Observation(1.0, True)])] == [0] * 9 + [1]


def test_equal_observations_may_be_counted():
    apart = (
        [Observation(0.95, True, 20.0)] * 3 + [Observation(0.95, False, 2.0)] * 2 + [Observation(0.5, True)]
    )
    together = [Observation(0.95, True, 20.0, 3), Observation(0.95, False, 2.0, 2), Observation(0.5, True)]

    for figure in (statistics.brier, statistics.auroc):
        assert figure(together) == pytest.approx(figure(apart), rel=1e-12)
    for found, expected in zip(statistics.reliability(together), statistics.reliability(apart), strict=True):
        assert found == (pytest.approx(expected, rel=1e-12) if expected["count"] else expected)


def test_unequal_weights_use_effective_count():
    cases = [(True, 20.0, 1), (False, 1.0, 2), (True, 1.0, 1)]
    effective = 23.0**2 / 403

    found = statistics.weighted_rate(cases)

    assert found is not None
    assert statistics.effective_count((weight, count) for _, weight, count in cases) == pytest.approx(
        effective
    )
    assert found["count"] == 4
    assert found["share"] == pytest.approx(21 / 23)
    assert (found["low"], found["high"]) == pytest.approx(statistics.wilson(21 / 23, effective))


@pytest.mark.parametrize("weight", [1.0, 20.0, 0.1])
def test_equal_weights_have_no_effect(weight):
    equal = statistics.weighted_rate([(index < 7, weight, 1) for index in range(20)])
    plain = statistics.rate(7, 20)

    assert equal is not None
    assert plain is not None
    assert (equal["share"], equal["low"], equal["high"]) == pytest.approx(
        (plain["share"], plain["low"], plain["high"]), rel=1e-12
    )


def test_agreement_is_rate_of_equal_pairs():
    pairs = [("approved", "approved"), ("approved", "rejected"), ("edited", "edited"), ("edited", "approved")]

    found = statistics.agreement(pairs)

    assert found is not None
    assert (found["share"], found["count"]) == (0.5, 4)


@pytest.mark.parametrize(
    ("confidence", "weight"), [(-0.01, 1.0), (1.01, 1.0), (0.5, 0.0), (0.5, -1.0), (0.5, float("inf"))]
)
def test_invalid_observation_is_rejected(confidence, weight):
    with pytest.raises(ValueError, match=r"The (confidence|weight)"):
        Observation(confidence, True, weight)
