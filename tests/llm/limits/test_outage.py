"""Behaviour while Redis is away and after it came back, with a real server that is stopped."""

from __future__ import annotations

from dataclasses import replace

import pytest
import redis
from redis.backoff import NoBackoff
from redis.retry import Retry
from structlog.testing import capture_logs

from agents.llm.anthropic.client import AnthropicClient
from agents.llm.limits.admission import Patience, admit
from agents.llm.limits.client import LimitedClient
from agents.llm.limits.config import Allowance, LimitSettings
from agents.llm.limits.kinds import Grant, Wait
from agents.llm.limits.outage import Outage
from agents.llm.limits.prefixes import Leader, Prefixes, Warm
from agents.llm.limits.redis_limits import RedisLimits
from dev.standin import KEY, StandIn, status
from tests.llm.limits.asking import allowing, answered, ask, clocked_scripts, granted, told_to_wait
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
    assert granted(limits, ask("shared")).is_shared is True
    broker.go_away()

    with capture_logs() as logs:
        grants = [granted(limits, ask(f"job-{number}")) for number in range(3)]
        wait = told_to_wait(limits, ask("late"))

    assert {grant.is_shared for grant in grants} == {False}
    assert wait == Wait(1.0, "in_flight")
    assert [entry["event"] for entry in logs] == ["shared_limits_away"]
    assert (limits.snapshot(), limits.turns()) == ([], ())


def test_settled_and_released_slots_are_free_again(limits, broker):
    broker.go_away()
    settled, released, _ = [granted(limits, ask(f"job-{number}")) for number in range(3)]

    assert limits.settle(settled, answered()) is True
    assert limits.release(released) is True

    granted(limits, ask("fourth"))
    granted(limits, ask("fifth"))
    told_to_wait(limits, ask("sixth"))


def test_redis_is_used_again_after_it_came_back(limits, broker, outage_clock):
    broker.go_away()
    unshared = granted(limits, ask("during"))
    broker.ensure_running()
    assert granted(limits, ask("still away")).is_shared is False

    outage_clock.now += 5.0

    assert granted(limits, ask("after")).is_shared is True
    assert limits.settle(unshared, answered()) is True
    assert limits.snapshot()[0].in_flight == 1


def test_shared_reservation_is_not_settled_while_redis_is_away(limits, broker):
    grant = granted(limits, ask("before"))
    broker.go_away()

    assert limits.settle(grant, answered()) is False
    assert limits.release(grant) is False


def test_no_call_waits_for_the_prompt_cache_without_redis(client, outage, broker):
    prefixes = Prefixes(client, outage=outage)
    assert prefixes.lead("bible", "elsewhere", 20.0) == Leader()
    broker.go_away()

    assert prefixes.lead("bible", "here", 20.0) == Warm()
    prefixes.warmed("bible", "here")
    prefixes.abandon("bible", "here")


@pytest.fixture
def server():
    with StandIn(answer=quiet_word) as server:
        yield server


@pytest.fixture
def limited_client(client, outage, limits, server):
    limited = LimitedClient(AnthropicClient(KEY, base_url=server.url), limits, Prefixes(client))
    yield limited
    limited.close()


def test_sdk_repeats_a_refused_call_without_redis(limited_client, server, broker):
    broker.go_away()
    server.next(status(429, retry_after="0.1"))

    reply = limited_client.complete(replace(REQUEST, job="job"))

    assert reply.stop_reason == "end_turn"
    assert [call.status for call in server.log.messages] == [429, 200]


def test_worker_sleeps_two_seconds_in_all_before_it_gives_up(redis_client, clock):
    limits = RedisLimits(redis_client, allowing(requests=60), scripts=clocked_scripts(redis_client))
    slept = []

    def sleep(seconds):
        slept.append(seconds)
        clock.advance(seconds)
        # A more urgent job takes the request.
        limits.reserve(ask(f"urgent-{len(slept)}"))

    for number in range(10):
        granted(limits, ask(f"job-{number}"))

    assert isinstance(admit(limits, ask("first"), Patience(sleep=sleep)), Grant)
    assert slept == pytest.approx([1.0])
    for number in range(3):
        limits.reserve(ask(f"more-{number}"))

    answer = admit(limits, ask("late"), Patience(sleep=sleep))

    assert isinstance(answer, Wait)
    assert answer.seconds > 2.0
    assert sum(slept) <= 2.0
