"""Names told from words, people from their namesakes."""

from __future__ import annotations

import pytest

from agents.engine.text.names.index import NameIndex, is_named
from agents.engine.text.reading import Reading

NAMES = ("June Ashby", "Robin Stoke", "Frank Miller", "Mira Voss", "Mira Lund")


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("June was wet that year.", []),
        ("They met in June.", []),
        ("Robin eggs lay in the nest.", []),
        ("Frank words were spoken.", []),
        ("“Frank of you,” she said.", []),
        ("June Ashby came in. June sat down.", ["June Ashby", "June"]),
        ("June smiled at him.", ["June"]),
        ("Then Robin whistled.", ["Robin"]),
        ("The Robin Stoke put to sea.", []),
        ("Robin Stoke Street was dark.", []),
        ("Robin Hale sat down.", []),
        ("Mira sat down.", []),
        ("Voss and Captain Lund sat down.", ["Voss", "Lund"]),
        ("MIRA VOSS’S HAND SHOOK.", ["MIRA VOSS"]),
        ("a Voss-like calm", []),
        # What is counted needs an article, and further verbs of a subject are of persons.
        ("Robin came running up the lane.", ["Robin"]),
        ("June weighed the parcel and told him the price.", ["June"]),
        ("June filled the lanes, said the almanac.", []),
        ("June packed its bags and told nobody.", []),
    ],
)
def test_mention_is_a_name_and_no_word(text: str, named: list[str]) -> None:
    mentions = NameIndex.of(NAMES).mentions(Reading(text))

    assert [text[mention.start : mention.end] for mention in mentions] == named


@pytest.mark.parametrize(
    ("text", "is_there"),
    [
        ("Robin crossed the yard. He was late.", True),
        # One robin is "a robin": the word alone is the name.
        ("Robin crossed the yard.", True),
        ("Robin eggs lay there. He was late.", False),
        ("a robin sang", False),
    ],
)
def test_pronoun_in_the_next_sentence_makes_a_person(text: str, is_there: bool) -> None:
    assert is_named("Robin Stoke", Reading(text)) is is_there
