"""Which model answers in this process, and under which settings an attempt runs."""

from __future__ import annotations

import threading
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import redis
from django.conf import settings
from redis.backoff import NoBackoff
from redis.retry import Retry

from agents.llm.base import LLMClient, LLMReply
from agents.llm.batches import Batches
from agents.llm.limits.client import LimitedClient
from agents.llm.limits.config import BREAKERS, Allowance, LimitSettings
from agents.llm.limits.outage import Outage
from agents.llm.limits.prompt_cache import PromptCache
from agents.llm.limits.redis_limits import RedisLimits
from agents.llm.limits.scripts import Scripts
from agents.llm.limits.types import Cause

if TYPE_CHECKING:
    from agents.llm.anthropic.client import AnthropicClient

# Time after which calls go on without a Redis that does not answer.
REDIS_TIMEOUT_S = 1.0

# How many seconds' worth of its limits a model's buckets hold: little, because jobs are rung for every second.
BURST_S = 2.0


@dataclass(frozen=True, slots=True)
class _Shared:
    """What all processes share on their way to the models."""

    limits: RedisLimits
    prefixes: PromptCache


_lock = threading.RLock()
_client: LLMClient | None = None
_line: AnthropicClient | None = None
_shared: _Shared | None = None


def uses_mock() -> bool:
    """Whether the built-in mock model answers: there is no key."""
    return not settings.ANTHROPIC_API_KEY


def llm_client() -> LLMClient:
    """The process's one model client, made on first use."""
    global _client
    with _lock:
        if _client is None:
            _client = _make_client()
        return _client


def _make_client() -> LLMClient:
    if uses_mock():
        from agents.mock.client import MockClient

        return MockClient(latency_s=settings.MOCK_LATENCY_S)
    shared = _shared_by_all()
    return LimitedClient(anthropic_client(), shared.limits, shared.prefixes)


def anthropic_client() -> AnthropicClient:
    """The process's one line to the API, for what is asked besides messages. Not for the mock model."""
    # Imported late: the SDK takes a second to load, and only a worker with a key needs it.
    from agents.llm.anthropic.client import AnthropicClient

    global _line
    with _lock:
        if _line is None:
            _line = AnthropicClient(
                api_key=settings.ANTHROPIC_API_KEY,
                base_url=settings.ANTHROPIC_BASE_URL or None,
                max_in_flight=settings.WORKER_CONCURRENCY,
            )
        return _line


def batches() -> Batches | None:
    """Who takes many questions at once; None for the mock model, which answers at once and costs nothing."""
    if uses_mock():
        return None
    from agents.llm.anthropic.batches import AnthropicBatches

    return AnthropicBatches(anthropic_client())


def batch_reply(result: str) -> LLMReply:
    """Return the reply in a stored batch result, also where no provider is configured any more."""
    from agents.llm.anthropic.messages import batch_reply

    return batch_reply(result)


def has_batch_lane() -> bool:
    """Whether jobs may wait for a batch."""
    return bool(settings.BATCH_LANE) and not uses_mock()


def limits() -> RedisLimits | None:
    """What all processes share of the model's limits; None for the mock model, which has none."""
    return None if uses_mock() else _shared_by_all().limits


def _shared_by_all() -> _Shared:
    global _shared
    with _lock:
        if _shared is None:
            _shared = _make_shared()
        return _shared


def _make_shared() -> _Shared:
    client = redis.Redis.from_url(
        settings.REDIS_URL,
        socket_timeout=REDIS_TIMEOUT_S,
        socket_connect_timeout=REDIS_TIMEOUT_S,
        # One more try, for a connection that died while it was idle.
        retry=Retry(NoBackoff(), 1),
    )
    scripts = Scripts(client)
    # One of the two notices that Redis is away, and the other one need not wait for its time-out.
    outage = Outage()
    return _Shared(
        RedisLimits(client, _limit_settings(), scripts=scripts, outage=outage),
        PromptCache(client, scripts=scripts, outage=outage),
    )


def _limit_settings() -> LimitSettings:
    usual = Allowance()
    in_flight = settings.LIMIT_IN_FLIGHT or settings.WORKER_CONCURRENCY * settings.LIMIT_PROCESSES
    stopped = replace(
        BREAKERS[Cause.STOPPED],
        pause_s=settings.LIMIT_STOPPED_PAUSE_S,
        max_pause_s=settings.LIMIT_STOPPED_PAUSE_S,
    )
    return LimitSettings(
        default=Allowance(
            requests=settings.LIMIT_REQUESTS_PER_MIN or usual.requests,
            input_tokens=settings.LIMIT_INPUT_TOKENS_PER_MIN or usual.input_tokens,
            output_tokens=settings.LIMIT_OUTPUT_TOKENS_PER_MIN or usual.output_tokens,
        ),
        breakers={**BREAKERS, Cause.STOPPED: stopped},
        max_in_flight=in_flight,
        unshared_in_flight=max(1, min(in_flight // settings.LIMIT_PROCESSES, settings.WORKER_CONCURRENCY)),
        burst_s=BURST_S,
        max_closed_s=settings.RETRY_AFTER_CAP_S,
    )
