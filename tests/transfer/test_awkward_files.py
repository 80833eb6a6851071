"""Features that real files have and the samples do not: what becomes of each in the world, and what is reported."""

from __future__ import annotations

import io
from typing import Any

from tests.transfer.running import as_json, as_zip
from universes.transfer.files.source import open_source
from universes.transfer.fitting import fit
from universes.transfer.formats.detection import format_of, read_world
from universes.transfer.world import Options, World

Files = dict[str, bytes | str]


def read(data: bytes, name: str, *, include_private: bool = False) -> World:
    source = open_source(io.BytesIO(data), name)
    world = read_world(source, format_of(source), Options(include_private=include_private))
    fit(world)
    return world


def lines_of(world: World) -> set[tuple[str, str, str]]:
    lines = [(line.what, line.where, line.why) for line in world.report.lines]
    assert len(lines) == len(set(lines)), "a line is there twice"
    return set(lines)


def relations_of(world: World) -> set[tuple[str, str, str, str]]:
    names = {element.key: element.name for element in world.elements}
    return {
        (names.get(each.from_key, "?"), each.kind, names.get(each.to_key, "?"), each.note)
        for each in world.relations
    }


def entity(module: str, number: int, name: str, own: dict[str, Any] | None = None, **shared: Any) -> Files:
    data = {
        "id": number,
        "entity": {"id": number + 1000, "entity_id": number, "name": name, **shared},
        **(own or {}),
    }
    return {f"{module}/{number}.json": as_json(data)}


def test_kanka_inventories_quests_members_and_marks():
    things = [
        {"item_id": 7, "amount": 2, "position": "left hand", "visibility_id": 1},
        {"name": "Rope", "amount": 1, "visibility_id": 1},
        {"name": "Poison", "visibility_id": 2},
        {"item_id": 70, "visibility_id": 1},
    ]
    members = [
        {"organisation_id": 4, "role": "Warden"},
        {"organisation_id": 40, "role": "Clerk"},
        {"organisation_id": 4, "role": "Spy", "is_private": True},
    ]
    parts = [
        {"entity_id": 1001, "role": "patron", "description": "<p>She pays.</p>", "visibility_id": 1},
        {"name": "The cave", "description": "Wet.", "visibility_id": 1, "motto": "Dig"},
        {"name": "The traitor", "description": "It is Ada.", "visibility_id": 2},
    ]
    eras = [
        {"name": "Old", "start_year": 1, "end_year": 9, "elements": [{"name": "Fire", "entry": "It burned."}]}
    ]
    link = "<p>[location:9] and [location:9|there]</p>"
    world = read(
        as_zip(
            {
                "campaign.json": as_json({"name": "C", "entry": "", "excerpt": "In short."}),
                **entity("characters", 1, "Ada", {"organisationMemberships": members}, inventories=things, entry=link,
                         aliases=[{"name": "The Owl"}], abilities=[{"ability_id": 5, "note": "daily"}],
                         entityAttributes=[{"name": "Empty", "value": None}]),
                **entity("organisations", 4, "Guild", {"is_defunct": True}),
                **entity("abilities", 5, "Fire Dance"),
                **entity("items", 7, "Knife", {"creator_id": 1001}),
                **entity("quests", 8, "The Bell", {"elements": parts, "is_completed": 1, "instigator_id": 99}),
                **entity("timelines", 9, "Ages", {"eras": eras}),
            }
        ),
        "c.zip",
    )  # fmt: skip

    elements = {element.name: element for element in world.elements}
    assert elements["Ada"].traits == {
        "aliases": "The Owl",
        "inventory": "2 × Knife (left hand); Rope",
    }
    assert (elements["Guild"].traits, elements["The Bell"].traits) == (
        {"status": "defunct"},
        {"status": "completed"},
    )
    assert elements["The Bell"].summary == "## Ada (patron)\n\nShe pays.\n\n## The cave\n\nWet."
    assert elements["Ages"].summary == "## Old (1–9)\n\n### Fire\n\nIt burned."
    assert relations_of(world) == {
        ("Ada", "owner", "Knife", "left hand"),
        ("Ada", "creator", "Knife", ""),
        ("Ada", "skilled in", "Fire Dance", "daily"),
        ("Ada", "member", "Guild", "Warden"),
        ("Ada", "patron", "The Bell", ""),
    }
    assert lines_of(world) == {
        ("left out", "campaign: excerpt", "The field is not known here: In short."),
        ("left out", "Ada", "A link that leads nowhere: [location:9]"),
        ("left out", "Ada", "A link that leads nowhere: inventory item 70"),
        ("left out", "Ada", "A link that leads nowhere: member organisations 40 (Clerk)"),
        ("left out", "Ada: Poison", "Private: read with include_private."),
        ("left out", "Ada: member", "Private: read with include_private."),
        ("left out", "Ada: Empty", "The attribute has no value."),
        ("left out", "The Bell: The cave: motto", "The field is not known here: Dig"),
        ("left out", "The Bell: The traitor", "Private: read with include_private."),
        ("left out", "The Bell", "A link that leads nowhere: instigator characters 99"),
    }


def article(number: int, cls: str, **fields: Any) -> Files:
    data = {
        "id": f"id{number}",
        "title": f"Article {number}",
        "entityClass": cls,
        "templateType": cls.lower(),
        **fields,
    }
    return {f"articles/{number}.json": as_json(data)}


