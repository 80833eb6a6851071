"""Acts of the dead, told by their moment; and what is told of their lives, of works and of their deaths."""

from __future__ import annotations

import pytest

from agents.engine import checks
from agents.engine.world import Element, WorldView

WORLD = WorldView(
    name="Glasswick",
    elements=(
        Element(id="c-mira", kind="character", name="Mira Voss", traits={"pronoun": "she", "status": "dead"}),
        Element(id="c-lucas", kind="character", name="Lucas Voss", traits={"pronoun": "he"}),
    ),
)


def accused(text: str) -> set[str]:
    return {finding.source_id for finding in checks.check(text, WORLD)}


@pytest.mark.parametrize(
    "text",
    [
        "Mira studied the menu.",
        "Mira ordered another coffee and paid with a coin.",
        "Mira wrote the address on the back of her hand.",
        "Mira stood in the doorway.",
        "Mira was tired, and the waiter brought her a chair.",
        "It was Mira who opened the window.",
        "The letters were being opened by Mira.",
        "Lucas danced with his mother Mira.",
        "Lucas handed the keys to Mira.",
        "The dog barked at Mira until she gave it a biscuit.",
        "The spotlight came up and Mira sang.",
        "It had begun to rain, and Mira ran for the bus.",
        "If you hurry you will catch Mira; she's waiting at the gate.",
        "Mira has the bathroom from seven until eight.",
        "Mira's hands were shaking.",
        "Mira is asleep. Let her be.",
        "Mira owes the grocer a shilling.",
        "Mira changed her mind and opened the window.",
    ],
)
def test_act_of_a_moment_is_no_act_of_the_dead(text: str) -> None:
    assert accused(text) == {"c-mira"}


@pytest.mark.parametrize(
    "text",
    [
        "Mira needed little and loved the sea.",
        "Mira wrote three books, and two of them are still in print.",
        "Mira made the bench under the pear tree.",
        "Mira robbed four banks and gave her brother a piano.",
        "Mira courted fame all her life.",
        "The arrow that killed Mira hung over the door.",
        "Lucas was nine. Mira came in, shook the rain from her hair and told him that they were moving.",
        "They carried Mira down the stairs feet first.",
        "Lucas typed the caption: Mira tunes her cello.",
        "The log flickered, and Mira wiped the grease off her nose.",
        "The boys were playing outlaws. Lucas was Mira, and Mira shot everybody.",
        "They hanged Mira at noon, and she asked for a peach.",
        "Lucas called the new foal Mira, and Mira bit him.",
        "Mira stepped into the airlock, and that was the last of her.",
        "Whenever it rains, Mira Voss comes to Lucas's mind, and he puts the kettle on.",
        "Mira Voss owes her fame to a single fern.",
    ],
)
def test_what_is_told_of_a_life_a_work_or_a_death_accuses_nobody(text: str) -> None:
    assert accused(text) == set()
