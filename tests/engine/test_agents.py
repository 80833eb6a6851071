"""Each agent from input to result, with the built-in mock model."""

from __future__ import annotations

from typing import Any

import pytest

from agents.engine.registry import AGENTS, UnknownAgent, get_agent
from agents.engine.results import AgentFailure, AgentResult, Revision, RunSettings
from agents.engine.world import WorldView
from agents.mock.client import MockClient
from tests.support.fake_llm import FakeLLM, good_answer

MEDIEVAL = {"genre": "fantasy", "tone": "dark", "tech_level": "medieval"}


def run(agent_type: str, data: dict[str, Any], threshold: float = 0.75, **settings: Any) -> AgentResult:
    chosen = RunSettings(model="claude-haiku-5-5", threshold=threshold, **settings)
    return get_agent(agent_type).run(data, None, chosen, MockClient())


def signals(result: AgentResult) -> dict[str, float | None]:
    return {signal.name: signal.value for signal in result.signals}


def test_registry_has_three_agents() -> None:
    assert list(AGENTS) == ["narrative", "spatial", "consistency"]
    with pytest.raises(UnknownAgent, match="There is no agent 'poem'"):
        get_agent("poem")


def test_narrative_has_all_fields_and_full_confidence() -> None:
    result = run(
        "narrative", {"prompt": "Mira at the mill.", "characters": ["Mira"], "world_config": MEDIEVAL}
    )

    output = result.output
    assert set(output) == {"type", "title", "content", "word_count", "model", "tokens_used"}
    assert (output["type"], output["model"]) == ("narrative", "mock")
    assert output["word_count"] == len([w for w in output["content"].split() if any(c.isalnum() for c in w)])
    assert output["tokens_used"] == result.calls[0].usage.total > 0
    assert (result.confidence, result.needs_review, result.reasons, result.is_mock) == (1.0, False, (), True)
    assert set(signals(result)) == {
        "schema_valid", "stop_reason", "complete", "word_range", "characters_present", "clean_prose", "forbidden_terms",
    }  # fmt: skip


def test_video_prompt_has_shots_camera_and_mood() -> None:
    output = run("narrative", {"prompt": "Mira at the mill.", "type": "video_prompt"}).output

    assert sorted(output) == sorted(
        ["type", "title", "content", "word_count", "model", "tokens_used", "shots", "camera", "mood"]
    )
    assert set(output["shots"][0]) == {"description", "camera", "duration_s"}


def test_place_has_all_fields() -> None:
    result = run("spatial", {"location_name": "Harrowgate", "type": "city", "landmarks": ["Clock Bridge"]})

    assert sorted(result.output) == sorted(
        [
            "location_name",
            "type",
            "description",
            "landmarks",
            "atmosphere",
            "map_layout",
            "model",
            "tokens_used",
        ]
    )
    assert result.output["location_name"] == "Harrowgate"
    assert result.output["landmarks"][0]["name"] == "Clock Bridge"
    assert result.needs_review is False


def test_place_keeps_custom_type() -> None:
    result = run("spatial", {"location_name": "Harrowgate", "type": "floating market"})

    assert (result.output["type"], result.confidence) == ("floating market", 1.0)


def test_camera_in_video_prompt_is_no_anachronism() -> None:
    data = {
        "content": "The camera stood on the wall of the mill.",
        "world_config": {"tech_level": "medieval"},
    }
    answer = {"is_consistent": True, "violations": [], "explanation": "Sound.", "suggestions": []}
    llm = FakeLLM()
    llm.will(answer, answer)

    confidences = [
        get_agent("consistency")
        .run({**data, "content_type": kind}, None, RunSettings(model="m", threshold=0.75), llm)
        .confidence
        for kind in ("video_prompt", "narrative")
    ]

    assert confidences == [1.0, 0.5]


