"""Words that are names too, by what only people do; and what seasons, plants and virtues do as well."""

from __future__ import annotations

import pytest

from agents.engine.text.names.index import NameIndex
from agents.engine.text.reading import Reading

NAMES = (
    "Hope Arden",
    "Rose Tyrrell",
    "Bill Tanner",
    "Mark Sexton",
    "May Fenwick",
    "Ivy Marlow",
    "Penny Farrow",
)


def is_name(text: str) -> bool:
    return bool(NameIndex.of(NAMES).mentions(Reading(text)))


@pytest.mark.parametrize(
    "text",
    [
        "Hope came in from the yard with a basket of eggs.",
        "Rose came downstairs and asked what the noise was.",
        "Ivy plucked the goose on the back step.",
        "Hope had turned forty in the spring.",
        "Rose had never had a brother.",
        "Hope was a widow.",
        "Ivy bandaged Nan's arm.",
        "May was sorting the afternoon post.",
        "On Tuesday Rose delivered the twins.",
        "“Hush,” whispered May, and pointed at the door.",
        "Bill lent Nan his coat.",
    ],
)
def test_what_only_people_do_makes_a_word_a_name(text: str) -> None:
    assert is_name(text)


@pytest.mark.parametrize(
    "text",
    [
        "Hope came back into the valley with the swallows.",
        "Ivy covered the lamp over the door.",
        "Ivy had climbed the porch.",
        "Hope carried the letter to its end.",
        "Rose burnt on the lawn.",
        "May dried the roads.",
        "May brought the hay in.",
        "Hope was a thin soup.",
        "Hope and Despair are shelling peas.",
        "Hope lit Nan's face.",
        "Bill posters covered the wall.",
    ],
)
def test_what_seasons_plants_and_virtues_do_leaves_it_a_word(text: str) -> None:
    assert not is_name(text)
