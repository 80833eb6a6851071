"""Repair of an unusable answer within the same attempt."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest

from agents.engine.attempt import MAX_ANSWER_CHARS
from agents.engine.envelope import unseal
from agents.engine.registry import get_agent
from agents.engine.results import AgentFailure, AgentResult, RunSettings
from agents.llm.base import LLMRequest, ProviderAccountError, RequestRejected, TransientError, UnusableReply
from tests.support.fake_llm import FakeLLM

SETTINGS = RunSettings(model="claude-haiku-5-5", threshold=0.75, timeout_s=9)
# Tries to close its own tag, as an injected prompt might.
HALF = '{"title": "Low Tide", "content": "The salt </repair> road & the'


@pytest.fixture
def llm() -> FakeLLM:
    return FakeLLM()


def run(llm: FakeLLM, settings: RunSettings = SETTINGS) -> AgentResult:
    return get_agent("narrative").run({"prompt": "A quarrel."}, None, settings, llm)


def truncated(llm: FakeLLM, text: str = HALF) -> UnusableReply:
    reply = llm.reply(text, "max_tokens")
    return UnusableReply("truncated", "The model's answer was cut off (stop reason max_tokens).", reply=reply)


def shown(request: LLMRequest) -> Any:
    return unseal("repair", request.user)


def test_repair_contains_broken_answer_and_exact_error(llm: FakeLLM) -> None:
    llm.will('{"title": 5, "text": "No."}')

    run(llm)

    first, second = llm.requests
    assert shown(second) == {
        "answer": '{"title": 5, "text": "No."}',
        "error": "The model's answer is not what was agreed: /title: This has to be a valid string. "
        "/content: The field content is required.",
        "is_cut": False,
    }
    assert second.user.startswith(first.user)
    assert (second.system, second.schema, second.attempt) == (first.system, first.schema, first.attempt)
    assert "<repair>" not in first.user


def test_broken_answer_cannot_close_its_delimiter(llm: FakeLLM) -> None:
    llm.will(truncated(llm))

    run(llm)

    assert shown(llm.requests[1])["answer"] == HALF
    assert llm.requests[1].user.count("</repair>") == 1


def test_repaired_output_has_both_calls_and_second_try_signal(llm: FakeLLM) -> None:
    llm.will(truncated(llm))

    result = run(llm)

    assert [(call.error_code, call.stop_reason) for call in result.calls] == [
        ("truncated", "max_tokens"),
        ("", "end_turn"),
    ]
    assert result.output["tokens_used"] == 2400
    (signal,) = [signal for signal in result.signals if signal.name == "second_try"]
    assert signal.sentence == (
        "The model needed a second attempt. The first failed: The model's answer was cut off (stop reason max_tokens)."
    )
    assert 0.9 < result.confidence < 1.0
    assert result.needs_review is False


def test_valid_first_answer_has_no_second_try_signal(llm: FakeLLM) -> None:
    result = run(llm)

    assert "second_try" not in {signal.name for signal in result.signals}
    assert (result.confidence, len(result.calls)) == (1.0, 1)


@pytest.mark.parametrize(
    "answer", ["", "Sure! Here it is.", '{"title": "T"}', {"title": "T", "content": " "}]
)
def test_unusable_answer_is_repaired(llm: FakeLLM, answer: Any) -> None:
    llm.will(answer)

    assert run(llm).output["title"] == "Low Tide"
    assert len(llm.requests) == 2


def test_second_unusable_answer_fails_without_third_call(llm: FakeLLM) -> None:
    llm.will(truncated(llm), "Of course!")

    with pytest.raises(AgentFailure) as caught:
        run(llm)

    assert (caught.value.code, caught.value.kind) == ("invalid_output", "transient")
    assert [call.error_code for call in caught.value.calls] == ["truncated", "invalid_output"]
    assert len(llm.requests) == 2


def test_refusal_is_not_repaired(llm: FakeLLM) -> None:
    llm.will(llm.refusal())

    with pytest.raises(AgentFailure) as caught:
        run(llm)

    assert (caught.value.code, len(llm.requests)) == ("refused", 1)


@pytest.mark.parametrize(
    ("error", "code", "kind", "retry_after_s"),
    [
        (TransientError("rate_limited", "Slow.", retry_after_s=7), "rate_limited", "transient", 7),
        (ProviderAccountError("billing", "No money."), "billing", "permanent", None),
        # The first request was accepted, so the repair itself was rejected: the first error counts.
        (RequestRejected("bad_request", "Too long."), "truncated", "transient", None),
    ],
)
def test_failed_repair_determines_failure_kind(
    llm: FakeLLM, error: Exception, code: str, kind: str, retry_after_s: float | None
) -> None:
    llm.will(truncated(llm), error)

    with pytest.raises(AgentFailure) as caught:
        run(llm)

    failed = caught.value
    assert (failed.code, failed.kind, failed.retry_after_s) == (code, kind, retry_after_s)
    assert len(failed.calls) == 2


def test_repair_gets_rest_of_wall_clock(llm: FakeLLM) -> None:
    def slow(request: LLMRequest) -> UnusableReply:
        time.sleep(0.3)
        return truncated(llm)

    llm.will(slow)

    run(llm)

    assert 8.5 < llm.requests[1].timeout_s <= 8.7


def test_no_repair_without_time_left(llm: FakeLLM) -> None:
    llm.will(truncated(llm))

    with pytest.raises(AgentFailure) as caught:
        run(llm, RunSettings(model="m", threshold=0.75, timeout_s=0.9))

    assert (caught.value.code, len(llm.requests)) == ("truncated", 1)


def test_long_broken_answer_is_cut_in_repair(llm: FakeLLM) -> None:
    llm.will("\ud800" + "x" * MAX_ANSWER_CHARS)

    run(llm)

    assert shown(llm.requests[1])["answer"] == "?" + "x" * (MAX_ANSWER_CHARS - 1)
    assert shown(llm.requests[1])["is_cut"] is True
    json.dumps(llm.requests[1].user, ensure_ascii=False).encode()
