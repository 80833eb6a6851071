"""Four real processes, eight threads each, one Redis."""

from __future__ import annotations

import multiprocessing
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures.process import ProcessPoolExecutor
from typing import Any

import pytest
import redis

from agents.llm.limits.kinds import Grant, Outcome
from agents.llm.limits.redis_limits import RedisLimits
from agents.llm.limits.scripts import Scripts
from dev.standin import StandIn
from tests.llm.limits.asking import allowing, answered, ask, failed
from tests.llm.limits.hammer import THREADS, Work, hammer, read_the_bible

PROCESSES = 4


@pytest.fixture(scope="module")
def processes():
    with ProcessPoolExecutor(PROCESSES, mp_context=multiprocessing.get_context("spawn")) as pool:
        yield pool


def test_together_they_use_the_rate_and_not_more(processes, broker, redis_client):
    work = Work(broker.url, PROCESSES, 3.0, 6000, max_in_flight=1000, call_s=0.02)

    calls = sum(processes.map(hammer, range(PROCESSES), [work] * PROCESSES))

    # A hundred a second for three seconds, and a full bucket of a hundred to begin with.
    assert 0.9 * 400 <= calls <= 400 + 100 * 0.1
    (state,) = RedisLimits(redis_client, allowing()).snapshot()
    assert state.in_flight == 0


def test_together_they_have_no_more_in_flight_than_allowed(processes, broker, redis_client):
    work = Work(broker.url, PROCESSES, 2.0, 1_000_000, max_in_flight=10, call_s=0.05)

    calls = sum(processes.map(hammer, range(PROCESSES), [work] * PROCESSES))

    assert calls >= 50
    assert redis_client.zscore("peak", "peak") == 10


def test_together_they_write_a_cold_world_once_and_read_it_otherwise(processes, broker):
    with StandIn() as server:
        server.latency(first_byte_s=0.3)
        each = processes.map(read_the_bible, range(2), [broker.url] * 2, [server.url] * 2, [2] * 2)
        used = [usage for of_one in each for usage in of_one]

    readers = 2 * THREADS - 1
    assert sorted(usage.cache_write_tokens for usage in used) == [0] * readers + [4028]
    assert server.log.tokens.cache_read == readers * 4028


def test_of_a_hundred_threads_one_is_the_probe(redis_client: redis.Redis):
    limits = RedisLimits(redis_client, allowing())
    grant = limits.reserve(ask("first"))
    assert isinstance(grant, Grant)
    limits.settle(grant, failed(Outcome.STOPPED, "The key is wrong."))
    # The pause is over.
    redis_client.hset("{limits}:claude-test:breakers", "stopped.until", 1.0)

    with ThreadPoolExecutor(100) as threads:
        answers = list(threads.map(lambda number: limits.reserve(ask(f"job-{number}")), range(100)))

    (probe,) = [answer for answer in answers if isinstance(answer, Grant)]
    assert probe.is_probe is True
    limits.settle(probe, answered())
    after = limits.reserve(ask("after"))
    assert isinstance(after, Grant)
    assert after.is_probe is False


def test_a_question_that_a_client_repeats_is_answered_once(redis_client: redis.Redis):
    class Repeating(Scripts):
        def run(self, *asked: Any) -> Any:
            super().run(*asked)
            return super().run(*asked)

    limits = RedisLimits(redis_client, allowing(requests=60), scripts=Repeating(redis_client))

    assert isinstance(limits.reserve(ask("job")), Grant)

    (state,) = RedisLimits(redis_client, allowing(requests=60)).snapshot()
    assert state.in_flight == 1
    assert state.buckets[0].left == pytest.approx(9, abs=0.5)
    assert state.waiting["interactive"] == 0


def test_universes_that_are_done_are_not_remembered(redis_client: redis.Redis):
    limits = RedisLimits(redis_client, allowing())

    for number in range(20):
        assert isinstance(limits.reserve(ask(f"job-{number}", universe=f"universe-{number}")), Grant)

    assert redis_client.exists("{limits}:claude-test:tags:1") == 0


def test_all_keys_end_by_themselves(redis_client: redis.Redis):
    limits = RedisLimits(redis_client, allowing(requests=60))
    for number in range(12):
        limits.reserve(ask(f"job-{number}"))
    grant = limits.reserve(ask("other", model="other"))
    assert isinstance(grant, Grant)
    limits.settle(grant, failed(Outcome.STOPPED, "The key is wrong."))
    limits.turns(10.0)

    keys = list(redis_client.scan_iter("{limits}:*"))

    assert len(keys) >= 10
    assert {key: redis_client.ttl(key) for key in keys if not 0 < redis_client.ttl(key) <= 86400} == {}
