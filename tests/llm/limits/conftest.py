"""Limits in a real Redis under a clock that the test moves."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pytest
import redis

from agents.llm.limits.config import LimitSettings
from agents.llm.limits.prefixes import Prefixes
from agents.llm.limits.redis_limits import RedisLimits
from tests.llm.limits.asking import Clock, clocked_limits, clocked_scripts
from tests.llm.limits.bench import Bench
from tests.site.servers import Broker


@pytest.fixture
def redis_client(broker: Broker) -> Iterator[redis.Redis]:
    with broker.client() as client:
        yield client


@pytest.fixture
def clock(redis_client: redis.Redis) -> Clock:
    return Clock(redis_client)


@pytest.fixture
def limits(clock: Clock, redis_client: redis.Redis) -> Callable[[LimitSettings], RedisLimits]:
    return partial(clocked_limits, redis_client)


@pytest.fixture
def prefixes(clock: Clock, redis_client: redis.Redis) -> Prefixes:
    return Prefixes(redis_client, scripts=clocked_scripts(redis_client))


@pytest.fixture
def make_bench(redis_client: redis.Redis) -> Callable[..., Bench]:
    return partial(Bench, redis_client)


@pytest.fixture
def bench(make_bench: Callable[..., Any]) -> Bench:
    bench: Bench = make_bench()
    return bench
