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


@pytest.mark.parametrize(
    ("tech_level", "text"),
    [
        ("Late medieval; gunpowder is new", "He fired the cannon."),
        ("Bronze Age, with a little iron from fallen stars", "He drew the iron knife."),
        (
            "Victorian, with airships and clockwork minds",
            "The airship landed, and the clockwork butler opened the door.",
        ),
        ("Medieval-ish with clockwork", "The clockwork bird sang."),
        ("1920s", "She picked up the telephone and switched on the radio."),
        ("Age of sail", "The frigate fired her cannons."),
        ("Post-apocalyptic: scavenged tech", "He switched on the radio."),
        ("Near future", "She looked at her phone."),
        ("Renaissance; the printing press exists", "He ran the printing press."),
        ("Steampunk", "The steam engine hissed."),
        ("Stone age, but they trade for bronze", "He held the bronze blade."),
        ("Roman Empire", "The legionary drew his iron sword."),
        ("Early industrial", "The steam engine hissed and the train left."),
        ("Modern", "She looked at her phone."),
        ("Space opera", "The starship jumped."),
        ("Low: swords and bows, a few muskets", "He fired the musket."),
        ("Dieselpunk 1940s", "The tank rolled in, and the radio crackled."),
        ("Medieval except for the dwarves, who have steam", "The steam engine of the dwarves hissed."),
        ("Iron age with lost relics of the Ancients (lasers)", "The laser cut the door."),
        ("Industrial revolution", "The telegraph clicked."),
        ("Wild West", "He drew his revolver, and the telegraph clicked."),
        ("Ancient Egypt", "The scribe wrote on papyrus."),
        ("Contemporary London", "She took the Tube and checked her phone."),
        ("17th century", "He fired the musket and looked through the telescope."),
        ("1600s Japan", "He fired the matchlock gun."),
        ("18th-century France", "He fired the pistol."),
        ("Edwardian", "The motor car stopped, and she picked up the telephone."),
        ("Regency", "The carriage stopped, and he drew his pistol."),
        ("Cold War", "The radio crackled and the television flickered."),
        ("Atompunk", "The robot rolled in."),
        ("Solarpunk", "The solar panels gleamed."),
        ("Feudal Japan with mechs", "The mech stood up."),
        ("Pre-industrial; no gunpowder", "He drew his sword."),
        ("Medieval (no guns)", "She fired the bow."),
        ("Mixed: medieval villages, one modern city", "He looked at his phone in the city."),
        ("Generation ship, decayed to medieval life", "The airlock hissed, and the old computer spoke."),
        ("Medieval with anachronisms", "He looked at his phone."),
        ("Flintlock fantasy", "He fired the flintlock pistol."),
        ("Magitech", "The crystal phone rang."),
    ],
)
def test_things_of_the_described_age_are_allowed(tech_level: str, text: str) -> None:
    assert terms(text, tech_level=tech_level) == []


@pytest.mark.parametrize(
    ("tech_level", "text"),
    [
        ("Late medieval; gunpowder is new", "He looked at his smartphone."),
        ("Age of sail", "He switched on the radio."),
        ("1600s Japan", "He picked up the telephone."),
        ("18th-century France", "She took a photograph with her camera."),
        ("Regency", "The motor car stopped."),
        ("Roman Empire", "He fired the musket."),
        ("Wild West", "She looked at her smartphone."),
        ("Ancient Egypt", "He fired the cannon."),
        ("Victorian", "She looked at her smartphone."),
        ("Feudal Japan", "He started the car."),
        ("Stone age", "He drew his steel sword."),
        ("Neolithic", "He drew his bronze sword."),
        ("Viking age", "He fired the musket."),
        ("Classical Greece", "He fired the cannon."),
        ("Napoleonic", "He picked up the telephone."),
        ("Elizabethan", "The steam train left."),
        ("Tudor", "He switched on the electric light."),
        ("Colonial America, 1690s", "He picked up the telephone."),
    ],
)
def test_things_of_a_later_age_are_found(tech_level: str, text: str) -> None:
    assert terms(text, tech_level=tech_level)


def test_a_thing_alone_names_no_age() -> None:
    assert tech_level_of("A railway thriller") is None
    assert tech_level_of("swords, bows and a few muskets") is None


@pytest.mark.parametrize(
    "genre", ["horror with an ancient curse", "classical whodunit", "roman à clef", "gothic romance"]
)
def test_a_genre_names_no_age_by_chance(genre: str) -> None:
    assert tech_level_of("", genre) is None
