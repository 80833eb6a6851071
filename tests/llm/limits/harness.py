"""Limited client under a clock that only moves when the client sleeps."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
import redis

from agents.llm.base import LLMReply, Throttled
from agents.llm.limits.client import LimitedClient
from agents.llm.limits.config import Allowance, LimitSettings
from agents.llm.limits.prompt_cache import PromptCache
from tests.llm.limits.helpers import Clock, clocked_limits, clocked_scripts
from tests.llm.requests import REQUEST
from tests.support.fake_llm import FakeLLM


class ClientHarness:
    """Limited client of a scripted model."""

    def __init__(self, client: redis.Redis, *, requests: float = 60, **settings: Any) -> None:
        self.clock = Clock(client)
        self.llm = FakeLLM()
        self.slept: list[float] = []
        self._later: list[tuple[float, Callable[[], object]]] = []
        allowance = Allowance(requests=requests, input_tokens=6e9, output_tokens=6e9)
        self.limits = clocked_limits(
            client, LimitSettings(default=allowance, burst_s=2.0, headroom=0.0, **settings)
        )
        self.cache = PromptCache(client, scripts=clocked_scripts(client), clock=lambda: self.clock.now)
        self.client = LimitedClient(self.llm, self.limits, self.cache, sleep=self._sleep)

    def at(self, seconds: float, happens: Callable[[], object]) -> None:
        """Schedule an event for a time when the client sleeps."""
        self._later.append((self.clock.now + seconds, happens))

    def _sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        end = self.clock.now + seconds
        due = [event for event in self._later if event[0] <= end]
        self._later = [event for event in self._later if event[0] > end]
        for moment, happens in due:
            self.clock.advance(moment - self.clock.now)
            happens()
        self.clock.advance(end - self.clock.now)

    def call(self, job: str = "", **values: Any) -> LLMReply:
        return self.client.complete(replace(REQUEST, job=job, **values))

    def throttled(self, job: str = "a", **values: Any) -> Throttled:
        with pytest.raises(Throttled) as caught:
            self.call(job, **values)
        return caught.value

    def in_flight(self) -> int:
        return self.limits.snapshot()[0].in_flight
