"""Of calls that share a cold prefix, one writes it and the others wait for its first byte and read it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest
import redis

from agents.llm.anthropic.client import AnthropicClient
from agents.llm.base import LLMRequest, TransientError
from agents.llm.limits.client import LimitedClient
from agents.llm.limits.config import Allowance, LimitSettings
from agents.llm.limits.prefixes import Follower, Leader, Prefixes, PrefixSettings, Warm, prefix_key
from agents.llm.limits.redis_limits import RedisLimits
from dev.standin import KEY, StandIn
from tests.llm.limits.asking import ask
from tests.llm.limits.bench import Bench
from tests.llm.requests import REQUEST, quiet_word
from tests.support.fake_llm import good_answer

BIBLE = "The marsh keeps its own time. " * 70
KEY_OF_BIBLE = prefix_key(replace(REQUEST, system=BIBLE))


def test_follower_sleeps_until_the_leader_is_heard(bench: Bench) -> None:
    bench.prefixes.lead(KEY_OF_BIBLE, "leader", 20.0)
    bench.at(0.7, lambda: bench.prefixes.warmed(KEY_OF_BIBLE, "leader"))

    bench.call("follower", system=BIBLE)

    assert bench.slept == pytest.approx([1.0])
    assert bench.llm.requests[0].timeout_s == pytest.approx(REQUEST.timeout_s - 1.0)


def test_who_would_wait_for_too_long_is_sent_away_and_takes_nothing(bench: Bench) -> None:
    bench.prefixes.lead(KEY_OF_BIBLE, "leader", 20.0)

    refused = bench.refusal("follower", system=BIBLE)

    assert (refused.code, refused.cause) == ("waits_for_turn", "cache")
    assert (
        refused.message == "It waits for its turn: another call is about to write its world into the cache."
    )
    assert 0 < refused.wait_s <= 2.0
    assert sum(bench.slept) <= 2.0
    assert bench.limits.snapshot() == []
    assert isinstance(bench.prefixes.lead(KEY_OF_BIBLE, "next", 20.0), Follower), "the leader still leads"


def test_sleep_for_the_cache_and_for_the_limits_are_one(bench: Bench) -> None:
    bench.prefixes.lead(KEY_OF_BIBLE, "leader", 20.0)
    bench.at(1.5, lambda: bench.prefixes.warmed(KEY_OF_BIBLE, "leader"))
    # From here on a request comes free in a second.
    bench.at(1.5, lambda: [bench.limits.reserve(ask(name, model=REQUEST.model)) for name in "ab"])

    assert bench.refusal("follower", system=BIBLE).cause == "requests"
    assert sum(bench.slept) == pytest.approx(1.8)


def test_first_byte_warms_the_prefix_for_everybody(bench: Bench) -> None:
    seen: list[Any] = []

    def look(request: LLMRequest) -> Any:
        seen.append(bench.prefixes.lead(KEY_OF_BIBLE, "other", 20.0))
        return good_answer

    bench.llm.will(look)
    bench.call("leader", system=BIBLE)

    assert isinstance(seen[0], Follower)
    assert bench.prefixes.lead(KEY_OF_BIBLE, "other", 20.0) == Warm()


def test_reading_keeps_it_warm(bench: Bench) -> None:
    bench.call(system=BIBLE)
    bench.clock.advance(200)
    bench.call(system=BIBLE)
    bench.clock.advance(200)

    assert bench.prefixes.lead(KEY_OF_BIBLE, "other", 20.0) == Warm()


@pytest.mark.parametrize("error", [TransientError("overloaded", "Busy."), ZeroDivisionError()])
def test_leader_that_hears_nothing_lets_the_next_one_lead(bench: Bench, error: Exception) -> None:
    bench.llm.will(error)

    with pytest.raises(type(error)):
        bench.call("leader", system=BIBLE)

    assert bench.prefixes.lead(KEY_OF_BIBLE, "other", 20.0) == Leader()


def test_leader_that_is_not_let_through_lets_the_next_one_lead(make_bench: Callable[..., Bench]) -> None:
    bench = make_bench(requests=6)
    bench.call("before")

    assert bench.refusal("leader", system=BIBLE).cause == "requests"
    assert bench.prefixes.lead(KEY_OF_BIBLE, "other", 20.0) == Leader()


def test_what_is_too_short_to_be_cached_waits_for_nobody(bench: Bench) -> None:
    short = "x" * 1900
    bench.prefixes.lead(prefix_key(replace(REQUEST, system=short)), "leader", 20.0)

    bench.call("other", system=short)

    assert bench.slept == []


def test_of_many_threads_one_writes_a_cold_world_and_all_others_read_it(redis_client: redis.Redis) -> None:
    request = replace(REQUEST, system="x" * 16_000)
    ample = Allowance(requests=6e6, input_tokens=6e9, output_tokens=6e9)
    limits = RedisLimits(redis_client, LimitSettings(default=ample))
    prefixes = Prefixes(redis_client, PrefixSettings(first_byte_s=0.3))
    start = threading.Barrier(24)
    with StandIn(answer=quiet_word) as server:
        server.latency(first_byte_s=0.3)
        inner = AnthropicClient(KEY, base_url=server.url)
        client = LimitedClient(inner, limits, prefixes)

        def call(number: int) -> int:
            start.wait()
            return client.complete(replace(request, job=str(number))).usage.cache_write_tokens

        with ThreadPoolExecutor(24) as threads:
            written = list(threads.map(call, range(24)))
        client.close()

    assert sorted(written) == [0] * 23 + [4028]
    assert server.log.tokens.cache_read == 23 * 4028
