"""The dead in the company of the living; and what the living do for them, and tell of them."""

from __future__ import annotations

import pytest

from agents.engine import checks
from agents.engine.world import WorldView
from tests.engine.checks.elements import person

WORLD = WorldView.from_mapping(
    {
        "name": "Glasswick",
        "elements": [
            person("c-mira", "Captain Mira Voss", "", "she", status="dead"),
            person("c-lucas", "Lucas Hale", "", "he"),
            person("c-ines", "Ines", "", "she"),
        ],
    }
)


def accused(text: str) -> set[str]:
    return {finding.source_id for finding in checks.check(text, WORLD) if finding.strength != "hint"}


@pytest.mark.parametrize(
    "text",
    [
        "Lucas held the gate for Mira.",
        "Lucas explained the cow to Captain Voss, who remained unconvinced.",
        "Ines bought two tickets and gave one of them to Mira.",
        "Lucas ran after Mira with the gloves.",
        "Lucas danced twice with Mira at the picnic.",
        "Ines slid a glass along the bar to Mira, who emptied it.",
        "Behind the desk sat Captain Voss, peeling an orange.",
        "At dusk the nets were hauled in by Mira and two boys.",
        "It was Mira who first noticed the smoke that night, and Ines ran for the hose.",
        "With Mira at her side, Ines walked down to the quay.",
        "Mira's cough could be heard in the next cabin, where Lucas was asleep.",
        "By the time the soup was hot Mira had already fallen asleep against Lucas.",
        "Ines waited until Mira had finished her breakfast.",
        "“Hand me that,” said Ines, and Mira passed it to her.",
        "The groom had just finished with the horse when Mira strode into the yard.",
        "Nobody turned a head when Mira pushed through the doors.",
        "There was a knock. Mira took off her hat.",
        "Lucas waved, but Mira did not wave to him.",
        "Mira and Ines were playing chess in the galley.",
        "Watch list, second night: Lucas at the gate, Mira on the wall.",
        'The barman shrugged. "Mira has just left."',
        "Captain Voss squatted by the fire and cracked a nut for Ines.",
    ],
)
def test_dead_are_no_company(text: str) -> None:
    assert accused(text) == {"c-mira"}


@pytest.mark.parametrize(
    "text",
    [
        "Ines lit a candle for Mira, who never liked the dark.",
        "Ines cut the flowers for Mira and laid them on the step.",
        "Ines raised her glass to Mira, who had taught her to drink.",
        "The scales had been given to Mira by the guild.",
        "Lucas had danced with Mira once, at a picnic.",
        "It was Mira who built the mill.",
        "It was Mira who had chosen the wallpaper.",
        "The lock was made by Mira.",
        "The stone that said MIRA VOSS, PILOT had sunk on one side.",
        "Before Mira rolled up her last map, she had signed it, and Ines kept it.",
        "Mira shook her head at every offer, and in the end they stopped making offers.",
        "Lucas was six when Mira pulled him over the side; when he was nine she died.",
        "Nobody turned off the gas when Mira lay dying.",
        "Mira did not trust banks.",
        "Mira smiled out of the locker door, and Ines shut it.",
        'Ines laughed. "Mira has just left," she said, and pointed at the empty frame.',
        "Captains smoke. Voss wine was sold to Ines.",
    ],
)
def test_what_is_done_for_the_dead_and_told_of_them_is_no_company(text: str) -> None:
    assert accused(text) == set()


def test_company_that_no_list_knows_is_likely_only() -> None:
    (finding,) = checks.check("Lucas held the gate for Mira.", WORLD)

    assert finding.strength == "likely"
