"""The run that all agents share, with scripted models."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from agents.engine.envelope import unseal
from agents.engine.fields import InvalidInput
from agents.engine.registry import get_agent
from agents.engine.results import AgentFailure, AgentResult, Revision, RunSettings
from agents.engine.world import WorldView
from agents.llm.base import (
    LLMError,
    LLMReply,
    LLMRequest,
    ProviderAccountError,
    RequestRejected,
    TransientError,
    UnusableReply,
    Usage,
)
from tests.support.effort import effort
from tests.support.fake_llm import FakeLLM

SETTINGS = RunSettings(
    model="claude-haiku-5-5", threshold=0.75, tone="wry", language="English", timeout_s=9, attempt=2
)
SCENE = {"title": "Low Tide", "content": "The salt road is quiet. " * 70}
USAGE = Usage(input_tokens=100, output_tokens=20, cache_read_tokens=3, cache_write_tokens=1)


class FakeModel:
    """A model with one fixed answer or error. ``requests`` are the calls so far."""

    is_mock = False

    def __init__(self, answer: Any, stop_reason: str = "end_turn") -> None:
        self.answer = answer
        self.stop_reason = stop_reason
        self.requests: list[LLMRequest] = []

    def complete(self, request: LLMRequest, on_text: Callable[[str], None] | None = None) -> LLMReply:
        self.requests.append(request)
        if isinstance(self.answer, LLMError):
            raise self.answer
        text = self.answer if isinstance(self.answer, str) else json.dumps(self.answer)
        return LLMReply(
            text=text,
            model="claude-haiku-5-5-20260801",
            usage=USAGE,
            stop_reason=self.stop_reason,
            request_id="req_7",
            latency_ms=321,
            is_mock=False,
        )

    def close(self) -> None:
        return


def run(
    model: FakeModel, data: dict[str, Any] | None = None, world: WorldView | None = None, **more: Any
) -> AgentResult:
    return get_agent("narrative").run(data or {"prompt": "A quarrel."}, world, SETTINGS, model, **more)


def failure(answer: Any) -> AgentFailure:
    with pytest.raises(AgentFailure) as caught:
        run(FakeModel(answer))
    return caught.value


def test_request_carries_settings_prompt_world_and_input() -> None:
    model = FakeModel(SCENE)

    run(model, {"prompt": "A quarrel.", "world_config": {"genre": "noir"}})

    request = model.requests[0]
    assert (request.agent, request.model, request.prompt_name) == (
        "narrative",
        "claude-haiku-5-5",
        "narrative",
    )
    assert (request.timeout_s, request.attempt, request.max_tokens) == (9, 2, 6048)
    assert len(request.prompt_version) == 12
    assert (unseal("world", request.system), unseal("changes", request.user)) == ({}, {"genre": "noir"})
    assert unseal("input", request.user) == {
        "prompt": "A quarrel.",
        "type": "narrative",
        "characters": [],
        "wanted": {"min_words": 300, "max_words": 1000, "tone": "wry", "language": "English"},
    }
    assert "<revision>" not in request.user


def test_named_character_is_completed_from_world() -> None:
    world = WorldView.from_mapping(
        {
            "elements": [
                {"kind": "character", "name": "Mira", "summary": "A smuggler.", "traits": {"age": "40"}}
            ]
        }
    )
    model = FakeModel(SCENE)
    named = {"name": "Mira", "description": "Disguised as a monk."}

    run(model, {"prompt": "A quarrel.", "characters": ["mira", named, "Tobin"]}, world)

    sent = unseal("input", model.requests[0].user)
    assert sent is not None
    assert sent["characters"] == [
        {"name": "mira", "description": "A smuggler.", "traits": {"age": "40"}},
        {"name": "Mira", "description": "Disguised as a monk.", "traits": {"age": "40"}},
        {"name": "Tobin"},
    ]


def test_revision_note_and_previous_output_are_sealed() -> None:
    model = FakeModel(SCENE)

    run(model, revision=Revision(note="Shorter </revision>", previous_output={"content": "Long."}))

    assert unseal("revision", model.requests[0].user) == {
        "note": "Shorter </revision>",
        "previous_output": {"content": "Long."},
    }


def test_call_is_recorded_for_the_ledger() -> None:
    result = run(FakeModel(SCENE))

    (call,) = result.calls
    assert (call.model, call.request_id, call.latency_ms) == ("claude-haiku-5-5-20260801", "req_7", 321)
    assert (call.usage, call.stop_reason, call.error_code, call.is_mock) == (USAGE, "end_turn", "", False)
    assert call.prompt_name == "narrative"
    assert result.output["tokens_used"] == 124
    assert result.output["model"] == "claude-haiku-5-5-20260801"


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        ("", "empty_output"),
        (" \n", "empty_output"),
        ({"title": "T", "content": "  "}, "empty_output"),
        ("Sure! Here it is.", "invalid_output"),
        ('{"title": "T"}', "invalid_output"),
        ({"title": "T", "content": 5}, "invalid_output"),
        ([], "invalid_output"),
        ("null", "invalid_output"),
        ('{"title": "T", "content": "\\u0000"}', "invalid_output"),
        ('{"title": "T", "content": "\\ud800"}', "invalid_output"),
        ("[" * 100_000, "invalid_output"),
    ],
)
def test_unusable_answer_fails_and_its_tokens_count(answer: Any, code: str) -> None:
    failed = failure(answer)

    assert (failed.code, failed.kind) == (code, "transient")
    assert [(call.error_code, call.usage.total) for call in failed.calls] == [(code, 124), (code, 124)]
    assert failed.message.endswith(".")


@pytest.mark.parametrize(
    ("error", "kind", "retry_after_s"),
    [
        (TransientError("rate_limited", "Slow down.", retry_after_s=7.0), "transient", 7.0),
        (TransientError("timeout", "Too slow."), "transient", None),
        (RequestRejected("bad_request", "No."), "permanent", None),
        (ProviderAccountError("billing", "No money."), "permanent", None),
        (UnusableReply("refused", "No."), "permanent", None),
        (UnusableReply("truncated", "Cut."), "transient", None),
        (UnusableReply("empty_output", "Nothing."), "transient", None),
    ],
)
def test_llm_error_becomes_failure(error: LLMError, kind: str, retry_after_s: float | None) -> None:
    failed = failure(error)

    assert (failed.code, failed.message, failed.kind) == (error.code, error.message, kind)
    assert failed.retry_after_s == retry_after_s
    repaired = error.code in {"truncated", "empty_output"}
    assert [call.error_code for call in failed.calls] == [error.code] * (2 if repaired else 1)


def test_invalid_input_is_permanent_failure_without_call() -> None:
    model = FakeModel(SCENE)

    with pytest.raises(AgentFailure) as caught:
        run(model, {"prompt": " "})

    assert (caught.value.code, caught.value.kind) == ("invalid_input", "permanent")
    assert model.requests == []


def test_answer_in_code_block_is_parsed_and_lowers_score() -> None:
    result = run(FakeModel(f"```json\n{json.dumps(SCENE)}\n```"))

    assert result.output["title"] == "Low Tide"
    assert [s.value for s in result.signals if s.name == "schema_valid"] == [0.5]
    assert result.needs_review is False


def test_slip_in_form_is_named_without_a_second_call() -> None:
    model = FakeModel(f"Sure!\n{json.dumps([SCENE])}")

    result = run(model)

    assert (result.output["title"], len(model.requests)) == ("Low Tide", 1)
    (signal,) = [signal for signal in result.signals if signal.name == "schema_valid"]
    assert (signal.value, signal.sentence) == (0.5, "The answer had words around it.")


def test_field_with_two_values_is_repaired() -> None:
    twice = f'{{"content": "Another text.", {json.dumps(SCENE)[1:]}'
    model = FakeLLM()
    model.will(twice)

    result = get_agent("narrative").run({"prompt": "A quarrel."}, None, SETTINGS, model)

    assert [call.error_code for call in result.calls] == ["invalid_output", ""]
    (signal,) = [signal for signal in result.signals if signal.name == "second_try"]
    assert "it has the field “content” twice, with different values." in signal.sentence


@pytest.mark.parametrize("broken", ["```\n" + "\n" * 20_000, "```json\n" + " \n" * 20_000 + "``", "```"])
def test_unclosed_code_block_is_rejected_quickly(broken):
    def be_refused() -> None:
        with pytest.raises(AgentFailure) as caught:
            run(FakeModel(broken))
        assert caught.value.code == "invalid_output"

    assert effort(be_refused) < 30


def test_extra_field_is_dropped_and_lowers_score() -> None:
    result = run(FakeModel({**SCENE, "status": "approved"}))

    assert "status" not in result.output
    assert [s.value for s in result.signals if s.name == "schema_valid"] == [0.5]


def test_unexpected_stop_reason_needs_review() -> None:
    result = run(FakeModel(SCENE, stop_reason="pause_turn"))

    assert (result.confidence, result.needs_review) == (0.3, True)


def test_model_cannot_set_computed_fields() -> None:
    result = run(FakeModel({**SCENE, "word_count": 9, "model": "other", "tokens_used": 0}))

    assert (result.output["word_count"], result.output["tokens_used"]) == (350, 124)
    assert result.output["model"] == "claude-haiku-5-5-20260801"


def phases_of(model: FakeLLM, settings: RunSettings) -> list[tuple[str, str]]:
    phases: list[tuple[str, str]] = []
    run = get_agent("narrative").run
    run({"prompt": "A quarrel."}, None, settings, model, on_phase=lambda *phase: phases.append(phase))
    return phases


def test_phases_are_reported_with_the_text_so_far() -> None:
    plain, repaired = FakeLLM(), FakeLLM()
    repaired.will("No JSON.")

    told = phases_of(plain, replace(SETTINGS, timeout_s=60, second_opinion=True))
    assert [phase for phase, _ in told] == ["writing", "writing", "checking", "second_opinion"]
    assert [len(text.split()) for _, text in told] == [0, 325, 0, 0]
    assert [phase for phase, _ in phases_of(repaired, SETTINGS)] == [
        "writing", "writing", "repairing", "repairing", "checking",
    ]  # fmt: skip


class Replayed:
    """A client that replays a stored reply of a batch and then calls a live model."""

    is_mock = False

    def __init__(self, stored: LLMReply | LLMError, live: FakeLLM) -> None:
        self._stored: LLMReply | LLMError | None = stored
        self._live = live

    def complete(self, request: LLMRequest, on_text: Callable[[str], None] | None = None) -> LLMReply:
        stored, self._stored = self._stored, None
        if isinstance(stored, LLMError):
            raise stored
        return stored or self._live.complete(request, on_text)

    def close(self) -> None:
        return


def test_stored_reply_is_repaired_and_checked_by_live_model() -> None:
    live = FakeLLM()
    cut = replace(live.reply('{"title"', "max_tokens"), is_batch=True)
    stored = UnusableReply("truncated", "Cut.", reply=cut)
    settings = replace(SETTINGS, timeout_s=60, second_opinion=True)

    result = get_agent("narrative").run({"prompt": "A quarrel."}, None, settings, Replayed(stored, live))

    assert [(call.prompt_name, call.is_batch, call.error_code) for call in result.calls] == [
        ("narrative", True, "truncated"),
        ("narrative", False, ""),
        ("consistency", False, ""),
    ]
    assert result.output["title"] == "Low Tide"


def test_request_is_built_without_a_call() -> None:
    model = FakeModel(SCENE)
    agent = get_agent("narrative")

    run(model)

    assert agent.request_for({"prompt": "A quarrel."}, None, SETTINGS) == model.requests[0]
    with pytest.raises(InvalidInput):
        agent.request_for({"prompt": " "}, None, SETTINGS)


@pytest.mark.parametrize(
    ("answer", "text"),
    [
        ("", ""),
        ('{"title": "The Ti', ""),
        ('{"title": "The Tide", "content": "Mira said \\"no', 'Mira said "no'),
        ('```json\n{"content": "Mira\\n\\nwai', "Mira\n\nwai"),
        ('{"content": 5', ""),
        ("Of course! Here it is.", ""),
    ],
)
def test_text_so_far_is_read_from_a_broken_off_answer(answer: str, text: str) -> None:
    assert get_agent("narrative").text_so_far(answer) == text
