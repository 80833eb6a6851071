"""Whatever a file has is in the world or in the report: unknown fields, odd types, entries that are there twice."""

from __future__ import annotations

import copy
import dataclasses
import io
import json
import zipfile
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pytest

from tests.transfer.running import SAMPLES, as_json, as_zip, sample
from universes.transfer.files.source import open_source
from universes.transfer.fitting import fit
from universes.transfer.formats.detection import format_of, read_world
from universes.transfer.world import Options

TOKEN = "Motto of the lost"
# Objects that are settings of a program, or tell of a date or a row: the report names them as a whole, or they say
# nothing of a world.
SETTINGS = {
    *(
        "extensions",
        "contextConfig",
        "loreBiasGroups",
        "lastUpdatedAt",
        "creationDate",
        "updateDate",
        "categories",
    ),
    *(
        "settings",
        "author",
        "world",
        "category",
        "cover",
        "portrait",
        "articleParent",
        "posts",
        "relationships",
    ),
    *("entityAttributes", "entityTags", "entityLocations", "mentions", "characterTraits", "characterRaces"),
    *(
        "characterFamilies",
        "organisationMemberships",
        "assets",
        "items",
        "sections",
        "relations",
        "originalData",
    ),
    *("depth_prompt", "publicationDate", "notificationDate", "species", "currentLocation", "passport"),
}
NOT_READ = ("gallery/", "images/", "maps/", "settings/", "info.json", "campaign.json")

Wrap = Callable[[Any], bytes]


def told(data: bytes, name: str) -> str:
    """Return the world and the report as one text."""
    source = open_source(io.BytesIO(data), name)
    world = read_world(source, format_of(source), Options(include_private=True))
    fit(world)
    drafts: list[Any] = [*world.elements, *world.scenes, *world.rules, *world.relations]
    parts = [
        *(dataclasses.asdict(draft) for draft in drafts),
        world.name,
        world.description,
        world.report.as_json(),
    ]
    return json.dumps(parts, ensure_ascii=False, default=str)


def objects(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if path and path[-1] in SETTINGS:
        return
    if isinstance(value, dict) and not (path and path[-1] == "entries"):
        yield path
    parts = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, part in parts:
        yield from objects(part, (*path, key))


def with_motto(value: Any, path: tuple[Any, ...], motto: Any) -> Any:
    result = copy.deepcopy(value)
    place = result
    for key in path:
        place = place[key]
    place["motto"] = motto
    return result


def _with_member(members: dict[str, bytes], member: str, value: Any) -> bytes:
    return as_zip({**members, member: as_json(value)})


def documents(name: str) -> Iterator[tuple[Any, Wrap]]:
    """Yield each JSON document of a sample with the way to make a file of a changed one."""
    data = sample(name)
    if not name.endswith(".zip"):
        yield json.loads(data), as_json
        return
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        members = {member: archive.read(member) for member in archive.namelist() if not member.endswith("/")}
    for member, content in members.items():
        if not member.startswith(NOT_READ):
            yield json.loads(content), partial(_with_member, members, member)


@pytest.mark.parametrize("motto", [TOKEN, [TOKEN], {"a": {"b": TOKEN}}], ids=["text", "list", "object"])
@pytest.mark.parametrize("name", sorted(p.name for p in SAMPLES.iterdir() if p.suffix != ".md"))
def test_field_that_no_reader_knows_is_in_the_world_or_in_the_report(name, motto):
    count = 0
    for value, wrap in documents(name):
        for path in objects(value):
            assert TOKEN in told(wrap(with_motto(value, path, motto)), name), path
            count += 1
    assert count


CARD = {"name": "Mira", "description": "Tall.", "first_mes": "Hello."}


@pytest.mark.parametrize(
    ("file", "name", "words"),
    [
        # A text that is a list or an object.
        ({**CARD, "scenario": [TOKEN]}, "card.json", [TOKEN]),
        ({**CARD, "alternate_greetings": [{"text": TOKEN}, "Hi."]}, "card.json", [TOKEN, "Hi."]),
        ({**CARD, "character_book": [TOKEN]}, "card.json", [TOKEN]),
        (
            {
                **CARD,
                "character_book": {
                    "entries": [{"keys": ["a"], "content": "x", "name": "A", "comment": TOKEN}]
                },
            },
            "card.json",
            [TOKEN],
        ),
        ({"entries": {"0": {"comment": "Bell", "content": {"a": TOKEN}}}}, "lore.json", [TOKEN, "no text"]),
        (
            {"entries": {"0": [TOKEN], "1": {"content": "鐘が鳴る", "key": ["鐘"]}}},
            "lore.json",
            ["no object", "鐘が鳴る"],
        ),
        (
            {"lorebookVersion": 1, "entries": [{"text": [TOKEN], "displayName": "Bell"}]},
            "a.lorebook",
            [TOKEN],
        ),
        ({"lorebookVersion": 6, "entries": [], "notes": TOKEN}, "a.lorebook", [TOKEN]),
        ({"World": {"name": "W"}, "characters": [{"id": "1", "name": TOKEN}]}, "w.json", [TOKEN]),
        ({"World": {"name": "W"}, "Dragons": [{"name": TOKEN}]}, "w.json", [TOKEN]),
        (
            {"World": {"name": "W"}, "Law": {"data": [{"name": "L", "description": [TOKEN]}]}},
            "w.json",
            [TOKEN],
        ),
    ],
)
def test_odd_shapes_are_read_or_reported(file, name, words):
    text = told(as_json(file), name)

    assert [word for word in words if word not in text] == []


def kanka(*entities: dict[str, Any], **own: Any) -> bytes:
    files = {
        f"characters/{number}.json": as_json({"entity": each, **own}) for number, each in enumerate(entities)
    }
    return as_zip({"campaign.json": as_json({"name": "C"}), **files})


def article(number: int, **fields: Any) -> dict[str, bytes | str]:
    return {f"articles/{number}.json": as_json({"id": "1", "title": f"Article {number}", **fields})}


@pytest.mark.parametrize(
    ("data", "name", "words"),
    [
        # Two entries with one id: one stays, the other is reported.
        (kanka({"id": 1, "name": "Ada"}, {"id": 1, "name": "Bo"}), "k.zip", ["Ada", "characters/1.json"]),
        (as_zip({**article(1), **article(2)}), "w.zip", ["Article 1", "articles/2.json"]),
        (kanka({"id": 1, "name": "Ada", "posts": [{"name": TOKEN}]}), "k.zip", [TOKEN]),
        (kanka({"id": 1, "name": "Ada", "tooltip": TOKEN}), "k.zip", [TOKEN]),
        # Parts of modules that have no place in a world: elements of a quest, months of a calendar.
        (kanka({"id": 1, "name": "Ada"}, elements=[{"description": TOKEN}]), "k.zip", [TOKEN]),
        (as_zip(article(1, sections=[TOKEN])), "w.zip", [TOKEN]),
        (
            as_zip(article(1, entityClass="Prose", content="x", sections={"a": {"content": TOKEN}})),
            "w.zip",
            [TOKEN],
        ),
        (as_zip(article(1, metaDescription=TOKEN)), "w.zip", [TOKEN]),
        (f"---\n- {TOKEN}\n---\nBell".encode(), "note.md", [TOKEN, "Bell"]),
        (f"---\na: {{b: [{TOKEN}, ñ]}}\n---\n".encode(), "note.md", [TOKEN, "ñ"]),
    ],
)
def test_odd_archives_are_read_or_reported(data, name, words):
    text = told(data, name)

    assert [word for word in words if word not in text] == []
