"""Kinship that a summary states of whom it describes, and kinship of others in it."""

from __future__ import annotations

import pytest

from agents.engine.checks import Finding, check
from agents.engine.world import Element, WorldView

OTHER = Element(kind="character", name="Ben Crane", summary="A sailor.")


def _findings(summary: str, text: str) -> tuple[Finding, ...]:
    world = WorldView(elements=(Element(kind="character", name="Nell Harrow", summary=summary), OTHER))
    return tuple(finding for finding in check(text, world) if finding.strength != "hint")


@pytest.mark.parametrize(
    ("summary", "text"),
    [
        ("Daughter of Ben Crane's brother.", "Nell Harrow was Ben Crane's niece."),
        ("Killed Ben Crane's brother.", "Nell Harrow was Ben Crane's wife."),
        ("Lodges with Ben Crane's mother.", "Nell Harrow was Ben Crane's wife."),
        ("Loves Ben Crane's sister like her own.", "Nell Harrow was Ben Crane's wife."),
        ("She nursed Ben Crane's wife.", "Nell Harrow was Ben Crane's sister."),
        ("A friend of Ben Crane's wife.", "Nell Harrow was Ben Crane's sister."),
        ("Taught Ben Crane's son.", "Nell Harrow was Ben Crane's sister."),
        ("Hopes to be Ben Crane's wife one day.", "Nell Harrow was Ben Crane's cousin."),
        ("Once mistaken for Ben Crane's sister.", "Nell Harrow was Ben Crane's wife."),
        ("Refused to become Ben Crane's wife.", "Nell Harrow was Ben Crane's cousin."),
        ("Not Ben Crane's sister, whatever they say.", "Nell Harrow was Ben Crane's cousin."),
        ("People take her for a sister of Ben Crane.", "Nell Harrow was Ben Crane's cousin."),
        ("Like a sister to Ben Crane.", "Nell Harrow was Ben Crane's cousin."),
        ("Almost a mother to Ben Crane.", "Nell Harrow was Ben Crane's cousin."),
        ("Engaged to Ben Crane's son.", "Nell Harrow was Ben Crane's cousin."),
        ("Killed the brother of Ben Crane.", "Nell Harrow was Ben Crane's wife."),
        ("Her aunt is the sister of Ben Crane.", "Nell Harrow was Ben Crane's daughter."),
        ("Owes money to Ben Crane's cousin.", "Nell Harrow was Ben Crane's wife."),
        ("The house belongs to Ben Crane's uncle.", "Nell Harrow was Ben Crane's wife."),
        ("Lives with her aunt, Ben Crane's sister.", "Nell Harrow was Ben Crane's daughter."),
        ("Loves Tom Vale, Ben Crane's brother.", "Nell Harrow was Ben Crane's wife."),
        ("She is not Ben Crane's sister.", "Nell Harrow was Ben Crane's cousin."),
        ("Married to Ben Crane's brother.", "Nell Harrow was Ben Crane's sister-in-law."),
        ("Was married to Ben Crane's cousin once.", "Nell Harrow was Ben Crane's sister."),
    ],
)
def test_kinship_of_somebody_else_is_not_that_of_the_character(summary: str, text: str) -> None:
    assert _findings(summary, text) == ()


@pytest.mark.parametrize(
    ("summary", "text"),
    [
        ("Ben Crane's sister.", "Nell Harrow was Ben Crane's wife."),
        ("The elder sister of Ben Crane.", "Nell Harrow was Ben Crane's wife."),
        ("A baker and Ben Crane's sister.", "Nell Harrow was Ben Crane's wife."),
        ("She is Ben Crane's only daughter.", "Nell Harrow was Ben Crane's wife."),
        ("Nell is the wife of Ben Crane.", "Nell Harrow was Ben Crane's sister."),
        ("Nell Harrow, Ben Crane's sister, keeps bees.", "Nell Harrow was Ben Crane's wife."),
        ("A tall widow, sister of Ben Crane.", "Nell Harrow was Ben Crane's wife."),
        ("The miller's daughter and wife of Ben Crane.", "Nell Harrow was Ben Crane's sister."),
        ("Mayor of Sarn, Ben Crane's cousin.", "Nell Harrow was Ben Crane's wife."),
        ("A baker from Sarn, Ben Crane's sister.", "Nell Harrow was Ben Crane's wife."),
        ("A smith who is Ben Crane's daughter.", "Nell Harrow was Ben Crane's wife."),
        ("Keeps bees; Ben Crane's sister.", "Nell Harrow was Ben Crane's wife."),
        ("Twin sister of Ben Crane, and a baker.", "Nell Harrow was Ben Crane's wife."),
        ("Ben Crane's estranged wife.", "Nell Harrow was Ben Crane's sister."),
    ],
)
def test_kinship_of_the_character_is_read_wherever_it_stands(summary: str, text: str) -> None:
    assert _findings(summary, text)
