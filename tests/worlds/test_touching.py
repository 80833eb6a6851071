"""Texts that a change cannot concern have the findings that they had, whatever the change."""

from __future__ import annotations

import random

import pytest

from agents.engine.checks import report
from agents.engine.checks.touching import Touch, words_in
from agents.engine.text.reading import Reading
from agents.engine.world import Element, Rule, WorldView

RULES = [
    "No one can teleport.",
    "There is no magic.",
    "There are no horses in Brackwater.",
    "The sun never sets.",
    "The council has five members.",
    "The year is 903.",
    "Nobody eats fish.",
    "The sky is green.",
    "The Great Fire was in 880.",
    "Guns have not been invented.",
    "Giants don't sleep.",
]
ELEMENTS = [
    ("character", "Mira Voss", "A ferrywoman with grey eyes. Sister of Tom Voss.", {"age": 31}),
    ("character", "Tom Voss", "A smith, tall. He lost his left hand.", {"eyes": "blue"}),
    ("character", "Ada Rook", "A doctor. She died in 899. Mother of Mira Voss.", {}),
    ("character", "Bran", "The old sheriff, blind since the war.", {"age": 70}),
    ("location", "Brackwater", "A town three miles north of Salt Gate. It has two bridges.", {}),
    ("location", "Salt Gate", "A landlocked fort, built in 850.", {"founded": "850"}),
    ("item", "Winterfang", "A sword of glass.", {"owner": "Mira Voss"}),
    ("event", "The Long Flood", "It came in 880, before the war.", {"year": "880"}),
    ("concept", "Horse Fair", "Horses and telephones are sold there.", {}),
    ("location", "Vell", "A country.", {}),
    ("location", "Osk", "It is cold there.", {"type": "country"}),
    ("location", "Saltmere", "A town.", {"relations": ["located in Vell"]}),
    ("location", "Fenside", "A town in the fens.", {"relations": ["located in Osk", "part of Vell"]}),
    ("character", "Ines Hale", "Daughter of Bran.", {"relations": ["lives in Saltmere"]}),
    (
        "character",
        "Josse Rook",
        "A sailor.",
        {"relations": ["buried in Fenside", "lives in Vell (since 880)"]},
    ),
    ("character", "Lena Vane", "A singer. Born in Fenside.", {}),
    ("location", "The Anchor", "An inn in Saltmere.", {}),
    ("technology", "Smartphone", "Every smartphone is made of brass; magic drives it.", {}),
]
SCENES = [
    "Mira looked up. Her brown eyes were tired, and her brother Tom waited.",
    "Tom Voss clapped both hands. He teleported to Brackwater.",
    "Ada Rook laughed and poured tea for the ferrywoman.",
    "The sheriff saw the rider clearly. The old man smiled with his brown eyes.",
    "Tom drew his own sword, Winterfang. Horses ran through Brackwater.",
    "At sunset the sun set behind Salt Gate, ten miles south of Brackwater.",
    "The Long Flood of 912 had taken the bridge. In the year 950 it would come again.",
    "He looked at his smartphone and cast a spell. The wizard's magic burned.",
    "All seven members of the council were there. There were three bridges in Brackwater.",
    "The smith lifted the hammer with his left hand. His eyes were green.",
    "“Fish,” said Bran, and ate it. The sky was blue above Salt Gate's harbour.",
    "Her mother opened the door. Mira's mother wept.",
    "The Great Fire of 895 had spared the inn. He drew a pistol, and the giant slept.",
    "The Anchor in Fenside was full. Lena Vane was born in Saltmere.",
    "Regen fiel auf die Stadt, und niemand hatte ein Telefon oder Magie.",
    "Rain fell on the quay.",
    "Ines lived in Fenside. Josse Rook was buried in Saltmere.",
    "Saltmere lay in Osk. The sailor lived in Osk.",
    "Ines Hale had never been to Saltmere. Fenside lay in Saltmere.",
    "Bran looked up. His daughter lived in Osk, and Josse lived in Fenside.",
]


def world_of(random_):
    elements = [
        Element(id=f"id-{name}", kind=kind, name=name, summary=summary, traits=traits)
        for kind, name, summary, traits in random_.sample(ELEMENTS, random_.randint(3, len(ELEMENTS)))
    ]
    rules = random_.sample(RULES, random_.randint(0, 5))
    return WorldView(
        tech_level="medieval",
        rules=tuple(Rule(id=f"id-{rule}", text=rule) for rule in rules),
        elements=tuple(elements),
    )


