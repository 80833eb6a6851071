"""Token buckets: reservation, settlement and correction by headers."""

from __future__ import annotations

from dataclasses import replace

import pytest

from agents.llm.base import Usage
from agents.llm.limits.call_result import CallResult
from agents.llm.limits.types import CallStatus, Lane, RateLimitHeaders
from tests.llm.limits.helpers import (
    answered,
    failed,
    level_of,
    make_request,
    must_reserve,
    must_wait,
    settings_for,
)


def test_full_bucket_admits_a_burst_and_then_the_rate(make_limits, clock):
    limits = make_limits(settings_for(requests=60))

    for number in range(10):
        must_reserve(limits, make_request(f"job-{number}"))

    assert must_wait(limits, make_request("late")).seconds == pytest.approx(1.0)
    clock.advance(1.0)
    must_reserve(limits, make_request("late"))


def test_wait_is_the_rank_over_the_rate(make_limits):
    limits = make_limits(settings_for(requests=60))
    for number in range(10):
        must_reserve(limits, make_request(f"job-{number}"))

    waits = [must_wait(limits, make_request(f"late-{number}")).seconds for number in range(5)]

    assert waits == pytest.approx([1.0, 2.0, 3.0, 4.0, 5.0])


def test_job_that_returns_after_its_wait_is_admitted(make_limits, clock):
    limits = make_limits(settings_for(requests=60))
    for number in range(10):
        must_reserve(limits, make_request(f"job-{number}"))
    for number in range(4):
        must_wait(limits, make_request(f"late-{number}"))

    clock.advance(4.0)

    for number in (3, 1, 0, 2):
        must_reserve(limits, make_request(f"late-{number}"))


def test_place_in_the_queue_is_kept_from_later_jobs(make_limits, clock):
    limits = make_limits(settings_for(requests=60))
    for number in range(10):
        must_reserve(limits, make_request(f"job-{number}"))
    for number in range(2):
        must_wait(limits, make_request(f"late-{number}"))
    clock.advance(2.0)

    assert must_wait(limits, make_request("pushy")).seconds == pytest.approx(1.0)

    must_reserve(limits, make_request("late-1"))
    must_reserve(limits, make_request("late-0"))


def test_full_bucket_is_not_reserved_for_absent_jobs(make_limits, clock):
    limits = make_limits(settings_for(requests=60))
    for number in range(10):
        must_reserve(limits, make_request(f"job-{number}"))
    for number in range(20):
        must_wait(limits, make_request(f"late-{number}"))

    clock.advance(10.0)

    must_reserve(limits, make_request("present"))


def test_absent_job_loses_its_place_after_half_a_minute(make_limits, clock):
    limits = make_limits(settings_for(requests=6))
    must_reserve(limits, make_request("first"))
    assert must_wait(limits, make_request("gone")).seconds == pytest.approx(10.0)

    clock.advance(39.9)
    assert limits.snapshot()[0].waiting["interactive"] == 1
    clock.advance(0.2)

    assert limits.snapshot()[0].waiting["interactive"] == 0


@pytest.mark.parametrize(("bucket", "used"), [("input", (1200, 0)), ("output", (0, 1200))])
def test_excess_use_makes_the_level_negative(make_limits, bucket, used):
    limits = make_limits(settings_for(input_tokens=6000, output_tokens=6000))
    reservation = must_reserve(limits, make_request(input_tokens=900, output_tokens=900))
    assert level_of(limits, bucket) == pytest.approx(100)

    limits.settle(reservation, answered(input_tokens=used[0], output_tokens=used[1]))

    assert level_of(limits, bucket) == pytest.approx(-200)
    assert must_wait(limits, make_request("next", input_tokens=100, output_tokens=100)).reason == bucket


