"""Ages in the creators' own words, and numbers in descriptions that are no ages."""

from __future__ import annotations

from typing import Any

import pytest

from agents.engine.checks import Finding
from tests.engine.checks.elements import Facts, accusations_by, element


def _findings(text: str, facts: Facts) -> tuple[Finding, ...]:
    return accusations_by(text, element("Bran Holt", facts))


@pytest.mark.parametrize(
    ("summary", "text"),
    [
        ("Thirty and unmarried.", "Bran Holt was fifty-one years old."),
        ("Not yet twenty.", "Bran Holt, forty, laughed."),
        ("Almost seventy now.", "Bran Holt was thirty years old."),
        ("Age 44.", "Bran Holt was thirty years old."),
        ("A widow of about sixty.", "Bran Holt was thirty years old."),
        ("A veteran in his eighties who keeps bees.", "Bran Holt, a young man, laughed."),
        ("A toddler.", "Bran Holt was thirty years old."),
        ("Sixty-one last birthday.", "Bran Holt was thirty years old."),
        ("A man of fifty or so.", "Bran Holt was nineteen years old."),
        ("He is nineteen and looks it.", "Bran Holt was fifty years old."),
        ("In his teens.", "Bran Holt was fifty years old."),
        ("A lad of twelve.", "Bran Holt, an old man, laughed."),
        ("In her mid-thirties, tall.", "Bran Holt was seventy years old."),
        ("Eighty if a day.", "Bran Holt was twenty years old."),
        ("A baker of forty-five.", "Bran Holt was twenty years old."),
        ("Now 29, he keeps goats.", "Bran Holt was sixty years old."),
        ("Seventy years old and blind.", "Bran Holt was thirty years old."),
        ("An old woman with one tooth.", "Bran Holt was nineteen years old."),
        ("A middle-aged man.", "Bran Holt was nine years old."),
        ("The eleven-year-old heir.", "Bran Holt was forty years old."),
        ("Just turned forty.", "Bran Holt was twenty years old."),
        ("A girl of fourteen.", "Bran Holt was forty years old."),
        ("A ferryman in his late forties.", "Bran Holt is twenty-three years old."),
        ("Forty-two, widowed, tired.", "Bran Holt is sixty years old."),
        ("Has just turned sixteen.", "Bran Holt is fifty years old."),
        ("The oldest man in the valley, ninety-one last spring.", "Bran Holt is forty years old."),
        ("A child of six or seven.", "Bran Holt was thirty years old."),
        ("A seventeen-year-old runaway.", "Bran Holt was forty years old."),
    ],
)
def test_another_age_contradicts_the_description(summary: str, text: str) -> None:
    (finding,) = _findings(text, summary)
    assert finding.kind == "timeline"
    assert finding.statement in summary


@pytest.mark.parametrize(
    "summary",
    [
        "Seven sisters raised him.",
        "Was twenty when the war began.",
        "Married at nineteen.",
        "Looks forty.",
        "An immortal who appears to be a child.",
        "His daughter is a teenager.",
        "Father of a toddler.",
        "Keeps forty sheep.",
        "Ten years a soldier.",
        "Ruled for thirty years.",
        "Forty sheep and a dog.",
        "Left home in his teens.",
        "Lost his wife in his thirties.",
        "Young at heart.",
        "A child of the streets.",
        "A baby-faced killer.",
        "Old before his time.",
        "Twenty years at sea.",
        "Has lived in Sarn for fifty years.",
        "One of twelve.",
        "Second of nine children.",
        "The Thirty Years' War made him.",
        "A boyish grin.",
        "Was a child soldier.",
        "A child prodigy.",
        "Teaches teenagers.",
        "Owns three boats, two of them old.",
        "Owes a man of fifty.",
        "Served with a boy of nine.",
        "Twelve feet tall.",
        "Six foot two.",
        "Sixty pounds overweight.",
        "Ninety per cent metal.",
        "The old man's heir.",
        "A thousand years old.",
        "Three hundred and twelve winters.",
        "A hundred lives lived.",
        "Number Six.",
        "Twenty-one grams of regret.",
        "In the forties he ran guns.",
        "The twenties made him rich.",
        "Nine lives.",
        "Forty-niner.",
        "Hates the elderly.",
        "Nurses the aged and infirm.",
        "Under forty men he was the tallest.",
        "Over sixty ships are his.",
        "About five songs are known of him.",
    ],
)
@pytest.mark.parametrize(
    "text",
    [
        "Bran Holt was fifty-one years old.",
        "Bran Holt was eight years old.",
        "Bran Holt, an old man, laughed.",
        "Bran Holt, a boy, laughed.",
    ],
)
def test_what_is_no_age_of_the_person_contradicts_none(summary: str, text: str) -> None:
    assert _findings(text, summary) == ()


@pytest.mark.parametrize(
    ("summary", "text"),
    [
        ("In his late forties.", "Bran Holt was forty-six."),
        ("In his late forties.", "Bran Holt, a man in his forties, laughed."),
        ("In his late forties.", "Bran Holt was nearly fifty."),
        ("A teenager.", "Bran Holt had turned nineteen."),
        ("An old man.", "When Bran Holt was nine years old, his father left."),
        ("An old man.", "Bran Holt was in his seventies."),
        ("A middle-aged clerk.", "Bran Holt was twenty when he came to Sarn."),
        ("A child.", "Bran Holt would be thirty by the time the wall was done."),
        ("About fifty.", "Bran Holt was fifty-four."),
    ],
)
def test_an_age_within_the_span_agrees(summary: str, text: str) -> None:
    assert _findings(text, summary) == ()


@pytest.mark.parametrize(
    ("traits", "why"),
    [
        ({"age": "late 20s"}, "Bran Holt is 26 to 30, not 61."),
        ({"Age": "about 50"}, "Bran Holt is 46 to 54, not 61."),
        ({"years": "34"}, "Bran Holt is 34, not 61."),
        ({"age": "34 years old"}, "Bran Holt is 34, not 61."),
        ({"age": "30-35"}, "Bran Holt is 30 to 35, not 61."),
        ({"age": "teens"}, "Bran Holt is 13 to 19, not 61."),
        ({"age_range": "forties"}, "Bran Holt is 40 to 49, not 61."),
        ({"age": "a child"}, "Bran Holt is 3 to 15, not 61."),
    ],
)
def test_a_trait_gives_a_span(traits: dict[str, Any], why: str) -> None:
    (finding,) = _findings("Bran Holt was sixty-one years old.", traits)
    assert finding.why == why


@pytest.mark.parametrize(
    "age", ["immortal", "unknown", "a thousand", "ageless, looks twenty", "older than the hills"]
)
def test_an_age_without_years_contradicts_nothing(age: str) -> None:
    assert _findings("Bran Holt was sixty-one years old.", {"age": age}) == ()
