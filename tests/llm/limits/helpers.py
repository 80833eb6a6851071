"""Shared helpers of the tests of the limits: a manual clock, requests, results and settings."""

from __future__ import annotations

from typing import Final

import redis

from agents.llm.base import Usage
from agents.llm.limits.call_result import CallResult
from agents.llm.limits.config import Allowance, LimitSettings
from agents.llm.limits.redis_limits import RedisLimits
from agents.llm.limits.scripts import Scripts
from agents.llm.limits.types import (
    DIMENSIONS,
    AdmissionRequest,
    CallStatus,
    Dimension,
    Lane,
    RateLimitHeaders,
    Reservation,
    Wait,
)

MODEL: Final = "claude-test"

_NOW_KEY: Final = "the-tests-clock"
CLOCK_IN_REDIS: Final = f"local function clock() return tonumber(redis.call('GET', '{_NOW_KEY}')) end"


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
    """Return scripts that run by a ``Clock``."""
    return Scripts(client, clock=CLOCK_IN_REDIS)


def clocked_limits(client: redis.Redis, settings: LimitSettings) -> RedisLimits:
    return RedisLimits(client, settings, scripts=clocked_scripts(client))


def settings_for(
    *, requests: float = 6_000_000, input_tokens: float = 6e9, output_tokens: float = 6e9
) -> LimitSettings:
    """Return settings with these limits a minute; a full bucket holds ten seconds' worth."""
    allowance = Allowance(requests=requests, input_tokens=input_tokens, output_tokens=output_tokens)
    return LimitSettings(default=allowance, max_in_flight=1000)


def make_request(
    job: str = "job",
    *,
    lane: Lane = Lane.INTERACTIVE,
    universe: str = "",
    input_tokens: int = 0,
    output_tokens: int = 0,
    timeout_s: float = 60.0,
    model: str = MODEL,
) -> AdmissionRequest:
    return AdmissionRequest(
        job=job,
        model=model,
        lane=lane,
        universe=universe,
        input_tokens=input_tokens,
        output_tokens=output_tokens,
        timeout_s=timeout_s,
    )


def must_reserve(limits: RedisLimits, request: AdmissionRequest) -> Reservation:
    answer = limits.reserve(request)
    assert isinstance(answer, Reservation), answer
    return answer


def must_wait(limits: RedisLimits, request: AdmissionRequest) -> Wait:
    answer = limits.reserve(request)
    assert isinstance(answer, Wait), answer
    return answer


def answered(*, input_tokens: int = 0, output_tokens: int = 0, **headers: RateLimitHeaders) -> CallResult:
    usage = Usage(input_tokens=input_tokens, output_tokens=output_tokens)
    return CallResult(status=CallStatus.ANSWERED, usage=usage, headers=_by_dimension(headers))


def failed(
    status: CallStatus, message: str = "", *, retry_after_s: float | None = None, **headers: RateLimitHeaders
) -> CallResult:
    return CallResult(
        status=status,
        usage=Usage(),
        headers=_by_dimension(headers),
        retry_after_s=retry_after_s,
        message=message,
    )


def _by_dimension(headers: dict[str, RateLimitHeaders]) -> dict[Dimension, RateLimitHeaders]:
    return {dimension: headers[dimension] for dimension in DIMENSIONS if dimension in headers}


def level_of(limits: RedisLimits, bucket: str = "requests") -> float:
    (state,) = limits.snapshot()
    return next(each.left for each in state.buckets if each.name == bucket)
