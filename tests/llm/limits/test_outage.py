"""Behaviour while Redis is away and after it came back, with a real server that is stopped."""

from __future__ import annotations

from dataclasses import replace

import pytest
import redis
from redis.backoff import NoBackoff
from redis.retry import Retry
from structlog.testing import capture_logs

from agents.llm.anthropic.client import AnthropicClient
from agents.llm.limits.client import LimitedClient
from agents.llm.limits.config import Allowance, LimitSettings
from agents.llm.limits.outage import Outage
from agents.llm.limits.prompt_cache import CacheRole, PromptCache
from agents.llm.limits.redis_limits import RedisLimits
from agents.llm.limits.sleep_budget import SleepBudget
from agents.llm.limits.types import Reservation, Wait
from dev.standin import KEY, StandIn, status
from tests.llm.limits.helpers import (
    answered,
    clocked_scripts,
    make_request,
    must_reserve,
    must_wait,
    settings_for,
)
from tests.llm.requests import REQUEST, quiet_word

ALLOWED = Allowance(requests=240, input_tokens=1e6, output_tokens=1e6)


class ManualClock:
    def __init__(self):
        self.now = 0.0

    def __call__(self):
        return self.now


@pytest.fixture
def client(broker):
    with redis.Redis.from_url(broker.url, socket_timeout=1, retry=Retry(NoBackoff(), 0)) as client:
        yield client


@pytest.fixture
def outage_clock():
    return ManualClock()


@pytest.fixture
def outage(outage_clock):
    return Outage(clock=outage_clock)


@pytest.fixture
def limits(client, outage):
    return RedisLimits(client, LimitSettings(default=ALLOWED, unshared_in_flight=3), outage=outage)


def test_bounded_number_of_calls_goes_on_without_redis(limits, broker):
    assert must_reserve(limits, make_request("shared")).is_shared is True
    broker.go_away()

    with capture_logs() as logs:
        reservations = [must_reserve(limits, make_request(f"job-{number}")) for number in range(3)]
        wait = must_wait(limits, make_request("late"))

    assert {reservation.is_shared for reservation in reservations} == {False}
    assert wait == Wait(1.0, "in_flight")
    assert [entry["event"] for entry in logs] == ["shared_limits_away"]
    assert (limits.snapshot(), limits.ready_jobs()) == ([], ())


def test_settled_and_released_slots_are_free_again(limits, broker):
    broker.go_away()
    settled, released, _ = [must_reserve(limits, make_request(f"job-{number}")) for number in range(3)]

    assert limits.settle(settled, answered()) is True
    assert limits.release(released) is True

    must_reserve(limits, make_request("fourth"))
    must_reserve(limits, make_request("fifth"))
    must_wait(limits, make_request("sixth"))


def test_redis_is_used_again_after_it_came_back(limits, broker, outage_clock):
    broker.go_away()
    unshared = must_reserve(limits, make_request("during"))
    broker.ensure_running()
    assert must_reserve(limits, make_request("still away")).is_shared is False

    outage_clock.now += 5.0

    assert must_reserve(limits, make_request("after")).is_shared is True
    assert limits.settle(unshared, answered()) is True
    assert limits.snapshot()[0].in_flight == 1


def test_shared_reservation_is_not_settled_while_redis_is_away(limits, broker):
    reservation = must_reserve(limits, make_request("before"))
    broker.go_away()

    assert limits.settle(reservation, answered()) is False
    assert limits.release(reservation) is False


def test_no_call_waits_for_the_prompt_cache_without_redis(client, outage, broker):
    cache = PromptCache(client, outage=outage)
    assert cache.claim("prefix", "elsewhere", 20.0) == CacheRole.WRITER
    broker.go_away()

    assert cache.claim("prefix", "here", 20.0) == CacheRole.READER
    cache.mark_warm("prefix", "here")
    cache.abandon("prefix", "here")


@pytest.fixture
def server():
    with StandIn(answer=quiet_word) as server:
        yield server


@pytest.fixture
def limited_client(client, outage, limits, server):
    limited = LimitedClient(AnthropicClient(KEY, base_url=server.url), limits, PromptCache(client))
    yield limited
    limited.close()


def test_sdk_repeats_a_refused_call_without_redis(limited_client, server, broker):
    broker.go_away()
    server.next(status(429, retry_after="0.1"))

    reply = limited_client.complete(replace(REQUEST, job="job"))

    assert reply.stop_reason == "end_turn"
    assert [call.status for call in server.log.messages] == [429, 200]


def test_worker_sleeps_two_seconds_in_all_before_it_gives_up(redis_client, clock):
    limits = RedisLimits(redis_client, settings_for(requests=60), scripts=clocked_scripts(redis_client))
    slept = []

    def sleep(seconds):
        slept.append(seconds)
        clock.advance(seconds)
        # A more urgent job takes the request.
        limits.reserve(make_request(f"urgent-{len(slept)}"))

    for number in range(10):
        must_reserve(limits, make_request(f"job-{number}"))

    first = make_request("first")
    assert isinstance(SleepBudget(sleep=sleep).retry(lambda: limits.reserve(first)), Reservation)
    assert slept == pytest.approx([1.0])
    for number in range(3):
        limits.reserve(make_request(f"more-{number}"))

    late = make_request("late")
    answer = SleepBudget(sleep=sleep).retry(lambda: limits.reserve(late))

    assert isinstance(answer, Wait)
    assert answer.seconds > 2.0
    assert sum(slept) <= 2.0
