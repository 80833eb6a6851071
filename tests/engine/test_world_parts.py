"""What of a world all jobs of a universe share, and what goes into one request alone."""

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
# The frame and the rules have 128 characters, 32 tokens; the elements do not fit.
SMALL = RunSettings(model="claude-haiku-5-5", threshold=0.75, world_tokens=60)


def asked(
    agent_type: str, settings: RunSettings = SETTINGS, revision: Revision | None = None, **data: Any
) -> LLMRequest:
    return get_agent(agent_type).request_for(data, WORLD, settings, revision)


@pytest.mark.parametrize("settings", [SETTINGS, SMALL])
def test_all_work_on_a_universe_by_one_prompt_has_the_same_system_text(settings: RunSettings) -> None:
    plain = asked("narrative", settings, prompt="A quarrel.")
    other = asked(
        "narrative",
        replace(settings, model="m", threshold=0.1, language="German", tone="dry", attempt=3),
        Revision(note="Shorter.", previous_output={"content": "Long."}),
        prompt="Mira Vance goes to Ossa.",
        characters=["Tobin"],
        world_config={"name": "Wey", "genre": "noir", "rules": ["Rain is acid."]},
    )  # fmt: skip

    assert plain.system == other.system
    assert plain.user != other.user


def test_work_without_a_universe_shares_an_empty_world() -> None:
    one, two = (
        get_agent("narrative").request_for({"prompt": "A quarrel.", "world_config": config}, None, SETTINGS)
        for config in ({}, {"genre": "noir"})
    )

    assert one.system == two.system
    assert unseal("world", one.system) == {}
    assert "<changes>" not in one.user


def test_what_a_request_changes_comes_after_as_data_of_its_own() -> None:
    config = {
        "genre": "noir",
        "tech_level": " medieval ",
        "rules": ["iron is rare", "Rain is </changes> acid."],
    }

    request = asked("narrative", prompt="A quarrel.", world_config=config)

    assert unseal("changes", request.user) == {"genre": "noir", "rules": ["Rain is </changes> acid."]}
    assert unseal("world", request.system) == WORLD.as_prompt_data()
    assert request.user.count("</changes>") == 1


def test_added_rule_keeps_the_reference_that_it_has_in_the_whole_world() -> None:
    request = asked("consistency", content="It rained.", world_config={"rules": ["Rain is acid."]})

    assert unseal("changes", request.user) == {"rules": [{"id": "r3", "text": "Rain is acid."}]}


def test_output_is_held_against_the_world_as_the_request_changes_it() -> None:
    llm = FakeLLM()
    data = {"prompt": "A quarrel.", "world_config": {"rules": ["There is no salt."]}}

    result = get_agent("narrative").run(data, WORLD, SETTINGS, llm)

    (found,) = [one for one in result.signals if one.name == "contradictions"]
    assert (found.value, "“salt” contradicts “There is no salt”" in found.sentence) == (0.0, True)


def test_world_within_the_budget_is_read_whole() -> None:
    llm = FakeLLM()
    tokens = -(-len(canonical_json(WORLD.as_prompt_data())) // 4)
    settings = RunSettings(model="m", threshold=0.75, world_tokens=tokens)

    result = get_agent("narrative").run({"prompt": "Mira Vance."}, WORLD, settings, llm)

    assert result.world_choice is None
    assert unseal("world", llm.requests[0].system) == WORLD.as_prompt_data()
    assert "<elements>" not in llm.requests[0].user


def test_of_a_larger_world_the_elements_for_this_job_go_with_it_and_the_rules_stay() -> None:
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


def test_elements_are_read_in_the_worlds_order_within_what_changes_leave_of_the_budget() -> None:
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

    # Chosen in another order: the port is named, she is only linked to it, and no longer fits beside the changes.
    assert plain.world_choice is not None
    assert [one["name"] for one in plain.world_choice["chosen"]] == ["Glasshaven", "Mira Vance"]
    elements = [unseal("elements", request.user) for request in llm.requests]
    assert [[one["name"] for one in part or ()] for part in elements] == [
        ["Mira Vance", "Glasshaven"],
        ["Glasshaven", "Ossa"],
    ]
    assert changed.world_choice is not None
    assert changed.world_choice["tokens"] <= 78


def test_element_chosen_keeps_the_reference_that_it_has_in_the_whole_world() -> None:
    request = asked("consistency", SMALL, content="A storm over Ossa.")

    elements = unseal("elements", request.user)
    assert elements is not None
    assert [(element["id"], element["name"]) for element in elements] == [("e3", "Ossa")]


def test_rules_are_read_in_full_even_beyond_the_budget() -> None:
    llm = FakeLLM()
    settings = RunSettings(model="m", threshold=0.75, world_tokens=10)

    result = get_agent("narrative").run({"prompt": "A storm over Ossa."}, WORLD, settings, llm)

    assert unseal("world", llm.requests[0].system) == WORLD.without_elements().as_prompt_data()
    assert unseal("elements", llm.requests[0].user) == []
    assert result.world_choice is not None
    assert (result.world_choice["chosen"], result.world_choice["left_out"]) == ([], 3)


def test_elements_alone_never_make_a_world_too_large() -> None:
    many = [{"kind": "character", "name": f"P{n}", "summary": "x" * 2000} for n in range(150)]
    world = WorldView.from_mapping({"elements": many})

    get_agent("narrative").validate_input({"prompt": "P7 sleeps."}, world=world)
