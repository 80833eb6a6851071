"""Roles of callers that share a prefix of the prompt cache."""

from __future__ import annotations

from dataclasses import replace

import pytest

from agents.llm.limits.prompt_cache import CacheRole, Prefix, PromptCache
from agents.llm.limits.types import Wait
from tests.llm.limits.helpers import clocked_scripts
from tests.llm.requests import REQUEST


def wait_of(answer: CacheRole | Wait) -> float:
    assert isinstance(answer, Wait), answer
    assert answer.reason == "cache"
    return answer.seconds


def test_first_caller_writes_and_others_wait_for_its_first_byte(cache, clock):
    assert cache.claim("prefix", "a", 20.0) == CacheRole.WRITER
    assert wait_of(cache.claim("prefix", "b", 20.0)) == pytest.approx(1.0)
    clock.advance(0.4)
    assert wait_of(cache.claim("prefix", "c", 20.0)) == pytest.approx(0.6)

    cache.mark_warm("prefix", "a")

    assert cache.claim("prefix", "b", 20.0) == CacheRole.READER


def test_each_prefix_has_its_own_writer(cache):
    cache.claim("prefix", "a", 20.0)

    assert cache.claim("other", "b", 20.0) == CacheRole.WRITER


def test_writer_that_asks_again_is_still_the_writer(cache, clock):
    cache.claim("prefix", "a", 20.0)
    clock.advance(1.0)

    assert cache.claim("prefix", "a", 20.0) == CacheRole.WRITER


def test_next_caller_writes_after_the_writer_abandons(cache):
    cache.claim("prefix", "a", 20.0)

    cache.abandon("prefix", "b")
    assert isinstance(cache.claim("prefix", "b", 20.0), Wait)
    cache.abandon("prefix", "a")

    assert cache.claim("prefix", "b", 20.0) == CacheRole.WRITER


def test_next_caller_writes_after_a_dead_writer_times_out(cache, clock):
    cache.claim("prefix", "dead", 20.0)
    clock.advance(19.9)
    assert wait_of(cache.claim("prefix", "b", 20.0)) == pytest.approx(0.1)

    clock.advance(0.2)

    assert cache.claim("prefix", "b", 20.0) == CacheRole.WRITER
    assert isinstance(cache.claim("prefix", "dead", 20.0), Wait)


def test_renewed_writer_is_not_replaced(cache, clock):
    cache.claim("prefix", "a", 4.0)
    clock.advance(3.0)
    cache.renew("prefix", "a", 4.0)
    cache.renew("prefix", "b", 60.0)
    clock.advance(3.9)
    assert isinstance(cache.claim("prefix", "b", 4.0), Wait)

    clock.advance(0.2)

    assert cache.claim("prefix", "b", 4.0) == CacheRole.WRITER


def test_prefix_is_warm_for_five_minutes_after_its_last_use(cache, clock):
    cache.claim("prefix", "a", 20.0)
    cache.mark_warm("prefix", "a")
    clock.advance(299.0)
    assert cache.claim("prefix", "b", 20.0) == CacheRole.READER

    cache.mark_warm("prefix", "b")
    clock.advance(299.0)
    assert cache.claim("prefix", "c", 20.0) == CacheRole.READER
    clock.advance(1.1)

    assert cache.claim("prefix", "c", 20.0) == CacheRole.WRITER


def test_wait_follows_recent_writers_up_to_two_seconds(cache, clock):
    for _ in range(20):
        cache.claim("prefix", "a", 60.0)
        clock.advance(1.5)
        cache.mark_warm("prefix", "a")
        clock.advance(301.0)
    cache.claim("prefix", "a", 60.0)
    assert wait_of(cache.claim("prefix", "b", 60.0)) == pytest.approx(1.5, abs=0.01)

    for _ in range(20):
        clock.advance(9.0)
        cache.mark_warm("prefix", "a")
        clock.advance(301.0)
        cache.claim("prefix", "a", 60.0)

    assert wait_of(cache.claim("prefix", "b", 60.0)) == 2.0


def test_only_first_bytes_of_writers_are_measured(cache, clock):
    cache.claim("prefix", "a", 20.0)
    clock.advance(1.0)
    cache.mark_warm("prefix", "a")
    clock.advance(100.0)
    cache.mark_warm("prefix", "a")
    clock.advance(301.0)
    cache.claim("prefix", "a", 20.0)

    assert wait_of(cache.claim("prefix", "b", 20.0)) == pytest.approx(1.0)


def test_polling_for_an_overdue_writer_backs_off(cache, clock):
    cache.claim("prefix", "a", 20.0)

    waits = []
    for _ in range(6):
        waits.append(wait_of(cache.claim("prefix", "b", 20.0)))
        clock.advance(waits[-1])

    assert waits == pytest.approx([1.0, 0.05, 0.05, 0.1, 0.2, 0.4])


def test_key_of_a_prefix_depends_on_model_schema_and_text():
    others = [
        replace(REQUEST, model="n"),
        replace(REQUEST, system="texts"),
        replace(REQUEST, schema={"type": "object"}),
    ]

    assert Prefix.of(REQUEST) == Prefix.of(replace(REQUEST, user="Other words.", job="other"))
    assert len({Prefix.of(each).key for each in [REQUEST, *others]}) == 4


def commands(redis_client):
    return redis_client.info()["total_commands_processed"]


def test_process_that_uses_a_prefix_asks_redis_now_and_then(cache, clock, redis_client):
    cache.claim("prefix", "a", 20.0)
    cache.mark_warm("prefix", "a")
    before = commands(redis_client)
    for _ in range(20):
        assert cache.claim("prefix", "b", 20.0) == CacheRole.READER
        cache.mark_warm("prefix", "b")
    # The reading of the count itself.
    assert commands(redis_client) - before == 1

    clock.advance(11.0)
    cache.mark_warm("prefix", "b")
    other_process = PromptCache(redis_client, scripts=clocked_scripts(redis_client))
    clock.advance(295.0)

    assert other_process.claim("prefix", "c", 20.0) == CacheRole.READER