def test_unused_tokens_are_given_back_once(make_limits):
    limits = make_limits(settings_for(input_tokens=6000))
    first = must_reserve(limits, make_request("a", input_tokens=400))
    must_reserve(limits, make_request("b", input_tokens=400))

    assert limits.settle(first, answered(input_tokens=100)) is True
    assert limits.settle(first, answered(input_tokens=100)) is False

    assert level_of(limits, "input") == pytest.approx(500)


def test_cache_reads_are_free_and_cache_writes_count(make_limits):
    limits = make_limits(settings_for(input_tokens=6000))
    reservation = must_reserve(limits, make_request(input_tokens=500))
    usage = Usage(input_tokens=100, cache_read_tokens=5000, cache_write_tokens=250)

    limits.settle(reservation, CallResult(status=CallStatus.ANSWERED, usage=usage))

    assert level_of(limits, "input") == pytest.approx(650)


def test_call_of_unknown_use_keeps_its_estimate(make_limits):
    limits = make_limits(settings_for(input_tokens=6000))
    reservation = must_reserve(limits, make_request(input_tokens=400))

    limits.settle(reservation, CallResult(status=CallStatus.UNREACHABLE))

    assert level_of(limits, "input") == pytest.approx(600)


def test_released_call_gives_everything_back(make_limits):
    limits = make_limits(settings_for(requests=60, input_tokens=6000))
    reservation = must_reserve(limits, make_request(input_tokens=400))

    assert limits.release(reservation) is True

    assert (level_of(limits, "requests"), level_of(limits, "input")) == pytest.approx((10, 1000))
    assert limits.snapshot()[0].in_flight == 0
    assert limits.release(reservation) is False
    assert limits.settle(reservation, answered()) is False


def test_request_larger_than_a_bucket_is_admitted_when_it_is_full(make_limits, clock):
    limits = make_limits(settings_for(output_tokens=600))

    must_reserve(limits, make_request("large", output_tokens=500))

    assert level_of(limits, "output") == pytest.approx(-400)
    assert must_wait(limits, make_request("next", output_tokens=50)).seconds == pytest.approx(45)


def call(limits, **headers):
    limits.settle(must_reserve(limits, make_request()), answered(**headers))


def test_lower_and_higher_limits_are_learned(make_limits):
    limits = make_limits(settings_for(requests=60))

    call(limits, requests=RateLimitHeaders(limit=30))
    assert (limits.snapshot()[0].buckets[0].limit, level_of(limits)) == pytest.approx((30, 5))
    call(limits, requests=RateLimitHeaders(limit=1200))

    assert (limits.snapshot()[0].buckets[0].limit, level_of(limits)) == pytest.approx((1200, 4))


def test_remaining_header_lowers_the_level_and_never_raises_it(make_limits):
    limits = make_limits(settings_for(requests=60))

    call(limits, requests=RateLimitHeaders(remaining=50))
    assert level_of(limits) == pytest.approx(9)
    call(limits, requests=RateLimitHeaders(remaining=3))

    assert level_of(limits) == pytest.approx(3)


def test_remaining_header_is_corrected_for_its_age(make_limits, clock):
    limits = make_limits(settings_for(requests=600))
    first = must_reserve(limits, make_request("first"))
    clock.advance(4.0)
    for number in range(15):
        must_reserve(limits, make_request(f"later-{number}"))

    limits.settle(first, answered(requests=RateLimitHeaders(remaining=30)))

    # 30 remained; 40 were refilled since, and 15 taken.
    assert level_of(limits) == pytest.approx(55)


def test_unused_tokens_are_not_added_to_a_remaining_header(make_limits, clock):
    limits = make_limits(settings_for(input_tokens=6000))
    reservation = must_reserve(limits, make_request(input_tokens=400))
    clock.advance(1.0)

    limits.settle(reservation, answered(input_tokens=100, input=RateLimitHeaders(remaining=200)))

    # 200 remained, and 100 were refilled since.
    assert level_of(limits, "input") == pytest.approx(300)


