"""A model for tests that says what it is told to, and otherwise what every agent trusts fully."""

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
    """An answer that leaves no signal below 1."""
    asked = unseal("input", request.user) or {}
    if request.agent == "consistency":
        return {
            "is_consistent": True,
            "violations": [],
            "explanation": "Nothing breaks a rule.",
            "suggestions": [],
        }
    if request.agent == "spatial":
        names = asked.get("landmarks") or ["The toll gate"]
        return {
            "description": f"{FIVE_WORDS * 10}\n\n{FIVE_WORDS * 11}",
            "landmarks": [{"name": name, "description": "Old."} for name in names],
            "atmosphere": "Calm.",
            "map_layout": "One road.",
        }
    cast = " ".join(f"{character['name']} waits." for character in asked.get("characters", []))
    return {"title": "Low Tide", "content": f"{FIVE_WORDS * 64}{cast}"}


def weak_answer(request: LLMRequest) -> dict[str, Any]:
    """An answer that has to wait for a person: 30 words of 300, a place in a sentence, a verdict at odds.

    The confidence is 0.45, 0.45 and 0.4.
    """
    answer = good_answer(request)
    if request.agent == "consistency":
        return {**answer, "is_consistent": False}
    if request.agent == "spatial":
        return {**answer, "description": f"{FIVE_WORDS * 4}\n\n{FIVE_WORDS * 2}"}
    return {**answer, "content": FIVE_WORDS * 6}


class FakeLLM:
    """Goes through its script, one step a call, and then on with good answers.

    A step is a raw text, an answer as a mapping, an error to raise, or a function of the request that gives one
    of these. ``requests`` are the calls so far.
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

    def complete(self, request: LLMRequest, on_words: Callable[[int], None] | None = None) -> LLMReply:
        with self._lock:
            self.requests.append(request)
            step: Any = self._script.popleft() if self._script else good_answer
        while callable(step):
            step = step(request)
        if isinstance(step, Exception):
            raise step
        text = step if isinstance(step, str) else json.dumps(step)
        if on_words:
            on_words(0)
            on_words(len(text.split()))
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
