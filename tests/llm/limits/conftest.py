"""Both kinds of limits under a clock that the test moves: what is said of one is said of the other."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
import redis

from agents.llm.limits.config import LimitSettings
from agents.llm.limits.kinds import Limits
from agents.llm.limits.local import LocalLimits
from agents.llm.limits.prefixes import LocalPrefixes, Prefixes, PrefixSettings, RedisPrefixes
from agents.llm.limits.scripts import Scripts
from agents.llm.limits.shared import RedisLimits
from tests.llm.limits.asking import CLOCK_IN_REDIS, Clock
from tests.site.servers import Broker


@pytest.fixture
def redis_client(broker: Broker) -> Iterator[redis.Redis]:
    with broker.client() as client:
        yield client


@pytest.fixture(params=["local", "redis"])
def where(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def clock(where: str, redis_client: redis.Redis) -> Clock:
    return Clock(redis_client if where == "redis" else None)


@pytest.fixture
def limits(where: str, clock: Clock, redis_client: redis.Redis) -> Callable[[LimitSettings], Limits]:
    def make(settings: LimitSettings) -> Limits:
        if where == "local":
            return LocalLimits(settings, clock=clock)
        return RedisLimits(redis_client, settings, scripts=Scripts(redis_client, clock=CLOCK_IN_REDIS))

    return make


@pytest.fixture
def prefixes(where: str, clock: Clock, redis_client: redis.Redis) -> Prefixes:
    if where == "local":
        return LocalPrefixes(PrefixSettings(), clock=clock)
    return RedisPrefixes(redis_client, PrefixSettings(), scripts=Scripts(redis_client, clock=CLOCK_IN_REDIS))