def world_anvil(*, include_private: bool = False) -> World:
    table = "[table][tr][th]Port[/th][th]Toll[/th][/tr][tr][td]Quay[/td][td]2[/td][/tr][/table]"
    marks = "[row][col]Left[/col][col]Right[/col][/row][tooltip:Of salt]Salt[/tooltip]"
    files = {
        **article(1, "Person", content=f"{table}\n{marks}[secret]She lies.[/secret]",
                  secrets=[{"title": "Father", "content": "The king."}], scrapbook="Ideas.",
                  comments=[{"content": "Great!"}]),
        **article(2, "Prose", content="It rained.", tags="rain, night", mood="wet",
                  relations={"people": {"items": [{"id": "id1", "title": "Article 1"}]}}),
        "timelines/1.json": as_json({"title": "The Ages", "content": "Old."}),
    }  # fmt: skip
    return read(as_zip(files), "w.zip", include_private=include_private)


def test_world_anvil_tables_secrets_and_scenes():
    world = world_anvil()

    (person,) = world.elements
    assert person.summary == "| Port | Toll |\n| --- | --- |\n| Quay | 2 |\n\nLeft\n\nRight\n\nSalt"
    assert person.traits == {}
    assert lines_of(world) == {
        ("left out", "timelines/1.json", "Only articles are read: The Ages"),
        ("left out", "Article 1", "1 spoiler(s): private parts are read with include_private."),
        ("left out", "Article 1", "A tooltip: Of salt"),
        ("left out", "Article 1", "Marks without a meaning here: tooltip."),
        ("left out", "Article 1: secrets", "Private: read with include_private."),
        ("left out", "Article 1: scrapbook", "Private: read with include_private."),
        ("left out", "Article 1: comments", "Comments of readers."),
        ("left out", "Article 2: mood", "A scene has its text alone: wet"),
        ("left out", "Article 2: tags", "A scene has its text alone: rain, night"),
        (
            "left out",
            "Article 2: relations",
            "A scene has its text alone: people: items: id: id1; title: Article 1",
        ),
    }


def test_world_anvil_secrets_are_read_if_they_are_wanted():
    (person,) = world_anvil(include_private=True).elements

    assert "She lies." in person.summary
    assert person.traits == {"secrets": "title: Father; content: The king.", "scrapbook": "Ideas."}


def test_novelai_texts_of_categories():
    def category(number: int, **fields: Any) -> dict[str, Any]:
        return {"id": f"c{number}", "name": f"Category {number}", "enabled": True, **fields}

    book = {
        "lorebookVersion": 6,
        "entries": [
            {"displayName": f"Entry {number}", "text": "Fog.", "category": f"c{number}"} for number in (1, 2)
        ],
        "categories": [
            category(
                1,
                createSubcontext=True,
                subcontextSettings={"text": "----\nAll of the fen.", "keys": ["fen"]},
            ),
            category(2, subcontextSettings={"text": "Unused."}, categoryDefaults={"text": "Type: place"}),
        ],
    }
    world = read(as_json(book), "fen.lorebook")

    elements = {element.name: (element.summary, element.traits) for element in world.elements}
    assert elements["Category 1"] == ("All of the fen.", {"aliases": "fen", "category": "Category 1"})
    settings = "Settings of chat programs have no meaning here"
    assert lines_of(world) == {
        ("left out", "Category 1", f"{settings}: createSubcontext, subcontextSettings."),
        ("left out", "Category 2", f"{settings}: categoryDefaults, subcontextSettings."),
        ("left out", "Category 2: subcontextSettings", "It is used for no entry: Unused."),
        ("left out", "Category 2: categoryDefaults", "It is used for no entry: Type: place"),
    }


def test_obsidian_links_stubs_comments_and_hidden_folders():
    mira = (
        "---\ntags: [cast/npc]\n---\n[[#Youth]] [[Tom#^b1|him]] [[Sub/Bell]] ![[Tom#Notes]] [the bell](Sub/Bell.md#A)"
        " [out](https://example.org/a.md) ![[map.png]] <!-- to do -->%% later %%"
    )
    files: Files = {
        "Vault/People/Mira.md": mira,
        "Vault/People/Tom.md": "A smith.",
        "Vault/Old/Tom.md": "Another.",
        "Vault/Sub/Bell.md": "---\nkind: item\n---\n",
        "Vault/.trash/Gone.md": "Gone.",
        "Vault/.obsidian/app.json": "{}",
        "Vault/.obsidian/core.json": "{}",
    }
    world = read(as_zip(files), "vault.zip")

    by_key = {element.key.removeprefix("obsidian/Vault/"): element for element in world.elements}
    assert sorted(by_key) == ["Old/Tom.md", "People/Mira.md", "People/Tom.md", "Sub/Bell.md"]
    assert (by_key["People/Mira.md"].kind, by_key["Sub/Bell.md"].kind) == ("character", "item")
    assert by_key["People/Mira.md"].summary == "Youth him Bell Tom the bell [out](https://example.org/a.md)"
    targets = {relation.to_key for relation in world.relations}
    assert targets == {"obsidian/Vault/People/Tom.md", "obsidian/Vault/Sub/Bell.md"}
    assert lines_of(world) >= {
        ("left out", "Vault/.trash/Gone.md", "In the trash."),
        ("left out", ".obsidian", "2 file(s) with settings of a program."),
        ("kept", "Mira", "2 notes are called Tom; linked to Vault/People/Tom.md."),
        ("kept", "Mira", "An embedded note is an element of its own: ![[Tom#Notes]]"),
        ("left out", "Mira", "Only texts are read: ![[map.png]]"),
        ("left out", "Mira", "1 comment(s): private parts are read with include_private."),
        ("left out", "Mira", "1 comment(s), which readers of its source do not see."),
    }


def test_long_value_is_marked_where_a_line_cuts_it():
    world = read(as_json({"lorebookVersion": 6, "entries": [], "motto": "a" * 2_000}), "a.lorebook")

    (line,) = world.report.lines
    assert (len(line.why), line.why[-2:]) == (1_000, "a…")
