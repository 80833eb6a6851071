"""The numbers aimed at, in simulated time: workers on one side, the stand-in's rate limits on the other."""

from __future__ import annotations

from functools import partial

import pytest

from agents.llm.limits.config import Allowance, LimitSettings
from agents.llm.limits.kinds import Lane
from standin import limits as theirs
from tests.llm.limits.plant import Plant

WAITING = 3000
UNIVERSES = ("first", "second", "third")


def plant(*, rings=False, start=None, estimate=(0, 0), used=(0, 0), burst_s=10.0, **allowed):
    """3,000 scheduled jobs of three universes wait; an interactive one comes every five seconds."""
    allowance = theirs.Allowance(**allowed)
    start = start or Allowance(
        requests=allowance.rpm, input_tokens=allowance.itpm, output_tokens=allowance.otpm
    )
    plant = Plant(LimitSettings(default=start, max_in_flight=256, burst_s=burst_s), allowance, rings=rings)
    for number in range(WAITING):
        plant.submit(
            f"job-{number}",
            Lane.SCHEDULED,
            universe=UNIVERSES[number * 3 // WAITING],
            estimate=estimate,
            used=used,
        )
    for number in range(1, 30):
        submit = partial(plant.submit, f"now-{number}", Lane.INTERACTIVE, estimate=estimate, used=used)
        plant.at(number * 5.3, submit)
    return plant


def per_minute(plant, start, end):
    """Calls that the other side took, a minute, from second ``start`` on."""
    plant.run(start)
    before = plant.calls - plant.refused
    plant.run(end)
    return (plant.calls - plant.refused - before) * 60 / (end - start)


def in_order(plant):
    assert plant.refused <= 0.005 * plant.calls
    assert len(plant.waits) == 28
    assert max(plant.waits) < 5.0


def test_a_thousand_a_minute_are_used_with_a_sweeper_alone():
    work = plant(rpm=1000)

    assert per_minute(work, 30, 150) >= 950

    in_order(work)
    assert work.visits / work.calls < 4


@pytest.mark.parametrize(("window_s", "burst_s"), [(60.0, 10.0), (60.0, 2.0), (2.0, 2.0), (1.0, 1.0)])
def test_a_thousand_a_minute_are_used_when_somebody_asks_whose_turn_it_is(window_s, burst_s):
    work = plant(rpm=1000, window_s=window_s, burst_s=burst_s, rings=True)

    assert per_minute(work, 30, 150) >= 950

    in_order(work)


def test_a_limit_that_is_higher_than_thought_is_learned_and_used():
    work = plant(rpm=1000, start=Allowance(), rings=True)

    assert per_minute(work, 30, 150) >= 950

    in_order(work)


@pytest.mark.parametrize("estimate", [60, 100, 200])
def test_tokens_bound_the_rate_by_real_use_whatever_was_estimated(estimate):
    work = plant(rpm=4000, itpm=100_000, otpm=300_000, estimate=(estimate, 300), used=(100, 250), rings=True)

    assert per_minute(work, 30, 150) == pytest.approx(1000, rel=0.05)

    in_order(work)


def test_three_universes_get_a_third_each_although_one_came_first():
    work = plant(rpm=1000)
    # The first full bucket went before the other two were heard of.
    work.run(15)
    before = dict(work.done_by_universe)

    work.run(135)

    done = [work.done_by_universe[name] - before.get(name, 0) for name in UNIVERSES]
    assert sum(done) == pytest.approx(2000, rel=0.05)
    assert max(done) - min(done) <= 40
