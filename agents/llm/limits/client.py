"""Model client that asks the limits before each call."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Final

from agents.llm.base import LLMClient, LLMError, LLMReply, LLMRequest, ProviderAccountError, Throttled
from agents.llm.limits.call_result import call_result
from agents.llm.limits.estimates import Estimates
from agents.llm.limits.prompt_cache import CachedCall, Prefix, PromptCache
from agents.llm.limits.redis_limits import RedisLimits
from agents.llm.limits.sleep_budget import SleepBudget
from agents.llm.limits.types import AdmissionRequest, Cause, Lane, Reservation, Wait

# Message of a waiting job by the reason of its ``Wait``.
_REASONS: Final = {
    "closed": "the model asked everybody to wait",
    "requests": "the requests of this minute are taken",
    "input": "the input tokens of this minute are taken",
    "output": "the output tokens of this minute are taken",
    "in_flight": "as many calls as may be are on their way",
    "cache": "another call is about to write its world into the cache",
}

# Pause after a provider account error when the limits cannot tell it.
_STOPPED_S: Final = 60.0

# Extra life of a reservation, so that a call that times out can still be settled.
_SETTLE_S: Final = 10.0

# Retries of the SDK, by its back-off and the provider's retry-after, in place of shared limits.
_UNSHARED_RETRIES: Final = 2


class LimitedClient:
    """``LLMClient`` that raises ``Throttled`` for a call that has to wait longer than a worker may sleep.

    A call waits for the limits, or for another call that writes its prefix into the prompt cache. A provider account
    error raises ``Throttled`` too, because the model is then paused for every process. The sleep counts against the
    call's wall clock. ``on_call`` gets the job of each call that is admitted, before it is made.
    """

    def __init__(
        self,
        client: LLMClient,
        limits: RedisLimits,
        cache: PromptCache,
        *,
        max_sleep_s: float = 2.0,
        max_cache_sleep_s: float = 5.0,
        sleep: Callable[[float], None] = time.sleep,
        on_call: Callable[[str], None] = lambda job: None,
    ) -> None:
        self.is_mock = client.is_mock
        self._client = client
        self._limits = limits
        self._cache = cache
        self._estimates = Estimates()
        self._max_sleep_s = max_sleep_s
        # Longer than the lease of a writer, so that the callers that wait for a dead one are not put back.
        self._max_cache_sleep_s = max_cache_sleep_s
        self._sleep = sleep
        self._on_call = on_call

    def complete(self, request: LLMRequest, on_text: Callable[[str], None] | None = None) -> LLMReply:
        request = replace(request, job=request.job or uuid.uuid4().hex)
        # Leave at least half of a short wall clock to the call itself.
        longest_s = request.timeout_s / 2
        for_cache = SleepBudget(min(self._max_cache_sleep_s, longest_s), self._sleep)
        prefix = Prefix.of(request)
        cached = CachedCall(self._cache, prefix, request.job)

        def report(text: str) -> None:
            cached.mark_first_byte()
            if on_text is not None:
                on_text(text)

        # First the cache, so that a call that waits for it reserves nothing.
        if (wait := cached.begin(for_cache)) is not None:
            raise self._throttled(request.model, wait)
        budget = SleepBudget(min(self._max_sleep_s, longest_s - for_cache.slept_s), self._sleep)
        try:
            admission = self._admission_request(request, prefix)
            answer = budget.retry(lambda: self._limits.reserve(admission))
            if isinstance(answer, Wait):
                raise self._throttled(request.model, answer)
            request = replace(
                request,
                timeout_s=request.timeout_s - for_cache.slept_s - budget.slept_s,
                max_retries=0 if answer.is_shared else _UNSHARED_RETRIES,
            )
            return self._call(answer, request, prefix, report)
        finally:
            cached.end()

    def _call(
        self, reservation: Reservation, request: LLMRequest, prefix: Prefix, on_text: Callable[[str], None]
    ) -> LLMReply:
        is_settled = False
        try:
            self._on_call(request.job)
            reply = self._client.complete(request, on_text)
            is_settled = self._limits.settle(reservation, call_result(reply))
        except LLMError as error:
            is_settled = self._limits.settle(reservation, call_result(error))
            if isinstance(error, ProviderAccountError):
                raise self._stopped(request.model, error) from error
            raise
        finally:
            if not is_settled:
                self._limits.release(reservation)
        self._estimates.learn(request, prefix, reply.usage)
        return reply

    def close(self) -> None:
        self._client.close()

    def _admission_request(self, request: LLMRequest, prefix: Prefix) -> AdmissionRequest:
        input_tokens, output_tokens = self._estimates.of(request, prefix)
        return AdmissionRequest(
            job=request.job,
            model=request.model,
            lane=Lane[request.lane.upper()],
            universe=request.universe,
            input_tokens=input_tokens,
            output_tokens=output_tokens,
            timeout_s=request.timeout_s + _SETTLE_S,
        )

    def _throttled(self, model: str, wait: Wait) -> Throttled:
        if wait.reason != "breaker":
            message = f"It waits for its turn: {_REASONS[wait.reason]}."
            return Throttled("waits_for_turn", message, wait_s=wait.seconds, cause=wait.reason)
        _, cause, message = self._pause(model)
        return _paused(model, wait.seconds, cause or wait.reason, message)

    def _stopped(self, model: str, error: ProviderAccountError) -> Throttled:
        until, _, _ = self._pause(model)
        wait_s = (until - datetime.now(UTC)).total_seconds() if until else _STOPPED_S
        return _paused(model, max(wait_s, 0.1), Cause.STOPPED.value, error.message, error)

    def _pause(self, model: str) -> tuple[datetime | None, str, str]:
        """Return end, cause and last message of the breaker that pauses the model longest."""
        pauses = [
            (breaker.until, breaker.cause, breaker.message)
            for state in self._limits.snapshot()
            if state.model == model
            for breaker in state.breakers
            if breaker.until is not None
        ]
        return max(pauses, default=(None, "", ""))


def _paused(
    model: str, wait_s: float, cause: str, reason: str, error: ProviderAccountError | None = None
) -> Throttled:
    message = f"The line to {model} is paused ({cause})" + (f": {reason}" if reason else ".")
    return Throttled("line_paused", message, wait_s=wait_s, cause=cause, account_error=error)