def test_wizard_with_smartphone_is_reported_with_full_confidence() -> None:
    content = "The wizard pulled out his smartphone and called for help."

    result = run("consistency", {"content": content, "world_config": MEDIEVAL}, threshold=0.7)

    output = result.output
    assert sorted(output) == sorted(
        ["is_consistent", "violations", "explanation", "suggestions", "model", "tokens_used"]
    )
    assert output["is_consistent"] is False
    assert "smartphone" in output["violations"][0]["quote"]
    assert len(output["suggestions"]) == 1
    assert (result.confidence, result.needs_review) == (1.0, False)


def test_weak_scene_needs_review_and_gives_reasons() -> None:
    data = {"prompt": "The mill. [mock:weak]", "characters": ["Mira"], "world_config": MEDIEVAL}

    result = run("narrative", data)

    assert result.confidence == 0.45
    assert result.needs_review is True
    assert result.reasons[0] == "Confidence 0.45 is below the threshold 0.75."
    assert "The character “Mira” is missing." in result.reasons
    assert any(reason.endswith("at least 300 were requested.") for reason in result.reasons)


def test_weak_place_needs_review() -> None:
    data = {
        "location_name": "Harrowgate",
        "details": "[mock:weak]",
        "landmarks": ["Clock Bridge", "Ember Gate"],
    }

    result = run("spatial", data)

    assert result.needs_review is True
    assert "The landmarks “Clock Bridge” and “Ember Gate” are missing." in result.reasons


def test_weak_report_needs_review() -> None:
    result = run("consistency", {"content": "The miller slept. [mock:weak]"}, threshold=0.7)

    assert (result.confidence, result.needs_review) == (0.4, True)
    assert "The report calls the text inconsistent and lists 0 violations." in result.reasons


@pytest.mark.parametrize(
    ("agent_type", "data"),
    [
        ("narrative", {"prompt": "The mill. [mock:inconsistent]"}),
        ("narrative", {"prompt": "The mill. [mock:inconsistent]", "type": "video_prompt"}),
        ("spatial", {"location_name": "Harrowgate", "details": "[mock:inconsistent]"}),
    ],
)
def test_inconsistent_text_needs_review(agent_type: str, data: dict[str, Any]) -> None:
    result = run(agent_type, {**data, "world_config": MEDIEVAL})

    assert result.needs_review is True
    assert result.confidence <= 0.5
    assert any("is ahead of the technology of this world (medieval)" in reason for reason in result.reasons)


def test_forged_quotation_needs_review_at_any_threshold() -> None:
    data = {"content": "The wizard looked at his smartphone. [mock:inconsistent]", "world_config": MEDIEVAL}

    result = run("consistency", data, threshold=0.1)

    assert (result.confidence, result.needs_review) == (0.35, True)
    assert result.reasons[0].startswith("Quoted, but is not in the text: “the clock struck thirteen")


@pytest.mark.parametrize(
    ("directive", "code", "kind"),
    [
        ("[mock:refuse]", "refused", "permanent"),
        ("[mock:truncate]", "truncated", "transient"),
        ("[mock:invalid]", "invalid_output", "transient"),
        ("[mock:fail]", "overloaded", "transient"),
        ("[mock:fail-once]", "overloaded", "transient"),
    ],
)
@pytest.mark.parametrize(
    ("agent_type", "field"), [("narrative", "prompt"), ("spatial", "details"), ("consistency", "content")]
)
def test_failing_directive_raises_failure_with_its_calls(
    agent_type: str, field: str, directive: str, code: str, kind: str
) -> None:
    data = {field: f"The mill. {directive}"} | ({"location_name": "Mill"} if agent_type == "spatial" else {})

    with pytest.raises(AgentFailure) as caught:
        run(agent_type, data)

    failure = caught.value
    assert (failure.code, failure.kind) == (code, kind)
    assert {(call.error_code, call.model, call.is_mock) for call in failure.calls} == {(code, "mock", True)}
    assert len(failure.calls) == (2 if code in {"truncated", "invalid_output"} else 1)


def test_mock_receives_attempt_number() -> None:
    assert run("narrative", {"prompt": "The mill. [mock:fail-once]"}, attempt=2).confidence == 1.0