def changed(world, random_):
    elements = list(world.elements)
    what = random_.choice(["summary", "name", "retire", "add", "rule", "unrule", "traits", "kind"])
    at = random_.randrange(len(elements))
    kind, name, summary, traits = random_.choice(ELEMENTS)
    if what == "retire":
        del elements[at]
    elif what == "add":
        if all(element.name != name for element in elements):
            elements.append(Element(id=f"id-{name}", kind=kind, name=name, summary=summary, traits=traits))
    elif what in {"summary", "traits", "name"}:
        new = {
            "summary": f"{summary} {elements[at].summary}" if random_.random() < 0.5 else summary,
            "traits": traits,
            "name": random_.choice(["Tom Hale", "Voss Quay", "Horse", "Mira Rook", "Smith"]),
        }
        elements[at] = elements[at].model_copy(update={what: new[what]})
    rules = list(world.rules)
    if what == "rule":
        rules.append(Rule(text=random_.choice(RULES)))
    elif what == "unrule" and rules:
        rules.pop(random_.randrange(len(rules)))
    return world.model_copy(update={"elements": tuple(elements), "rules": tuple(rules)})


def findings(text, world):
    return {
        (finding.source_id, finding.start, finding.quote, finding.statement, finding.why, finding.strength)
        for finding in report(text, world).findings
    }


@pytest.mark.parametrize("seed", range(150))
def test_texts_that_are_not_concerned_have_the_same_findings(seed):
    random_ = random.Random(seed)
    before = world_of(random_)
    after = changed(before, random_)
    touch = Touch.of(before, after)

    for text in SCENES:
        if not touch.concerns(words_in(text)):
            assert findings(text, before) == findings(text, after), text


def test_most_texts_are_not_concerned_by_a_small_change():
    before = WorldView(
        rules=(Rule(id="r", text="No one can teleport."),),
        elements=tuple(
            Element(id=name, kind=kind, name=name, summary=summary, traits=traits)
            for kind, name, summary, traits in ELEMENTS
        ),
    )
    town = before.find("location", "Brackwater")
    assert town is not None
    moved = town.model_copy(update={"summary": "A town three miles south of Salt Gate."})
    elements = tuple(moved if element is town else element for element in before.elements)
    touch = Touch.of(before, before.model_copy(update={"elements": elements}))

    assert sum(touch.concerns(words_in(text)) for text in SCENES if "Brackwater" not in text) <= 2
    assert all(touch.concerns(words_in(text)) for text in SCENES if "Brackwater" in text)


@pytest.mark.parametrize("text", [*SCENES, "_Åsa_ said “no”—and Mi\u00adra’s o\u2011ar…", "Ⅳ ﬁsh 東京"])
def test_words_are_those_of_a_reading(text):
    assert words_in(text) == Reading(text).words


@pytest.mark.parametrize(
    ("before", "after", "text"),
    [
        # Things of which an element speaks exist.
        (
            Element(id="x", kind="concept", name="Lore", summary="Every smartphone is made of brass."),
            Element(id="x", kind="concept", name="Lore", summary="Nothing is made of brass."),
            "He looked at his smartphones.",
        ),
        # A relative is meant without the name.
        (
            Element(
                id="x",
                kind="character",
                name="Tom Hale",
                traits={"eyes": "blue"},
                summary="Brother of Mira Voss.",
            ),
            Element(
                id="x",
                kind="character",
                name="Tom Hale",
                traits={"eyes": "grey"},
                summary="Brother of Mira Voss.",
            ),
            "Mira looked up. Her brother was there. Her brother's blue eyes shone.",
        ),
        # So is the bearer of an office.
        (
            Element(id="x", kind="character", name="Bran", summary="The sheriff.", traits={"eyes": "blue"}),
            Element(id="x", kind="character", name="Bran", summary="The sheriff.", traits={"eyes": "grey"}),
            "The sheriff's blue eyes shone.",
        ),
    ],
)
def test_texts_without_the_name_can_be_concerned(before, after, text):
    mira = Element(id="m", kind="character", name="Mira Voss", summary="She rows the ferry.")
    worlds = [WorldView(tech_level="medieval", elements=(mira, each)) for each in (before, after)]

    assert findings(text, worlds[0]) != findings(text, worlds[1])
    assert Touch.of(*worlds).concerns(words_in(text))


@pytest.mark.parametrize("changes", [{"summary": "A river."}, {"traits": {"relations": ["located in Osk"]}}])
def test_text_is_concerned_by_a_place_around_the_home_of_a_person(changes):
    elements = [
        Element(id="i", kind="character", name="Ines Hale", traits={"relations": ["lives in Saltmere"]}),
        Element(id="s", kind="location", name="Saltmere", traits={"relations": ["located in Vell"]}),
        Element(id="o", kind="location", name="Osk", summary="A country."),
    ]
    vell = Element(id="v", kind="location", name="Vell", summary="A country.")
    text = "Ines lived in Osk."
    before = WorldView(elements=(*elements, vell))
    after = WorldView(elements=(*elements, vell.model_copy(update=changes)))

    assert findings(text, before) != findings(text, after)
    assert Touch.of(before, after).concerns(words_in(text))
