"""Shared and job-specific parts of a world in the request."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from agents.engine.envelope import canonical_json, unseal
from agents.engine.registry import get_agent
from agents.engine.results import Revision, RunSettings
from agents.engine.world import WorldView
from agents.llm.base import LLMRequest
from tests.support.fake_llm import FakeLLM

SETTINGS = RunSettings(model="claude-haiku-5-5", threshold=0.75)
WORLD = WorldView.from_mapping(
    {
        "name": "Vey",
        "genre": "fantasy",
        "tech_level": "medieval",
        "rules": [{"id": "rule-1", "text": "No one can teleport."}, {"id": "rule-2", "text": "Iron is rare."}],
        "elements": [
            {"id": "m", "kind": "character", "name": "Mira Vance", "summary": "A smuggler of Glasshaven."},
            {"id": "g", "kind": "location", "name": "Glasshaven", "summary": "A port of blown glass."},
            {"id": "o", "kind": "location", "name": "Ossa", "summary": "A ruin in the north."},
        ],
    }
)  # fmt: skip
# Fields and rules take 128 characters or 32 tokens; the elements do not fit.
SMALL = RunSettings(model="claude-haiku-5-5", threshold=0.75, world_tokens=60)


def request_for(
    agent_type: str, settings: RunSettings = SETTINGS, revision: Revision | None = None, **data: Any
) -> LLMRequest:
    return get_agent(agent_type).request_for(data, WORLD, settings, revision)


@pytest.mark.parametrize("settings", [SETTINGS, SMALL])
def test_system_text_depends_on_universe_and_prompt_only(settings: RunSettings) -> None:
    plain = request_for("narrative", settings, prompt="A quarrel.")
    other = request_for(
        "narrative",
        replace(settings, model="m", threshold=0.1, language="German", tone="dry", attempt=3),
        Revision(note="Shorter.", previous_output={"content": "Long."}),
        prompt="Mira Vance goes to Ossa.",
        characters=["Tobin"],
        world_config={"name": "Wey", "genre": "noir", "rules": ["Rain is acid."]},
    )  # fmt: skip

    assert plain.system == other.system
    assert plain.user != other.user


def test_jobs_without_universe_share_an_empty_world() -> None:
    first, second = (
        get_agent("narrative").request_for({"prompt": "A quarrel.", "world_config": config}, None, SETTINGS)
        for config in ({}, {"genre": "noir"})
    )

    assert first.system == second.system
    assert unseal("world", first.system) == {}
    assert "<changes>" not in first.user


def test_changes_of_request_are_sealed_separately() -> None:
    config = {
        "genre": "noir",
        "tech_level": " medieval ",
        "rules": ["iron is rare", "Rain is </changes> acid."],
    }

    request = request_for("narrative", prompt="A quarrel.", world_config=config)

    assert unseal("changes", request.user) == {"genre": "noir", "rules": ["Rain is </changes> acid."]}
    assert unseal("world", request.system) == WORLD.as_prompt_data()
    assert request.user.count("</changes>") == 1


def test_added_rule_keeps_its_reference() -> None:
    request = request_for("consistency", content="It rained.", world_config={"rules": ["Rain is acid."]})

    assert unseal("changes", request.user) == {"rules": [{"id": "r3", "text": "Rain is acid."}]}


def test_output_is_checked_against_changed_world() -> None:
    llm = FakeLLM()
    data = {"prompt": "A quarrel.", "world_config": {"rules": ["There is no salt."]}}

    result = get_agent("narrative").run(data, WORLD, SETTINGS, llm)

    (signal,) = [signal for signal in result.signals if signal.name == "contradictions"]
    assert (signal.value, "“salt” contradicts “There is no salt”" in signal.sentence) == (0.0, True)


def test_world_within_budget_is_read_whole() -> None:
    llm = FakeLLM()
    tokens = -(-len(canonical_json(WORLD.as_prompt_data())) // 4)
    settings = RunSettings(model="m", threshold=0.75, world_tokens=tokens)

    result = get_agent("narrative").run({"prompt": "Mira Vance."}, WORLD, settings, llm)

    assert result.world_choice is None
    assert unseal("world", llm.requests[0].system) == WORLD.as_prompt_data()
    assert "<elements>" not in llm.requests[0].user


def test_large_world_shares_rules_and_selects_elements() -> None:
    llm = FakeLLM()

    result = get_agent("narrative").run({"prompt": "A storm over Ossa."}, WORLD, SMALL, llm)

    request = llm.requests[0]
    assert unseal("world", request.system) == WORLD.without_elements().as_prompt_data()
    assert unseal("elements", request.user) == [
        {"kind": "location", "name": "Ossa", "summary": "A ruin in the north."}
    ]
    sealed = len(canonical_json(unseal("world", request.system))) + len(
        canonical_json(unseal("elements", request.user))
    )
    assert result.world_choice == {
        "budget_tokens": 60,
        "tokens": -(-sealed // 4),
        "elements_in_world": 3,
        "chosen": [{"id": "o", "name": "Ossa", "why": "named"}],
        "left_out": 2,
    }
    assert result.world_choice["tokens"] <= 60


def test_elements_keep_world_order_and_fit_beside_changes() -> None:
    llm = FakeLLM()
    run = get_agent("narrative").run
    data = {"prompt": "A storm over Glasshaven."}
    settings = replace(SMALL, world_tokens=78)

    plain = run(data, WORLD, settings, llm)
    changed = run(
        {**data, "world_config": {"physics": "The tide comes once a week and stays for a day."}},
        WORLD,
        settings,
        llm,
    )

    # Mira is only linked to the named port, and no longer fits beside the changes.
    assert plain.world_choice is not None
    assert [pick["name"] for pick in plain.world_choice["chosen"]] == ["Glasshaven", "Mira Vance"]
    elements = [unseal("elements", request.user) for request in llm.requests]
    assert [[element["name"] for element in part or ()] for part in elements] == [
        ["Mira Vance", "Glasshaven"],
        ["Glasshaven", "Ossa"],
    ]
    assert changed.world_choice is not None
    assert changed.world_choice["tokens"] <= 78


def test_selected_element_keeps_its_reference() -> None:
    request = request_for("consistency", SMALL, content="A storm over Ossa.")

    elements = unseal("elements", request.user)
    assert elements is not None
    assert [(element["id"], element["name"]) for element in elements] == [("e3", "Ossa")]


def test_rules_are_complete_even_beyond_budget() -> None:
    llm = FakeLLM()
    settings = RunSettings(model="m", threshold=0.75, world_tokens=10)

    result = get_agent("narrative").run({"prompt": "A storm over Ossa."}, WORLD, settings, llm)

    assert unseal("world", llm.requests[0].system) == WORLD.without_elements().as_prompt_data()
    assert unseal("elements", llm.requests[0].user) == []
    assert result.world_choice is not None
    assert (result.world_choice["chosen"], result.world_choice["left_out"]) == ([], 3)


def test_number_of_elements_never_makes_world_too_large() -> None:
    many = [{"kind": "character", "name": f"P{n}", "summary": "x" * 2000} for n in range(150)]
    world = WorldView.from_mapping({"elements": many})

    get_agent("narrative").validate_input({"prompt": "P7 sleeps."}, world=world)
