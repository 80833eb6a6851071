"""Token buckets: what is reserved, what is given back, and what the other side's headers change."""

from __future__ import annotations

from dataclasses import replace

import pytest

from agents.llm.base import Usage
from agents.llm.limits.kinds import Ending, Lane, Outcome, Said
from tests.llm.limits.asking import MODEL, allowing, answered, ask, failed, granted, left, told_to_wait


def test_a_full_bucket_gives_its_burst_and_then_the_rate(limits, clock):
    line = limits(allowing(requests=60))

    for number in range(10):
        granted(line, ask(f"job-{number}"))

    assert told_to_wait(line, ask("late")).seconds == pytest.approx(1.0)
    clock.advance(1.0)
    granted(line, ask("late"))


def test_the_wait_is_the_rank_over_the_rate(limits):
    line = limits(allowing(requests=60))
    for number in range(10):
        granted(line, ask(f"job-{number}"))

    waits = [told_to_wait(line, ask(f"late-{number}")).seconds for number in range(5)]

    assert waits == pytest.approx([1.0, 2.0, 3.0, 4.0, 5.0])


def test_who_comes_back_when_told_goes_on(limits, clock):
    line = limits(allowing(requests=60))
    for number in range(10):
        granted(line, ask(f"job-{number}"))
    for number in range(4):
        told_to_wait(line, ask(f"late-{number}"))

    clock.advance(4.0)

    for number in (3, 1, 0, 2):
        granted(line, ask(f"late-{number}"))


def test_a_place_is_kept_from_who_comes_later(limits, clock):
    line = limits(allowing(requests=60))
    for number in range(10):
        granted(line, ask(f"job-{number}"))
    for number in range(2):
        told_to_wait(line, ask(f"late-{number}"))
    clock.advance(2.0)

    assert told_to_wait(line, ask("pushy")).seconds == pytest.approx(1.0)

    granted(line, ask("late-1"))
    granted(line, ask("late-0"))


def test_a_full_bucket_is_not_kept_for_who_is_away(limits, clock):
    line = limits(allowing(requests=60))
    for number in range(10):
        granted(line, ask(f"job-{number}"))
    for number in range(20):
        told_to_wait(line, ask(f"late-{number}"))

    clock.advance(10.0)

    granted(line, ask("present"))


def test_who_is_not_seen_for_half_a_minute_loses_its_place(limits, clock):
    line = limits(allowing(requests=6))
    granted(line, ask("first"))
    assert told_to_wait(line, ask("gone")).seconds == pytest.approx(10.0)

    clock.advance(39.9)
    assert line.snapshot()[0].waiting["interactive"] == 1
    clock.advance(0.2)

    assert line.snapshot()[0].waiting["interactive"] == 0


def test_a_forgotten_job_is_not_waited_for(limits):
    line = limits(allowing(requests=60))
    for number in range(10):
        granted(line, ask(f"job-{number}"))
    told_to_wait(line, ask("cancelled"))

    line.forget(MODEL, "cancelled")

    assert told_to_wait(line, ask("next")).seconds == pytest.approx(1.0)


@pytest.mark.parametrize(("bucket", "used"), [("input", (1200, 0)), ("output", (0, 1200))])
def test_more_use_than_reserved_is_taken_and_a_bucket_may_owe(limits, bucket, used):
    line = limits(allowing(input_tokens=6000, output_tokens=6000))
    grant = granted(line, ask(input_tokens=900, output_tokens=900))
    assert left(line, bucket) == pytest.approx(100)

    line.settle(grant, answered(input_tokens=used[0], output_tokens=used[1]))

    assert left(line, bucket) == pytest.approx(-200)
    assert told_to_wait(line, ask("next", input_tokens=100, output_tokens=100)).reason == bucket


def test_what_was_not_used_is_given_back_once(limits):
    line = limits(allowing(input_tokens=6000))
    first = granted(line, ask("a", input_tokens=400))
    granted(line, ask("b", input_tokens=400))

    assert line.settle(first, answered(input_tokens=100)) is True
    assert line.settle(first, answered(input_tokens=100)) is False

    assert left(line, "input") == pytest.approx(500)


def test_reading_the_prompt_cache_is_free_and_writing_it_is_not(limits):
    line = limits(allowing(input_tokens=6000))
    grant = granted(line, ask(input_tokens=500))
    usage = Usage(input_tokens=100, cache_read_tokens=5000, cache_write_tokens=250)

    line.settle(grant, Ending(outcome=Outcome.ANSWERED, usage=usage))

    assert left(line, "input") == pytest.approx(650)


def test_a_call_of_unknown_use_keeps_what_it_reserved(limits):
    line = limits(allowing(input_tokens=6000))
    grant = granted(line, ask(input_tokens=400))

    line.settle(grant, Ending(outcome=Outcome.UNREACHABLE))

    assert left(line, "input") == pytest.approx(600)


def test_a_call_that_never_left_gives_everything_back(limits):
    line = limits(allowing(requests=60, input_tokens=6000))
    grant = granted(line, ask(input_tokens=400))

    assert line.release(grant) is True

    assert (left(line, "requests"), left(line, "input")) == pytest.approx((10, 1000))
    assert line.snapshot()[0].in_flight == 0
    assert line.release(grant) is False
    assert line.settle(grant, answered()) is False


def test_a_request_larger_than_a_bucket_goes_when_it_is_full(limits, clock):
    line = limits(allowing(output_tokens=600))

    granted(line, ask("large", output_tokens=500))

    assert left(line, "output") == pytest.approx(-400)
    assert told_to_wait(line, ask("next", output_tokens=50)).seconds == pytest.approx(45)