def test_share_applies_to_learned_limits_too(make_limits):
    limits = make_limits(replace(settings_for(requests=60, input_tokens=6000, output_tokens=600), share=0.5))
    call(limits)
    assert [bucket.limit for bucket in limits.snapshot()[0].buckets] == pytest.approx([30, 3000, 300])

    call(limits, output=RateLimitHeaders(limit=6000))

    assert [bucket.limit for bucket in limits.snapshot()[0].buckets] == pytest.approx([30, 3000, 3000])


def test_shorter_retry_after_does_not_shorten_an_earlier_one(make_limits):
    limits = make_limits(settings_for(requests=600))
    reservations = [must_reserve(limits, make_request(f"job-{number}")) for number in range(2)]

    limits.settle(reservations[0], failed(CallStatus.RATE_LIMITED, retry_after_s=7.0))
    limits.settle(reservations[1], failed(CallStatus.RATE_LIMITED, retry_after_s=1.0))

    assert must_wait(limits, make_request("other")).seconds == pytest.approx(7.0)


def test_429_closes_the_model_for_its_retry_after(make_limits, clock):
    limits = make_limits(settings_for(requests=600))
    reservation = must_reserve(limits, make_request("first"))

    limits.settle(reservation, failed(CallStatus.RATE_LIMITED, retry_after_s=7.0))

    wait = must_wait(limits, make_request("other"))
    assert wait.reason == "closed"
    assert wait.seconds == pytest.approx(7.0)
    clock.advance(6.9)
    must_wait(limits, make_request("other"))
    clock.advance(0.1)
    must_reserve(limits, make_request("other"))


def test_retry_after_is_capped_at_a_quarter_of_an_hour(make_limits, clock):
    limits = make_limits(settings_for(requests=600))
    reservation = must_reserve(limits, make_request("first"))

    limits.settle(reservation, failed(CallStatus.RATE_LIMITED, retry_after_s=365 * 86400.0))

    clock.advance(899.9)
    assert must_wait(limits, make_request("other")).reason == "closed"
    clock.advance(0.1)
    must_reserve(limits, make_request("other"))


def test_clock_set_back_an_hour_does_not_stop_calls_for_an_hour(make_limits, clock):
    limits = make_limits(settings_for(requests=6))
    limits.settle(
        must_reserve(limits, make_request("first")), failed(CallStatus.RATE_LIMITED, retry_after_s=800.0)
    )

    clock.advance(-3600)

    assert must_wait(limits, make_request("other")).reason == "closed"
    clock.advance(900)
    must_reserve(limits, make_request("other"))
    must_wait(limits, make_request("third"))
    clock.advance(10)
    must_reserve(limits, make_request("third"))


def test_jobs_behind_a_closed_model_return_at_the_rate(make_limits):
    limits = make_limits(settings_for(requests=60))
    reservations = [must_reserve(limits, make_request(f"job-{number}")) for number in range(10)]
    limits.settle(reservations[0], failed(CallStatus.RATE_LIMITED, retry_after_s=3.0))

    waits = [must_wait(limits, make_request(f"late-{number}")).seconds for number in range(6)]

    assert waits == pytest.approx([3.0, 3.0, 3.0, 4.0, 5.0, 6.0])


def test_429_without_headers_pauses_and_empties_the_bucket(make_limits):
    limits = make_limits(settings_for(requests=600))
    reservation = must_reserve(limits, make_request("first"))

    limits.settle(reservation, failed(CallStatus.RATE_LIMITED))

    assert level_of(limits) == 0
    assert must_wait(limits, make_request("other")).seconds == pytest.approx(2.0)


def test_last_tenth_of_a_bucket_is_for_interactive_jobs(make_limits):
    limits = make_limits(settings_for(requests=60))
    for number in range(9):
        must_reserve(limits, make_request(f"job-{number}", lane=Lane.SCHEDULED))

    assert must_wait(limits, make_request("scheduled", lane=Lane.SCHEDULED)).seconds == pytest.approx(1.0)
    must_reserve(limits, make_request("interactive"))
