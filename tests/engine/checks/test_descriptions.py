"""People whom a text means by their role, age or kinship."""

from __future__ import annotations

import pytest

from agents.engine.checks import check
from agents.engine.world import Element, WorldView

WORLD = WorldView(
    name="Orle",
    elements=(
        Element(
            id="ada", kind="character", name="Ada Voss", summary="The sheriff.", traits={"eyes": "green"}
        ),
        Element(
            id="emil",
            kind="character",
            name="Emil Rook",
            summary="A smith. Brother of Ada Voss.",
            traits={"eyes": "blue", "age": 70, "pronoun": "he"},
        ),
    ),
)


@pytest.mark.parametrize(
    ("text", "source_id"),
    [
        ("The sheriff's brown eyes narrowed.", "ada"),
        ("Emil Rook sat down. The old man had brown eyes.", "emil"),
        ("Emil Rook sat down. The smith's eyes were brown.", "emil"),
        ("Ada Voss turned. Her brother's eyes were brown.", "emil"),
    ],
)
def test_description_that_fits_one_person_means_that_person(text: str, source_id: str) -> None:
    (finding,) = check(text, WORLD)

    assert (finding.source_id, finding.strength) == (source_id, "likely")


@pytest.mark.parametrize(
    "text",
    [
        "The smith had brown eyes.",
        "Emil Rook nodded to the smith of Tarn, whose eyes were brown.",
        "Emil Rook met another smith. The smith had brown eyes.",
        "Emil Rook was there. A man like the sheriff has brown eyes.",
        "Ada Voss turned. Her cousin's eyes were brown.",
    ],
)
def test_description_that_may_mean_somebody_else_accuses_nobody(text: str) -> None:
    assert check(text, WORLD) == ()
