"""Species in the creators' own words, and animals that people are called."""

from __future__ import annotations

import pytest

from tests.engine.checks.elements import Facts, accusations_by, are_quoted, element


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
def test_another_one_contradicts_the_facts(facts: Facts, text: str) -> None:
    told = element("Tam", facts)
    assert are_quoted(accusations_by(text, told), told)


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
def test_the_facts_allow_the_text(facts: Facts, text: str) -> None:
    assert accusations_by(text, element("Tam", facts)) == ()
