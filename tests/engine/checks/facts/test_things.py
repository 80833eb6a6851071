"""Places, births, owners, members, parts and years as descriptions tell them."""

from __future__ import annotations

import pytest

from tests.engine.checks.elements import Facts, accusations_by, are_quoted, element

TOWNS = (
    element("Sarn", "A small fishing town on the river.", "location"),
    element("Overcote", "A town inland.", "location"),
)
PEOPLE = (element("Rhys Vane", ""), element("Ada Crane", ""))


@pytest.mark.parametrize(
    ("facts", "text"),
    [
        ("Lives with her aunt in Sarn.", "Ada Crane lived in Overcote."),
        ("Has lived all her life in Sarn.", "Ada Crane lived in Overcote."),
        ({"residence": "Sarn"}, "Ada Crane lived in Overcote."),
        ("She was born and raised in Sarn.", "Ada Crane was born in Overcote."),
        ("A native of Sarn.", "Ada Crane was born in Overcote."),
        ("Born in Sarn.", "Ada Crane's birthplace was Overcote."),
        ({"birthplace": "Sarn"}, "Ada Crane was born in Overcote."),
        ({"hometown": "Sarn"}, "Ada Crane was born in Overcote."),
    ],
)
def test_somebody_lives_or_was_born_elsewhere(facts: Facts, text: str) -> None:
    ada = element("Ada Crane", facts, "character")
    assert are_quoted(accusations_by(text, ada, *TOWNS), ada)
    assert accusations_by(text.replace("Overcote", "Sarn"), ada, *TOWNS) == ()


@pytest.mark.parametrize(
    ("facts", "text"),
    [
        ("Lives in Sarn half the year.", "Ada Crane lived in Overcote."),
        ("Lodges in Sarn on market days.", "Ada Crane lived in Overcote."),
        ("Lives in Sarn or Overcote, as the work takes her.", "Ada Crane lived in Overcote."),
        ("Lived all her life in Sarn until the fire.", "Ada Crane lived in Overcote."),
        ("Secretly lives in Sarn.", "Ada Crane lived in Overcote."),
        ("A native of Sarn.", "Ada Crane lived in Overcote."),
        ({"hometown": "Sarn"}, "Ada Crane lived in Overcote."),
        ("Lives in Sarn.", "Ada Crane was born in Overcote."),
        ("Born in Sarn or Overcote, nobody knows.", "Ada Crane was born in Overcote."),
        ("Her mother was born in Sarn.", "Ada Crane was born in Overcote."),
        ("Some say that she was born in Sarn.", "Ada Crane was born in Overcote."),
        ("Not a native of Sarn.", "Ada Crane was born in Overcote."),
        ("Raised in Sarn.", "Ada Crane was born in Overcote."),
        ("Born in Sarn.", "Rhys Vane was born in Overcote."),
        ("Born in Sarn.", "They said that Ada Crane was born in Overcote."),
    ],
)
def test_somebody_may_live_there_or_have_been_born_there(facts: Facts, text: str) -> None:
    assert accusations_by(text, element("Ada Crane", facts, "character"), *TOWNS, PEOPLE[0]) == ()


@pytest.mark.parametrize(
    "facts",
    [
        "A tavern in Overcote.",
        "The old tavern at Overcote.",
        "Stands on the market square of Overcote.",
        "Overcote's only tavern.",
        {"town": "Overcote"},
    ],
)
def test_a_place_lies_elsewhere(facts: Facts) -> None:
    boar = element("The Blue Boar", facts, "location")
    assert are_quoted(accusations_by("The Blue Boar in Sarn was full.", boar, *TOWNS), boar)
    assert accusations_by("The Blue Boar in Overcote was full.", boar, *TOWNS) == ()


@pytest.mark.parametrize(
    ("facts", "text"),
    [
        ("Once a tavern in Overcote, now in Sarn.", "The Blue Boar in Sarn was full."),
        ("Was a tavern in Overcote.", "The Blue Boar in Sarn was full."),
        ("A tavern like the one in Overcote.", "The Blue Boar in Sarn was full."),
        ("A chain with an inn in Overcote and one in Sarn.", "The Blue Boar in Sarn was full."),
        ("Named after a tavern in Overcote.", "The Blue Boar in Sarn was full."),
        ("A tavern near Overcote.", "The Blue Boar in Sarn was full."),
        ("A tavern in Overcote.", "They had heard of the Blue Boar in Sarn, but it was another."),
        ("A tavern in Overcote.", "The owner of the Blue Boar in Sarn was asleep at his sister's."),
    ],
)
def test_a_place_may_lie_there(facts: str, text: str) -> None:
    assert accusations_by(text, element("The Blue Boar", facts, "location"), *TOWNS) == ()


