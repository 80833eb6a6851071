"""Test of the time that the checks take with many people, who are named, described and related."""

from __future__ import annotations

from agents.engine.checks import check
from agents.engine.text.vocabulary import ROLES
from agents.engine.world import Element, WorldView
from evals.timing import people_names
from tests.support.effort import effort

# Comparing each description with each person, or each kinship with each sentence, took seventeen seconds.
MAX_EFFORT = 100


def test_thousand_people_with_roles_and_relatives_take_a_bounded_time() -> None:
    names, roles = people_names(), list(ROLES)
    people = tuple(
        Element(
            id=f"c-{number}",
            kind="character",
            name=name,
            summary=f"A {roles[number]}." if number < len(roles) else f"The sister of {names[number - 1]}.",
            traits={"pronoun": "she", "age": 18 + number % 60},
        )
        for number, name in enumerate(names)
    )
    sentences = (
        f"{name} saw the {roles[number % len(roles)]}. Her sister ate. " for number, name in enumerate(names)
    )
    text = "".join(sentences)[:50_000]
    world = WorldView(name="Crowd", elements=people)
    # The patterns are compiled once.
    check(text[:2_000], world)

    assert len(text) > 40_000
    assert effort(lambda: check(text, world)) < MAX_EFFORT
