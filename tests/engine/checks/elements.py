"""Elements of worlds for tests of the checks, and what the checks find in them."""

from __future__ import annotations

from typing import Any

from agents.engine.checks import Finding, check
from agents.engine.sources import element_text
from agents.engine.world import Element, WorldView

# The summary of an element, or its traits.
Facts = str | dict[str, Any]


def person(id_: str, name: str, summary: str, pronoun: str, **traits: Any) -> dict[str, Any]:
    return {
        "id": id_,
        "kind": "character",
        "name": name,
        "summary": summary,
        "traits": {"pronoun": pronoun, **traits},
    }


def element(name: str, facts: Facts, kind: str = "character") -> Element:
    summary, traits = (facts, {}) if isinstance(facts, str) else ("", facts)
    return Element(kind=kind, name=name, summary=summary, traits=traits)


def character(name: str, summary: str = "", **traits: Any) -> Element:
    return Element(kind="character", name=name, summary=summary, traits=traits)


def accusations(text: str, world: WorldView) -> tuple[Finding, ...]:
    """Return the proven and likely findings of a text."""
    return tuple(finding for finding in check(text, world) if finding.strength != "hint")


def accusations_by(text: str, *elements: Element) -> tuple[Finding, ...]:
    """Return the proven and likely findings of a text in a world of these elements."""
    return accusations(text, WorldView(elements=elements))


def are_quoted(findings: tuple[Finding, ...], source: Element) -> bool:
    """Return whether there are findings, and all quote the element in its own words."""
    return bool(findings) and all(finding.statement in element_text(source) for finding in findings)