@pytest.mark.parametrize(
    "facts",
    [
        "A sword owned by Rhys Vane.",
        "The blade belonging to Rhys Vane.",
        "Rhys Vane's sword.",
        "The property of Rhys Vane.",
        {"belongs_to": "Rhys Vane"},
        {"Current owner": "Rhys Vane"},
    ],
)
def test_a_thing_has_another_owner(facts: Facts) -> None:
    sword = element("The Ash Blade", facts, "item")
    assert are_quoted(accusations_by("The Ash Blade belonged to Ada Crane.", sword, *PEOPLE), sword)
    assert accusations_by("The Ash Blade belonged to Rhys Vane.", sword, *PEOPLE) == ()


@pytest.mark.parametrize(
    "facts",
    [
        "Rhys Vane's gift to Ada Crane.",
        "Rhys Vane's old sword.",
        "Rhys Vane's sword, given to Ada Crane.",
        "Rhys Vane's brother's sword.",
        "A sword owned by Rhys Vane until the duel.",
        "A sword owned by Rhys Vane's enemy.",
        "Was owned by Rhys Vane.",
        "A copy of Rhys Vane's sword.",
        "Property of Rhys Vane, sold to Ada Crane.",
        "Belongs to Rhys Vane or Ada Crane.",
        {"owned by": "nobody"},
    ],
)
def test_a_thing_may_be_hers(facts: Facts) -> None:
    sword = element("The Ash Blade", facts, "item")
    assert accusations_by("The Ash Blade belonged to Ada Crane.", sword, *PEOPLE) == ()


@pytest.mark.parametrize(
    ("facts", "is_member"),
    [
        ("A knight of the Grey Order.", True),
        ("A loyal member of the Grey Order.", True),
        ("Belongs to the Grey Order.", True),
        ({"guild": "the Grey Order"}, True),
        ("A false knight of the Grey Order.", False),
        ("Was a member of the Grey Order.", False),
        ("Hunts every member of the Grey Order.", False),
        ("The widow of a member of the Grey Order.", False),
        ("Claims to be one of the Grey Order.", False),
    ],
)
def test_a_membership_is_denied(facts: Facts, is_member: bool) -> None:
    ada = element("Ada Crane", facts, "character")
    order = element("the Grey Order", "", "faction")
    findings = accusations_by("Ada Crane had never been a member of the Grey Order.", ada, order)
    assert are_quoted(findings, ada) if is_member else findings == ()


@pytest.mark.parametrize(
    ("facts", "text"),
    [
        ("Founded 1210 by monks.", "Sarn was founded in 1450."),
        ("A colony, established 1840.", "Sarn was founded in 1900."),
        ("Dates from 1720.", "Sarn was built in 1850."),
        ("Walled, with five gates.", "Sarn's seven gates were shut."),
        ("A brig with two masts.", "Sarn lay at the quay, her three masts bare."),
    ],
)
def test_a_year_or_a_number_of_parts_is_another(facts: str, text: str) -> None:
    place = element("Sarn", facts, "location")
    assert are_quoted(accusations_by(text, place), place)


@pytest.mark.parametrize(
    ("facts", "text"),
    [
        ("Founded in 1210, rebuilt in 1400.", "Sarn was rebuilt in 1400."),
        ("Founded 1210 by monks.", "The church in Sarn was built in 1400."),
        ("Built in 1630 by the Dutch.", "Sarn was besieged in 1702."),
        ("Established long before 1700.", "Sarn was founded in 1600."),
        ("Dates from about 1720.", "Sarn was built in 1722."),
        ("A town with two bridges and, once, a third.", "The third bridge of Sarn was gone."),
        ("A town with two bridges until the war.", "Sarn has one bridge."),
        ("A town with two bridges.", "They left Sarn and crossed four bridges on the way."),
        ("A town of twelve taverns.", "He drank in twenty taverns between Sarn and the sea."),
        ("A fort with four towers, one of them fallen.", "Three towers of Sarn were lit."),
    ],
)
def test_a_year_or_a_number_of_parts_may_be_so(facts: str, text: str) -> None:
    assert accusations_by(text, element("Sarn", facts, "location")) == ()
