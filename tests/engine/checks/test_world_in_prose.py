"""Rules, numbers, dates and places in ordinary prose, and innocent sentences like them."""

from __future__ import annotations

import pytest

from agents.engine.checks import check
from agents.engine.world import WorldView
from tests.engine.checks.elements import person


def thing(id_, kind, name, summary, **traits):
    return {"id": id_, "kind": kind, "name": name, "summary": summary, "traits": traits}


WORLD = WorldView.from_mapping(
    {
        "name": "Vey",
        "magic_system": "Nobody can see the future.",
        "rules": [
            {"id": "iron", "text": "Iron is unknown."},
            {"id": "ghosts", "text": "Ghosts do not exist."},
            {"id": "cash", "text": "Paper money does not exist."},
            {"id": "dogs", "text": "The clan keeps no dogs."},
            {"id": "cave", "text": "Women alone may paint in the red cave: no man may enter it."},
            {"id": "wine", "text": "Wine is poison here; nobody drinks it."},
            {"id": "council", "text": "The council has nine seats."},
            {"id": "gates", "text": "The city has three gates."},
            {"id": "giants", "text": "Giants died out long ago."},
            {"id": "plants", "text": "No plants grow on Vey."},
            {"id": "weapons", "text": "Nobody may carry a weapon aboard."},
            {"id": "bell", "text": "The church has a single bell."},
            {"id": "boats", "text": "No boat leaves the harbour on a Sunday."},
            {"id": "floors", "text": "The tower has ninety floors."},
        ],
        "elements": [
            person("bran", "Bran Holt", "The chief.", "he"),
            thing("fire", "event", "the Rope Fire", "Forty houses burned.", date="1719"),
            thing("war", "event", "the war", "Nine years after the Rope Fire."),
            thing("siege", "event", "the siege", "It came after the war with Ombre."),
            thing("hall", "location", "Marsh Hall", "It lies east of Tarn.", built="1702"),
            thing("quarry", "location", "the quarry", "A day's walk east of Ombre."),
            thing("weir", "location", "Harrow Weir", "Two days' walk from Ardley."),
        ],
    }
)


def found(text):
    return {finding.source_id for finding in check(text, WORLD) if finding.strength != "hint"}


@pytest.mark.parametrize(
    ("text", "source_id"),
    [
        ("The smith drew the iron bar out of the fire.", "iron"),
        ("The ghost of a drowned girl came through the wall.", "ghosts"),
        ("She counted out four twenty-dollar bills.", "cash"),
        ("Two of the clan's dogs growled.", "dogs"),
        ("Bran went into the red cave.", "cave"),
        ("She looked into the salt and saw what would happen on the morrow.", "magic_system"),
        ("The thirteen members of the council sat down.", "council"),
        ("The lift in the tower stopped at floor one hundred and four.", "floors"),
        ("The Rope Fire burned forty houses in the winter of 1708.", "fire"),
        ("Marsh Hall, the work of a mason who finished it in 1810, needed a roof.", "hall"),
        ("The siege was in its second year when the war with Ombre broke out.", "siege"),
        ("West of Tarn they came to the gate of Marsh Hall.", "hall"),
        ("The quarry lies to the west, a day from Ombre.", "quarry"),
        ("Ardley is a pleasant hour's stroll from Harrow Weir.", "weir"),
        ("The war came three years after the Rope Fire.", "war"),
        ("The council sat down, all eleven of its members.", "council"),
        ("They rode past the city's nine gates before noon.", "gates"),
        ("A giant put his foot over the hedge.", "giants"),
        ("Roses climbed the wall of the station.", "plants"),
        ("The guard drew a pistol and pointed it at the surgeon.", "weapons"),
        ("Both of the church's bells were ringing.", "bell"),
        ("The boat left the harbour on Sunday.", "boats"),
        ("Ardley lies a week's hard walking from Harrow Weir.", "weir"),
    ],
)
def test_plain_contradictions_are_found(text, source_id):
    assert found(text) == {source_id}


@pytest.mark.parametrize(
    "text",
    [
        "The war came nine years after the Rope Fire.",
        "The ashes of the iron cult lay cold.",
        "Four gates they had built, and one had burned.",
        "Marsh Hall had been damp since 1920.",
        "The roses on the wall were painted.",
        "On Saturday the boats left the harbour, and on Sunday they lay still.",
        "The family tree hung behind the counter.",
        "The guard drew a breath and pointed at the surgeon.",
        "The shelf where the roses had been was full of jam.",
        "The stranger told them what giants were.",
        "The child drew an iron bar on the slate.",
        "The ghost of a smile came and went.",
        "She had a twenty-dollar bill from her grandmother's time.",
        "The dogs of the river people barked all night.",
        "The children played dogs and bears.",
        "Bran loved the lake, and was swimming in it at dawn.",
        "He drank water as other men drink milk.",
        "She saw what would happen if he fell.",
        "Four members of the council were late.",
        "Eight gates has the house of the dead.",
        "There were five gates on the old map.",
        "The lift in the tower stopped at floor eighty-four.",
        "The Rope Fire burned forty houses, and in the winter of 1731 they were still empty.",
        "Marsh Hall was old when her father mended it in the spring.",
        "West of Tarn he turned in the saddle and looked back at Marsh Hall.",
        "The quarry lies to the east, a day from Ombre.",
        "Ardley lies two days' hard walking from Harrow Weir.",
    ],
)
def test_innocent_sentences_like_them_are_not_accused(text):
    assert found(text) == set()
