"""Calls of a single attempt, within one wall clock and recorded for the ledger."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Final, TypeVar

from agents.engine.confidence import observations
from agents.engine.confidence.signals import Signal
from agents.engine.envelope import seal
from agents.engine.results import CallRecord, OnPhase, Phase
from agents.llm.base import (
    LLMClient,
    LLMError,
    LLMReply,
    LLMRequest,
    RequestRejected,
    Throttled,
    UnusableReply,
    Usage,
)
from agents.llm.turns import turns

Ans = TypeVar("Ans")

# Parses a reply into an answer and the signal of its form; raises ``UnusableReply``.
Parse = Callable[[LLMReply], tuple[Ans, Signal]]

# Showing the model more of its broken answer costs tokens and helps no further.
MAX_ANSWER_CHARS: Final = 20_000

# Too short for any model to answer.
_MIN_REPAIR_S: Final = 1.0


class Attempt:
    """A running attempt. ``calls`` holds every call in it, failed ones included."""

    def __init__(
        self,
        llm: LLMClient,
        wall_clock_s: float,
        on_phase: OnPhase | None = None,
        calls: list[CallRecord] | None = None,
    ) -> None:
        self.calls = [] if calls is None else calls
        self._llm = llm
        self._ends_at = time.monotonic() + wall_clock_s
        self._on_phase = on_phase

    @property
    def left_s(self) -> float:
        return self._ends_at - time.monotonic()

    @property
    def usage(self) -> Usage:
        return sum((call.usage for call in self.calls), Usage())

    def report(self, phase: Phase, text: str = "") -> None:
        if self._on_phase is not None:
            self._on_phase(phase, text)

    def answer(
        self, request: LLMRequest, parse: Parse[Ans], *, is_main: bool = True
    ) -> tuple[Ans, tuple[Signal, ...], LLMReply]:
        """Return a usable answer, the signals of its form, and its reply.

        An unusable answer is repaired once within the attempt's wall clock. If the repair cannot be sent, the error of
        the first answer is raised. Only calls for the main work (``is_main``) report their progress.
        """
        try:
            answer, form, reply = self._call(request, parse, "writing" if is_main else None)
        except UnusableReply as error:
            repair = repair_request(request, error, min(request.timeout_s, self.left_s))
            if repair is None:
                raise
            first_error = error
        else:
            return answer, (form,), reply
        try:
            answer, form, reply = self._call(repair, parse, "repairing" if is_main else None)
        except (RequestRejected, Throttled) as error:
            raise first_error from error
        return answer, (form, observations.second_try(first_error.message)), reply

    def _call(
        self, request: LLMRequest, parse: Parse[Ans], phase: Phase | None
    ) -> tuple[Ans, Signal, LLMReply]:
        on_text = partial(self.report, phase) if phase else None
        try:
            with turns.given_up():
                reply = self._llm.complete(request, on_text)
            answer, form = parse(reply)
        except LLMError as error:
            # A postponed job may have made one call: the one that showed the provider account error.
            recorded = error.account_error if isinstance(error, Throttled) else error
            if recorded is not None:
                self.calls.append(CallRecord.of_error(request, recorded, is_mock=self._llm.is_mock))
            raise
        self.calls.append(CallRecord.of_reply(request, reply))
        return answer, form, reply


def repair_request(request: LLMRequest, error: UnusableReply, left_s: float) -> LLMRequest | None:
    """Return the same task with the broken answer and its error sealed into it; None if a repair is pointless.

    A refusal is never repaired: it is the model's considered answer. ``left_s`` is the time left in the attempt.
    """
    if error.code == "refused" or left_s < _MIN_REPAIR_S:
        return None
    # An answer may hold a lone surrogate, which cannot be sent back.
    written = (error.reply.text if error.reply else "").encode("utf-8", "replace").decode()
    shown = {
        "answer": written[:MAX_ANSWER_CHARS],
        "error": error.message,
        "is_cut": len(written) > MAX_ANSWER_CHARS,
    }
    return replace(request, user=f"{request.user}\n\n{seal('repair', shown)}", timeout_s=left_s)
