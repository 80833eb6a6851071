"""Throughput and fairness in simulated time: workers on one side, the stand-in's rate limits on the other."""

from __future__ import annotations

from functools import partial

import pytest

from agents.llm.limits.config import Allowance, LimitSettings
from agents.llm.limits.kinds import Lane
from dev.standin import limits as theirs
from tests.llm.limits.plant import Plant

QUEUED = 600
PER_MINUTE = 240
UNIVERSES = ("first", "second", "third")


@pytest.fixture
def plant(limits, clock):
    return partial(make_plant, limits, clock)


def make_plant(
    limits, clock, *, rings=False, start=None, estimate=(0, 0), used=(0, 0), burst_s=10.0, **allowed
):
    """Return a plant with 600 scheduled jobs of three universes and an interactive one every five seconds."""
    allowance = theirs.Allowance(**allowed)
    start = start or Allowance(
        requests=allowance.rpm, input_tokens=allowance.itpm, output_tokens=allowance.otpm
    )
    settings = LimitSettings(default=start, max_in_flight=64, burst_s=burst_s)
    plant = Plant(limits(settings), clock, allowance, rings=rings)
    submit = partial(plant.submit, estimate=estimate, used=used)
    for number in range(QUEUED):
        submit(f"job-{number}", Lane.SCHEDULED, universe=UNIVERSES[number * 3 // QUEUED])
    for number in range(1, 17):
        plant.at(number * 5.3, partial(submit, f"now-{number}", Lane.INTERACTIVE))
    return plant


def per_minute(plant):
    """Return the calls a minute that the provider accepted between seconds 30 and 90."""
    plant.run(30)
    before = plant.calls - plant.refused
    plant.run(90)
    return plant.calls - plant.refused - before


def assert_in_order(plant):
    assert plant.refused <= 0.005 * plant.calls
    assert len(plant.waits) == 16
    assert max(plant.waits) < 5.0


def test_full_rate_is_used_with_the_sweeper_alone(plant):
    work = plant(rpm=PER_MINUTE)

    assert per_minute(work) >= 0.95 * PER_MINUTE

    assert_in_order(work)
    assert work.visits / work.calls < 4


@pytest.mark.parametrize(("window_s", "burst_s"), [(60.0, 2.0), (1.0, 1.0)])
def test_full_rate_is_used_when_admissible_jobs_are_woken(plant, window_s, burst_s):
    work = plant(rpm=PER_MINUTE, window_s=window_s, burst_s=burst_s, rings=True)

    assert per_minute(work) >= 0.95 * PER_MINUTE

    assert_in_order(work)


def test_higher_limit_in_headers_is_learned_and_used(plant):
    work = plant(rpm=PER_MINUTE, start=Allowance(), rings=True)

    assert per_minute(work) >= 0.95 * PER_MINUTE

    assert_in_order(work)


def test_token_rate_follows_real_use_and_not_the_estimate(plant):
    work = plant(rpm=4000, itpm=24_000, otpm=300_000, estimate=(60, 300), used=(100, 250), rings=True)

    assert per_minute(work) == pytest.approx(PER_MINUTE, rel=0.05)

    assert_in_order(work)


def test_three_universes_get_a_third_each(plant):
    work = plant(rpm=PER_MINUTE)
    # The first full bucket goes to the universe that came first.
    work.run(15)
    before = dict(work.done_by_universe)

    work.run(75)

    done = [work.done_by_universe[name] - before.get(name, 0) for name in UNIVERSES]
    assert sum(done) == pytest.approx(PER_MINUTE, rel=0.05)
    assert max(done) - min(done) <= 12
