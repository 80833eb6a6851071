"""Limits in a real Redis under a clock that the test moves."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pytest
import redis

from agents.llm.limits.config import LimitSettings
from agents.llm.limits.prompt_cache import PromptCache
from agents.llm.limits.redis_limits import RedisLimits
from tests.llm.limits.harness import ClientHarness
from tests.llm.limits.helpers import Clock, clocked_limits, clocked_scripts
from tests.support.site.servers import Broker


@pytest.fixture
def redis_client(broker: Broker) -> Iterator[redis.Redis]:
    with broker.client() as client:
        yield client


@pytest.fixture
def clock(redis_client: redis.Redis) -> Clock:
    return Clock(redis_client)


@pytest.fixture
def make_limits(clock: Clock, redis_client: redis.Redis) -> Callable[[LimitSettings], RedisLimits]:
    return partial(clocked_limits, redis_client)


@pytest.fixture
def cache(clock: Clock, redis_client: redis.Redis) -> PromptCache:
    return PromptCache(redis_client, scripts=clocked_scripts(redis_client), clock=lambda: clock.now)


@pytest.fixture
def make_harness(redis_client: redis.Redis) -> Callable[..., ClientHarness]:
    return partial(ClientHarness, redis_client)


@pytest.fixture
def harness(make_harness: Callable[..., Any]) -> ClientHarness:
    harness: ClientHarness = make_harness()
    return harness
