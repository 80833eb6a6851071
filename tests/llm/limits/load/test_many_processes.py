"""Limits shared by four real processes with eight threads each."""

from __future__ import annotations

import multiprocessing
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures.process import ProcessPoolExecutor
from typing import Any

import pytest
import redis

from agents.llm.limits.redis_limits import RedisLimits
from agents.llm.limits.scripts import Scripts
from agents.llm.limits.types import CallStatus, Reservation
from dev.standin import StandIn
from tests.llm.limits.helpers import answered, failed, make_request, settings_for
from tests.llm.limits.load.load_process import THREADS, Work, load, read_prefix

PROCESSES = 4


@pytest.fixture(scope="module")
def processes():
    with ProcessPoolExecutor(PROCESSES, mp_context=multiprocessing.get_context("spawn")) as pool:
        yield pool


def test_processes_together_use_exactly_the_rate(processes, broker, redis_client):
    work = Work(broker.url, PROCESSES, 3.0, 6000, max_in_flight=1000, call_s=0.02)

    calls = sum(processes.map(load, range(PROCESSES), [work] * PROCESSES))

    # A hundred a second for three seconds, after a full bucket of a hundred.
    assert 0.9 * 400 <= calls <= 400 + 100 * 0.1
    (state,) = RedisLimits(redis_client, settings_for()).snapshot()
    assert state.in_flight == 0


def test_processes_together_stay_within_the_in_flight_bound(processes, broker, redis_client):
    work = Work(broker.url, PROCESSES, 2.0, 1_000_000, max_in_flight=10, call_s=0.05)

    calls = sum(processes.map(load, range(PROCESSES), [work] * PROCESSES))

    assert calls >= 50
    assert redis_client.zscore("peak", "peak") == 10


def test_processes_together_write_a_cold_prefix_once(processes, broker):
    with StandIn() as server:
        server.latency(first_byte_s=0.3)
        each = processes.map(read_prefix, range(2), [broker.url] * 2, [server.url] * 2, [2] * 2)
        used = [usage for of_one in each for usage in of_one]

    readers = 2 * THREADS - 1
    assert sorted(usage.cache_write_tokens for usage in used) == [0] * readers + [4028]
    assert server.log.tokens.cache_read == readers * 4028


def test_one_of_a_hundred_threads_is_the_probe(redis_client: redis.Redis):
    limits = RedisLimits(redis_client, settings_for())
    reservation = limits.reserve(make_request("first"))
    assert isinstance(reservation, Reservation)
    limits.settle(reservation, failed(CallStatus.STOPPED, "The key is wrong."))
    # End the pause.
    redis_client.hset("{limits}:claude-test:breakers", "stopped.until", 1.0)

    with ThreadPoolExecutor(100) as threads:
        answers = list(threads.map(lambda number: limits.reserve(make_request(f"job-{number}")), range(100)))

    (probe,) = [answer for answer in answers if isinstance(answer, Reservation)]
    assert probe.is_probe is True
    limits.settle(probe, answered())
    after = limits.reserve(make_request("after"))
    assert isinstance(after, Reservation)
    assert after.is_probe is False


def test_repeated_reserve_is_idempotent(redis_client: redis.Redis):
    class Repeating(Scripts):
        def run(self, *arguments: Any) -> Any:
            super().run(*arguments)
            return super().run(*arguments)

    limits = RedisLimits(redis_client, settings_for(requests=60), scripts=Repeating(redis_client))

    assert isinstance(limits.reserve(make_request("job")), Reservation)

    (state,) = RedisLimits(redis_client, settings_for(requests=60)).snapshot()
    assert state.in_flight == 1
    assert state.buckets[0].left == pytest.approx(9, abs=0.5)
    assert state.waiting["interactive"] == 0


def test_tags_of_finished_universes_are_removed(redis_client: redis.Redis):
    limits = RedisLimits(redis_client, settings_for())

    for number in range(20):
        assert isinstance(
            limits.reserve(make_request(f"job-{number}", universe=f"universe-{number}")), Reservation
        )

    assert redis_client.exists("{limits}:claude-test:tags:1") == 0


def test_all_keys_expire(redis_client: redis.Redis):
    limits = RedisLimits(redis_client, settings_for(requests=60))
    for number in range(12):
        limits.reserve(make_request(f"job-{number}"))
    reservation = limits.reserve(make_request("other", model="other"))
    assert isinstance(reservation, Reservation)
    limits.settle(reservation, failed(CallStatus.STOPPED, "The key is wrong."))
    limits.ready_jobs(10.0)

    keys = list(redis_client.scan_iter("{limits}:*"))

    assert len(keys) >= 10
    assert {key: redis_client.ttl(key) for key in keys if not 0 < redis_client.ttl(key) <= 86400} == {}
