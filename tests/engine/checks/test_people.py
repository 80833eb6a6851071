"""People by titles, spellings and comparisons, and what they can and cannot be or do."""

from __future__ import annotations

import pytest

from agents.engine import checks
from agents.engine.world import Element, Rule, WorldView

WORLD = WorldView(
    name="Dunlin",
    rules=(Rule(id="r-smoke", text="Smoking is forbidden aboard."),),
    elements=(
        Element(
            id="c-lettie",
            kind="character",
            name="Lettie Crane",
            summary="The schoolteacher. Sister of Jubal Crane. She is unmarried.",
            traits={"pronoun": "she", "role": "schoolteacher", "age": 27, "hair": "blonde"},
        ),
        Element(
            id="c-jubal",
            kind="character",
            name="Jubal Crane",
            summary="A bald man. He never drinks alcohol.",
            traits={"pronoun": "he", "age": 44},
        ),
        Element(
            id="c-siobhan", kind="character", name="Siobhán Daly", traits={"pronoun": "she", "eyes": "grey"}
        ),
        Element(
            id="c-sabine",
            kind="character",
            name="Sabine",
            summary="Abbess of the Black House. She is blind.",
            traits={"pronoun": "she", "role": "abbess"},
        ),
        Element(
            id="c-gavin",
            kind="character",
            name="Gavin Reid",
            summary="A bachelor.",
            traits={"pronoun": "he", "role": "minister"},
        ),
        Element(id="i-clock", kind="item", name="the brass clock", traits={"owner": "Lettie Crane"}),
    ),
)


def accused(text: str) -> set[str]:
    return {finding.source_id for finding in checks.check(text, WORLD)}


@pytest.mark.parametrize(
    ("text", "source_id"),
    [
        ("Miss Crane is the undertaker here.", "c-lettie"),
        ("Mr Crane ran a hand through his thick yellow hair.", "c-jubal"),
        ("Siobhan had green eyes.", "c-siobhan"),
        ("Lettie Crane was older than Jubal.", "c-lettie"),
        ("Lettie, wife of a cooper, kept her shutters closed.", "c-lettie"),
        ("The minister's wife ran the school, and Gavin ran the choir.", "c-gavin"),
        ("Sabine, abbess of the White House, rang the bell.", "c-sabine"),
        ("Sabine's sharp eyes missed nothing.", "c-sabine"),
        ("Sabine glanced at the clock.", "c-sabine"),
        ("Jubal finished his beer.", "c-jubal"),
        ("The brass clock on the mantel belonged to Gavin.", "i-clock"),
        ("Gavin lit a cigarette and leaned on the rail.", "r-smoke"),
    ],
)
def test_plain_contradictions_are_found(text: str, source_id: str) -> None:
    assert accused(text) == {source_id}


@pytest.mark.parametrize(
    "text",
    [
        "Mrs Crane is the undertaker here.",
        "Jubal Crane was twenty years older than the deputy.",
        "Jubal was three times as loud as a man of thirty.",
        "Jubal drank his lemonade and watched the others get drunk.",
        "Sabine saw what Gavin meant, and watched her tongue.",
        "Gavin spoke of the Church as his bride.",
        "Jubal's hat hid the place where his hair had been.",
        "A sign about smoking hung on the wall.",
    ],
)
def test_what_only_sounds_like_it_accuses_nobody(text: str) -> None:
    assert accused(text) == set()
