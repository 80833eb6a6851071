"""Requests of past weeks, made up from a few people, acts and places, and what the mock model answered."""

from __future__ import annotations

import random
from typing import Any, Final

from django.conf import settings

from agents.choices import AgentType
from agents.engine.registry import get_agent
from agents.engine.results import AgentResult, RunSettings
from agents.engine.world import WorldView
from agents.mock.client import MOCK_MODEL, MockClient

PEOPLE = ("Odran Pell", "Mira Vance", "Isolde Carrow")
ACTS = (
    "mends a net that is not theirs",
    "counts the axles at dawn",
    "waits for a letter at the weir",
    "pays a debt in salt",
    "buries a bell before the flood",
    "teaches a child to read the tide",
    "refuses the Court's coin",
    "finds a door in the sea wall",
    "burns a ledger page by page",
    "rows out to the lantern buoy",
)
PLACE_NAMES = ("Heron", "Lantern", "Rope", "Bell", "Brine", "Cinder", "Gull")
PLACE_KINDS = ("Stairs", "Weir", "Yard", "Store", "Gate")
CLAIMS = (
    "Odran lit the lamp and went down to the causeway.",
    "The wizard pulled out his smartphone and called for help.",
    "Mira asked the salt once and wrote down what it cost.",
    "The tide had gone out, and the market stood dry for a day.",
)
# Share of jobs without a directive: their outputs pass, the others need review.
PASSING: Final = 0.4
DIRECTIVES = ("[mock:weak]", "[mock:weak]", "[mock:inconsistent]")


def run_agent(
    dice: random.Random, world: WorldView, number: int
) -> tuple[AgentType, dict[str, Any], AgentResult]:
    """Return the agent, the request and the result of one job of the past."""
    agent_type = list(AgentType)[number % 3]
    directive = "" if dice.random() < PASSING else f" {dice.choice(DIRECTIVES)}"
    turn = number // 3
    input_data: dict[str, Any]
    if agent_type == AgentType.NARRATIVE:
        person = PEOPLE[turn % len(PEOPLE)]
        input_data = {"prompt": f"{person} {ACTS[turn % len(ACTS)]}.{directive}", "characters": [person]}
    elif agent_type == AgentType.SPATIAL:
        name = f"{PLACE_NAMES[turn % len(PLACE_NAMES)]} {PLACE_KINDS[turn % len(PLACE_KINDS)]}"
        input_data = {
            "location_name": name,
            "type": "structure",
            "details": directive,
            "landmarks": ["the post"],
        }
    else:
        input_data = {"content": f"{dice.choice(CLAIMS)}{directive}", "content_type": "scene"}
    run = RunSettings(model=MOCK_MODEL, threshold=settings.REVIEW_THRESHOLDS[agent_type])
    return agent_type, input_data, get_agent(agent_type).run(input_data, world, run, MockClient())
