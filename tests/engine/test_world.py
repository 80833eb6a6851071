"""Worlds, their hash, and changes by a request."""

from __future__ import annotations

import pytest

from agents.engine.world import Element, WorldView, merge_world, once_a_world

PLAIN = {
    "name": "Vey",
    "genre": "fantasy",
    "tech_level": "medieval",
    "rules": [{"id": "r1", "text": "No one can teleport."}, {"id": "r2", "text": "Iron is rare."}],
    "elements": [
        {"id": "2", "kind": "location", "name": "Glasshaven", "summary": "", "traits": {}},
        {"id": "1", "kind": "character", "name": "Mira", "summary": "A smuggler.", "traits": {"age": "40"}},
    ],
}
WORLD = WorldView.from_mapping(PLAIN)


def test_order_of_elements_does_not_change_hash() -> None:
    turned = WorldView.from_mapping({**PLAIN, "elements": PLAIN["elements"][::-1]})

    assert turned.hash == WORLD.hash
    assert len(WORLD.hash) == 64


def test_order_of_rules_and_facts_change_hash() -> None:
    turned = WorldView.from_mapping({**PLAIN, "rules": PLAIN["rules"][::-1]})
    renamed = WorldView.from_mapping({**PLAIN, "name": "Wey"})

    assert len({WORLD.hash, turned.hash, renamed.hash}) == 3


def test_prompt_data_has_no_ids_and_blanks() -> None:
    assert WORLD.as_prompt_data() == {
        "name": "Vey",
        "genre": "fantasy",
        "tech_level": "medieval",
        "rules": ["No one can teleport.", "Iron is rare."],
        "elements": [
            {"kind": "character", "name": "Mira", "summary": "A smuggler.", "traits": {"age": "40"}},
            {"kind": "location", "name": "Glasshaven"},
        ],
    }


def test_merge_overrides_fields_and_adds_rules() -> None:
    merged = merge_world(
        WORLD, {"genre": " noir ", "tone": "dark", "tech_level": "  "}, ["iron is rare", "Rain is acid."]
    )

    assert (merged.name, merged.genre, merged.tone, merged.tech_level) == ("Vey", "noir", "dark", "medieval")
    assert merged.rule_texts() == ("No one can teleport.", "Iron is rare.", "Rain is acid.")
    assert merged.elements == WORLD.elements
    assert WORLD.genre == "fantasy"


def test_merge_without_world_makes_one() -> None:
    assert merge_world(None, {"genre": "noir"}).as_prompt_data() == {"genre": "noir"}


def test_merge_rejects_unknown_field() -> None:
    with pytest.raises(KeyError, match="weather"):
        merge_world(WORLD, {"weather": "rain"})


def test_element_is_found_by_kind_and_name_ignoring_case() -> None:
    found = WORLD.find("character", " mira ")

    assert found is not None
    assert found.summary == "A smuggler."
    assert WORLD.find("location", "Mira") is None


def test_what_is_worked_out_of_a_world_is_remembered_for_that_world_alone() -> None:
    asked: list[WorldView] = []

    @once_a_world
    def count(world: WorldView) -> int:
        asked.append(world)
        return len(world.elements)

    world = WorldView(elements=(Element(kind="item", name="Oar"),))
    changed = world.model_copy(update={"elements": ()})

    assert [count(world), count(changed), count(world), count(changed)] == [1, 0, 1, 0]
    assert asked == [world, changed]
