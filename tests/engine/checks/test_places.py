"""Homes and places that relations state."""

from __future__ import annotations

import pytest

from agents.engine.checks import report
from agents.engine.world import Element, WorldView

QUARTER = "located in The Old Quarter"


def place(name, *relations, type_=""):
    traits = {"relations": list(relations)} if relations else {}
    return Element(
        id=name, kind="location", name=name, traits={**traits, **({"type": type_} if type_ else {})}
    )


PLACES = (
    place("Vell", type_="country"),
    place("Osk", type_="country"),
    place("Saltmere", "located in Vell", type_="town"),
    place("Brackwater", "located in Vell", type_="town"),
    place("The Old Quarter", "part of Saltmere"),
    place("The Gull Inn", QUARTER),
    place("Fen Hollow"),
)


def found(text, *relations):
    mira = Element(
        id="mira",
        kind="character",
        name="Mira Voss",
        summary="She rows the ferry.",
        traits={"relations": list(relations)},
    )
    tom = Element(id="tom", kind="character", name="Tom Hale", summary="He is a smith.")
    world = WorldView(elements=(mira, tom, *PLACES))
    return [(each.strength, each.quote, each.statement) for each in report(text, world).findings]


HOME = "lives in Saltmere"


@pytest.mark.parametrize(
    ("text", "strength", "quote"),
    [
        ("Mira lived alone in Brackwater.", "likely", "Mira lived alone in Brackwater"),
        ("Mira Voss lives in Osk.", "likely", "Mira Voss lives in Osk"),
        ("Mira lived in Fen Hollow, by the water.", "hint", "Mira lived in Fen Hollow"),
        ("Mira's home was in Brackwater.", "likely", "Mira's home was in Brackwater"),
        ("Mira had made her home in Brackwater.", None, ""),
        ("Mira had never been to Saltmere.", "likely", "Mira had never been to Saltmere"),
        ("Mira had never set foot in Saltmere before.", "likely", "Mira had never set foot in Saltmere"),
        ("Mira nodded. She lived in Brackwater.", "hint", "She lived in Brackwater"),
        ("Tom knew Mira, who lived in Brackwater.", None, ""),
        (
            "Beside Tom sat Mira, who lived in Brackwater, and wept.",
            "likely",
            "Mira, who lived in Brackwater",
        ),
    ],
)
def test_home_elsewhere_is_likely_if_the_places_are_apart(text, strength, quote):
    assert found(text, HOME) == ([(strength, quote, HOME)] if strength else [])


@pytest.mark.parametrize(
    "text",
    [
        "Mira lived in Saltmere.",
        "Mira lived in Vell.",
        "Mira lived in the Old Quarter.",
        "Mira lived at the Gull Inn.",
        "Mira lived in a house by the water.",
        "Mira once lived in Brackwater.",
        "Mira lived in Brackwater until the flood.",
        "Mira lived in Brackwater for a year.",
        "As a girl Mira lived in Brackwater.",
        "Mira had lived in Brackwater.",
        "Mira did not live in Brackwater.",
        "Mira lived in Brackwater's shadow.",
        "Mira lived in Brackwater Lane.",
        "“Mira lived in Brackwater,” said Tom.",
        "Tom said that Mira lived in Brackwater.",
        "Tom lived in Brackwater.",
        "Tom dreamt that Mira lived in Brackwater.",
        "If Mira lived in Brackwater, she was far from home.",
        "Mira's brother lived in Brackwater.",
        "Mira had never seen Saltmere so quiet.",
        "Mira had never been in Saltmere so early.",
        "Mira had never been to Brackwater.",
        "Tom had never been to Saltmere.",
        "“Mira had never been to Saltmere,” he lied.",
        "Mira wished she had never been to Saltmere.",
        "Mira lived in fear.",
    ],
)
def test_nothing_else_contradicts_a_home(text):
    assert found(text, HOME) == []


@pytest.mark.parametrize(
    ("relation", "strength"),
    [
        ("resident of Saltmere", "likely"),
        ("lives in Saltmere (since 903)", "hint"),
        ("lives in Saltmere (until 910)", None),
        ("lives in Saltmere (since 903, until 910)", None),
        ("friend of Saltmere", None),
    ],
)
def test_dates_of_a_home_make_it_less_sure(relation, strength):
    text = "Mira lived in Brackwater."
    expected = [(strength, "Mira lived in Brackwater", relation)] if strength else []

    assert found(text, relation) == expected


def test_one_of_two_homes_is_no_contradiction():
    assert found("Mira lived in Brackwater.", HOME, "lives in Brackwater") == []


def test_grave_elsewhere():
    assert found("Mira Voss was buried in Brackwater.", "buried in Saltmere") == [
        ("likely", "Mira Voss was buried in Brackwater", "buried in Saltmere")
    ]
    assert found("Mira Voss was buried in Saltmere.", "buried in Saltmere") == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Saltmere lay in Osk.", [("likely", "Saltmere lay in Osk", "located in Vell")]),
        ("Saltmere is in Brackwater.", []),
        (
            "The Gull Inn stood in Brackwater.",
            [("likely", "The Gull Inn stood in Brackwater", QUARTER)],
        ),
        (
            "The Gull Inn stood in Fen Hollow.",
            [("hint", "The Gull Inn stood in Fen Hollow", QUARTER)],
        ),
        ("The Gull Inn stood in Saltmere.", []),
        ("The Gull Inn stood in Vell.", []),
        ("Fen Hollow lay in Osk.", []),
        ("Vell lies in Saltmere.", []),
        ("Saltmere was in danger.", []),
        ("Saltmere once lay in Osk.", []),
        ("Saltmere was in Brackwater's debt.", []),
        ("“Saltmere lies in Osk,” said Tom.", []),
        ("Saltmere did not lie in Osk.", []),
        ("The men of Saltmere were in Osk.", []),
        ("The queen of Saltmere was in Osk.", []),
        ("Everybody from Saltmere is in Osk today.", []),
    ],
)
def test_places_lie_where_relations_say(text, expected):
    assert found(text) == expected
