"""Inabilities in the creators' own words, and what is said of some occasions or others only."""

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
        ("Rhys Vane", "Never learned to swim.", "Rhys Vane swam across the river."),
        ("Rhys Vane", "He can't swim a stroke.", "Rhys Vane swam across the river."),
        ("Rhys Vane", "Cannot read or write.", "Rhys Vane read the letter."),
        ("Rhys Vane", "Cannot read or write.", "Rhys Vane wrote a note."),
        ("Rhys Vane", "Illiterate.", "Rhys Vane read the letter."),
        ("Rhys Vane", "Illiterate.", "Rhys Vane wrote a note."),
        ("Rhys Vane", "Nobody ever taught him his letters.", "Rhys Vane read the letter."),
        ("Rhys Vane", "Doesn't drink.", "Rhys Vane drank a glass of whisky."),
        ("Rhys Vane", "A teetotaller.", "Rhys Vane drank a glass of whisky."),
        ("Rhys Vane", "A teetotaller.", "Rhys Vane drained his beer."),
        ("Rhys Vane", "Touches no meat.", "Rhys Vane ate a slice of ham."),
        ("Rhys Vane", "A vegetarian since the war.", "Rhys Vane ate a slice of ham."),
        ("Rhys Vane", "Speaks no French.", "Rhys Vane said it in French."),
        ("Rhys Vane", "Speaks no French.", "Rhys Vane spoke to her in French."),
        ("Rhys Vane", "Won't carry a gun.", "Rhys Vane drew his pistol."),
        ("Rhys Vane", "Won't carry a gun.", "Rhys Vane carried a gun."),
        ("Rhys Vane", "Sworn never to kill.", "Rhys Vane killed the guard."),
        ("Rhys Vane", "Is unable to lie.", "Rhys Vane lied to her."),
        ("Rhys Vane", "Smokes nothing and never has.", "Rhys Vane lit a cigarette and smoked it."),
        ("Rhys Vane", {"weakness": "cannot swim"}, "Rhys Vane swam across the river."),
        ("Rhys Vane", {"skills": "none with a blade; can't ride"}, "Rhys Vane rode his horse into the yard."),
    ],
)
def test_what_the_facts_rule_out_is_found(name: str, facts: str | dict[str, Any], text: str) -> None:
    findings = _findings(name, facts, text)
    assert findings
    assert all(finding.statement in element_text(_element(name, facts)) for finding in findings)


@pytest.mark.parametrize(
    ("name", "facts", "text"),
    [
        ("Rhys Vane", "Never learned to swim.", "Rhys Vane walked across the river."),
        ("Rhys Vane", "He can't swim a stroke.", "Rhys Vane walked across the bridge."),
        ("Rhys Vane", "Cannot read or write.", "Rhys Vane had the letter read to him."),
        ("Rhys Vane", "Illiterate.", "Rhys Vane had the letter read to him."),
        ("Rhys Vane", "Nobody ever taught him his letters.", "Rhys Vane had the letter read to him."),
        ("Rhys Vane", "Afraid of horses and has never ridden one.", "Rhys Vane walked into the yard."),
        ("Rhys Vane", "Doesn't drink.", "Rhys Vane drank his tea."),
        ("Rhys Vane", "A teetotaller.", "Rhys Vane drank his tea."),
        ("Rhys Vane", "Touches no meat.", "Rhys Vane ate an apple."),
        ("Rhys Vane", "A vegetarian since the war.", "Rhys Vane ate an apple."),
        ("Rhys Vane", "Speaks no French.", "Rhys Vane said it in English."),
        ("Rhys Vane", "Won't carry a gun.", "Rhys Vane carried a lamp."),
        ("Rhys Vane", "Sworn never to kill.", "Rhys Vane knocked the guard down."),
        ("Rhys Vane", "Is unable to lie.", "Rhys Vane told her the truth."),
        ("Rhys Vane", "Smokes nothing and never has.", "Rhys Vane watched them smoke."),
        ("Rhys Vane", {"weakness": "cannot swim"}, "Rhys Vane walked across the bridge."),
        ("Rhys Vane", {"skills": "none with a blade; can't ride"}, "Rhys Vane walked into the yard."),
    ],
)
def test_what_the_facts_allow_is_not(name: str, facts: str | dict[str, Any], text: str) -> None:
    assert _findings(name, facts, text) == ()
