"""Traits as users can store them: any key, and any value of JSON."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest

from agents.engine.checks import check
from agents.engine.checks.facts.restatement import TOLD
from agents.engine.world import Element, WorldView

KEYS = (
    "",
    " ",
    "_",
    "age",
    "eyes",
    "hair",
    "told",
    "relations",
    "siblings",
    "husband",
    "family",
    "status",
    "alive",
    "job",
)
KEYS_TOO = (
    "species",
    "kind",
    "build",
    "hand",
    "appearance",
    "history",
    "home",
    "owner",
    "belongs to",
    "marital status",
    "children",
)
VALUES: tuple[Any, ...] = (
    None,
    0,
    5,
    -1.5,
    True,
    False,
    "",
    " ",
    "none",
    "dead",
    "x",
    [],
    [None],
    [1, "a"],
    ["Ben Crane", {"a": 1}],
    {},
    {"a": [1]},
)
TEXT = "Ada Crane's brother, Ben Crane, was thirty years old. “Come in,” said Ada Crane, and brushed her black hair."


@pytest.mark.parametrize("kind", ["character", "location", "item"])
def test_no_trait_breaks_a_check(kind: str) -> None:
    for key, value in product(KEYS + KEYS_TOO, VALUES):
        elements = (
            Element(kind=kind, name="Ada Crane", summary="Cannot swim. Age: =. :", traits={key: value}),
            Element(kind="character", name="Ben Crane", summary="Brother of Ada Crane."),
        )
        check(TEXT, WorldView(elements=elements))


@pytest.mark.parametrize("name", ["Ada", "A", "'s", "(", "Ada [x", "The", "Ada\\"])
@pytest.mark.parametrize(
    "summary",
    ["", ".", ":", " who ", ", and ,", "Ada's, who", "killed", "a" * 5_000, "Dr. " * 500, "who , " * 500],
)
def test_no_description_breaks_a_check(name: str, summary: str) -> None:
    check(TEXT, WorldView(elements=(Element(kind="character", name=name, summary=summary),)))


def test_a_trait_of_the_same_name_as_the_restated_facts_is_none_of_them() -> None:
    ada = Element(kind="character", name="Ada Crane", summary="Cannot swim.", traits={TOLD: "blind"})
    assert check("Ada Crane saw the ship.", WorldView(elements=(ada,))) == ()
    assert check("Ada Crane swam across the river.", WorldView(elements=(ada,)))


def test_the_dead_husband_of_a_trait_makes_a_widow() -> None:
    ada = Element(kind="character", name="Ada Crane", traits={"husband": "deceased", "pronoun": "she"})
    assert check("Ada Crane's husband had been a sailor.", WorldView(elements=(ada,))) == ()
    assert check("Ada Crane's husband came in and sat down.", WorldView(elements=(ada,)))
