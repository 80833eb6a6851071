"""Factory of the clients that call language models."""

from __future__ import annotations

import threading
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from django.conf import settings

from agents.common import shared_redis, tracing
from agents.common.in_flight import in_flight
from agents.common.tracing import TracedClient
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

# Connections of a process to Redis, and the longest wait of a thread for one of them; a question takes a millisecond.
REDIS_CONNECTIONS = 64
REDIS_TURN_S = 10.0

# Capacity of a model's buckets, in seconds of its limits: little, because waiting jobs are woken every second.
BURST_S = 2.0


@dataclass(frozen=True, slots=True)
class SharedLimits:
    """The state that all processes share through Redis."""

    limits: RedisLimits
    prompt_cache: PromptCache


class ProviderClients:
    """The clients of one process, each built from the settings on first use."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._llm: LLMClient | None = None
        self._anthropic: AnthropicClient | None = None
        self._shared: SharedLimits | None = None

    def llm(self) -> LLMClient:
        with self._lock:
            if self._llm is None:
                client = self._build_llm()
                self._llm = client if tracing.tracer() is None else TracedClient(client)
            return self._llm

    def _build_llm(self) -> LLMClient:
        if uses_mock():
            from agents.mock.client import MockClient

            return MockClient(latency_s=settings.MOCK_LATENCY_S, on_call=in_flight.note_call)
        shared = self.shared()
        return LimitedClient(
            self.anthropic(), shared.limits, shared.prompt_cache, on_call=in_flight.note_call
        )

    def anthropic(self) -> AnthropicClient:
        # Lazy import: the SDK takes a second to load, and only a worker with a key needs it.
        from agents.llm.anthropic.client import AnthropicClient

        with self._lock:
            if self._anthropic is None:
                self._anthropic = AnthropicClient(
                    api_key=settings.ANTHROPIC_API_KEY,
                    base_url=settings.ANTHROPIC_BASE_URL or None,
                    max_in_flight=settings.WORKER_CONCURRENCY,
                )
            return self._anthropic

    def shared(self) -> SharedLimits:
        with self._lock:
            if self._shared is None:
                self._shared = _connect_shared_limits()
            return self._shared


# The clients of this process. Tests replace the object.
clients = ProviderClients()


def uses_mock() -> bool:
    """Return whether the built-in mock model answers, because no API key is set."""
    return not settings.ANTHROPIC_API_KEY


def llm_client() -> LLMClient:
    """Return the process's model client."""
    return clients.llm()


def anthropic_client() -> AnthropicClient:
    """Return the process's API client for anything but messages; not for the mock model."""
    return clients.anthropic()


def batches() -> Batches | None:
    """Return the batch API client, or None for the mock model."""
    if uses_mock():
        return None
    from agents.llm.anthropic.batches import AnthropicBatches

    return AnthropicBatches(anthropic_client())


def batch_reply(result: str) -> LLMReply:
    """Return the reply in a stored batch result, also where no provider is configured any more."""
    from agents.llm.anthropic.messages import batch_reply

    return batch_reply(result)


def has_batch_lane() -> bool:
    """Return whether jobs may wait for a batch."""
    return bool(settings.BATCH_LANE) and not uses_mock()


def limits() -> RedisLimits | None:
    """Return the rate limits that all processes share, or None for the mock model, which has none."""
    return None if uses_mock() else clients.shared().limits


def _connect_shared_limits() -> SharedLimits:
    # Hundreds of threads share the connections: without one that is free, a call would count Redis as away, and leave
    # its reservation behind.
    client = shared_redis.connect(
        connections=REDIS_CONNECTIONS, turn_s=REDIS_TURN_S, timeout_s=REDIS_TIMEOUT_S, retries=1
    )
    scripts = Scripts(client)
    # Shared, so that after one of the two has noticed an outage the other one skips the time-out.
    outage = Outage()
    return SharedLimits(
        RedisLimits(client, _limit_settings(), scripts=scripts, outage=outage),
        PromptCache(client, scripts=scripts, outage=outage),
    )


def _limit_settings() -> LimitSettings:
    default = Allowance()
    in_flight = settings.LIMIT_IN_FLIGHT or settings.WORKER_CONCURRENCY * settings.LIMIT_PROCESSES
    stopped = replace(
        BREAKERS[Cause.STOPPED],
        pause_s=settings.LIMIT_STOPPED_PAUSE_S,
        max_pause_s=settings.LIMIT_STOPPED_PAUSE_S,
    )
    return LimitSettings(
        default=Allowance(
            requests=settings.LIMIT_REQUESTS_PER_MIN or default.requests,
            input_tokens=settings.LIMIT_INPUT_TOKENS_PER_MIN or default.input_tokens,
            output_tokens=settings.LIMIT_OUTPUT_TOKENS_PER_MIN or default.output_tokens,
        ),
        breakers={**BREAKERS, Cause.STOPPED: stopped},
        max_in_flight=in_flight,
        unshared_in_flight=max(1, min(in_flight // settings.LIMIT_PROCESSES, settings.WORKER_CONCURRENCY)),
        burst_s=BURST_S,
        max_closed_s=settings.RETRY_AFTER_CAP_S,
    )
