"""Redis goes away and comes back: the work goes on, with this process's part of the limits."""

from __future__ import annotations

import pytest
import redis
from redis.backoff import NoBackoff
from redis.retry import Retry
from structlog.testing import capture_logs

from agents.llm.limits.admission import Patience, admit
from agents.llm.limits.config import Allowance, LimitSettings
from agents.llm.limits.fallback import FallbackLimits
from agents.llm.limits.kinds import Grant, Said, Wait
from agents.llm.limits.local import LocalLimits
from agents.llm.limits.outage import Outage
from agents.llm.limits.prefixes import FallbackPrefixes, Follower, Leader, LocalPrefixes, RedisPrefixes, Warm
from agents.llm.limits.shared import RedisLimits
from tests.llm.limits.asking import Clock, allowing, answered, ask, granted, told_to_wait
from tests.site.servers import Broker

ALLOWED = Allowance(requests=240, input_tokens=1e6, output_tokens=1e6)


@pytest.fixture
def quick_client(broker: Broker):
    with redis.Redis.from_url(broker.url, socket_timeout=1, retry=Retry(NoBackoff(), 0)) as client:
        yield client


@pytest.fixture
def outage_clock():
    return Clock()


@pytest.fixture
def limits(quick_client, outage_clock):
    return FallbackLimits(
        RedisLimits(quick_client, LimitSettings(default=ALLOWED)),
        LocalLimits(LimitSettings(default=ALLOWED, share=0.25), clock=Clock()),
        Outage(clock=outage_clock),
    )


def test_without_redis_a_process_keeps_to_its_share(limits, broker):
    assert granted(limits, ask("shared")).is_shared is True
    broker.go_away()

    with capture_logs() as logs:
        grants = [granted(limits, ask(f"job-{number}")) for number in range(10)]
        told_to_wait(limits, ask("late"))

    assert {grant.is_shared for grant in grants} == {False}
    assert [entry["event"] for entry in logs] == ["shared_limits_away"]
    assert limits.snapshot()[0].is_shared is False


def test_redis_is_used_again_soon_after_it_came_back(limits, broker, outage_clock):
    broker.go_away()
    local = granted(limits, ask("during"))
    broker.ensure_running()
    assert granted(limits, ask("still away")).is_shared is False

    outage_clock.advance(5.0)

    assert granted(limits, ask("after")).is_shared is True
    assert limits.settle(local, answered()) is True


def test_a_shared_grant_that_cannot_be_settled_ends_with_its_time(limits, broker):
    grant = granted(limits, ask("before"))
    broker.go_away()

    assert limits.settle(grant, answered()) is False
    assert limits.release(grant) is False


def test_limits_that_were_learned_hold_without_redis_too(limits, broker):
    grant = granted(limits, ask("before"))
    limits.settle(grant, answered(requests=Said(limit=2400, remaining=1)))
    broker.go_away()

    (state,) = limits.snapshot()

    assert state.buckets[0].limit == pytest.approx(600)
    assert state.buckets[0].left == pytest.approx(10)


def test_without_redis_each_process_warms_for_itself(quick_client, broker):
    prefixes = FallbackPrefixes(RedisPrefixes(quick_client), LocalPrefixes())
    assert prefixes.lead("bible", "elsewhere", 20.0) == Leader()
    broker.go_away()

    assert prefixes.lead("bible", "here", 20.0) == Leader()
    assert isinstance(prefixes.lead("bible", "also here", 20.0), Follower)
    prefixes.warmed("bible", "here")
    assert prefixes.lead("bible", "also here", 20.0) == Warm()
    prefixes.abandon("bible", "here")


def test_a_worker_sleeps_for_two_seconds_in_all_and_then_puts_the_job_back():
    clock = Clock()
    slept = []

    def sleep(seconds):
        slept.append(seconds)
        clock.advance(seconds)
        # Somebody more urgent takes what it waited for.
        line.reserve(ask(f"urgent-{len(slept)}"))

    line = LocalLimits(allowing(requests=60), clock=clock)
    for number in range(10):
        granted(line, ask(f"job-{number}"))

    assert isinstance(admit(line, ask("first"), Patience(sleep=sleep)), Grant)
    assert slept == pytest.approx([1.0])
    for number in range(3):
        line.reserve(ask(f"more-{number}"))

    answer = admit(line, ask("late"), Patience(sleep=sleep))

    assert isinstance(answer, Wait)
    assert answer.seconds > 2.0
    assert sum(slept) <= 2.0
