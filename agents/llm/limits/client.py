"""A model's client that asks the limits first."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Final

from agents.llm.base import LineStopped, LLMClient, LLMError, LLMReply, LLMRequest, NotNow
from agents.llm.limits.admission import Patience, admit
from agents.llm.limits.endings import ending_of
from agents.llm.limits.estimates import Estimates
from agents.llm.limits.kinds import Ask, Cause, Grant, Lane, Wait
from agents.llm.limits.prefixes import Prefixes
from agents.llm.limits.redis_limits import RedisLimits
from agents.llm.limits.warming import Warming

# What a job is told that waits, by the reason of its ``Wait``.
_REASONS: Final = {
    "closed": "the model asked everybody to wait",
    "requests": "the requests of this minute are taken",
    "input": "the input tokens of this minute are taken",
    "output": "the output tokens of this minute are taken",
    "in_flight": "as many calls as may be are on their way",
    "cache": "another call is about to write its world into the cache",
}

# How long a line is thought to stay stopped when the limits cannot say.
_STOPPED_S: Final = 60.0

# How much longer than its wall clock a call may take to be settled: one that times out has to be counted, too.
_SETTLED_WITHIN_S: Final = 10.0

# Back-off of the SDK, retry-after included, in place of the shared limits while Redis is away.
_UNSHARED_RETRIES: Final = 2


class LimitedClient:
    """An ``LLMClient`` that raises ``NotNow`` for a call that has to wait for longer than a worker may sleep: for the
    limits, or for another call that warms the prompt cache for it.

    A line that an operator has to mend raises it as well: by then it is paused for everybody. The sleep counts
    against the call's own wall clock.
    """

    def __init__(
        self,
        client: LLMClient,
        limits: RedisLimits,
        prefixes: Prefixes,
        *,
        at_most_s: float = 2.0,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.is_mock = client.is_mock
        self._client = client
        self._limits = limits
        self._prefixes = prefixes
        self._estimates = Estimates()
        self._at_most_s = at_most_s
        self._sleep = sleep

    def complete(self, request: LLMRequest, on_words: Callable[[int], None] | None = None) -> LLMReply:
        request = replace(request, job=request.job or uuid.uuid4().hex)
        # A call with little time of its own keeps half of it.
        patience = Patience(min(self._at_most_s, request.timeout_s / 2), self._sleep)
        warming = Warming(self._prefixes, request, request.job)

        def told(words: int) -> None:
            warming.heard()
            if on_words is not None:
                on_words(words)

        # Before the limits are asked: who waits for the cache takes nothing from anybody.
        follower = warming.begin(patience)
        if follower is not None:
            raise self._not_now(request.model, Wait(follower.wait_s, "cache"))
        try:
            answer = admit(self._limits, self._ask(request), patience)
            if isinstance(answer, Wait):
                raise self._not_now(request.model, answer)
            return self._call(answer, self._with_what_is_left(request, patience, answer), told)
        finally:
            warming.end()

    def _call(self, grant: Grant, request: LLMRequest, on_words: Callable[[int], None]) -> LLMReply:
        is_settled = False
        try:
            reply = self._client.complete(request, on_words)
            is_settled = self._limits.settle(grant, ending_of(reply, reply.said))
        except LLMError as error:
            is_settled = self._limits.settle(grant, ending_of(error, error.said))
            if isinstance(error, LineStopped):
                raise self._stopped(request.model, error) from error
            raise
        finally:
            if not is_settled:
                self._limits.release(grant)
        self._estimates.learn(request, reply.usage)
        return reply

    def _with_what_is_left(self, request: LLMRequest, patience: Patience, grant: Grant) -> LLMRequest:
        return replace(
            request,
            timeout_s=request.timeout_s - patience.slept_s,
            max_retries=0 if grant.is_shared else _UNSHARED_RETRIES,
        )

    def close(self) -> None:
        self._client.close()

    def _ask(self, request: LLMRequest) -> Ask:
        input_tokens, output_tokens = self._estimates.of(request)
        return Ask(
            job=request.job,
            model=request.model,
            lane=Lane[request.lane.upper()],
            universe=request.universe,
            input_tokens=input_tokens,
            output_tokens=output_tokens,
            timeout_s=request.timeout_s + _SETTLED_WITHIN_S,
        )

    def _not_now(self, model: str, wait: Wait) -> NotNow:
        if wait.reason != "breaker":
            message = f"It waits for its turn: {_REASONS[wait.reason]}."
            return NotNow("waits_for_turn", message, wait_s=wait.seconds, cause=wait.reason)
        _, cause, said = self._pause(model)
        return _paused(model, wait.seconds, cause or wait.reason, said)

    def _stopped(self, model: str, error: LineStopped) -> NotNow:
        until, _, _ = self._pause(model)
        left_s = (until - datetime.now(UTC)).total_seconds() if until else _STOPPED_S
        return _paused(model, max(left_s, 0.1), Cause.STOPPED.value, error.message, error)

    def _pause(self, model: str) -> tuple[datetime | None, str, str]:
        """Of the breaker that holds the line the longest: until when, its cause, and what it was told last."""
        held = [
            (breaker.until, breaker.cause, breaker.message)
            for state in self._limits.snapshot()
            if state.model == model
            for breaker in state.breakers
            if breaker.until is not None
        ]
        return max(held, default=(None, "", ""), key=lambda one: one[0] or datetime.min.replace(tzinfo=UTC))


def _paused(model: str, wait_s: float, cause: str, said: str, error: LineStopped | None = None) -> NotNow:
    message = f"The line to {model} is paused ({cause})" + (f": {said}" if said else ".")
    return NotNow("line_paused", message, wait_s=wait_s, cause=cause, of=error)
