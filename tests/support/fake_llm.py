"""A scripted model for tests, whose default answers get full confidence."""

from __future__ import annotations

import json
import threading
from collections import deque
from collections.abc import Callable, Mapping
from typing import Any

from agents.engine.envelope import unseal
from agents.llm.base import LLMReply, LLMRequest, UnusableReply, Usage

FIVE_WORDS = "The salt road is quiet. "

Step = str | Mapping[str, Any] | Exception | Callable[[LLMRequest], Any]


def good_answer(request: LLMRequest) -> dict[str, Any]:
    """Return an answer for which every signal is 1."""
    input_data = unseal("input", request.user) or {}
    if request.agent == "consistency":
        return {
            "is_consistent": True,
            "violations": [],
            "explanation": "Nothing breaks a rule.",
            "suggestions": [],
        }
    if request.agent == "spatial":
        names = input_data.get("landmarks") or ["The toll gate"]
        return {
            "description": f"{FIVE_WORDS * 10}\n\n{FIVE_WORDS * 11}",
            "landmarks": [{"name": name, "description": "Old."} for name in names],
            "atmosphere": "Calm.",
            "map_layout": "One road.",
        }
    cast = " ".join(f"{character['name']} waits." for character in input_data.get("characters", []))
    return {"title": "Low Tide", "content": f"{FIVE_WORDS * 64}{cast}"}


def weak_answer(request: LLMRequest) -> dict[str, Any]:
    """Return an answer that needs review: a text of 30 words, or a verdict that disagrees with its violations.

    The confidence is 0.45 for texts and 0.4 for reports.
    """
    answer = good_answer(request)
    if request.agent == "consistency":
        return {**answer, "is_consistent": False}
    if request.agent == "spatial":
        return {**answer, "description": f"{FIVE_WORDS * 4}\n\n{FIVE_WORDS * 2}"}
    return {**answer, "content": FIVE_WORDS * 6}


class FakeLLM:
    """A client that plays its script, one step per call, and then gives good answers.

    A step is a raw text, an answer as a mapping, an error to raise, or a function of the request that returns one of
    these. ``requests`` are the calls so far.
    """

    def __init__(self) -> None:
        self.is_mock = False
        self.model = "claude-haiku-5-5"
        self.usage = Usage(input_tokens=1000, output_tokens=200)
        self.requests: list[LLMRequest] = []
        self.closed = 0
        self._script: deque[Step] = deque()
        self._lock = threading.Lock()

    def will(self, *steps: Step) -> None:
        self._script.extend(steps)

    def complete(self, request: LLMRequest, on_text: Callable[[str], None] | None = None) -> LLMReply:
        with self._lock:
            self.requests.append(request)
            step: Any = self._script.popleft() if self._script else good_answer
        while callable(step):
            step = step(request)
        if isinstance(step, Exception):
            raise step
        text = step if isinstance(step, str) else json.dumps(step)
        if on_text:
            on_text("")
            on_text(text)
        return self.reply(text)

    def reply(self, text: str, stop_reason: str = "end_turn") -> LLMReply:
        return LLMReply(
            text=text,
            model=self.model,
            usage=self.usage,
            stop_reason=stop_reason,
            request_id="req_1",
            latency_ms=12,
            is_mock=self.is_mock,
        )

    def refusal(self) -> UnusableReply:
        return UnusableReply("refused", "The model refused to answer.", reply=self.reply("", "refusal"))

    def close(self) -> None:
        self.closed += 1
