"""Words for times of life, held against ages; and what is said of others than it seems."""

from __future__ import annotations

import pytest

from agents.engine import checks
from agents.engine.world import Element, Rule, WorldView

WORLD = WorldView(
    name="Copper Gulch",
    rules=(
        Rule(id="r-decks", text="The ship has nine decks."),
        Rule(id="r-trains", text="There are no trains in Copper Gulch."),
    ),
    elements=(
        Element(id="c-jonas", kind="character", name="Jonas Vetter", traits={"pronoun": "he", "age": 20}),
        Element(id="c-amos", kind="character", name="Amos Pike", traits={"pronoun": "he", "age": 70}),
        Element(id="c-ravi", kind="character", name="Ravi Sen", traits={"pronoun": "he", "status": "dead"}),
        Element(id="l-mercy", kind="location", name="Fort Mercy", summary="It lies south of Copper Gulch."),
    ),
)


@pytest.mark.parametrize(
    ("text", "source_id"),
    [
        ("Jonas Vetter was an old man, and his hands shook.", "c-jonas"),
        ("Jonas Vetter sat down on the stairs; the old man had climbed them too fast.", "c-jonas"),
        ("Amos Pike, a freckled boy, whistled.", "c-amos"),
        ("Ravi Sen is on shift until midnight.", "c-ravi"),
        ("Fort Mercy lies north of Copper Gulch.", "l-mercy"),
        ("The train stopped, and twelve decks hummed.", "r-trains"),
    ],
)
def test_plain_contradictions_are_found(text: str, source_id: str) -> None:
    assert source_id in {finding.source_id for finding in checks.check(text, WORLD)}


@pytest.mark.parametrize(
    "text",
    [
        "Jonas Vetter would be an old man before they landed.",
        "Jonas Vetter was the old man's favourite.",
        "Amos Pike was a boy when the army came through.",
        "Amos Pike hung up his hat, and the boy grinned.",
        "The village beyond Fort Mercy lies north of Copper Gulch.",
        "Twelve decks of cards went round the mess.",
        "Out at Fort Mercy the train pulled in at ten.",
    ],
)
def test_what_is_said_of_others_or_another_time_accuses_nobody(text: str) -> None:
    assert checks.check(text, WORLD) == ()
