"""Priority of lanes and fairness between universes."""

from __future__ import annotations

import pytest

from agents.llm.limits.types import Lane, Reservation
from tests.llm.limits.helpers import make_request, must_reserve, must_wait, settings_for


def drained(limits):
    """Empty the bucket of requests, which refills by one a second."""
    for number in range(10):
        must_reserve(limits, make_request(f"before-{number}"))
    return limits


def test_lanes_are_served_in_order(make_limits):
    limits = drained(make_limits(settings_for(requests=60)))
    must_wait(limits, make_request("b", lane=Lane.BATCH_FALLBACK))
    must_wait(limits, make_request("s", lane=Lane.SCHEDULED))
    must_wait(limits, make_request("i", lane=Lane.INTERACTIVE))

    waits = {
        name: must_wait(limits, make_request(name, lane=lane)).seconds
        for name, lane in (("i", Lane.INTERACTIVE), ("s", Lane.SCHEDULED), ("b", Lane.BATCH_FALLBACK))
    }

    # The other lanes leave a tenth of the bucket to the first.
    assert waits == pytest.approx({"i": 1.0, "s": 3.0, "b": 4.0})
    assert limits.snapshot()[0].waiting == {"interactive": 1, "scheduled": 1, "batch_fallback": 1}


def test_job_that_becomes_urgent_changes_its_lane(make_limits):
    limits = drained(make_limits(settings_for(requests=60)))
    for number in range(5):
        must_wait(limits, make_request(f"s-{number}", lane=Lane.SCHEDULED))

    assert must_wait(limits, make_request("s-4")).seconds == pytest.approx(1.0)

    assert limits.snapshot()[0].waiting == {"interactive": 1, "scheduled": 4, "batch_fallback": 0}


def test_single_job_does_not_wait_for_a_hundred_of_another_universe(make_limits):
    limits = drained(make_limits(settings_for(requests=60)))
    for number in range(100):
        must_wait(limits, make_request(f"large-{number}", universe="large"))

    assert must_wait(limits, make_request("small-0", universe="small")).seconds <= 2.0
    assert must_wait(limits, make_request("small-1", universe="small")).seconds <= 4.0


def test_universes_are_served_in_turn(make_limits, clock):
    limits = drained(make_limits(settings_for(requests=60)))
    for universe in ("a", "b"):
        for number in range(20):
            must_wait(limits, make_request(f"{universe}-{number}", universe=universe))
    served = []

    for _ in range(20):
        clock.advance(1.0)
        for job in [f"{universe}-{number}" for number in range(20) for universe in "ab"]:
            if job not in served and isinstance(
                limits.reserve(make_request(job, universe=job[0])), Reservation
            ):
                served.append(job)

    assert len(served) == 20
    assert sum(job.startswith("a") for job in served) == 10


def test_fairness_is_measured_in_the_scarcest_dimension(make_limits, clock):
    limits = make_limits(settings_for(output_tokens=60_000))
    must_reserve(limits, make_request("before", output_tokens=10_000))
    for number in range(10):
        must_wait(limits, make_request(f"long-{number}", universe="long", output_tokens=3000))
    for number in range(30):
        must_wait(limits, make_request(f"short-{number}", universe="short", output_tokens=1000))
    served = []

    for _ in range(24):
        clock.advance(1.0)
        for universe, count, tokens in (("long", 10, 3000), ("short", 30, 1000)):
            for number in range(count):
                job = f"{universe}-{number}"
                request = make_request(job, universe=universe, output_tokens=tokens)
                if job not in served and isinstance(limits.reserve(request), Reservation):
                    served.append(job)

    long, short = (sum(job.startswith(name) for job in served) for name in ("long", "short"))
    assert long * 3 + short == pytest.approx(24, abs=3)
    assert long * 3 == pytest.approx(short, abs=3)
