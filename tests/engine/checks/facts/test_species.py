"""Species in the creators' own words, and animals that people are called."""

from __future__ import annotations

from typing import Any

import pytest

from agents.engine.checks import Finding, check
from agents.engine.sources import element_text
from agents.engine.world import Element, WorldView


def _element(facts: str | dict[str, Any]) -> Element:
    summary, traits = (facts, {}) if isinstance(facts, str) else ("", facts)
    return Element(kind="character", name="Tam", summary=summary, traits=traits)


def _findings(facts: str | dict[str, Any], text: str) -> tuple[Finding, ...]:
    world = WorldView(elements=(_element(facts),))
    return tuple(finding for finding in check(text, world) if finding.strength != "hint")


@pytest.mark.parametrize(
    ("facts", "text"),
    [
        ({"species": "elf"}, "Tam was a dwarf."),
        ({"race": "elf"}, "Tam was a dwarf."),
        ({"kind": "fox"}, "Tam was a badger."),
        ("A talking fox.", "Tam was a badger."),
        ("A fox who sells maps.", "Tam was a badger."),
        ("The old badger of the weir.", "Tam was a fox."),
        ("An elf of the western woods.", "Tam was a dwarf."),
        ("A dwarf smith.", "Tam was an elf."),
        ({"ancestry": "dwarf"}, "Tam was an elf."),
        ({"Species": "Elf"}, "Tam was a human."),
    ],
)
def test_another_one_contradicts_the_facts(facts: str | dict[str, Any], text: str) -> None:
    (finding,) = _findings(facts, text)
    assert finding.statement in element_text(_element(facts))


@pytest.mark.parametrize(
    ("facts", "text"),
    [
        ("A fox of a man.", "Tam was a badger."),
        ("A bear of a man.", "Tam was an elf."),
        ("Her pet is a fox.", "Tam was a badger."),
        ("Hunts foxes.", "Tam was a badger."),
        ("A human.", "Tam was a pig at table."),
        ("A mouse of a girl.", "Tam was a wolf in the chase."),
        ("An old goat.", "Tam was a pig."),
        ("A cat person.", "Tam was a dog person."),
        ("A fox hunter.", "Tam was a badger."),
        ("The Fox.", "Tam was a bear with sore feet."),
        ("A talking fox.", "Tam was a fox."),
        ("A talking fox.", "Tam was a coward."),
        ("Raised by wolves.", "Tam was a fox."),
        ("A dog lover.", "Tam was a wolf."),
    ],
)
def test_the_facts_allow_the_text(facts: str | dict[str, Any], text: str) -> None:
    assert _findings(facts, text) == ()
