"""Entries of a character sheet within a description."""

from __future__ import annotations

import pytest

from tests.engine.checks.elements import accusations_by, are_quoted, element

TOWNS = (element("Sarn", "A town.", "location"), element("Osk", "A town.", "location"))


@pytest.mark.parametrize(
    ("summary", "text"),
    [
        ("Age: late forties. Hair: black.", "Ada Crane was nineteen years old."),
        ("Name: Ada\nAge: 47\nEyes: green", "Ada Crane's brown eyes narrowed."),
        ("Age: 47 | Eye colour: green | Hair: black", "Ada Crane's blonde hair shone."),
        ("* Occupation: cooper\n* Siblings: none", "Ada Crane was a baker by trade."),
        ("* Occupation: cooper\n* Siblings: none", "Ada Crane's brother came in."),
        ("Status: dead. Species: human.", "Ada Crane walked in and sat down by the fire."),
        ("A guide. Home: Sarn. Age: 40.", "Ada Crane lived in Osk."),
        ("Build: tall. Handedness: left.", "Ada Crane was short and stout."),
        ("Handedness: left.", "Ada Crane signed with her right hand."),
    ],
)
def test_an_entry_is_read_and_quoted_as_it_stands(summary: str, text: str) -> None:
    ada = element("Ada Crane", summary)
    assert are_quoted(accusations_by(text, ada, *TOWNS), ada)


@pytest.mark.parametrize(
    ("summary", "text"),
    [
        ("Her motto: eyes green with envy see nothing.", "Ada Crane's brown eyes narrowed."),
        ("Favourite age: 12. Hates hair: all of it.", "Ada Crane was forty years old."),
        ("Sister: unknown. Age: unknown. Status: unknown.", "Ada Crane, forty years old, walked in."),
    ],
)
def test_what_is_no_entry_of_hers_is_not(summary: str, text: str) -> None:
    assert accusations_by(text, element("Ada Crane", summary), *TOWNS) == ()
