"""A model's client that asks the limits first."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Final

from agents.llm.base import LineStopped, LLMClient, LLMError, LLMReply, LLMRequest, NotNow
from agents.llm.limits.admission import admit
from agents.llm.limits.endings import ending_of
from agents.llm.limits.estimates import Estimates
from agents.llm.limits.kinds import Ask, Cause, Lane, Limits, Wait

# What a job is told that waits, by the reason of its ``Wait``.
_REASONS: Final = {
    "closed": "the model asked everybody to wait",
    "requests": "the requests of this minute are taken",
    "input": "the input tokens of this minute are taken",
    "output": "the output tokens of this minute are taken",
    "in_flight": "as many calls as may be are on their way",
}

# How long a line is thought to stay stopped when the limits cannot say.
_STOPPED_S: Final = 60.0


class LimitedClient:
    """An ``LLMClient`` that raises ``NotNow`` for a call that has to wait for longer than a worker may sleep.

    A line that an operator has to mend raises it as well: by then it is paused for everybody. The sleep counts
    against the call's own wall clock.
    """

    def __init__(
        self,
        client: LLMClient,
        limits: Limits,
        *,
        at_most_s: float = 2.0,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.is_mock = client.is_mock
        self._client = client
        self._limits = limits
        self._estimates = Estimates()
        self._at_most_s = at_most_s
        self._sleep = sleep

    def complete(self, request: LLMRequest, on_words: Callable[[int], None] | None = None) -> LLMReply:
        slept_s = 0.0

        def sleep(seconds: float) -> None:
            nonlocal slept_s
            slept_s += seconds
            self._sleep(seconds)

        # A call with little time of its own keeps half of it.
        at_most_s = min(self._at_most_s, request.timeout_s / 2)
        answer = admit(self._limits, self._ask(request), at_most_s=at_most_s, sleep=sleep)
        if isinstance(answer, Wait):
            raise self._not_now(request.model, answer)
        is_settled = False
        try:
            reply = self._client.complete(replace(request, timeout_s=request.timeout_s - slept_s), on_words)
            is_settled = self._limits.settle(answer, ending_of(reply, reply.said))
        except LLMError as error:
            is_settled = self._limits.settle(answer, ending_of(error, error.said))
            if isinstance(error, LineStopped):
                raise self._stopped(request.model, error) from error
            raise
        finally:
            if not is_settled:
                self._limits.release(answer)
        self._estimates.learn(request, reply.usage)
        return reply

    def close(self) -> None:
        self._client.close()

    def _ask(self, request: LLMRequest) -> Ask:
        input_tokens, output_tokens = self._estimates.of(request)
        return Ask(
            job=request.job or uuid.uuid4().hex,
            model=request.model,
            lane=Lane[request.lane.upper()],
            universe=request.universe,
            input_tokens=input_tokens,
            output_tokens=output_tokens,
            timeout_s=request.timeout_s,
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
