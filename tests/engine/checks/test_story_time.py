"""Things that were first made after the decade or the era in which a world's story takes place."""

from __future__ import annotations

import pytest

from agents.engine.checks import check
from agents.engine.text.lexicon import tech_level_of
from agents.engine.text.terms import TechLevel
from agents.engine.world import Rule, WorldView
from tests.engine.checks.elements import accusations

PHONE = "She took out her mobile phone."


@pytest.mark.parametrize(
    "tech_level",
    [
        "1952",
        "Paris, 1952",
        "1950s",
        "the 1950s",
        "'50s America",
        "the fifties",
        "nineteen-fifties",
        "early 20th century",
        "mid-century",
        "interwar Berlin",
        "Edwardian",
        "World War II",
        "Second World War",
        "the Cold War, 1962",
    ],
)
def test_no_mobile_phone_before_its_time(tech_level: str) -> None:
    (finding,) = accusations(PHONE, WorldView(tech_level=tech_level))

    assert finding.quote == "mobile phone"
    assert finding.statement == tech_level


@pytest.mark.parametrize(
    "tech_level",
    [
        "present day",
        "1990s",
        "20th century",
        "the nineties",
        "late twentieth century",
        "alternate 1950s",
        "1920s dieselpunk",
        "after the collapse of the 1950s",
        "",
    ],
)
def test_mobile_phone_in_its_time_or_in_another_history(tech_level: str) -> None:
    assert check(PHONE, WorldView(tech_level=tech_level)) == ()


def test_genre_tells_the_time_where_the_technology_does_not() -> None:
    assert accusations(PHONE, WorldView(genre="1950s family saga"))
    assert accusations(PHONE, WorldView(genre="1950s pastiche", tech_level="present day")) == ()


def test_rule_tells_the_year() -> None:
    (finding,) = accusations(PHONE, WorldView(rules=(Rule(text="The story takes place in 1952."),)))

    assert "it is 1952" in finding.why


def test_last_year_of_a_decade_counts() -> None:
    world = WorldView(tech_level="1950s")

    assert accusations("A satellite passed over the roofs.", world) == ()
    (finding,) = accusations("He put a cassette into the player.", world)
    assert "set no later than 1959" in finding.why


@pytest.mark.parametrize(
    ("tech_level", "level"),
    [
        ("pre-modern", TechLevel.RENAISSANCE),
        ("hunter-gatherers", TechLevel.STONE_AGE),
        ("AD 79", TechLevel.ANCIENT),
        ("44 BC", TechLevel.ANCIENT),
        ("3rd-century China", TechLevel.ANCIENT),
        ("swords and sandals", TechLevel.ANCIENT),
        ("Anglo-Saxon England", TechLevel.MEDIEVAL),
        ("fourteenth-century Prague", TechLevel.MEDIEVAL),
        ("equivalent to 1300s Europe", TechLevel.MEDIEVAL),
        ("9th century", TechLevel.MEDIEVAL),
        ("pre-gunpowder", TechLevel.MEDIEVAL),
        ("sword and sorcery", TechLevel.MEDIEVAL),
        ("Edo period", TechLevel.RENAISSANCE),
        ("seventeenth century", TechLevel.RENAISSANCE),
        ("Golden Age of Piracy", TechLevel.RENAISSANCE),
        ("French Revolution", TechLevel.RENAISSANCE),
        ("nineteenth century", TechLevel.INDUSTRIAL),
        ("Dickensian London", TechLevel.INDUSTRIAL),
        ("Qing dynasty", TechLevel.INDUSTRIAL),
        ("Roaring Twenties", TechLevel.MODERN),
        ("Prohibition-era Chicago", TechLevel.MODERN),
        ("postwar Vienna", TechLevel.MODERN),
        ("medieval, but with trains", TechLevel.INDUSTRIAL),
        ("Roman-inspired space empire", TechLevel.FAR_FUTURE),
        ("lost colony, medieval in all but name", TechLevel.FAR_FUTURE),
        ("medieval village on a space station", TechLevel.FAR_FUTURE),
        ("robot samurai", None),
        ("space western", None),
        ("post-war galaxy", None),
        ("space colony in its first century", None),
    ],
)
def test_ages_by_the_names_that_people_give_them(tech_level: str, level: TechLevel | None) -> None:
    assert tech_level_of(tech_level) == level
