"""Traits under the names that people and other programs give them."""

from __future__ import annotations

from typing import Any

import pytest

from agents.engine.checks.facts.pronouns import pronoun_of
from agents.engine.checks.facts.trait_names import items_of, trait_name
from agents.engine.sources import element_text
from tests.engine.checks.elements import accusations_by, element

ACTS = "Mira Voss opened the door and came in."
BROWN_EYES = "Mira Voss narrowed her brown eyes."
BLACK_HAIR = "Mira Voss shook out her black hair."
TALL = "Mira Voss, a tall woman, stooped under the beam."
READS = "Mira Voss read the letter."
SWIMS = "Mira Voss swam across."
ATE_FISH = "Mira Voss ate the fish."
BAKER = "Mira Voss, the baker, wiped her hands."
HUSBAND = "Mira Voss and her husband sat down."
BROTHER = "Mira Voss's brother came in."

CONTRADICTED = [
    *(
        (BROWN_EYES, key, "green")
        for key in ("eyes", "Eye Color", "eye_colour", "eyeColor", "eyecolor", "iris")
    ),
    *((BROWN_EYES, "colour of eyes", value) for value in ("green", "emerald", "green with gold flecks")),
    *((BLACK_HAIR, key, "red") for key in ("hair", "hair_color", "hairColor", "Colour of hair")),
    *(("Mira Voss, who was fifty, sat down.", "age", value) for value in (23, "mid-20s", "16 (looks 20)")),
    *((ACTS, key, "1340") for key in ("died", "death", "date of death", "deathDate", "year_of_death", "†")),
    (ACTS, "died", "in the flood"),
    (ACTS, "cause of death", "drowning"),
    (ACTS, "status", "Deceased (1340)"),
    (ACTS, "is_dead", "true"),
    (ACTS, "isAlive", False),
    *((TALL, key, "short") for key in ("height", "stature", "build", "physique")),
    (TALL, "body type", "petite"),
    (TALL, "size", "tiny"),
    *((BAKER, key, "blacksmith") for key in ("job", "jobTitle", "position", "class")),
    *((HUSBAND, key, "single") for key in ("maritalStatus", "civil status", "relationship_status")),
    *((BROTHER, key, "none") for key in ("siblings", "brothers")),
    *((BROTHER, key, "only child") for key in ("siblings", "family")),
    *((READS, key, "blind") for key in ("disability", "disabilities", "eyesight", "vision", "impairment")),
    (READS, "sight", "none"),
    *((ATE_FISH, key, "fish") for key in ("allergies", "allergicTo", "dislikes", "hates")),
    (ATE_FISH, "allergies", ["nuts", "fish"]),
    (ATE_FISH, "dislikes", "noise, fish and crowds"),
    ("Mira Voss loved spiders.", "phobia", "spiders"),
    ("Mira Voss ate the steak.", "food", "vegan"),
    (SWIMS, "cannot", "swim"),
    *((SWIMS, key, "no") for key in ("swims", "swimming", "can swim")),
]
NOT_CONTRADICTED = [
    *((ACTS, "status", value) for value in ("alive", "married", "missing", "undead")),
    *((ACTS, key, "none") for key in ("death", "died", "date of death", "cause of death")),
    *((ACTS, "date of death", value) for value in ("", "-", "unknown", "n/a")),
    (ACTS, "death", "fears it"),
    (ACTS, "is_dead", "false"),
    (ACTS, "alive", "yes"),
    (ACTS, "dates", "every Friday"),
    (TALL, "size", "medium"),
    (TALL, "stature", "tall"),
    (BAKER, "class", "noble"),
    (BAKER, "position", "unknown"),
    (READS, "vision", "sharp"),
    (READS, "sight", "blind in one eye"),
    (ATE_FISH, "allergies", "none"),
    (ATE_FISH, "hates", "fish markets"),
    (SWIMS, "swims", "well"),
    (SWIMS, "can swim", "yes"),
    (SWIMS, "cannot", "stand fools"),
    (BROTHER, "siblings", "one brother"),
]


@pytest.mark.parametrize(("text", "key", "value"), CONTRADICTED)
def test_a_trait_counts_whatever_it_is_called(text: str, key: str, value: Any) -> None:
    mira = element("Mira Voss", {key: value})

    found = accusations_by(text, mira)

    assert found
    assert all(finding.statement in element_text(mira) for finding in found)


@pytest.mark.parametrize(("text", "key", "value"), NOT_CONTRADICTED)
def test_a_trait_that_says_something_else_accuses_nobody(text: str, key: str, value: Any) -> None:
    assert accusations_by(text, element("Mira Voss", {key: value})) == ()


def test_a_trait_with_the_usual_name_comes_first() -> None:
    mira = element("Mira Voss", {"eyes": "brown", "eyeColor": "green"})

    assert accusations_by(BROWN_EYES, mira) == ()


@pytest.mark.parametrize(
    "key", ["eye color", "Eye Color", "eye_color", "eyeColor", "EYE-COLOR", " eye  color "]
)
def test_names_of_traits_are_compared_without_their_spelling(key: str) -> None:
    assert trait_name(key) == "eye color"


def test_items_of_lists_and_texts() -> None:
    assert items_of("spiders, heights and fire.") == ("spiders", "heights", "fire")
    assert items_of(["spiders", " heights. ", ""]) == ("spiders", "heights")


KIN = [
    *(
        ("Ella Vale's sister, Ann Vale, came in.", key)
        for key in ("mother", "motherName", "Mother's name", "mum")
    ),
    *(("Ella Vale's sister, Ann Vale, came in.", key) for key in ("parents", "child of", "daughterOf")),
    *(
        ("Ella Vale's mother, Ann Vale, came in.", key)
        for key in ("sister", "siblings", "twin of", "sister of")
    ),
    *(
        ("Ella Vale's sister, Ann Vale, came in.", key)
        for key in ("kids", "offspring", "children", "mother_of")
    ),
]


@pytest.mark.parametrize(("text", "key"), KIN)
def test_relatives_count_whatever_the_trait_is_called(text: str, key: str) -> None:
    ella = element("Ella Vale", {"pronoun": "she", key: "Ann Vale"})
    ann = element("Ann Vale", {"pronoun": "she"})

    assert accusations_by(text, ella, ann)


@pytest.mark.parametrize(
    ("key", "value"), [("married to", "Tom Vale"), ("wifeOf", "Tom Vale"), ("Spouse", "Tom Vale")]
)
def test_partners_count_whatever_the_trait_is_called(key: str, value: str) -> None:
    ella = element("Ella Vale", {"pronoun": "she", key: value})

    assert accusations_by(
        "Ella Vale's brother, Tom Vale, came in.", ella, element("Tom Vale", {"sex": "male"})
    )


@pytest.mark.parametrize(
    ("key", "value", "pronoun"),
    [
        ("pronouns", "She/Her", "she"),
        ("Gender", "Female", "she"),
        ("genderIdentity", "woman", "she"),
        ("sex", "F", "she"),
        ("gender", "masculine", "he"),
        ("sex", "m", "he"),
        ("gender", "fluid", ""),
        ("gender", "mixed", ""),
        ("pronouns", "they/them", ""),
    ],
)
def test_pronouns_of_traits(key: str, value: str, pronoun: str) -> None:
    assert pronoun_of(element("Robin Vale", {key: value})) == pronoun
