"""Roles and kinship told by roles, and names within a phrase about somebody else."""

from __future__ import annotations

import pytest

from agents.engine.checks import check
from agents.engine.world import WorldView
from tests.engine.checks.elements import person

WORLD = WorldView.from_mapping(
    {
        "elements": [
            {
                "id": "ola",
                "kind": "character",
                "name": "Ola Berg",
                "summary": "The smith. Father of Nan Berg.",
                "traits": {"pronoun": "he", "role": "smith", "age": 50},
            },
            {
                "id": "nan",
                "kind": "character",
                "name": "Nan Berg",
                "summary": "Daughter of Ola Berg.",
                "traits": {"pronoun": "she", "age": 19},
            },
            {
                "id": "rik",
                "kind": "character",
                "name": "Rik Moe",
                "summary": "The miller. Husband of Una Moe.",
                "traits": {"pronoun": "he", "role": "miller"},
            },
            {
                "id": "una",
                "kind": "character",
                "name": "Una Moe",
                "summary": "The midwife. Wife of Rik Moe.",
                "traits": {"pronoun": "she", "role": "midwife"},
            },
            {
                "id": "tower",
                "kind": "location",
                "name": "the Bell Tower",
                "summary": "A tower, built in 1210.",
            },
        ]
    }
)


def accused(text: str) -> list[tuple[str, str]]:
    return [(found.source_id, found.strength) for found in check(text, WORLD)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Nan was the miller's daughter.", [("nan", "proven")]),
        ("Nan, the miller's daughter, ran ahead.", [("nan", "proven")]),
        ("The miller's daughter, Nan, ran ahead.", [("nan", "proven")]),
        ("Nan was the smith's daughter.", []),
        # The world does not tell who her mother is.
        ("Nan was the midwife's daughter.", []),
        ("Nan was like the miller's own daughter to him.", []),
        ("Nan danced with the miller's daughter.", []),
        ("They saw Nan, the miller's daughter and the cook.", []),
        ("Another miller was there. Nan was the miller's daughter.", []),
    ],
)
def test_kinship_to_somebody_named_by_the_role(text: str, found: list[tuple[str, str]]) -> None:
    assert accused(text) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Una's husband, the baker, came in.", [("rik", "likely")]),
        ("Una's husband, the miller, came in.", []),
        ("Una's husband, the baker and the cook came in.", []),
        ("Ola had been the village baker for twenty years.", [("ola", "proven")]),
        ("Ola had been a baker for two years before he took the forge.", []),
        ("Ola worked in the yard as a carpenter.", [("ola", "proven")]),
        ("Ola worked in the yard as a carpenter before he took the forge.", []),
        ("The baker, whose name was Ola Berg, came in.", [("ola", "proven")]),
        ("The baker, whose wife knew Ola Berg, came in.", []),
    ],
)
def test_occupations_in_other_words(text: str, found: list[tuple[str, str]]) -> None:
    assert accused(text) == found


def test_couple_that_is_married_to_others() -> None:
    assert accused("Rik Moe and Nan Berg were husband and wife.") == [("rik", "proven")]
    assert accused("Rik Moe and Una Moe were husband and wife.") == []


@pytest.mark.parametrize(
    ("text", "is_accused"),
    [
        ("The man beside Ola was a baker.", False),
        ("The man who had taught Ola was a baker.", False),
        ("The girl with Ola was twelve.", False),
        ("The woman next to Ola was thirty.", False),
        ("Ola was a baker.", True),
        ("They knew that Ola was a baker.", True),
        ("She trusted him, for Ola was a baker.", True),
        ("The shop of Ola the baker was shut.", True),
        ("The inn beside the Bell Tower was built in 1300.", False),
        ("The Bell Tower was built in 1300.", True),
        ("They slept in the Bell Tower, built in 1300.", True),
    ],
)
def test_verb_behind_a_name_may_have_another_subject(text: str, is_accused: bool) -> None:
    assert bool(accused(text)) is is_accused


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Ida was the miller's daughter.", [("ida", "proven")]),
        ("Ida was the pastor's daughter.", []),
        ("Ida's mother, Pastor Lie, was late.", [("ida", "proven")]),
        ("Ida's father, Pastor Lie, was late.", []),
        # The next of several people.
        ("Ida's mother, Pastor Lie and Rik were late.", []),
        ("Ida's mother, Pastor Lie, and the smith were late.", []),
        ("The pastor's wife waved, and Pastor Lie waved back.", [("lie", "likely")]),
        ("The smith's wife waved, and Pastor Lie waved back.", []),
    ],
)
def test_kinship_that_the_world_tells_by_a_role(text: str, found: list[tuple[str, str]]) -> None:
    """The words "daughter of the pastor" gave nobody a parent, and Pastor Lie had no role."""
    people = [
        person("ida", "Ida Lie", "Daughter of the pastor.", "she"),
        person("lie", "Pastor Lie", "A bachelor of seventy who adopted a girl.", "he"),
        person("rik", "Rik Moe", "The miller.", "he", role="miller"),
    ]
    world = WorldView.from_mapping({"elements": people})

    assert [(each.source_id, each.strength) for each in check(text, world)] == found
