"""One of several worker processes that ask the shared limits as fast as they may."""

from __future__ import annotations

import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import redis

from agents.llm.base import Usage
from agents.llm.limits.config import Allowance, LimitSettings
from agents.llm.limits.kinds import Ending, Grant, Outcome
from agents.llm.limits.prefixes import Leader, RedisPrefixes, Warm
from agents.llm.limits.shared import RedisLimits
from agents.tests.llm.limits.asking import ask

THREADS = 8


@dataclass(frozen=True, slots=True)
class Work:
    url: str
    start_at: float
    seconds: float
    per_minute: float
    max_in_flight: int
    call_s: float


def hammer(process: int, work: Work) -> int:
    """How many calls this process made. The most that all had in flight at once is in the key ``peak``."""
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
            time.sleep(max(0.0, work.start_at - time.time()))
            while time.time() < work.start_at + work.seconds:
                answer = limits.reserve(ask(f"{process}-{thread}-{number}"))
                if isinstance(answer, Grant):
                    client.zadd("peak", {"peak": client.incr("now")}, gt=True)
                    time.sleep(work.call_s)
                    client.decr("now")
                    limits.settle(answer, Ending(outcome=Outcome.ANSWERED, usage=Usage()))
                    calls, number = calls + 1, number + 1
                else:
                    time.sleep(min(answer.seconds, 0.2))
            return calls

        with ThreadPoolExecutor(THREADS) as threads:
            return sum(threads.map(run, range(THREADS)))


def warm_up(process: int, url: str, start_at: float) -> Counter[str]:
    """How many of this process's threads led, and how many found it warm."""
    roles: Counter[str] = Counter()
    lock = threading.Lock()
    with redis.Redis.from_url(url, socket_timeout=10) as client:
        prefixes = RedisPrefixes(client)

        def run(thread: int) -> None:
            caller = f"{process}-{thread}"
            time.sleep(max(0.0, start_at - time.time()))
            while True:
                answer = prefixes.lead("bible", caller, 20.0)
                if isinstance(answer, Leader | Warm):
                    break
                time.sleep(answer.wait_s)
            with lock:
                roles[type(answer).__name__] += 1
            time.sleep(0.1)
            prefixes.warmed("bible", caller)

        with ThreadPoolExecutor(THREADS) as threads:
            list(threads.map(run, range(THREADS)))
    return roles
