"""The error promise: exact bounds, the choice of a cut-off, forecasts, and simulations of its certainty."""

from __future__ import annotations

import math
from fractions import Fraction

import pytest

from agents.engine.confidence.promise import (
    Stratum,
    are_different,
    bound,
    drift_begin,
    more_errors_than_before,
    promise,
    upper_bound,
)
from evals.simulations.promises import DELTA, STREAMS, seen_within, simulate


def at_most(errors: int, count: int, share: float) -> float:
    """Sum the binomial distribution exactly."""
    p = Fraction(share)
    return float(sum(math.comb(count, k) * p**k * (1 - p) ** (count - k) for k in range(errors + 1)))


@pytest.mark.parametrize(
    ("errors", "count", "expected"),
    # Two-sided 90% intervals of published tables have these upper ends.
    [(0, 20, 0.1391), (1, 20, 0.2161), (0, 59, 0.0495), (5, 100, 0.1023), (10, 100, 0.1637)],
)
def test_bound_is_that_of_the_tables(errors, count, expected):
    assert upper_bound(errors, count, 0.05) == pytest.approx(expected, abs=6e-5)


@pytest.mark.parametrize("errors", [1, 2, 17, 60, 118])
@pytest.mark.parametrize("risk", [0.05, 0.005, 0.0001])
def test_so_few_errors_have_exactly_the_probability_of_the_risk(errors, risk):
    assert at_most(errors, 120, upper_bound(errors, 120, risk)) == pytest.approx(risk, rel=1e-5)


def test_bound_of_large_counts_does_not_underflow():
    assert 0.0103 < upper_bound(1_000, 100_000, 0.001) < 0.0111
    assert 0.3 < upper_bound(30_000, 100_000, 0.001) < 0.305


@pytest.mark.parametrize(("errors", "count"), [(0, 0), (3, 3)])
def test_nothing_is_known_without_a_right_one(errors, count):
    assert upper_bound(errors, count, 0.05) == 1.0


def test_strata_are_bounded_one_by_one():
    doubt, passed = Stratum("in doubt", 100, 100, 5), Stratum("passed", 900, 45, 0)

    expected = 0.1 * upper_bound(5, 100, 0.025) + 0.9 * upper_bound(0, 45, 0.025)

    assert bound([doubt, passed], 0.05) == pytest.approx(expected)
    # An empty stratum neither counts nor costs certainty.
    assert bound([Stratum("in doubt", 0, 0, 0), passed], 0.05) == upper_bound(0, 45, 0.05)
    assert bound([], 0.05) is None


def test_audits_are_not_outweighed_by_verdicts_in_doubt():
    """A thousand right outputs in doubt say nothing of the passed ones, which nobody has audited."""
    strata = {0.5: [Stratum("in doubt", 1_000, 1_000, 0), Stratum("passed", 1_000, 0, 0)]}

    assert promise(strata, 0.05, 0.05).state == "too_few"


def test_least_strict_cut_off_that_holds_is_chosen():
    strata = {
        0.9: [Stratum("passed", 400, 400, 1)],
        0.5: [Stratum("passed", 1_000, 1_000, 120)],
        0.7: [Stratum("passed", 800, 800, 8)],
    }

    found = promise(strata, 0.05, 0.05)

    assert (found.state, found.cut_off) == ("kept", 0.7)
    assert found.best_bound == upper_bound(8, 800, 0.05 / 3)


def test_too_few_verdicts_are_forecast():
    short = promise({0.8: [Stratum("passed", 1_000, 60, 1)]}, 0.05, 0.05)
    assert short.state == "too_few"
    assert short.needed is not None

    enough = 60 + short.needed
    assert upper_bound(math.floor(enough / 60), enough, 0.05) <= 0.05
    assert promise({0.8: [Stratum("passed", 1_000, 0, 0)]}, 0.05, 0.05).needed == 59


def test_too_many_errors_are_no_matter_of_more_verdicts():
    found = promise({0.8: [Stratum("passed", 1_000, 500, 50)]}, 0.05, 0.05)

    assert (found.state, found.needed, found.cut_off) == ("too_many", None, None)
    assert found.best_bound == upper_bound(50, 500, 0.05)


@pytest.mark.parametrize(("alpha", "delta"), [(0, 0.05), (1, 0.05), (0.05, 0), (0.05, 1)])
def test_terms_outside_their_range_are_refused(alpha, delta):
    with pytest.raises(ValueError, match="between 0 and 1"):
        promise({0.5: [Stratum("passed", 1, 1, 0)]}, alpha, delta)


def test_exact_tests_compare_two_shares():
    # Fisher's lady tasting tea: 4 of 4 against 0 of 4.
    assert more_errors_than_before((4, 4), (0, 4)) == pytest.approx(1 / 70)
    assert are_different((4, 4), (0, 4)) == pytest.approx(2 / 70)
    assert are_different((5, 100), (50, 1_000)) == 1.0
    assert more_errors_than_before((12, 50), (10, 400)) < 1e-5


# --- Simulations ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", STREAMS)
def test_promise_is_rarely_broken_at_any_time(name):
    runs = 200

    outcome = simulate(STREAMS[name], runs=runs, outputs=800, seed=20, every=50)

    # Two standard deviations above the promised risk, of as many runs.
    assert outcome.broken <= DELTA + 2 * math.sqrt(DELTA * (1 - DELTA) / runs)


def test_promise_is_made_where_one_can_be_kept():
    assert simulate(STREAMS["step"], runs=50, outputs=1_500, seed=3, every=50).made >= 0.6


def test_drift_is_seen_within_a_day():
    """A day of 1,000 outputs, of which 5% are audited, has 50 verdicts on what passes."""
    assert seen_within(50, before=0.02, after=0.25, runs=200, seed=5) >= 0.9


def test_drift_is_rarely_seen_where_there_is_none():
    """Allow a false alarm, which only costs verdicts, in one of ten streams of 1,000 verdicts without a change."""
    assert seen_within(1_000, before=0.02, after=0.02, runs=100, seed=6) <= 0.1


@pytest.mark.parametrize(
    ("errors", "begin"),
    [
        ([], None),
        ([True] * 60, None),
        ([False] * 200 + [True] * 15, 200),
        ([False] * 200 + [True] * 2, None),
        # Only the longest window shows a slow one.
        ([True] * 4 + [False] * 196 + ([False] * 6 + [True]) * 7 + [False], 200),
    ],
)
def test_drift_begins_with_the_shortest_window_that_shows_it(errors, begin):
    assert drift_begin(errors) == begin
