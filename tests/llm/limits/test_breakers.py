"""Circuit breakers: opening, probe and closing."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from agents.llm.base import Usage
from agents.llm.limits.call_result import CallResult
from agents.llm.limits.types import CallStatus
from tests.llm.limits.helpers import (
    answered,
    failed,
    make_request,
    must_reserve,
    must_wait,
    settings_for,
)


def breaker(limits, cause):
    (model,) = limits.snapshot()
    return next(each for each in model.breakers if each.cause == cause)


def fail(limits, status, times, message="broken"):
    reservations = [must_reserve(limits, make_request(f"{status}-{number}")) for number in range(times)]
    for reservation in reservations:
        limits.settle(reservation, failed(status, message))


@pytest.mark.parametrize("status", [CallStatus.OVERLOADED, CallStatus.UNREACHABLE])
def test_consecutive_failures_open_the_breaker_of_their_cause(make_limits, clock, status):
    limits = make_limits(settings_for())
    fail(limits, status, 7)
    assert breaker(limits, status).state == "closed"

    fail(limits, status, 1, "last words")

    opened = breaker(limits, status)
    assert (opened.state, opened.message) == ("open", "last words")
    assert opened.since == datetime.fromtimestamp(clock.now, UTC)
    assert opened.until == datetime.fromtimestamp(clock.now + 5, UTC)
    assert [each.state for each in limits.snapshot()[0].breakers].count("open") == 1
    wait = must_wait(limits, make_request("next"))
    assert wait.reason == "breaker"
    assert wait.seconds == pytest.approx(5.0)


def test_answer_resets_the_failure_count(make_limits):
    limits = make_limits(settings_for())
    fail(limits, CallStatus.OVERLOADED, 7)
    limits.settle(must_reserve(limits, make_request("well")), answered())

    fail(limits, CallStatus.OVERLOADED, 7)

    assert breaker(limits, "overloaded").state == "closed"


@pytest.mark.parametrize(("within_s", "state"), [(29.0, "open"), (31.0, "closed")])
def test_half_of_twenty_calls_in_a_window_opens_the_breaker(make_limits, clock, within_s, state):
    limits = make_limits(settings_for())
    for number in range(10):
        limits.settle(must_reserve(limits, make_request(f"well-{number}")), answered())
    for _ in range(4):
        fail(limits, CallStatus.OVERLOADED, 1)
    clock.advance(within_s)
    limits.settle(must_reserve(limits, make_request("well")), answered())

    fail(limits, CallStatus.OVERLOADED, 7)

    assert breaker(limits, "overloaded").state == state


def test_429_and_rejected_requests_open_no_breaker(make_limits, clock):
    limits = make_limits(settings_for())
    for number in range(30):
        status = CallStatus.REJECTED if number % 2 else CallStatus.RATE_LIMITED
        limits.settle(must_reserve(limits, make_request(f"job-{number}")), failed(status, retry_after_s=0.0))
        clock.advance(0.1)

    assert {each.state for each in limits.snapshot()[0].breakers} == {"closed"}


def test_account_error_opens_at_once_and_is_probed_once_a_minute(make_limits, clock):
    limits = make_limits(settings_for())
    fail(limits, CallStatus.STOPPED, 1, "The key is wrong.")

    for _ in range(3):
        assert must_wait(limits, make_request("a")).seconds == pytest.approx(60.0)
        clock.advance(60.0)
        probe = must_reserve(limits, make_request("a"))
        assert probe.is_probe is True
        limits.settle(probe, failed(CallStatus.STOPPED, "The key is wrong."))

    assert breaker(limits, "stopped").state == "open"


def test_single_probe_closes_the_breaker_on_success(make_limits, clock):
    limits = make_limits(settings_for())
    fail(limits, CallStatus.OVERLOADED, 8)
    clock.advance(5.0)
    assert breaker(limits, "overloaded").state == "half_open"

    probe = must_reserve(limits, make_request("a"))
    assert must_wait(limits, make_request("b")).reason == "breaker"
    limits.settle(probe, answered())

    assert breaker(limits, "overloaded").state == "closed"
    assert must_reserve(limits, make_request("b")).is_probe is False


def test_failed_probe_doubles_the_pause_up_to_two_minutes(make_limits, clock):
    limits = make_limits(settings_for())
    fail(limits, CallStatus.OVERLOADED, 8)
    pauses = []

    for _ in range(7):
        pauses.append(must_wait(limits, make_request("a")).seconds)
        clock.advance(pauses[-1])
        limits.settle(must_reserve(limits, make_request("a")), failed(CallStatus.OVERLOADED))

    assert pauses == pytest.approx([5, 10, 20, 40, 80, 120, 120])


def test_closed_breaker_starts_with_a_short_pause_again(make_limits, clock):
    limits = make_limits(settings_for())
    fail(limits, CallStatus.OVERLOADED, 8)
    clock.advance(5.0)
    limits.settle(must_reserve(limits, make_request("a")), failed(CallStatus.OVERLOADED))
    clock.advance(10.0)
    limits.settle(must_reserve(limits, make_request("a")), answered())

    fail(limits, CallStatus.OVERLOADED, 8)

    assert must_wait(limits, make_request("a")).seconds == pytest.approx(5.0)


def test_calls_from_before_it_opened_do_not_close_the_breaker(make_limits, clock):
    limits = make_limits(settings_for())
    early = [must_reserve(limits, make_request(f"early-{number}")) for number in range(2)]
    fail(limits, CallStatus.STOPPED, 1)
    clock.advance(1.0)

    limits.settle(early[0], answered())
    limits.settle(early[1], failed(CallStatus.STOPPED))

    assert breaker(limits, "stopped").state == "open"
    assert must_wait(limits, make_request("a")).seconds == pytest.approx(59.0)


def test_released_probe_leaves_its_turn_to_the_next_job(make_limits, clock):
    limits = make_limits(settings_for())
    fail(limits, CallStatus.STOPPED, 1)
    clock.advance(60.0)
    probe = must_reserve(limits, make_request("a"))

    limits.release(probe)

    assert must_reserve(limits, make_request("b")).is_probe is True


def test_probe_of_a_dead_worker_leaves_its_turn_to_the_next_job(make_limits, clock):
    limits = make_limits(settings_for())
    fail(limits, CallStatus.STOPPED, 1)
    clock.advance(60.0)
    must_reserve(limits, make_request("dead", timeout_s=30))
    clock.advance(29.9)
    must_wait(limits, make_request("b"))

    clock.advance(0.2)

    assert must_reserve(limits, make_request("b")).is_probe is True


def test_probe_that_fails_for_another_cause_closes_nothing(make_limits, clock):
    limits = make_limits(settings_for())
    fail(limits, CallStatus.STOPPED, 1, "The key is wrong.")
    clock.advance(60.0)

    limits.settle(must_reserve(limits, make_request("a")), failed(CallStatus.UNREACHABLE, "No route."))

    assert breaker(limits, "stopped").state == "open"
    assert breaker(limits, "stopped").message == "The key is wrong."


def test_only_one_job_is_ready_to_be_the_probe(make_limits, clock):
    limits = make_limits(settings_for())
    fail(limits, CallStatus.STOPPED, 1)
    for number in range(5):
        must_wait(limits, make_request(f"job-{number}"))
    clock.advance(50.0)
    assert limits.ready_jobs() == ()

    clock.advance(10.0)

    assert limits.ready_jobs() == ("job-0",)


def test_each_model_has_its_own_breaker(make_limits):
    limits = make_limits(settings_for())
    reservation = must_reserve(limits, make_request("a", model="retired"))

    limits.settle(reservation, CallResult(status=CallStatus.STOPPED, usage=Usage(), message="Gone."))

    must_reserve(limits, make_request("b", model="current"))
    must_wait(limits, make_request("c", model="retired"))
    assert [(model.model, model.is_open) for model in limits.snapshot()] == [
        ("current", False),
        ("retired", True),
    ]


def test_jobs_behind_a_breaker_return_at_the_rate(make_limits):
    limits = make_limits(settings_for(requests=60))
    fail(limits, CallStatus.STOPPED, 1)

    waits = [must_wait(limits, make_request(f"job-{number}")).seconds for number in range(12)]

    assert waits == pytest.approx([60.0] * 10 + [61.0, 62.0])
