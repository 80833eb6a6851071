"""Relatives that descriptions name or deny in the creators' own words."""

from __future__ import annotations

import pytest

from tests.engine.checks.elements import Facts, accusations_by, are_quoted, element

OTHER = element("Ben Crane", "A sailor.")


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
def test_what_the_facts_rule_out_is_found(name: str, facts: Facts, text: str) -> None:
    told = element(name, facts)
    assert are_quoted(accusations_by(text, told, OTHER), told)


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
def test_what_the_facts_allow_is_not(name: str, facts: Facts, text: str) -> None:
    assert accusations_by(text, element(name, facts), OTHER) == ()


@pytest.mark.parametrize(
    ("name", "facts", "text"),
    [
        ("Nell Harrow", "Divorced; keeps the dog.", "Nell Harrow kissed her husband and went to work."),
        ("Nell Harrow", "A divorcee with two boys.", "Nell Harrow's husband came in from the yard."),
        ("Nell Harrow", "Has two sons and no daughters.", "Nell Harrow's daughter came in."),
        ("Nell Harrow", "Never had a brother or a sister.", "Nell Harrow's sister came in."),
        ("Nell Harrow", "Grew up an only child in a house full of clocks.", "Nell Harrow's brother came in."),
        ("Nell Harrow", "An only child, raised by her aunt.", "Nell Harrow's sister came in."),
        (
            "Nell Harrow",
            "Lost her mother and father in the flood.",
            "Nell Harrow's father came in and sat down.",
        ),
        ("Nell Harrow", "Both parents died in the flood.", "Nell Harrow's mother poured the tea."),
        ("Nell Harrow", "Her parents are long dead.", "Nell Harrow's mother poured the tea."),
        ("Nell Harrow", "Without kin.", "Nell Harrow's brother came in."),
        ("Nell Harrow", "Ben Crane is her husband.", "Nell Harrow was Ben Crane's sister."),
        ("Nell Harrow", "Her twin is Ben Crane.", "Nell Harrow was Ben Crane's mother."),
        ("Nell Harrow", "Her brother is Ben Crane.", "Nell Harrow was Ben Crane's mother."),
        ("Nell Harrow", "Remains unmarried at forty.", "Nell Harrow's husband came in."),
        ("Nell Harrow", "Widowed young.", "Nell Harrow's husband came in and hung up his coat."),
        (
            "Nell Harrow",
            "Buried her husband last spring.",
            "Nell Harrow's husband came in and hung up his coat.",
        ),
        ("Nell Harrow", "Lost her husband at sea.", "Nell Harrow's husband came in and hung up his coat."),
        ("Nell Harrow", {"marital_status": "divorced"}, "Nell Harrow's husband came in."),
        ("Nell Harrow", {"family": "no living family"}, "Nell Harrow's brother came in."),
        ("Nell Harrow", {"relationships": ["Ben Crane (brother)"]}, "Nell Harrow was Ben Crane's mother."),
        ("Nell Harrow", {"relationships": "brother: Ben Crane"}, "Nell Harrow was Ben Crane's mother."),
        ("Tobias Wren", "He has never been married.", "Tobias Wren's wife came in."),
        (
            "Tobias Wren",
            "Divorced since the war, he lives above the forge.",
            "Tobias Wren's wife came in and sat down.",
        ),
        ("Tobias Wren", "A divorced clerk.", "Tobias Wren's wife came in and sat down."),
        ("Tobias Wren", "A widower for six years.", "Tobias Wren's wife poured the tea."),
        ("Tobias Wren", "His wife died in childbirth.", "Tobias Wren's wife poured the tea."),
        ("Tobias Wren", "No surviving family.", "Tobias Wren's uncle came in."),
        ("Tobias Wren", "Father of two daughters, no sons.", "Tobias Wren's son came in."),
        ("Tobias Wren", "Ben Crane is his father.", "Tobias Wren was Ben Crane's brother."),
        (
            "Tobias Wren",
            "His wife's name is Ada; his brother is Ben Crane.",
            "Tobias Wren was Ben Crane's father.",
        ),
        (
            "Tobias Wren",
            {"relationships": ["Ben Crane: brother", "Ada: friend"]},
            "Tobias Wren was Ben Crane's father.",
        ),
    ],
)
def test_other_words_for_a_fact_are_read(name: str, facts: Facts, text: str) -> None:
    told = element(name, facts)
    assert are_quoted(accusations_by(text, told, OTHER), told)
