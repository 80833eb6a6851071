"""Each foreign format with a sample that has the awkward features of real files."""

from __future__ import annotations

import pytest

from tests.transfer.running import lines, run_sample
from universes.models import CanonChange, Element, Relation, Scene, WorldImport, WorldRule

pytestmark = pytest.mark.django_db

WORLD_INFO = "01_sillytavern_world_info.json"
CARD_V2 = "04_character_card_v2.json"
CARD_V3 = "07_character_card_v3.json"
KANKA = "08_kanka_campaign.zip"
ONLYWORLDS = "09_onlyworlds_world.json"
WORLD_ANVIL = "10_world_anvil_export.zip"
NOVELAI = "11_novelai.lorebook"
OBSIDIAN = "12_obsidian_note.md"
COUNTS = {
    WORLD_INFO: {"rule": 1, "character": 4, "concept": 11},
    CARD_V2: {"character": 1, "concept": 1, "scene": 3},
    CARD_V3: {"character": 1, "concept": 1, "scene": 3},
    KANKA: {"character": 2, "item": 1, "relation": 1},
    ONLYWORLDS: {"character": 3, "location": 1, "concept": 1, "event": 1, "relation": 4},
    WORLD_ANVIL: {},
    NOVELAI: {"character": 1},
    OBSIDIAN: {"character": 1},
}
PRIVATE_COUNTS = {
    KANKA: {"character": 2, "item": 1, "location": 1, "relation": 2},
    WORLD_ANVIL: {"character": 1, "location": 1, "relation": 1},
    OBSIDIAN: {"character": 1},
}


@pytest.mark.parametrize(("name", "counts"), COUNTS.items())
def test_sample_becomes_a_world_once(creator, name, counts):
    first = run_sample(creator, name)
    second = run_sample(creator, name)

    assert (first.status, first.created, first.error) == ("completed", counts, "")
    assert (second.status, second.created, second.updated) == ("completed", {}, 0)
    assert second.universe_id == first.universe_id
    assert "nothing was added" in second.report[-1]["why"]
    assert [line for line in second.report if line["what"] == "conflict"] == []
    assert first.parts.count() == 0


@pytest.mark.parametrize(("name", "counts"), PRIVATE_COUNTS.items())
def test_private_parts_come_on_request(creator, name, counts):
    assert run_sample(creator, name, include_private=True).created == counts


def test_world_info(creator):
    row = run_sample(creator, WORLD_INFO)
    rows = {element.name: element for element in Element.objects.all()}

    assert row.universe is not None
    assert row.universe.name == "Brackwater"
    assert WorldRule.objects.get().text == "**Smoke** is forbidden below the ropewalk."
    assert rows["Mira Voss"].traits["aliases"] == "Mira, the ferrywoman"
    assert "{{user}} owes her money" in rows["Mira Voss"].summary
    assert rows["O'Neil"].summary == "Tom O’Neil has green eyes.\nHe never drinks."
    assert rows["Will"].traits == {"aliases": "Rose, April"}
    long = [element for name, element in rows.items() if name.startswith("The Salt Gate")]
    assert (len(long), sum(len(element.summary) for element in long)) == (7, 68_600 - 6)
    assert "Tidewatch" not in rows
    told = lines(row)
    assert "Tidewatch: The entry is disabled in the source." in told
    assert any(line.startswith("Rule: smoke: A <script> element was removed") for line in told)
    assert any("68,600 characters, of which 10,000 fit: it goes on in" in line for line in told)
    assert any("/smok(e|ing|ed)/i" in line for line in told)
    assert any("{{user}}" in line for line in told)


@pytest.mark.parametrize("name", [CARD_V2, CARD_V3])
def test_character_card(creator, name):
    row = run_sample(creator, name)

    mira = Element.objects.get(kind="character")
    assert (mira.traits["age"], mira.traits["eyes"], mira.traits["tags"]) == (41, "grey", "Fantasy, OC")
    assert set(Scene.objects.values_list("canon_status", flat=True)) == {"draft"}
    assert row.universe is not None
    everything = f"{list(Element.objects.values())} {list(Scene.objects.values())} {row.universe.description}"
    assert "Ignore the rules" not in everything
    assert "Thanks!" not in everything
    assert "@@" not in everything
    told = lines(row)
    order = "An order to a model is no fact of a world: Ignore the rules of the world."
    assert f"Mira Voss: post_history_instructions: {order}" in told
    if name == CARD_V3:
        assert mira.traits["aliases"] == "Mirrie"
        assert any("@@depth 4, @@role system" in line for line in told)
        assert any("embeded://assets" in line for line in told)


