"""Relatives whom a text denies, buries or adds to those of the world."""

from __future__ import annotations

import pytest

from agents.engine import checks
from agents.engine.world import WorldView
from tests.engine.checks.elements import person

WORLD = WorldView.from_mapping(
    {
        "name": "Dunlin",
        "elements": [
            person("c-agnes", "Agnes Marrow", "A widow. Mother of Peter and Lucy.", "she"),
            person("c-peter", "Peter Marrow", "He keeps the light.", "he"),
            person("c-lucy", "Lucy Marrow", "She is unmarried and without children.", "she"),
            person("c-ruth", "Ruth Kelso", "Wife of Hamish Kelso. Sister of Gavin Reid.", "she"),
            person("c-hamish", "Hamish Kelso", "The baker.", "he"),
            person("c-gavin", "Gavin Reid", "A bachelor.", "he"),
            person("c-lou", "Lou Castellan", "She is an only child.", "she"),
            person("c-ruun", "Ruun", "The only son of Issa.", "he"),
            person("c-issa", "Issa", "", "she"),
        ],
    }
)


def accused(text: str) -> set[str]:
    return {finding.source_id for finding in checks.check(text, WORLD) if finding.strength != "hint"}


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("Peter wrote to his brother in Glasgow.", "c-agnes"),
        ("As the only child of Agnes Marrow, Peter had the lamp to himself.", "c-agnes"),
        ("Agnes set out for church on her husband's arm.", "c-agnes"),
        ("Agnes's husband was mending the fence.", "c-agnes"),
        ("Hamish Kelso's wife, Agnes, kept the till.", "c-ruth"),
        ("Hamish, whose wife had died, lived above the shop.", "c-ruth"),
        ("Hamish was still a bachelor, and liked it.", "c-ruth"),
        ("Ruth is no relation of Gavin's.", "c-ruth"),
        ("Ruth is not Gavin's sister.", "c-ruth"),
        ("Peter met the son of Lucy.", "c-lucy"),
        ("Lucy signed the register in her married name.", "c-lucy"),
        ("On her wedding day Lucy wore lace.", "c-lucy"),
        ("Peter was an orphan, brought up by the parish.", "c-agnes"),
        ("Lou's big brother had taught her to spit.", "c-lou"),
        ("Lou shared a room with two sisters until she was twelve.", "c-lou"),
        ("Ruun's elder brother took the reins.", "c-ruun"),
    ],
)
def test_relative_is_contradicted(text: str, source: str) -> None:
    assert accused(text) == {source}


@pytest.mark.parametrize(
    "text",
    [
        "Peter wrote to his sister in Glasgow.",
        "Agnes missed her husband's arm.",
        "Agnes set out for church on her son's arm.",
        "Hamish's wife, Ruth, kept the till.",
        "Hamish, whose mother had died, lived above the shop.",
        "Ruth had no brother to hand.",
        "Ruth is not Gavin's cook.",
        "Lucy's school children sang.",
        "Lou's twin vices were rye and curiosity.",
        "Lou's client had a big brother.",
        "Ruun's elder sister took the reins.",
        "Peter was half an orphan.",
        "Hamish had been a bachelor once.",
    ],
)
def test_relative_agrees_or_is_another(text: str) -> None:
    assert accused(text) == set()
