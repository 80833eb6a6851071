"""Words that the tests of the limits share: a clock that a test moves, an ask, an ending, headers."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import redis

from agents.llm.base import Usage
from agents.llm.limits.config import Allowance, LimitSettings
from agents.llm.limits.kinds import Ask, Dimension, Ending, Grant, Lane, Outcome, Said, Wait
from agents.llm.limits.redis_limits import RedisLimits
from agents.llm.limits.scripts import Scripts

MODEL: Final = "claude-test"

_NOW_KEY: Final = "the-tests-clock"
CLOCK_IN_REDIS: Final = f"local function clock() return tonumber(redis.call('GET', '{_NOW_KEY}')) end"

AMPLE: Final = Allowance(requests=6_000_000, input_tokens=6e9, output_tokens=6e9)


class Clock:
    """A manual clock in Redis, read by scripts that use CLOCK_IN_REDIS."""

    def __init__(self, client: redis.Redis) -> None:
        self._client = client
        self.now = 1_000_000.0
        self.advance(0)

    def __call__(self) -> float:
        return self.now

    def advance(self, seconds: float) -> None:
        self.now += seconds
        self._client.set(_NOW_KEY, repr(self.now))


def clocked_scripts(client: redis.Redis) -> Scripts:
    """Scripts that run by a ``Clock``."""
    return Scripts(client, clock=CLOCK_IN_REDIS)


def clocked_limits(client: redis.Redis, settings: LimitSettings) -> RedisLimits:
    return RedisLimits(client, settings, scripts=clocked_scripts(client))


def allowing(
    *, requests: float = 6_000_000, input_tokens: float = 6e9, output_tokens: float = 6e9
) -> LimitSettings:
    """Settings that allow so much a minute, and with full buckets ten seconds' worth at once."""
    allowance = Allowance(requests=requests, input_tokens=input_tokens, output_tokens=output_tokens)
    return LimitSettings(default=allowance, max_in_flight=1000)


def ask(
    job: str = "job",
    *,
    lane: Lane = Lane.INTERACTIVE,
    universe: str = "",
    input_tokens: int = 0,
    output_tokens: int = 0,
    timeout_s: float = 60.0,
    model: str = MODEL,
) -> Ask:
    return Ask(
        job=job,
        model=model,
        lane=lane,
        universe=universe,
        input_tokens=input_tokens,
        output_tokens=output_tokens,
        timeout_s=timeout_s,
    )


def granted(limits: RedisLimits, asked: Ask) -> Grant:
    answer = limits.reserve(asked)
    assert isinstance(answer, Grant), answer
    return answer


def told_to_wait(limits: RedisLimits, asked: Ask) -> Wait:
    answer = limits.reserve(asked)
    assert isinstance(answer, Wait), answer
    return answer


def answered(*, input_tokens: int = 0, output_tokens: int = 0, **said: Said) -> Ending:
    usage = Usage(input_tokens=input_tokens, output_tokens=output_tokens)
    return Ending(outcome=Outcome.ANSWERED, usage=usage, said=_by_dimension(said))


def failed(
    outcome: Outcome, message: str = "", *, retry_after_s: float | None = None, **said: Said
) -> Ending:
    ending = Ending(outcome=outcome, usage=Usage(), message=message, retry_after_s=retry_after_s)
    return replace(ending, said=_by_dimension(said))


def _by_dimension(said: dict[str, Said]) -> dict[Dimension, Said]:
    return {name: word for name, word in said.items() if name in ("requests", "input", "output")}  # type: ignore[misc]


def left(limits: RedisLimits, bucket: str = "requests") -> float:
    (state,) = limits.snapshot()
    return next(each.left for each in state.buckets if each.name == bucket)