def test_slow_model_times_out_at_wall_clock() -> None:
    with pytest.raises(AgentFailure) as caught:
        run("narrative", {"prompt": "The mill. [mock:slow=9]"}, timeout_s=0.05)

    assert (caught.value.code, caught.value.kind) == ("timeout", "transient")


def test_revision_fixes_weak_scene() -> None:
    data = {"prompt": "The mill. [mock:weak]", "characters": ["Mira"]}
    settings = RunSettings(model="claude-haiku-5-5", threshold=0.75)
    revision = Revision(note="Bring Mira in.", previous_output={"content": "Something happened."})

    result = get_agent("narrative").run(data, None, settings, MockClient(), revision)

    assert (result.confidence, result.needs_review) == (1.0, False)


def test_preferred_length_yields_to_length_in_input() -> None:
    preferred = run("narrative", {"prompt": "The mill."}, word_range=(100, 150))
    named = run("narrative", {"prompt": "The mill.", "word_range": [200, 240]}, word_range=(100, 150))

    assert 100 <= preferred.output["word_count"] <= 150
    assert 200 <= named.output["word_count"] <= 240


def test_too_large_world_is_permanent_failure() -> None:
    world = WorldView.from_mapping({"rules": [{"text": f"{n} {'x' * 990}"} for n in range(210)]})
    settings = RunSettings(model="claude-haiku-5-5", threshold=0.75)

    with pytest.raises(AgentFailure) as caught:
        get_agent("narrative").run({"prompt": "The mill."}, world, settings, MockClient())

    assert (caught.value.code, caught.value.kind, caught.value.calls) == ("invalid_input", "permanent", ())


@pytest.mark.parametrize(
    ("agent_type", "data", "field", "value"),
    [
        ("narrative", {"prompt": "The mill."}, "title", "{{char}} at the Mill"),
        ("narrative", {"prompt": "The mill."}, "content", "She left.<|im_end|>"),
        (
            "narrative",
            {"prompt": "The mill.", "type": "video_prompt"},
            "camera",
            "Slow [CAMERA NAME] pan.</s>",
        ),
        ("narrative", {"prompt": "The mill.", "type": "video_prompt"}, "mood", "As an AI, I cannot feel."),
        (
            "narrative",
            {"prompt": "The mill.", "type": "video_prompt"},
            "shots",
            [{"description": "A wheel &amp; a weir.", "camera": "Wide.", "duration_s": 5}],
        ),
        ("spatial", {"location_name": "Mill"}, "landmarks", [{"name": "[NAME] Gate", "description": "Old."}]),
        ("spatial", {"location_name": "Mill"}, "atmosphere", "<thinking>Damp.</thinking>"),
        ("spatial", {"location_name": "Mill"}, "map_layout", "North.\\nSouth."),
    ],
)
def test_leftover_in_any_field_needs_review(
    agent_type: str, data: dict[str, Any], field: str, value: Any
) -> None:
    llm = FakeLLM()
    parts = {
        "shots": [{"description": "A wheel.", "camera": "Wide.", "duration_s": 5}],
        "camera": "Slow.",
        "mood": "Calm.",
    }
    llm.will(lambda request: {**good_answer(request), **parts, field: value})
    settings = RunSettings(model="claude-haiku-5-5", threshold=0.1)

    result = get_agent(agent_type).run(data, None, settings, llm)

    assert signals(result)["clean_prose"] == 0.0
    assert result.needs_review is True


def test_look_alikes_in_any_field_need_review() -> None:
    llm = FakeLLM()
    llm.will(lambda request: {**good_answer(request), "title": "A smаrtphone"})
    settings = RunSettings(model="claude-haiku-5-5", threshold=0.1)

    result = get_agent("narrative").run({"prompt": "The mill."}, None, settings, llm)

    assert signals(result)["scripts"] == 0.0
    assert (result.confidence, result.needs_review) == (0.45, True)
