"""Who goes first: interactive before scheduled before batch, and universes in turn."""

from __future__ import annotations

import pytest

from agents.llm.limits.kinds import Grant, Lane
from tests.llm.limits.asking import allowing, ask, granted, told_to_wait


def drained(line):
    """Empty the bucket of requests, of which one comes a second."""
    for number in range(10):
        granted(line, ask(f"before-{number}"))
    return line


def test_lanes_go_one_after_the_other(limits):
    line = drained(limits(allowing(requests=60)))
    told_to_wait(line, ask("b", lane=Lane.BATCH_FALLBACK))
    told_to_wait(line, ask("s", lane=Lane.SCHEDULED))
    told_to_wait(line, ask("i", lane=Lane.INTERACTIVE))

    waits = {
        name: told_to_wait(line, ask(name, lane=lane)).seconds
        for name, lane in (("i", Lane.INTERACTIVE), ("s", Lane.SCHEDULED), ("b", Lane.BATCH_FALLBACK))
    }

    # The other lanes leave one request of ten to the first.
    assert waits == pytest.approx({"i": 1.0, "s": 3.0, "b": 4.0})
    assert line.snapshot()[0].waiting == {"interactive": 1, "scheduled": 1, "batch_fallback": 1}


def test_a_job_that_becomes_urgent_changes_its_lane(limits):
    line = drained(limits(allowing(requests=60)))
    for number in range(5):
        told_to_wait(line, ask(f"s-{number}", lane=Lane.SCHEDULED))

    assert told_to_wait(line, ask("s-4")).seconds == pytest.approx(1.0)

    assert line.snapshot()[0].waiting == {"interactive": 1, "scheduled": 4, "batch_fallback": 0}


def test_a_universe_with_one_job_does_not_wait_for_the_hundred_of_another(limits):
    line = drained(limits(allowing(requests=60)))
    for number in range(100):
        told_to_wait(line, ask(f"large-{number}", universe="large"))

    assert told_to_wait(line, ask("small-0", universe="small")).seconds <= 2.0
    assert told_to_wait(line, ask("small-1", universe="small")).seconds <= 4.0


def test_universes_are_served_in_turn(limits, clock):
    line = drained(limits(allowing(requests=60)))
    for universe in ("a", "b"):
        for number in range(20):
            told_to_wait(line, ask(f"{universe}-{number}", universe=universe))
    served = []

    for _ in range(20):
        clock.advance(1.0)
        for job in [f"{universe}-{number}" for number in range(20) for universe in "ab"]:
            if job not in served and isinstance(line.reserve(ask(job, universe=job[0])), Grant):
                served.append(job)

    assert len(served) == 20
    assert sum(job.startswith("a") for job in served) == 10


def test_fair_is_measured_in_what_a_job_takes_most_of(limits, clock):
    line = limits(allowing(output_tokens=60_000))
    granted(line, ask("before", output_tokens=10_000))
    for number in range(10):
        told_to_wait(line, ask(f"long-{number}", universe="long", output_tokens=3000))
    for number in range(30):
        told_to_wait(line, ask(f"short-{number}", universe="short", output_tokens=1000))
    served = []

    for _ in range(24):
        clock.advance(1.0)
        for universe, count, tokens in (("long", 10, 3000), ("short", 30, 1000)):
            for number in range(count):
                job = f"{universe}-{number}"
                asked = ask(job, universe=universe, output_tokens=tokens)
                if job not in served and isinstance(line.reserve(asked), Grant):
                    served.append(job)

    long, short = (sum(job.startswith(name) for job in served) for name in ("long", "short"))
    assert long * 3 + short == pytest.approx(24, abs=3)
    assert long * 3 == pytest.approx(short, abs=3)
