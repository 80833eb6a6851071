"""Throughput and fairness in simulated time: workers on one side, the stand-in's rate limits on the other."""

from __future__ import annotations

from functools import partial

import pytest

from agents.llm.limits.config import Allowance, LimitSettings
from agents.llm.limits.types import Lane
from dev.standin import limits as standin_limits
from tests.llm.limits.load.simulation import Simulation

QUEUED = 600
PER_MINUTE = 240
UNIVERSES = ("first", "second", "third")


@pytest.fixture
def simulate(make_limits, clock):
    return partial(make_simulation, make_limits, clock)


def make_simulation(
    make_limits, clock, *, wakes=False, start=None, estimate=(0, 0), used=(0, 0), burst_s=10.0, **allowed
):
    """Return a simulation with 600 scheduled jobs of three universes and an interactive one every five seconds."""
    allowance = standin_limits.Allowance(**allowed)
    start = start or Allowance(
        requests=allowance.rpm, input_tokens=allowance.itpm, output_tokens=allowance.otpm
    )
    settings = LimitSettings(default=start, max_in_flight=64, burst_s=burst_s)
    simulation = Simulation(make_limits(settings), clock, allowance, wakes=wakes)
    submit = partial(simulation.submit, estimate=estimate, used=used)
    for number in range(QUEUED):
        submit(f"job-{number}", Lane.SCHEDULED, universe=UNIVERSES[number * 3 // QUEUED])
    for number in range(1, 17):
        simulation.at(number * 5.3, partial(submit, f"now-{number}", Lane.INTERACTIVE))
    return simulation


def per_minute(work):
    """Return the calls a minute that the provider accepted between seconds 30 and 90."""
    work.run(30)
    before = work.calls - work.refused
    work.run(90)
    return work.calls - work.refused - before


def assert_in_order(work):
    assert work.refused <= 0.005 * work.calls
    assert len(work.waits) == 16
    assert max(work.waits) < 5.0


def test_full_rate_is_used_with_the_sweeper_alone(simulate):
    work = simulate(rpm=PER_MINUTE)

    assert per_minute(work) >= 0.95 * PER_MINUTE

    assert_in_order(work)
    assert work.visits / work.calls < 4


@pytest.mark.parametrize(("window_s", "burst_s"), [(60.0, 2.0), (1.0, 1.0)])
def test_full_rate_is_used_when_admissible_jobs_are_woken(simulate, window_s, burst_s):
    work = simulate(rpm=PER_MINUTE, window_s=window_s, burst_s=burst_s, wakes=True)

    assert per_minute(work) >= 0.95 * PER_MINUTE

    assert_in_order(work)


def test_higher_limit_in_headers_is_learned_and_used(simulate):
    work = simulate(rpm=PER_MINUTE, start=Allowance(), wakes=True)

    assert per_minute(work) >= 0.95 * PER_MINUTE

    assert_in_order(work)


def test_token_rate_follows_real_use_and_not_the_estimate(simulate):
    work = simulate(rpm=4000, itpm=24_000, otpm=300_000, estimate=(60, 300), used=(100, 250), wakes=True)

    assert per_minute(work) == pytest.approx(PER_MINUTE, rel=0.05)

    assert_in_order(work)


def test_three_universes_get_a_third_each(simulate):
    work = simulate(rpm=PER_MINUTE)
    # The first full bucket goes to the universe that came first.
    work.run(15)
    before = dict(work.done_by_universe)

    work.run(75)

    done = [work.done_by_universe[name] - before.get(name, 0) for name in UNIVERSES]
    assert sum(done) == pytest.approx(PER_MINUTE, rel=0.05)
    assert max(done) - min(done) <= 12
