"""The built-in mock model: answers without a key, in English, the same for the same request.

It reads the world and the input as a model would and writes what can pass for a first draft: tone, genre
and age of the world, its rules, names and places occur in it. Everything it answers carries the model name
``mock``.

A directive in the prompt, the details or the content lets a person see what happens when a model does
badly:

    ===================  ===================================================================
    directive            what the mock does
    ===================  ===================================================================
    [mock:weak]          too short, without the characters and landmarks asked for
    [mock:inconsistent]  uses what the world's technology rules out; a consistency check
                         quotes what is not in the text
    [mock:invalid]       answers with something that is not JSON
    [mock:refuse]        refuses
    [mock:truncate]      stops in the middle
    [mock:fail]          is overloaded, on every attempt
    [mock:fail-once]     is overloaded on the first attempt
    [mock:fail-twice]    is overloaded on the first two attempts
    [mock:slow=SECONDS]  takes that long; past the call's wall clock it is a timeout
    ===================  ===================================================================

When a reviewer asks again, ``weak`` and ``inconsistent`` no longer count: the second draft is a good one.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable, Mapping
from typing import Any, Final

from agents.engine.envelope import unseal
from agents.llm.base import LLMReply, LLMRequest, RequestRejected, TransientError, UnusableReply, Usage
from agents.mock.checker import check
from agents.mock.places import write_place
from agents.mock.request import directives_in, read_request, world_in
from agents.mock.video import write_video_prompt
from agents.mock.wishes import without_directives
from agents.mock.writer import write_narrative

MOCK_MODEL: Final = "mock"

_CHARS_PER_TOKEN: Final = 4

# How many attempts of a job a directive spoils.
_FAILING_ATTEMPTS: Final = {"fail-once": 1, "fail-twice": 2, "fail": 1_000_000}


class MockClient:
    """An ``LLMClient`` without a model. ``latency_s`` is added to every call."""

    is_mock = True

    def __init__(self, latency_s: float = 0.0) -> None:
        self._latency_s = latency_s

    def complete(self, request: LLMRequest, on_words: Callable[[int], None] | None = None) -> LLMReply:
        started = time.monotonic()
        directives = directives_in(request)
        self._wait(request, float(directives.get("slow") or 0.0))
        for name, attempts in _FAILING_ATTEMPTS.items():
            if name in directives and request.attempt <= attempts:
                message = f"The mock model is overloaded, as [mock:{name}] asks (attempt {request.attempt})."
                raise TransientError(
                    "overloaded", message, request_id=_request_id(request), latency_ms=_since(started)
                )

        if "refuse" in directives:
            raise UnusableReply(
                "refused", "The mock model refused.", reply=_reply(request, "", "refusal", started)
            )
        if on_words:
            on_words(0)
        text = json.dumps(_write(request, directives), ensure_ascii=False)
        if on_words:
            on_words(len(text.split()))
        if "truncate" in directives:
            cut = _reply(request, text[: len(text) // 3], "max_tokens", started)
            raise UnusableReply("truncated", "The mock model's answer was cut off.", reply=cut)
        if "invalid" in directives:
            text = "Of course! Here is what you asked for, though not as JSON."
        return _reply(request, text, "end_turn", started)

    def close(self) -> None:
        """There is nothing to give back."""

    def _wait(self, request: LLMRequest, slow_s: float) -> None:
        wait_s = self._latency_s + slow_s
        if wait_s >= request.timeout_s:
            time.sleep(request.timeout_s)
            message = f"No complete answer came within {request.timeout_s:g} seconds."
            raise TransientError(
                "timeout",
                message,
                request_id=_request_id(request),
                latency_ms=round(request.timeout_s * 1000),
            )
        if wait_s > 0:
            time.sleep(wait_s)


def _write(request: LLMRequest, directives: Mapping[str, str]) -> dict[str, Any]:
    how = {"is_weak": "weak" in directives, "is_inconsistent": "inconsistent" in directives}
    match request.prompt_name:
        case "narrative":
            return write_narrative(read_request(request), **how)
        case "video_prompt":
            return write_video_prompt(read_request(request), **how)
        case "spatial":
            return write_place(read_request(request), **how)
        case "consistency":
            given = unseal("input", request.user) or {}
            content = without_directives(str(given.get("content", "")))
            return check(world_in(request), content, **how)
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
        latency_ms=_since(started),
        is_mock=True,
    )


def _request_id(request: LLMRequest) -> str:
    key = f"{request.prompt_name}\x00{request.system}\x00{request.user}\x00{request.attempt}"
    return f"mock_{hashlib.sha256(key.encode('utf-8', 'surrogatepass')).hexdigest()[:16]}"


def _since(started: float) -> int:
    return round((time.monotonic() - started) * 1000)
