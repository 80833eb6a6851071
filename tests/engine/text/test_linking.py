"""Links from a text to the elements that it names."""

from __future__ import annotations

import pytest

from agents.engine.text.names.linking import Named, NameFinder

WORLD = [
    Named("Mira Voss", is_person=True),
    Named("Tom Voss", is_person=True),
    Named("Brackwater", is_person=False),
    Named("The Old Lighthouse", is_person=False),
    Named("Lantern of Ash", is_person=False),
    Named("Voss Quay", is_person=False),
]


def named_in(text, world=WORLD):
    return [
        (text[place.start : place.end], world[place.index].name) for place in NameFinder(world).places(text)
    ]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Mira rowed to Brackwater.", [("Mira", "Mira Voss"), ("Brackwater", "Brackwater")]),
        ("Mira Voss waited, and Tom did not.", [("Mira Voss", "Mira Voss"), ("Tom", "Tom Voss")]),
        # Both have the name.
        ("Voss said nothing.", []),
        ("They met at Voss Quay.", [("Voss Quay", "Voss Quay")]),
        ("She lit the lantern of ash.", [("lantern of ash", "Lantern of Ash")]),
        ("In the old lighthouse a lamp burned.", [("old lighthouse", "The Old Lighthouse")]),
        ("Rain fell.", []),
    ],
)
def test_names_are_found_with_their_places(text, found):
    assert named_in(text) == found


def test_places_are_those_of_the_source():
    text = "“Å\u200bsa,” said Mi\u00adra.\r\nMira’s oar."

    assert [(place.start, place.end) for place in NameFinder(WORLD).places(text)] == [
        (text.index("Mi"), text.index("ra.") + 2),
        (text.index("Mira’s"), text.index("Mira’s") + 4),
    ]


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("Мира", "Вчера мы видели Миру у реки, и она долго молчала, глядя на тёмную воду.", "Миру"),
        ("美咲", "昨日、美咲は川へ行きました。水はとても冷たかったです。", "美咲"),
        ("Zofia", "Wczoraj widzieliśmy Zofię nad rzeką, gdzie długo milczała, patrząc w wodę.", "Zofię"),
    ],
)
def test_names_are_found_in_languages_with_endings(name, text, words):
    assert named_in(text, [Named(name, is_person=True)]) == [(words, name)]


def test_a_word_that_is_only_spelled_like_a_name_is_none():
    world = [Named("Hope", is_person=True)]

    assert named_in("Hope is all that they had; hope, and bread.", world) == []
    assert named_in("They asked Hope for bread.", world) == [("Hope", "Hope")]
