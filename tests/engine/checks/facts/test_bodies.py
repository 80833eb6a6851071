"""Bodies in the creators' own words."""

from __future__ import annotations

from typing import Any

import pytest

from agents.engine.checks import Finding, check
from agents.engine.sources import element_text
from agents.engine.world import Element, WorldView

OTHER = Element(kind="character", name="Ben Crane", summary="A sailor.")


def _element(name: str, facts: str | dict[str, Any]) -> Element:
    summary, traits = (facts, {}) if isinstance(facts, str) else ("", facts)
    return Element(kind="character", name=name, summary=summary, traits=traits)


def _findings(name: str, facts: str | dict[str, Any], text: str) -> tuple[Finding, ...]:
    world = WorldView(elements=(_element(name, facts), OTHER))
    return tuple(finding for finding in check(text, world) if finding.strength != "hint")


@pytest.mark.parametrize(
    ("name", "facts", "text"),
    [
        ("Dov Renn", "Lost his right arm at the mill.", "Dov Renn clapped his hands."),
        ("Dov Renn", "Lost his right arm at the mill.", "Dov Renn held the lamp in his right hand."),
        ("Dov Renn", "Blind from birth.", "Dov Renn saw the ship come in."),
        ("Dov Renn", "Blind from birth.", "Dov Renn read the letter."),
        (
            "Dov Renn",
            "He has not seen anything since the explosion took his sight.",
            "Dov Renn saw the ship come in.",
        ),
        (
            "Dov Renn",
            "He has not seen anything since the explosion took his sight.",
            "Dov Renn watched the gulls.",
        ),
        ("Dov Renn", "Deaf in both ears.", "Dov Renn heard the bell."),
        ("Dov Renn", "Stone deaf; reads lips.", "Dov Renn heard the bell."),
        ("Dov Renn", "Mute. Talks with his hands.", '"Come in," said Dov Renn.'),
        ("Dov Renn", "Mute. Talks with his hands.", "Dov Renn shouted."),
        ("Dov Renn", "Has never spoken a word in his life.", '"Come in," said Dov Renn.'),
        ("Dov Renn", "Uses a wheelchair and cannot walk.", "Dov Renn ran up the stairs."),
        ("Dov Renn", "Uses a wheelchair and cannot walk.", "Dov Renn walked to the door."),
        ("Dov Renn", "Paralysed from the waist down.", "Dov Renn ran up the stairs."),
        ("Dov Renn", "Paralysed from the waist down.", "Dov Renn walked to the door."),
        ("Dov Renn", "Very tall, nearly seven feet.", "Dov Renn, a short man, looked up at her."),
        ("Dov Renn", "A small, round man.", "Dov Renn was tall and thin."),
        ("Dov Renn", "Clean-shaven.", "Dov Renn stroked his beard."),
        ("Dov Renn", "A bearded giant.", "Dov Renn was clean-shaven."),
        ("Dov Renn", "Left-handed.", "Dov Renn signed with his right hand."),
        ("Dov Renn", "Writes with his left hand.", "Dov Renn signed his name with his right hand."),
    ],
)
def test_what_the_facts_rule_out_is_found(name: str, facts: str | dict[str, Any], text: str) -> None:
    findings = _findings(name, facts, text)
    assert findings
    assert all(finding.statement in element_text(_element(name, facts)) for finding in findings)


@pytest.mark.parametrize(
    ("name", "facts", "text"),
    [
        ("Dov Renn", "Lost his right arm at the mill.", "Dov Renn held the lamp in his left hand."),
        ("Dov Renn", "His left leg is wooden from the knee.", "Dov Renn's wooden leg knocked."),
        ("Dov Renn", "Blind from birth.", "Dov Renn heard the ship come in."),
        (
            "Dov Renn",
            "He has not seen anything since the explosion took his sight.",
            "Dov Renn heard the ship come in.",
        ),
        ("Dov Renn", "Deaf in both ears.", "Dov Renn saw the bell move."),
        ("Dov Renn", "Stone deaf; reads lips.", "Dov Renn read her lips."),
        ("Dov Renn", "Mute. Talks with his hands.", "Dov Renn signed to her."),
        ("Dov Renn", "Has never spoken a word in his life.", "Dov Renn nodded."),
        ("Dov Renn", "Uses a wheelchair and cannot walk.", "Dov Renn wheeled himself to the door."),
        ("Dov Renn", "Paralysed from the waist down.", "Dov Renn wheeled himself to the door."),
        ("Dov Renn", "Very tall, nearly seven feet.", "Dov Renn, a tall man, looked down at her."),
        ("Dov Renn", "A small, round man.", "Dov Renn was small and round."),
        ("Dov Renn", "Clean-shaven.", "Dov Renn stroked his chin."),
        ("Dov Renn", "A bearded giant.", "Dov Renn tugged at his beard."),
        ("Dov Renn", "Left-handed.", "Dov Renn signed with his left hand."),
        ("Dov Renn", "Writes with his left hand.", "Dov Renn signed with his left hand."),
    ],
)
def test_what_the_facts_allow_is_not(name: str, facts: str | dict[str, Any], text: str) -> None:
    assert _findings(name, facts, text) == ()
