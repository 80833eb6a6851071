"""Second opinions: only proven violations count, and failures keep the output."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Any

import pytest

from agents.engine.confidence.signals import Signal
from agents.engine.envelope import unseal
from agents.engine.registry import get_agent
from agents.engine.results import AgentResult, RunSettings
from agents.engine.world import WorldView
from agents.llm.base import LLMRequest, ProviderAccountError, Throttled, TransientError
from agents.mock.client import MockClient
from tests.support.fake_llm import FakeLLM, good_answer

SETTINGS = RunSettings(
    model="claude-one", consistency_model="claude-two", threshold=0.1, timeout_s=60, second_opinion=True
)
WORLD = WorldView.from_mapping(
    {
        "rules": [
            {"id": "rule-1", "text": "Every road is loud."},
            {"id": "rule-2", "text": "Salt is sacred."},
        ]
    }
)
SCENE = {"prompt": "A quarrel.", "world_config": {"rules": ["It always rains."]}}


@pytest.fixture
def llm() -> FakeLLM:
    return FakeLLM()


def run(llm: FakeLLM, settings: RunSettings = SETTINGS) -> AgentResult:
    return get_agent("narrative").run(SCENE, WORLD, settings, llm)


def opinion(result: AgentResult) -> Signal:
    (signal,) = [signal for signal in result.signals if signal.name == "second_opinion"]
    return signal


def violation(
    severity: str = "major", source_id: str = "r1", quote: str = "salt road is quiet"
) -> dict[str, Any]:
    return {"source_id": source_id, "rule": "", "quote": quote, "severity": severity, "explanation": "No."}


def report(*violations: dict[str, Any]) -> dict[str, Any]:
    return {"is_consistent": False, "violations": violations, "explanation": "Hm.", "suggestions": ["Mend."]}


def test_checker_uses_same_world_and_own_prompt_and_model(llm: FakeLLM) -> None:
    result = run(llm)

    _, second = llm.requests
    plain = get_agent("consistency").request_for({"content": "Anything."}, WORLD, SETTINGS)
    assert (second.agent, second.prompt_name, second.model) == ("consistency", "consistency", "claude-two")
    assert (second.system, second.schema) == (plain.system, plain.schema)
    assert unseal("changes", second.user) == {"rules": [{"id": "r3", "text": "It always rains."}]}
    sent = unseal("input", second.user)
    assert sent is not None
    assert sent["content"] == f"{result.output['title']}\n{result.output['content']}"
    assert 59 < second.timeout_s <= 60
    assert opinion(result).value == 1.0
    assert [call.prompt_name for call in result.calls] == ["narrative", "consistency"]
    assert result.output["tokens_used"] == 2400


def test_place_is_checked_whole_and_report_is_not_checked(llm: FakeLLM) -> None:
    place = get_agent("spatial").run({"location_name": "Ossa"}, WORLD, SETTINGS, llm)
    check = get_agent("consistency").run({"content": "It rained."}, WORLD, SETTINGS, llm)

    sent = unseal("input", llm.requests[1].user)
    assert sent is not None
    assert (sent["content_type"], "The toll gate: Old.\nCalm.\nOne road." in sent["content"]) == (
        "location",
        True,
    )
    assert opinion(place).value == 1.0
    assert (len(check.calls), len(llm.requests)) == (1, 3)


def test_second_opinion_can_be_off(llm: FakeLLM) -> None:
    result = run(llm, replace(SETTINGS, second_opinion=False))

    assert "second_opinion" not in {signal.name for signal in result.signals}
    assert len(llm.requests) == 1


@pytest.mark.parametrize("severity", ["major", "critical"])
def test_grave_violation_caps_confidence_and_needs_review(llm: FakeLLM, severity: str) -> None:
    llm.will(good_answer, report(violation("minor", "r3"), violation(severity)))

    result = run(llm)

    assert (result.confidence, result.needs_review) == (0.4, True)
    assert opinion(result).sentence == (
        f"A second opinion finds: “salt road is quiet” contradicts “Every road is loud.” ({severity}). "
        "“salt road is quiet” contradicts “It always rains.” (minor)."
    )


def test_three_violations_are_shown_and_the_rest_counted(llm: FakeLLM) -> None:
    llm.will(good_answer, report(*[violation()] * 5))

    sentence = opinion(run(llm)).sentence

    assert sentence.count("contradicts") == 3
    assert sentence.endswith(" And 2 more.")


def test_minor_violation_is_a_blemish(llm: FakeLLM) -> None:
    llm.will(good_answer, report(violation("minor")))

    result = run(llm)

    assert (opinion(result).value, opinion(result).cap, result.needs_review) == (0.5, 1.0, False)


def test_unproven_violations_do_not_count(llm: FakeLLM) -> None:
    llm.will(good_answer, report(violation(source_id="r9"), violation(quote="a silent road")))

    assert opinion(run(llm)).value == 1.0


@pytest.mark.parametrize(
    ("error", "codes"),
    [
        (TransientError("overloaded", "Too busy."), ["", "overloaded"]),
        (Throttled("waits_for_turn", "Later.", wait_s=3, cause="input"), [""]),
        (
            Throttled(
                "line_paused",
                "Later.",
                wait_s=3,
                cause="stopped",
                account_error=ProviderAccountError("billing", "No money."),
            ),
            ["", "billing"],
        ),
        (FakeLLM().refusal(), ["", "refused"]),
        ("No JSON.", ["", "invalid_output", "invalid_output"]),
    ],
)
def test_failed_second_opinion_is_a_blemish_and_keeps_the_output(
    llm: FakeLLM, error: Any, codes: list[str]
) -> None:
    llm.will(good_answer, error, error)

    result = run(llm)

    signal = opinion(result)
    assert (signal.value, signal.cap, result.output["title"]) == (0.5, 1.0, "Low Tide")
    assert signal.sentence.startswith("A second opinion was required but not available. ")
    assert [call.error_code for call in result.calls] == codes


def test_second_opinion_is_skipped_without_time_left(llm: FakeLLM) -> None:
    def slow(request: LLMRequest) -> Any:
        time.sleep(0.2)
        return good_answer

    llm.will(slow)

    result = run(llm, replace(SETTINGS, timeout_s=5.1))

    assert len(llm.requests) == 1
    assert opinion(result).sentence.endswith("The attempt had no time left.")


def test_mock_gives_second_opinion() -> None:
    world = WorldView(tech_level="medieval")
    agent = get_agent("narrative")

    sound = agent.run({"prompt": "The mill."}, world, SETTINGS, MockClient())
    spoiled = agent.run({"prompt": "The mill. [mock:inconsistent]"}, world, SETTINGS, MockClient())

    assert opinion(sound).value == 1.0
    assert (opinion(spoiled).value, spoiled.needs_review) == (0.0, True)
    assert {call.model for call in sound.calls} == {"mock"}
