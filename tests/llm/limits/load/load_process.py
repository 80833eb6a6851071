"""Worker process that makes calls as fast as the shared limits allow."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

import redis

from agents.llm.base import Usage
from agents.llm.limits.call_result import CallResult
from agents.llm.limits.config import Allowance, LimitSettings
from agents.llm.limits.prompt_cache import PromptCache
from agents.llm.limits.redis_limits import RedisLimits
from agents.llm.limits.types import CallStatus, Reservation
from tests.llm.limits.helpers import make_request

THREADS = 8


@dataclass(frozen=True, slots=True)
class Work:
    url: str
    processes: int
    seconds: float
    per_minute: float
    max_in_flight: int
    call_s: float


def load(process: int, work: Work) -> int:
    """Return the number of calls of this process; key ``peak`` gets the largest number in flight of all processes."""
    settings = LimitSettings(
        default=Allowance(requests=work.per_minute, input_tokens=1e9, output_tokens=1e9),
        max_in_flight=work.max_in_flight,
        burst_s=1.0,
        call_s=work.call_s,
    )
    with redis.Redis.from_url(work.url, socket_timeout=10) as client:
        limits = RedisLimits(client, settings)

        def run(thread: int) -> int:
            calls = number = 0
            end = time.monotonic() + work.seconds
            while time.monotonic() < end:
                answer = limits.reserve(make_request(f"{process}-{thread}-{number}"))
                if isinstance(answer, Reservation):
                    client.zadd("peak", {"peak": client.incr("now")}, gt=True)
                    time.sleep(work.call_s)
                    client.decr("now")
                    limits.settle(answer, CallResult(status=CallStatus.ANSWERED, usage=Usage()))
                    calls, number = calls + 1, number + 1
                else:
                    time.sleep(min(answer.seconds, 0.2))
            return calls

        wait_for_all(client, work.processes)
        with ThreadPoolExecutor(THREADS) as threads:
            return sum(threads.map(run, range(THREADS)))


def wait_for_all(client: redis.Redis, processes: int) -> None:
    """Wait until all processes have started, so that they work at the same time."""
    client.incr("started")
    while int(client.get("started") or 0) < processes:
        time.sleep(0.01)


def read_prefix(process: int, redis_url: str, api_url: str, processes: int) -> list[Usage]:
    """Return the usage of one call per thread, all with one cold prefix of 4,028 tokens."""
    # Imported late, because only this function needs the SDK.
    from agents.llm.anthropic.client import AnthropicClient
    from agents.llm.limits.client import LimitedClient
    from dev.standin import KEY
    from tests.llm.requests import REQUEST

    ample = Allowance(requests=6e6, input_tokens=6e9, output_tokens=6e9)
    with redis.Redis.from_url(redis_url, socket_timeout=10) as shared:
        limits = RedisLimits(shared, LimitSettings(default=ample))
        client = LimitedClient(AnthropicClient(KEY, base_url=api_url), limits, PromptCache(shared))

        def call(thread: int) -> Usage:
            request = replace(REQUEST, system="x" * 16_000, job=f"{process}-{thread}")
            return client.complete(request).usage

        wait_for_all(shared, processes)
        with ThreadPoolExecutor(THREADS) as threads:
            used = list(threads.map(call, range(THREADS)))
        client.close()
    return used
