"""The mock model's client. Its answers carry the model name ``mock`` and depend only on request and variant.

A directive in the prompt, the details or the content of a request makes the model fail on purpose:

    ===================  ===================================================================
    directive            effect
    ===================  ===================================================================
    [mock:weak]          too short, without the requested characters and landmarks
    [mock:inconsistent]  uses what the world's technology rules out; a consistency check
                         quotes words that are not in the text
    [mock:invalid]       the answer is not JSON
    [mock:refuse]        a refusal
    [mock:truncate]      the answer is cut off
    [mock:fail]          overloaded on every attempt
    [mock:fail-once]     overloaded on the first attempt
    [mock:fail-twice]    overloaded on the first two attempts
    [mock:slow=SECONDS]  takes that long; a timeout if it exceeds the call's wall clock
    ===================  ===================================================================

A revision ignores ``weak`` and ``inconsistent``: the second draft is a good one.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Collection
from typing import Any, Final

from agents.llm.base import LLMReply, LLMRequest, RequestRejected, TransientError, UnusableReply, Usage
from agents.mock.checker import check_text
from agents.mock.request import digest, read_brief, read_content, read_directives, read_world
from agents.mock.writer import WRITERS, write

MOCK_MODEL: Final = "mock"

_CHARS_PER_TOKEN: Final = 4
_REPORT_EVERY_S: Final = 1.0
# Number of attempts of a job that fail, by directive.
_FAILING_ATTEMPTS: Final = {"fail-once": 1, "fail-twice": 2, "fail": 1_000_000}


class MockClient:
    """An ``LLMClient`` without a model. Every call takes at least ``latency_s``; ``on_call`` gets its job first.

    ``prepared`` may know the answer to a request, which is otherwise made from sentences.
    """

    is_mock = True

    def __init__(
        self,
        latency_s: float = 0.0,
        on_call: Callable[[str], None] = lambda job: None,
        prepared: Callable[[LLMRequest], dict[str, Any] | None] = lambda request: None,
    ) -> None:
        self._prepared = prepared
        self._latency_s = latency_s
        self._on_call = on_call

    def complete(self, request: LLMRequest, on_text: Callable[[str], None] | None = None) -> LLMReply:
        self._on_call(request.job)
        started = time.monotonic()
        directives = read_directives(request)
        answer = self._prepared(request) or _answer(request, directives.keys())
        text = json.dumps(answer, ensure_ascii=False)
        self._wait(request, float(directives.get("slow") or 0.0), text, on_text)
        for name, attempts in _FAILING_ATTEMPTS.items():
            if name in directives and request.attempt <= attempts:
                message = f"The mock model is overloaded, as [mock:{name}] asks (attempt {request.attempt})."
                raise TransientError(
                    "overloaded", message, request_id=_request_id(request), latency_ms=_elapsed_ms(started)
                )
        if "refuse" in directives:
            reply = _reply(request, "", "refusal", started)
            raise UnusableReply("refused", "The mock model refused.", reply=reply)
        if on_text:
            on_text(text)
        if "truncate" in directives:
            reply = _reply(request, text[: len(text) // 3], "max_tokens", started)
            raise UnusableReply("truncated", "The mock model's answer was cut off.", reply=reply)
        if "invalid" in directives:
            text = "Of course! Here is the answer, though not as JSON."
        return _reply(request, text, "end_turn", started)

    def close(self) -> None:
        """Do nothing: there is no connection to close."""

    def _wait(
        self, request: LLMRequest, slow_s: float, text: str, on_text: Callable[[str], None] | None
    ) -> None:
        """Write ``text`` in the time that the call takes, as a model does, or raise after the wall clock."""
        wait_s = self._latency_s + slow_s
        started, ends_s = time.monotonic(), min(wait_s, request.timeout_s)
        if on_text:
            on_text("")
        while (left_s := started + ends_s - time.monotonic()) > 0:
            time.sleep(min(left_s, _REPORT_EVERY_S))
            if on_text and left_s > _REPORT_EVERY_S:
                on_text(text[: int(len(text) * (1 - (left_s - _REPORT_EVERY_S) / wait_s))])
        if wait_s >= request.timeout_s:
            raise TransientError(
                "timeout",
                f"No complete answer came within {request.timeout_s:g} seconds.",
                request_id=_request_id(request),
                latency_ms=round(request.timeout_s * 1000),
            )


def _answer(request: LLMRequest, directives: Collection[str]) -> dict[str, Any]:
    if request.prompt_name in WRITERS:
        return write(request.prompt_name, read_brief(request), directives)
    if request.prompt_name == "consistency":
        return check_text(read_content(request), read_world(request), directives)
    raise RequestRejected("bad_request", f"The mock model does not know the prompt {request.prompt_name}.")


def _reply(request: LLMRequest, text: str, stop_reason: str, started: float) -> LLMReply:
    return LLMReply(
        text=text,
        model=MOCK_MODEL,
        usage=Usage(
            input_tokens=-(-(len(request.system) + len(request.user)) // _CHARS_PER_TOKEN),
            output_tokens=-(-len(text) // _CHARS_PER_TOKEN),
        ),
        stop_reason=stop_reason,
        request_id=_request_id(request),
        latency_ms=_elapsed_ms(started),
        is_mock=True,
    )


def _request_id(request: LLMRequest) -> str:
    return f"mock_{digest(request, request.attempt)[:16]}"


def _elapsed_ms(started: float) -> int:
    return round((time.monotonic() - started) * 1000)
