"""The calls that one attempt makes: within one wall clock, recorded for the ledger, told as they go on."""

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
    NotNow,
    RequestRejected,
    UnusableReply,
    Usage,
)

Ans = TypeVar("Ans")

# What a reply says, and the signal of its form; ``UnusableReply`` where it says nothing that can be used.
Read = Callable[[LLMReply], tuple[Ans, Signal]]


# More of a spoiled answer teaches nothing, and is paid for.
SHOWN_CHARS: Final = 20_000

# In less time no model writes anything.
_LEAST_S: Final = 1.0


class Attempt:
    """One attempt from its first moment on. ``calls`` are all that were made in it, the failed ones too; in the
    caller's own list, if one is given.
    """

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

    def tell(self, phase: Phase, words: int = 0) -> None:
        if self._on_phase is not None:
            self._on_phase(phase, words)

    def answer(
        self, request: LLMRequest, read: Read[Ans], *, is_main: bool = True
    ) -> tuple[Ans, tuple[Signal, ...], LLMReply]:
        """An answer that can be used, how it came about, and its reply.

        One repair is tried within the attempt's wall clock. Where that cannot be sent, or not now, the fault of the
        first answer is what failed. Only of the main work is it told how many words there are.
        """
        try:
            answer, form, reply = self._call(request, read, "writing" if is_main else None)
        except UnusableReply as error:
            again = repair_request(request, error, min(request.timeout_s, self.left_s))
            if again is None:
                raise
            spoiled = error
        else:
            return answer, (form,), reply
        try:
            answer, form, reply = self._call(again, read, "repairing" if is_main else None)
        except (RequestRejected, NotNow) as error:
            raise spoiled from error
        return answer, (form, observations.second_try(spoiled.message)), reply

    def _call(
        self, request: LLMRequest, read: Read[Ans], phase: Phase | None
    ) -> tuple[Ans, Signal, LLMReply]:
        on_words = partial(self.tell, phase) if phase else None
        try:
            reply = self._llm.complete(request, on_words)
            answer, form = read(reply)
        except LLMError as error:
            made = error.of if isinstance(error, NotNow) else error
            if made is not None:
                self.calls.append(CallRecord.of_error(request, made, is_mock=self._llm.is_mock))
            raise
        self.calls.append(CallRecord.of_reply(request, reply))
        return answer, form, reply


def repair_request(request: LLMRequest, error: UnusableReply, left_s: float) -> LLMRequest | None:
    """The same task with the spoiled answer and its fault sealed into it; None where a repair is no use.

    A refusal is the model's considered answer. ``left_s`` is what is left of the attempt's wall clock.
    """
    if error.code == "refused" or left_s < _LEAST_S:
        return None
    # A lone surrogate, which an answer may hold, cannot be sent back.
    written = (error.reply.text if error.reply else "").encode("utf-8", "replace").decode()
    shown = {"answer": written[:SHOWN_CHARS], "error": error.message, "is_cut": len(written) > SHOWN_CHARS}
    return replace(request, user=f"{request.user}\n\n{seal('repair', shown)}", timeout_s=left_s)
