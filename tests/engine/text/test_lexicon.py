"""The lexicon of technology and magic."""

from __future__ import annotations

import pytest

from agents.engine.checks import Finding, check
from agents.engine.text.lexicon import forbidden_terms, has_no_magic, later_terms, tech_level_of, term_key
from agents.engine.text.reading import Reading
from agents.engine.text.terms import TERMS_BY_LEVEL, TechLevel
from agents.engine.world import WorldView


def findings(text: str, tech_level: str = "medieval", **world: object) -> list[Finding]:
    found = check(text, WorldView.from_mapping({"tech_level": tech_level, **world}))
    return [finding for finding in found if finding.strength == "proven"]


def terms(text: str, tech_level: str = "medieval", **world: object) -> list[str]:
    return [term_key(finding.quote) for finding in findings(text, tech_level, **world)]


def named(*names: str) -> list[dict[str, str]]:
    return [{"kind": "item", "name": name} for name in names]


@pytest.mark.parametrize(
    ("description", "level"),
    [
        ("medieval", TechLevel.MEDIEVAL),
        ("Late Mediaeval, feudal", TechLevel.MEDIEVAL),
        ("Bronze Age", TechLevel.ANCIENT),
        ("stone-age hunters", TechLevel.STONE_AGE),
        ("early modern", TechLevel.RENAISSANCE),
        ("pre-industrial", TechLevel.RENAISSANCE),
        ("Victorian steampunk", TechLevel.INDUSTRIAL),
        ("medieval with steampunk cities", TechLevel.INDUSTRIAL),
        ("contemporary", TechLevel.MODERN),
        ("medieval, no modern technology", TechLevel.MEDIEVAL),
        ("1920s", TechLevel.MODERN),
        ("cyberpunk", TechLevel.NEAR_FUTURE),
        ("near future", TechLevel.NEAR_FUTURE),
        ("far-future interstellar", TechLevel.FAR_FUTURE),
        ("post-apocalyptic, medieval", None),
        ("romance", None),
        ("", None),
    ],
)
def test_tech_level_is_read_from_free_text(description: str, level: TechLevel | None) -> None:
    assert tech_level_of(description) == level


def test_genre_is_used_without_tech_level() -> None:
    assert tech_level_of("", "medieval fantasy") == TechLevel.MEDIEVAL
    assert tech_level_of("modern", "medieval fantasy") == TechLevel.MODERN


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("The wizard pulled out his smartphone.", ["smartphone"]),
        ("Two Smart-Phones? No: smartphones.", ["smartphone"]),
        ("Guns lined the wall, and a gun lay on the table.", ["gun"]),
        ("An assault rifle.", ["assault rifle"]),
        ("Batteries of laptops", ["laptop"]),
        ("She checked her e-mail", ["e mail"]),
        ("The gunwale and the telegraphed punch", []),
        ("He had no gun and never saw a telescope.", []),
        ("They fought without any guns.", []),
        ("A lantern and a crossbow.", []),
    ],
)
def test_anachronisms_in_medieval_world_are_found(text: str, found: list[str]) -> None:
    assert terms(text) == found


def test_finding_has_position_and_reason() -> None:
    (finding,) = findings("He drew a Pistol.")

    assert (finding.quote, finding.start) == ("Pistol", 10)
    assert finding.why == "“Pistol” is ahead of the technology of this world (medieval)."


@pytest.mark.parametrize(
    "text",
    [
        "She jumped the gun.",
        "He was a loose cannon.",
        "Her smile was electric.",
        "A galley of geese crossed the pond.",
    ],
)
def test_figure_of_speech_is_not_proven(text: str) -> None:
    assert terms(text, tech_level="stone age") == []


def test_world_without_level_forbids_nothing() -> None:
    assert terms("A smartphone and a starship.", tech_level="") == []


def test_terms_of_the_world_itself_are_allowed() -> None:
    assert terms("The gun fired.", elements=named("The Last Gun", "A relic gun.")) == []
    assert terms("The gun fired.", tech_level="medieval, and guns") == []
    assert terms("The gun fired.", tech_level="medieval, no guns") == ["gun"]
    assert terms("The gun fired.", elements=named("There are no guns.")) == ["gun"]


@pytest.mark.parametrize(
    ("magic_system", "rules", "is_denied"),
    [
        ("none", (), True),
        ("There is no magic.", (), True),
        ("", ("Magic does not exist.",), True),
        ("Runes", (), False),
        ("", (), False),
        ("No one knows how it works", (), False),
    ],
)
def test_denial_of_magic_is_recognised(magic_system: str, rules: tuple[str, ...], is_denied: bool) -> None:
    assert has_no_magic(magic_system, rules) is is_denied


def test_magic_is_found_only_in_world_without_it() -> None:
    text = "The wizard cast a spell."

    assert terms(text, magic_system="none") == ["wizard", "cast a spell"]
    assert terms(text, magic_system="Runes") == []
    assert terms("There was no magic in it.", magic_system="none") == []


def test_each_age_forbids_later_terms() -> None:
    assert "smartphone" in forbidden_terms(TechLevel.INDUSTRIAL)
    assert "smartphone" not in forbidden_terms(TechLevel.MODERN)
    assert forbidden_terms(TechLevel.FAR_FUTURE) == ()


def test_every_term_is_detected_and_belongs_to_one_age() -> None:
    seen: set[str] = set()
    for term in forbidden_terms(TechLevel.STONE_AGE):
        assert term not in seen, term
        seen.add(term)
        assert list(later_terms(TechLevel.STONE_AGE).find(Reading(f"Behold, {term.rstrip('*')} here."))), term
    assert len(seen) > 150
    assert len(TERMS_BY_LEVEL) == 7


@pytest.mark.parametrize(
    "magic_system",
    [
        "None.",
        "No magic.",
        "There is no magic.",
        "Magic is not real.",
        "Magic does not exist.",
        "Magic doesn't exist here.",
        "none",
        "No magic of any kind.",
        "Magic is dead.",
        "There's no such thing as magic.",
        "Magic died with the last mage.",
        "Non-magical.",
        "N/A",
        "Nobody can do magic.",
        "This is a world without magic.",
        "Magic is only a story for children.",
        "Mundane: no spells, no gods.",
        "No one has magic.",
        "Absent.",
        "Not present.",
        "Spirits are believed in, but magic does not exist.",
        "There is no magic, and the dead do not return.",
    ],
)
def test_a_world_without_magic_says_so_in_many_ways(magic_system: str) -> None:
    assert has_no_magic(magic_system)


@pytest.mark.parametrize(
    "text",
    [
        "There is no magic without a price.",
        "No magic works twice in one day.",
        "No magic can raise the dead.",
        "Magic is not taught to women.",
        "No magic is free.",
        "There is no magic that cannot be undone.",
        "Nobody understands magic.",
        "Magic does not exist without blood.",
        "No magic beyond the wall; inside it, plenty.",
        "There is no magic in iron.",
        "Magic is not evil.",
        "Magic is no toy.",
        "No magic after sunset.",
        "No two kinds of magic mix.",
        "Magic is forbidden in the city.",
        "None but the priests may use it.",
        "None of it is safe.",
        "Nobody is born without magic.",
        "Low magic: charms and hedge-craft.",
        "No magic schools; apprentices only.",
        "Magic, but no spells over the dead.",
        "Rare.",
        "Soft magic, never explained.",
        "There is no magic left but what the old trees hold.",
    ],
)
def test_magic_with_a_limit_is_magic(text: str) -> None:
    assert not has_no_magic(text)
    assert not has_no_magic("", [text])
