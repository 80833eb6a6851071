"""Circuit breakers: what opens them, the one probe, and what closes them again."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from agents.llm.base import Usage
from agents.llm.limits.kinds import Ending, Outcome
from tests.llm.limits.asking import allowing, answered, ask, failed, granted, told_to_wait


def breaker(line, cause):
    (model,) = line.snapshot()
    return next(each for each in model.breakers if each.cause == cause)


def fail(line, outcome, times, message="broken"):
    grants = [granted(line, ask(f"{outcome}-{number}")) for number in range(times)]
    for grant in grants:
        line.settle(grant, failed(outcome, message))


@pytest.mark.parametrize("outcome", [Outcome.OVERLOADED, Outcome.UNREACHABLE])
def test_failures_in_a_row_open_the_breaker_of_their_cause(limits, clock, outcome):
    line = limits(allowing())
    fail(line, outcome, 7)
    assert breaker(line, outcome).state == "closed"

    fail(line, outcome, 1, "last words")

    opened = breaker(line, outcome)
    assert (opened.state, opened.message) == ("open", "last words")
    assert opened.since == datetime.fromtimestamp(clock.now, UTC)
    assert opened.until == datetime.fromtimestamp(clock.now + 5, UTC)
    assert [each.state for each in line.snapshot()[0].breakers].count("open") == 1
    wait = told_to_wait(line, ask("next"))
    assert wait.reason == "breaker"
    assert wait.seconds == pytest.approx(5.0)


def test_an_answer_between_them_begins_the_count_anew(limits):
    line = limits(allowing())
    fail(line, Outcome.OVERLOADED, 7)
    line.settle(granted(line, ask("well")), answered())

    fail(line, Outcome.OVERLOADED, 7)

    assert breaker(line, "overloaded").state == "closed"


@pytest.mark.parametrize(("within_s", "state"), [(29.0, "open"), (31.0, "closed")])
def test_half_of_twenty_calls_within_a_window_open_it(limits, clock, within_s, state):
    line = limits(allowing())
    for number in range(10):
        line.settle(granted(line, ask(f"well-{number}")), answered())
    for _ in range(4):
        fail(line, Outcome.OVERLOADED, 1)
    clock.advance(within_s)
    line.settle(granted(line, ask("well")), answered())

    fail(line, Outcome.OVERLOADED, 7)

    assert breaker(line, "overloaded").state == state


def test_429_and_rejected_requests_open_nothing(limits, clock):
    line = limits(allowing())
    for number in range(30):
        outcome = Outcome.REJECTED if number % 2 else Outcome.RATE_LIMITED
        line.settle(granted(line, ask(f"job-{number}")), failed(outcome, retry_after_s=0.0))
        clock.advance(0.1)

    assert {each.state for each in line.snapshot()[0].breakers} == {"closed"}


def test_a_stopped_line_opens_at_once_and_is_probed_once_a_minute(limits, clock):
    line = limits(allowing())
    fail(line, Outcome.STOPPED, 1, "The key is wrong.")

    for _ in range(3):
        assert told_to_wait(line, ask("a")).seconds == pytest.approx(60.0)
        clock.advance(60.0)
        probe = granted(line, ask("a"))
        assert probe.is_probe is True
        line.settle(probe, failed(Outcome.STOPPED, "The key is wrong."))

    assert breaker(line, "stopped").state == "open"


def test_there_is_one_probe_and_its_success_closes_the_breaker(limits, clock):
    line = limits(allowing())
    fail(line, Outcome.OVERLOADED, 8)
    clock.advance(5.0)
    assert breaker(line, "overloaded").state == "half_open"

    probe = granted(line, ask("a"))
    assert told_to_wait(line, ask("b")).reason == "breaker"
    line.settle(probe, answered())

    assert breaker(line, "overloaded").state == "closed"
    assert granted(line, ask("b")).is_probe is False


def test_each_failed_probe_doubles_the_pause_up_to_two_minutes(limits, clock):
    line = limits(allowing())
    fail(line, Outcome.OVERLOADED, 8)
    pauses = []

    for _ in range(7):
        pauses.append(told_to_wait(line, ask("a")).seconds)
        clock.advance(pauses[-1])
        line.settle(granted(line, ask("a")), failed(Outcome.OVERLOADED))

    assert pauses == pytest.approx([5, 10, 20, 40, 80, 120, 120])


def test_after_it_closed_the_first_pause_is_short_again(limits, clock):
    line = limits(allowing())
    fail(line, Outcome.OVERLOADED, 8)
    clock.advance(5.0)
    line.settle(granted(line, ask("a")), failed(Outcome.OVERLOADED))
    clock.advance(10.0)
    line.settle(granted(line, ask("a")), answered())

    fail(line, Outcome.OVERLOADED, 8)

    assert told_to_wait(line, ask("a")).seconds == pytest.approx(5.0)


def test_calls_from_before_it_opened_decide_nothing(limits, clock):
    line = limits(allowing())
    early = [granted(line, ask(f"early-{number}")) for number in range(2)]
    fail(line, Outcome.STOPPED, 1)
    clock.advance(1.0)

    line.settle(early[0], answered())
    line.settle(early[1], failed(Outcome.STOPPED))

    assert breaker(line, "stopped").state == "open"
    assert told_to_wait(line, ask("a")).seconds == pytest.approx(59.0)


def test_a_probe_that_was_never_made_leaves_its_turn_to_the_next(limits, clock):
    line = limits(allowing())
    fail(line, Outcome.STOPPED, 1)
    clock.advance(60.0)
    probe = granted(line, ask("a"))

    line.release(probe)

    assert granted(line, ask("b")).is_probe is True


def test_a_probe_whose_worker_died_leaves_its_turn_to_the_next(limits, clock):
    line = limits(allowing())
    fail(line, Outcome.STOPPED, 1)
    clock.advance(60.0)
    granted(line, ask("dead", timeout_s=30))
    clock.advance(29.9)
    told_to_wait(line, ask("b"))

    clock.advance(0.2)

    assert granted(line, ask("b")).is_probe is True


def test_a_probe_that_fails_of_something_else_closes_nothing(limits, clock):
    line = limits(allowing())
    fail(line, Outcome.STOPPED, 1, "The key is wrong.")
    clock.advance(60.0)

    line.settle(granted(line, ask("a")), failed(Outcome.UNREACHABLE, "No route."))

    assert breaker(line, "stopped").state == "open"
    assert breaker(line, "stopped").message == "The key is wrong."


def test_one_job_is_rung_for_to_be_the_probe(limits, clock):
    line = limits(allowing())
    fail(line, Outcome.STOPPED, 1)
    for number in range(5):
        told_to_wait(line, ask(f"job-{number}"))
    clock.advance(50.0)
    assert line.turns() == ()

    clock.advance(10.0)

    assert line.turns() == ("job-0",)


def test_models_do_not_share_a_breaker(limits):
    line = limits(allowing())
    grant = granted(line, ask("a", model="retired"))

    line.settle(grant, Ending(outcome=Outcome.STOPPED, usage=Usage(), message="Gone."))

    granted(line, ask("b", model="current"))
    told_to_wait(line, ask("c", model="retired"))
    assert [(model.model, model.is_open) for model in line.snapshot()] == [
        ("current", False),
        ("retired", True),
    ]


def test_those_who_wait_for_a_breaker_come_back_at_the_rate(limits):
    line = limits(allowing(requests=60))
    fail(line, Outcome.STOPPED, 1)

    waits = [told_to_wait(line, ask(f"job-{number}")).seconds for number in range(12)]

    assert waits == pytest.approx([60.0] * 10 + [61.0, 62.0])