def test_kanka(creator):
    row = run_sample(creator, KANKA)

    mira = Element.objects.get(name="Mira Voss")
    assert mira.summary.startswith("Mira keeps the ferry at Brackwater.\n\nShe distrusts character 9999.")
    assert "Secret" not in mira.summary
    assert mira.traits == {
        "role": "Ferrywoman",
        "age in words": "41 (looks 60)",
        "sex": "female",
        "pronouns": "she/her",
        "type": "NPC",
        "Eyes": "grey",
        "goals": ["to be left alone"],
        "HP": "12",
        "is_mad": "yes",
    }
    assert [str(relation) for relation in Relation.objects.all()] == ["Mira Voss is sister of Mira Voss (2)"]
    assert Relation.objects.get().note == "attitude -25"
    told = lines(row)
    for line in (
        "Brackwater: Private: read with include_private.",
        "Mira Voss (entity 9001): A link that leads nowhere: [character:9999]",
        "Mira Voss (entity 9001): Secret: A private post: read with include_private.",
        "Mira Voss (entity 9001): Strength: Private: read with include_private.",
        "Mira Voss (entity 9001): A link that leads nowhere: of the species races 4",
        "Mira Voss (entity 9003): A link that leads nowhere: of the species races 4",
        "Mira Voss (2): There is another character called Mira Voss.",
    ):
        assert line in told
    assert len(told) == len(set(told))


def test_onlyworlds(creator):
    row = run_sample(creator, ONLYWORLDS)

    assert {str(relation) for relation in Relation.objects.all()} == {
        "Mira Voss is born in Brackwater",
        "Mira Voss is located in Brackwater",
        "Mira Voss (2) is located in Brackwater",
        str(Relation.objects.get(kind="friend")),
    }
    assert Element.objects.get(name="Brackwater").traits["population in words"] == "about 900"
    assert not any("0" * 10 in element.traits.values() for element in Element.objects.all())
    told = lines(row)
    assert any("0199f0a0-0000-7000-8000-000000000404" in line for line in told)
    assert "Mira Voss: A relation to itself: friend." in told
    assert any("is called Unnamed character" in line for line in told)
    assert any("ends at -30" in line for line in told)


def test_world_anvil(creator):
    closed = run_sample(creator, WORLD_ANVIL)
    assert "Mira Voss: Private: read with include_private." in lines(closed)
    assert "articles/null-00000003.json: The file has no article in it." in lines(closed)

    row = run_sample(creator, WORLD_ANVIL, include_private=True)

    mira = Element.objects.get(name="Mira Voss")
    assert mira.summary == (
        "# The ferry\n\nBrackwater is hers.\n\n> You are late.\n\nShe sank the **Hope**."
        "\n\n## Physique\n\nBurnt left hand, grey eyes."
    )
    assert (mira.traits["age"], mira.traits["tags"]) == (41, "npc, ferry, Harbour Town")
    assert Relation.objects.get().kind == "located in"
    assert "Brackwater: A link that leads nowhere: part of Harrow Coast" in lines(row)
    assert any("[img:123456" in line for line in lines(row))


def test_novelai(creator):
    row = run_sample(creator, NOVELAI)

    mira = Element.objects.get()
    assert (mira.kind, mira.name, mira.traits["eyes"]) == ("character", "Mira Voss", "grey")
    assert "New Lorebook Entry: The entry has no text." in lines(row)
    assert any("&voss" in line for line in lines(row))


def test_obsidian(creator):
    row = run_sample(creator, OBSIDIAN)

    mira = Element.objects.get()
    assert (mira.summary, mira.kind) == ("Keeps the ferry at the town.", "character")
    assert mira.traits == {
        "age": 41,
        "alive": "no",
        "born": "0903-01-12",
        "aliases": "Mira, the ferrywoman",
        "tags": "npc",
    }
    assert any("[[Brackwater|the town]]" in line for line in lines(row))
    assert any("![[mira.png]]" in line for line in lines(row))


def test_steps_of_an_import_name_it(creator):
    row = run_sample(creator, NOVELAI)

    change = CanonChange.objects.get()
    assert (change.action, change.user, change.world_import) == ("added", creator, row)
    assert WorldImport.objects.get().done == row.total