def test_a_lower_and_a_higher_limit_are_learned(limits):
    line = limits(allowing(requests=60))

    line.correct(MODEL, {"requests": Said(limit=30)})
    assert (line.snapshot()[0].buckets[0].limit, left(line)) == pytest.approx((30, 5))
    line.correct(MODEL, {"requests": Said(limit=1200)})

    assert (line.snapshot()[0].buckets[0].limit, left(line)) == pytest.approx((1200, 5))


def test_the_other_sides_word_lowers_what_is_left_and_never_raises_it(limits):
    line = limits(allowing(requests=60))

    line.correct(MODEL, {"requests": Said(remaining=50)})
    assert left(line) == pytest.approx(10)
    line.correct(MODEL, {"requests": Said(remaining=3)})

    assert left(line) == pytest.approx(3)


def test_a_word_as_old_as_the_call_is_brought_up_to_date(limits, clock):
    line = limits(allowing(requests=600))
    first = granted(line, ask("first"))
    clock.advance(4.0)
    for number in range(15):
        granted(line, ask(f"later-{number}"))

    line.settle(first, answered(requests=Said(remaining=30)))

    # 30 were left; 40 came since, and 15 were taken.
    assert left(line) == pytest.approx(55)


def test_what_a_call_gives_back_is_not_added_to_the_other_sides_word(limits, clock):
    line = limits(allowing(input_tokens=6000))
    grant = granted(line, ask(input_tokens=400))
    clock.advance(1.0)

    line.settle(grant, answered(input_tokens=100, input=Said(remaining=200)))

    # 200 were left, and 100 came since.
    assert left(line, "input") == pytest.approx(300)


def test_a_share_is_of_every_limit_those_that_were_learned_included(limits):
    line = limits(replace(allowing(requests=60, input_tokens=6000, output_tokens=600), share=0.5))
    line.correct(MODEL, {})
    assert [bucket.limit for bucket in line.snapshot()[0].buckets] == pytest.approx([30, 3000, 300])

    line.correct(MODEL, {"output": Said(limit=6000)})

    assert [bucket.limit for bucket in line.snapshot()[0].buckets] == pytest.approx([30, 3000, 3000])


def test_a_shorter_time_that_is_named_later_opens_nothing(limits):
    line = limits(allowing(requests=600))
    grants = [granted(line, ask(f"job-{number}")) for number in range(2)]

    line.settle(grants[0], failed(Outcome.RATE_LIMITED, retry_after_s=7.0))
    line.settle(grants[1], failed(Outcome.RATE_LIMITED, retry_after_s=1.0))

    assert told_to_wait(line, ask("other")).seconds == pytest.approx(7.0)


def test_a_429_closes_the_line_for_everybody_until_its_time(limits, clock):
    line = limits(allowing(requests=600))
    grant = granted(line, ask("first"))

    line.settle(grant, failed(Outcome.RATE_LIMITED, retry_after_s=7.0))

    wait = told_to_wait(line, ask("other"))
    assert wait.reason == "closed"
    assert wait.seconds == pytest.approx(7.0)
    clock.advance(6.9)
    told_to_wait(line, ask("other"))
    clock.advance(0.1)
    granted(line, ask("other"))


def test_a_time_of_next_year_closes_the_line_for_a_quarter_of_an_hour(limits, clock):
    line = limits(allowing(requests=600))
    grant = granted(line, ask("first"))

    line.settle(grant, failed(Outcome.RATE_LIMITED, retry_after_s=365 * 86400.0))

    clock.advance(899.9)
    assert told_to_wait(line, ask("other")).reason == "closed"
    clock.advance(0.1)
    granted(line, ask("other"))


def test_a_clock_that_goes_back_an_hour_stops_nobody_for_an_hour(limits, clock):
    line = limits(allowing(requests=6))
    line.settle(granted(line, ask("first")), failed(Outcome.RATE_LIMITED, retry_after_s=800.0))

    clock.advance(-3600)

    assert told_to_wait(line, ask("other")).reason == "closed"
    clock.advance(900)
    granted(line, ask("other"))
    told_to_wait(line, ask("third"))
    clock.advance(10)
    granted(line, ask("third"))


def test_those_who_wait_for_a_closed_line_come_back_at_the_rate(limits):
    line = limits(allowing(requests=60))
    grants = [granted(line, ask(f"job-{number}")) for number in range(10)]
    line.settle(grants[0], failed(Outcome.RATE_LIMITED, retry_after_s=3.0))

    waits = [told_to_wait(line, ask(f"late-{number}")).seconds for number in range(6)]

    assert waits == pytest.approx([3.0, 3.0, 3.0, 4.0, 5.0, 6.0])


def test_a_429_without_a_word_closes_for_a_moment_and_empties_the_bucket(limits):
    line = limits(allowing(requests=600))
    grant = granted(line, ask("first"))

    line.settle(grant, failed(Outcome.RATE_LIMITED))

    assert left(line) == 0
    assert told_to_wait(line, ask("other")).seconds == pytest.approx(2.0)


def test_interactive_jobs_have_the_last_tenth_for_themselves(limits):
    line = limits(allowing(requests=60))
    for number in range(9):
        granted(line, ask(f"job-{number}", lane=Lane.SCHEDULED))

    assert told_to_wait(line, ask("scheduled", lane=Lane.SCHEDULED)).seconds == pytest.approx(1.0)
    granted(line, ask("interactive"))
