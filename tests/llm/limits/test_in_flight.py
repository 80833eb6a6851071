"""How many calls at a time: the bound, what lowers and raises it, and the grants of the dead."""

from __future__ import annotations

from dataclasses import replace

import pytest

from agents.llm.limits.kinds import Lane, Outcome
from tests.llm.limits.asking import allowing, answered, ask, failed, granted, told_to_wait


def at_most(count):
    return replace(allowing(), max_in_flight=count)


def cap(line):
    return line.snapshot()[0].cap


def test_no_more_than_the_bound_are_in_flight(limits):
    line = limits(at_most(3))
    grants = [granted(line, ask(f"job-{number}")) for number in range(3)]

    assert told_to_wait(line, ask("late")).reason == "in_flight"
    line.settle(grants[0], answered())

    granted(line, ask("late"))
    assert line.snapshot()[0].in_flight == 3


def test_the_grant_of_a_dead_worker_ends_with_its_wall_clock(limits, clock):
    line = limits(at_most(1))
    grant = granted(line, ask("dead", timeout_s=20))
    clock.advance(19.9)
    told_to_wait(line, ask("next"))

    clock.advance(0.2)

    granted(line, ask("next"))
    assert line.settle(grant, answered()) is False


@pytest.mark.parametrize("outcome", [Outcome.RATE_LIMITED, Outcome.OVERLOADED])
def test_the_bound_is_halved_once_for_calls_that_were_on_their_way_together(limits, clock, outcome):
    line = limits(at_most(40))
    clock.advance(1.0)
    grants = [granted(line, ask(f"job-{number}")) for number in range(4)]
    clock.advance(2.0)

    for grant in grants[:3]:
        line.settle(grant, failed(outcome, retry_after_s=0.0))
    assert cap(line) == 20
    clock.advance(2.0)
    line.settle(grants[3], failed(outcome, retry_after_s=0.0))

    assert cap(line) == 20


def test_the_bound_is_never_below_one(limits, clock):
    line = limits(at_most(5))

    for number in range(5):
        grant = granted(line, ask(f"job-{number}"))
        clock.advance(1.5)
        line.settle(grant, failed(Outcome.OVERLOADED))

    assert cap(line) == 1
    granted(line, ask("next"))


def test_the_bound_creeps_up_by_one_for_as_many_answers_and_no_further_than_allowed(limits, clock):
    line = limits(at_most(10))
    grant = granted(line, ask("refused"))
    clock.advance(1.0)
    line.settle(grant, failed(Outcome.OVERLOADED))
    assert cap(line) == 5

    for number in range(6):
        line.settle(granted(line, ask(f"job-{number}")), answered())
    assert cap(line) == 6
    for number in range(60):
        line.settle(granted(line, ask(f"more-{number}")), answered())

    assert cap(line) == 10


def test_interactive_jobs_have_the_last_places_for_themselves(limits):
    line = limits(at_most(10))
    for number in range(9):
        granted(line, ask(f"job-{number}", lane=Lane.SCHEDULED))

    told_to_wait(line, ask("scheduled", lane=Lane.SCHEDULED))

    granted(line, ask("interactive"))


def test_a_free_place_is_for_the_first_at_the_door(limits, clock):
    line = limits(replace(at_most(1), call_s=1.0))
    grant = granted(line, ask("first"))
    told_to_wait(line, ask("second"))
    told_to_wait(line, ask("third"))

    line.settle(grant, answered())

    assert told_to_wait(line, ask("third")).reason == "in_flight"
    granted(line, ask("second"))


def test_a_free_place_is_not_kept_for_who_was_sent_away(limits, clock):
    line = limits(replace(at_most(1), call_s=10.0))
    grant = granted(line, ask("first"))
    assert told_to_wait(line, ask("sent away")).seconds == pytest.approx(10.0)

    line.settle(grant, answered())

    granted(line, ask("present"))


def test_only_who_could_go_is_rung_for_and_once_in_five_seconds(limits, clock):
    line = limits(replace(at_most(4), call_s=10.0))
    grants = [granted(line, ask(f"job-{number}", timeout_s=900)) for number in range(4)]
    for number in range(5):
        told_to_wait(line, ask(f"late-{number}"))
    assert line.turns() == ()

    for grant in grants[:2]:
        line.settle(grant, answered())

    assert line.turns() == ("late-0", "late-1")
    assert line.turns() == ()
    clock.advance(5.0)
    assert line.turns() == ("late-0", "late-1")
    granted(line, ask("late-0"))


def test_the_wait_for_a_place_is_the_rank_times_what_calls_take(limits, clock):
    line = limits(replace(at_most(1), call_s=10.0))
    for number in range(30):
        grant = granted(line, ask(f"job-{number}"))
        clock.advance(4.0)
        line.settle(grant, answered())
    granted(line, ask("busy"))

    waits = [told_to_wait(line, ask(f"late-{number}")).seconds for number in range(3)]

    # The first guess of ten seconds counts for 0.9 ** 30 of what is thought now.
    assert waits == pytest.approx([4.254, 8.509, 12.763], abs=0.001)


def test_who_was_rung_for_in_vain_is_rung_for_again(limits):
    line = limits(replace(at_most(1), call_s=10.0))
    grant = granted(line, ask("first"))
    told_to_wait(line, ask("late"))
    line.settle(grant, answered())
    assert line.turns() == ("late",)

    grant = granted(line, ask("quicker"))
    told_to_wait(line, ask("late"))
    line.settle(grant, answered())

    assert line.turns() == ("late",)


def test_who_sleeps_at_the_door_is_not_rung_for(limits, clock):
    line = limits(allowing(requests=60))
    for number in range(10):
        granted(line, ask(f"job-{number}"))
    assert [told_to_wait(line, ask(name)).seconds for name in "abc"] == pytest.approx([1.0, 2.0, 3.0])

    clock.advance(1.9)

    assert line.turns(within_s=1.1) == ("c",)
