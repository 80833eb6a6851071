"""Findings as the checks report them, in the signals of a job."""

from __future__ import annotations

from typing import Any

from agents.engine.checks.finding import Finding, Strength
from agents.engine.confidence.signals import bad, not_checked


def finding(
    quote: str = "his  smartphone",
    *,
    source_id: str = "tech_level",
    statement: str = "medieval",
    strength: Strength = "proven",
    why: str = "There are no telephones.",
    **fields: Any,
) -> Finding:
    return Finding("tech", source_id, statement, quote, 21, why, strength, **fields)


def signals(*findings: Finding) -> list[dict[str, Any]]:
    """Return the stored signals of an output: one with these findings, and one that was not checked."""
    return [
        not_checked("contradictions", "Not checked: Swedish.").as_dict(),
        bad("forbidden_terms", 0.0, "Something is ahead of its time.", findings).as_dict(),
    ]
