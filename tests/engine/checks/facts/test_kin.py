"""Relatives that descriptions name or deny in the creators' own words."""

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
        ("Ada Crane", "Ben Crane's elder sister.", "Ada Crane was Ben Crane's mother."),
        ("Ada Crane", "Married to Ben Crane for thirty years.", "Ada Crane was Ben Crane's sister."),
        ("Ada Crane", "Married to Ben Crane for thirty years.", "Ada Crane's brother, Ben Crane, came in."),
        ("Ada Crane", "She brought up Ben Crane, her only son, alone.", "Ada Crane was Ben Crane's wife."),
        ("Ada Crane", "An only child.", "Ada Crane's brother came in."),
        ("Ada Crane", "An only child.", "Ada Crane hugged her sister."),
        ("Ada Crane", "Has never married.", "Ada Crane's husband came in."),
        ("Ada Crane", "A spinster of the parish.", "Ada Crane's husband came in."),
        ("Ada Crane", "Single, and means to stay so.", "Ada Crane's husband came in."),
        ("Ada Crane", "Has no children.", "Ada Crane's daughter came in."),
        ("Ada Crane", "Childless.", "Ada Crane's son came in."),
        ("Ada Crane", "An orphan raised by nuns.", "Ada Crane's mother came in with the tea."),
        ("Ada Crane", "She lost both parents to the plague.", "Ada Crane's mother came in with the tea."),
        ("Ada Crane", "Has no family left.", "Ada Crane's brother came in."),
        ("Ada Crane", "Two sons, no daughters.", "Ada Crane's daughter came in."),
        ("Ada Crane", "A widow.", "Ada Crane's husband came in and hung up his coat."),
        (
            "Ada Crane",
            "The daughter of Ben Crane and a woman nobody names.",
            "Ada Crane was Ben Crane's wife.",
        ),
        ("Ada Crane", {"mother": "Ben Crane's widow", "siblings": "none"}, "Ada Crane's brother came in."),
        ("Ada Crane", {"spouse": "Ben Crane"}, "Ada Crane was Ben Crane's sister."),
        (
            "Ada Crane",
            {"relationships": "sister of Ben Crane; engaged to nobody"},
            "Ada Crane was Ben Crane's mother.",
        ),
    ],
)
def test_what_the_facts_rule_out_is_found(name: str, facts: str | dict[str, Any], text: str) -> None:
    findings = _findings(name, facts, text)
    assert findings
    assert all(finding.statement in element_text(_element(name, facts)) for finding in findings)


@pytest.mark.parametrize(
    ("name", "facts", "text"),
    [
        ("Ada Crane", "Ben Crane's elder sister.", "Ada Crane was Ben Crane's sister."),
        ("Ada Crane", "Married to Ben Crane for thirty years.", "Ada Crane's husband, Ben Crane, came in."),
        ("Ada Crane", "She brought up Ben Crane, her only son, alone.", "Ada Crane was Ben Crane's mother."),
        ("Ada Crane", "An only child.", "Ada Crane's aunt came in."),
        ("Ada Crane", "Has never married.", "Ada Crane's brother came in."),
        ("Ada Crane", "A spinster of the parish.", "Ada Crane's brother came in."),
        ("Ada Crane", "Single, and means to stay so.", "Ada Crane's brother came in."),
        ("Ada Crane", "Has no children.", "Ada Crane's brother came in."),
        ("Ada Crane", "Childless.", "Ada Crane's brother came in."),
        ("Ada Crane", "An orphan raised by nuns.", "Ada Crane prayed."),
        ("Ada Crane", "She lost both parents to the plague.", "Ada Crane prayed."),
        ("Ada Crane", "Has no family left.", "Ada Crane prayed."),
        ("Ada Crane", "Two sons, no daughters.", "Ada Crane's son came in."),
        ("Ada Crane", "A widow.", "Ada Crane's son came in."),
        (
            "Ada Crane",
            "The daughter of Ben Crane and a woman nobody names.",
            "Ada Crane was Ben Crane's daughter.",
        ),
        ("Ada Crane", {"mother": "Ben Crane's widow", "siblings": "none"}, "Ada Crane prayed."),
        ("Ada Crane", {"spouse": "Ben Crane"}, "Ada Crane was Ben Crane's wife."),
        (
            "Ada Crane",
            {"relationships": "sister of Ben Crane; engaged to nobody"},
            "Ada Crane was Ben Crane's sister.",
        ),
    ],
)
def test_what_the_facts_allow_is_not(name: str, facts: str | dict[str, Any], text: str) -> None:
    assert _findings(name, facts, text) == ()
