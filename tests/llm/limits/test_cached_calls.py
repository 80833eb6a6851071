"""Calls that share a cold prefix: one writes it, the others wait for its first byte and read it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest
import redis

from agents.llm.anthropic.client import AnthropicClient
from agents.llm.base import LLMRequest, TransientError
from agents.llm.limits import prompt_cache
from agents.llm.limits.client import LimitedClient
from agents.llm.limits.config import Allowance, LimitSettings
from agents.llm.limits.prompt_cache import (
    CachedCall,
    CacheRole,
    Prefix,
    PromptCache,
    PromptCacheSettings,
)
from agents.llm.limits.redis_limits import RedisLimits
from agents.llm.limits.sleep_budget import SleepBudget
from agents.llm.limits.types import Wait
from dev.standin import KEY, StandIn
from tests.llm.limits.harness import ClientHarness
from tests.llm.limits.helpers import make_request
from tests.llm.requests import REQUEST, quiet_word
from tests.support.fake_llm import good_answer

WORLD = "The marsh keeps its own time. " * 70
PREFIX = Prefix.of(replace(REQUEST, system=WORLD))


def test_call_sleeps_until_the_prefix_is_warm(harness: ClientHarness) -> None:
    harness.cache.claim(PREFIX.key, "writer", 20.0)
    harness.at(0.7, lambda: harness.cache.mark_warm(PREFIX.key, "writer"))

    harness.call("reader", system=WORLD)

    assert harness.slept == pytest.approx([1.0])
    assert harness.llm.requests[0].timeout_s == pytest.approx(REQUEST.timeout_s - 1.0)


def test_call_that_waits_too_long_for_the_cache_reserves_nothing(harness: ClientHarness) -> None:
    harness.cache.claim(PREFIX.key, "writer", 20.0)

    throttled = harness.throttled("reader", system=WORLD)

    assert (throttled.code, throttled.cause) == ("waits_for_turn", "cache")
    assert (
        throttled.message == "It waits for its turn: another call is about to write its world into the cache."
    )
    assert 0 < throttled.wait_s <= 2.0
    assert 4.0 < sum(harness.slept) <= 5.0
    assert harness.limits.snapshot() == []
    assert isinstance(harness.cache.claim(PREFIX.key, "next", 20.0), Wait)


def test_callers_of_a_dead_writer_go_on_after_its_lease_without_being_put_back(
    harness: ClientHarness,
) -> None:
    harness.cache.claim(PREFIX.key, "dead", 4.0)

    harness.call("next", system=WORLD)

    assert sum(harness.slept) == pytest.approx(4.0)
    assert harness.cache.claim(PREFIX.key, "other", 4.0) == CacheRole.READER


def test_limits_have_a_sleep_budget_of_their_own(harness: ClientHarness) -> None:
    harness.cache.claim(PREFIX.key, "writer", 20.0)
    harness.at(1.5, lambda: harness.cache.mark_warm(PREFIX.key, "writer"))
    # The next request is free a second later.
    harness.at(
        1.5, lambda: [harness.limits.reserve(make_request(name, model=REQUEST.model)) for name in "ab"]
    )

    harness.call("reader", system=WORLD)

    assert sum(harness.slept) > 2.0


def test_writer_renews_its_lease_until_it_ends(
    redis_client: redis.Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(prompt_cache, "_WRITER_LEASE_S", 0.5)
    monkeypatch.setattr(prompt_cache, "_RENEW_EVERY_S", 0.05)
    cache = PromptCache(redis_client)
    writer = CachedCall(cache, PREFIX, "writer")
    assert writer.begin(SleepBudget(0.0)) is None

    time.sleep(1.0)
    assert isinstance(cache.claim(PREFIX.key, "other", 0.5), Wait)

    writer.end()
    assert cache.claim(PREFIX.key, "other", 0.5) == CacheRole.WRITER


def test_first_byte_makes_the_prefix_warm(harness: ClientHarness) -> None:
    seen: list[Any] = []

    def look(request: LLMRequest) -> Any:
        seen.append(harness.cache.claim(PREFIX.key, "other", 20.0))
        return good_answer

    harness.llm.will(look)
    harness.call("writer", system=WORLD)

    assert isinstance(seen[0], Wait)
    assert harness.cache.claim(PREFIX.key, "other", 20.0) == CacheRole.READER


def test_reading_keeps_the_prefix_warm(harness: ClientHarness) -> None:
    harness.call(system=WORLD)
    harness.clock.advance(200)
    harness.call(system=WORLD)
    harness.clock.advance(200)

    assert harness.cache.claim(PREFIX.key, "other", 20.0) == CacheRole.READER


@pytest.mark.parametrize("error", [TransientError("overloaded", "Busy."), ZeroDivisionError()])
def test_writer_without_an_answer_gives_up_its_role(harness: ClientHarness, error: Exception) -> None:
    harness.llm.will(error)

    with pytest.raises(type(error)):
        harness.call("writer", system=WORLD)

    assert harness.cache.claim(PREFIX.key, "other", 20.0) == CacheRole.WRITER


def test_throttled_writer_gives_up_its_role(make_harness: Callable[..., ClientHarness]) -> None:
    harness = make_harness(requests=6)
    harness.call("before")

    assert harness.throttled("writer", system=WORLD).cause == "requests"
    assert harness.cache.claim(PREFIX.key, "other", 20.0) == CacheRole.WRITER


def test_short_prefix_does_not_wait(harness: ClientHarness) -> None:
    short = "x" * 1900
    harness.cache.claim(Prefix.of(replace(REQUEST, system=short)).key, "writer", 20.0)

    harness.call("other", system=short)

    assert harness.slept == []


def test_one_of_many_threads_writes_a_cold_prefix_and_others_read_it(redis_client: redis.Redis) -> None:
    request = replace(REQUEST, system="x" * 16_000)
    ample = Allowance(requests=6e6, input_tokens=6e9, output_tokens=6e9)
    limits = RedisLimits(redis_client, LimitSettings(default=ample))
    cache = PromptCache(redis_client, PromptCacheSettings(first_byte_s=0.3))
    start = threading.Barrier(24)
    with StandIn(answer=quiet_word) as server:
        server.latency(first_byte_s=0.3)
        inner = AnthropicClient(KEY, base_url=server.url)
        client = LimitedClient(inner, limits, cache)

        def call(number: int) -> int:
            start.wait()
            return client.complete(replace(request, job=str(number))).usage.cache_write_tokens

        with ThreadPoolExecutor(24) as threads:
            written = list(threads.map(call, range(24)))
        client.close()

    assert sorted(written) == [0] * 23 + [4028]
    assert server.log.tokens.cache_read == 23 * 4028
