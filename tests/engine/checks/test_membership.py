"""Denials of a membership that the world states."""

from __future__ import annotations

import pytest

from agents.engine.checks import report
from agents.engine.world import Element, WorldView


def strengths(text, *relations):
    mira = Element(id="m", kind="character", name="Mira Voss", traits={"relations": list(relations)})
    guild = Element(id="g", kind="faction", name="The Salt Guild")
    found = report(text, WorldView(elements=(mira, guild))).findings
    return [(finding.strength, finding.statement) for finding in found]


@pytest.mark.parametrize(
    ("text", "relation", "strength"),
    [
        ("Mira Voss had never been a member of the Salt Guild.", "member of The Salt Guild", "likely"),
        ("Mira Voss was no member of the Salt Guild.", "member of The Salt Guild", "hint"),
        (
            "Mira Voss had never been a member of the Salt Guild.",
            "member of The Salt Guild (since 903)",
            "hint",
        ),
    ],
)
def test_denied_membership_is_found_as_surely_as_it_is_plain(text, relation, strength):
    assert strengths(text, relation) == [(strength, relation)]


@pytest.mark.parametrize(
    ("text", "relation"),
    [
        ("Mira Voss was a member of the Salt Guild.", "member of The Salt Guild"),
        ("Mira Voss was no member of the Salt Guild.", "member of The Salt Guild (until 910)"),
        ("Mira Voss was no member of the council.", "member of The Salt Guild"),
        ("“Mira Voss was never a member of the Salt Guild,” he lied.", "member of The Salt Guild"),
    ],
)
def test_nothing_else_contradicts_a_membership(text, relation):
    assert strengths(text, relation) == []
