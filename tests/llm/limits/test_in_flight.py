"""Bound on calls in flight: its changes, its queue and expired reservations."""

from __future__ import annotations

from dataclasses import replace

import pytest

from agents.llm.limits.types import CallStatus, Lane
from tests.llm.limits.helpers import (
    answered,
    failed,
    make_request,
    must_reserve,
    must_wait,
    settings_for,
)


def at_most(count):
    return replace(settings_for(), max_in_flight=count)


def cap(limits):
    return limits.snapshot()[0].cap


def test_calls_in_flight_stay_within_the_bound(make_limits):
    limits = make_limits(at_most(3))
    reservations = [must_reserve(limits, make_request(f"job-{number}")) for number in range(3)]

    assert must_wait(limits, make_request("late")).reason == "in_flight"
    limits.settle(reservations[0], answered())

    must_reserve(limits, make_request("late"))
    assert limits.snapshot()[0].in_flight == 3


def test_reservation_of_a_dead_worker_expires(make_limits, clock):
    limits = make_limits(at_most(1))
    reservation = must_reserve(limits, make_request("dead", timeout_s=20))
    clock.advance(19.9)
    must_wait(limits, make_request("next"))

    clock.advance(0.2)

    must_reserve(limits, make_request("next"))
    assert limits.settle(reservation, answered()) is False


@pytest.mark.parametrize("status", [CallStatus.RATE_LIMITED, CallStatus.OVERLOADED])
def test_bound_is_halved_once_for_simultaneous_calls(make_limits, clock, status):
    limits = make_limits(at_most(40))
    clock.advance(1.0)
    reservations = [must_reserve(limits, make_request(f"job-{number}")) for number in range(4)]
    clock.advance(2.0)

    for reservation in reservations[:3]:
        limits.settle(reservation, failed(status, retry_after_s=0.0))
    assert cap(limits) == 20
    clock.advance(2.0)
    limits.settle(reservations[3], failed(status, retry_after_s=0.0))

    assert cap(limits) == 20


def test_bound_is_never_below_one(make_limits, clock):
    limits = make_limits(at_most(5))

    for number in range(5):
        reservation = must_reserve(limits, make_request(f"job-{number}"))
        clock.advance(1.5)
        limits.settle(reservation, failed(CallStatus.OVERLOADED))

    assert cap(limits) == 1
    must_reserve(limits, make_request("next"))


def test_bound_grows_by_one_per_bound_answers_up_to_its_maximum(make_limits, clock):
    limits = make_limits(at_most(10))
    reservation = must_reserve(limits, make_request("refused"))
    clock.advance(1.0)
    limits.settle(reservation, failed(CallStatus.OVERLOADED))
    assert cap(limits) == 5

    for number in range(6):
        limits.settle(must_reserve(limits, make_request(f"job-{number}")), answered())
    assert cap(limits) == 6
    for number in range(60):
        limits.settle(must_reserve(limits, make_request(f"more-{number}")), answered())

    assert cap(limits) == 10


def test_last_slots_are_for_interactive_jobs(make_limits):
    limits = make_limits(at_most(10))
    for number in range(9):
        must_reserve(limits, make_request(f"job-{number}", lane=Lane.SCHEDULED))

    must_wait(limits, make_request("scheduled", lane=Lane.SCHEDULED))

    must_reserve(limits, make_request("interactive"))


def test_free_slot_goes_to_the_first_ready_job(make_limits, clock):
    limits = make_limits(replace(at_most(1), call_s=1.0))
    reservation = must_reserve(limits, make_request("first"))
    must_wait(limits, make_request("second"))
    must_wait(limits, make_request("third"))

    limits.settle(reservation, answered())

    assert must_wait(limits, make_request("third")).reason == "in_flight"
    must_reserve(limits, make_request("second"))


def test_free_slot_is_not_reserved_for_absent_jobs(make_limits, clock):
    limits = make_limits(replace(at_most(1), call_s=10.0))
    reservation = must_reserve(limits, make_request("first"))
    assert must_wait(limits, make_request("sent away")).seconds == pytest.approx(10.0)

    limits.settle(reservation, answered())

    must_reserve(limits, make_request("present"))


def test_admissible_jobs_are_returned_once_in_five_seconds(make_limits, clock):
    limits = make_limits(replace(at_most(4), call_s=10.0))
    reservations = [must_reserve(limits, make_request(f"job-{number}", timeout_s=900)) for number in range(4)]
    for number in range(5):
        must_wait(limits, make_request(f"late-{number}"))
    assert limits.ready_jobs() == ()

    for reservation in reservations[:2]:
        limits.settle(reservation, answered())

    assert limits.ready_jobs() == ("late-0", "late-1")
    assert limits.ready_jobs() == ()
    clock.advance(5.0)
    assert limits.ready_jobs() == ("late-0", "late-1")
    must_reserve(limits, make_request("late-0"))


def test_wait_for_a_slot_is_the_rank_times_the_mean_call_duration(make_limits, clock):
    limits = make_limits(replace(at_most(1), call_s=10.0))
    for number in range(30):
        reservation = must_reserve(limits, make_request(f"job-{number}"))
        clock.advance(4.0)
        limits.settle(reservation, answered())
    must_reserve(limits, make_request("busy"))

    waits = [must_wait(limits, make_request(f"late-{number}")).seconds for number in range(3)]

    # The initial ten seconds still weigh 0.9 ** 30 in the estimate.
    assert waits == pytest.approx([4.254, 8.509, 12.763], abs=0.001)


def test_job_that_was_woken_in_vain_is_returned_again(make_limits):
    limits = make_limits(replace(at_most(1), call_s=10.0))
    reservation = must_reserve(limits, make_request("first"))
    must_wait(limits, make_request("late"))
    limits.settle(reservation, answered())
    assert limits.ready_jobs() == ("late",)

    reservation = must_reserve(limits, make_request("quicker"))
    must_wait(limits, make_request("late"))
    limits.settle(reservation, answered())

    assert limits.ready_jobs() == ("late",)


def test_job_that_sleeps_in_a_worker_is_not_returned(make_limits, clock):
    limits = make_limits(settings_for(requests=60))
    for number in range(10):
        must_reserve(limits, make_request(f"job-{number}"))
    assert [must_wait(limits, make_request(name)).seconds for name in "abc"] == pytest.approx([1.0, 2.0, 3.0])

    clock.advance(1.9)

    assert limits.ready_jobs(within_s=1.1) == ("c",)
