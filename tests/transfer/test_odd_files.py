"""Files whose values have other types than their format says: read as far as they go, never a crash."""

from __future__ import annotations

import copy
import io
import json
import random
import zipfile
from collections.abc import Iterator
from typing import Any

import pytest

from tests.transfer.running import SAMPLES, as_json, as_zip, lines, run_import, sample
from universes.errors import DomainError
from universes.transfer.files.source import open_source
from universes.transfer.fitting import fit
from universes.transfer.formats.detection import format_of, read_world
from universes.transfer.world import Options

ODD: tuple[Any, ...] = (
    *(
        None,
        True,
        0,
        -1,
        1.5,
        10**15,
        "",
        " ",
        "x" * 300,
        "1",
        [],
        {},
        [None],
        [[]],
        [{}],
        ["a", 1],
        {"a": {"b": [1]}},
    ),
    *(
        "[[",
        "<p><b>",
        "[b]",
        "---",
        "\u200b",
        "{{user}}",
        {"id": 1},
        {"title": None},
        [{"id": None, "name": []}],
    ),
)


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if path:
        yield path
    parts = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, part in parts:
        yield from places(part, (*path, key))


def changed(value: Any, path: tuple[Any, ...], odd: Any) -> Any:
    result = copy.deepcopy(value)
    parent = result
    for key in path[:-1]:
        parent = parent[key]
    parent[path[-1]] = odd
    return result


def variants(name: str) -> Iterator[bytes]:
    """Yield the sample with one value after the other replaced."""
    odd = random.Random(17)
    data = sample(name)
    if name.endswith(".md"):
        for text in (
            "",
            "---\n",
            "---\na: [\n---\nx",
            "---\n- a\n---\n",
            "---\na: &b 1\nc: *b\n---\n",
            "# \n",
            "%%",
            "![[a]]",
        ):
            yield text.encode()
        return
    if not name.endswith(".zip"):
        value = json.loads(data)
        for path in places(value):
            yield as_json(changed(value, path, odd.choice(ODD)))
        return
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        members = {member: archive.read(member) for member in archive.namelist() if not member.endswith("/")}
    for member, content in members.items():
        value = json.loads(content)
        yield as_zip({**members, member: as_json([])})
        for path in places(value):
            yield as_zip({**members, member: as_json(changed(value, path, odd.choice(ODD)))})


@pytest.mark.parametrize("name", sorted(path.name for path in SAMPLES.iterdir()))
def test_odd_values_never_crash_a_reader(name):
    count = 0
    for data in variants(name):
        try:
            source = open_source(io.BytesIO(data), name)
            world = read_world(source, format_of(source), Options(include_private=count % 2 == 0))
            fit(world)
        except DomainError:
            pass
        count += 1
    assert count >= 8


@pytest.mark.django_db
def test_entries_with_one_id_or_a_long_one_are_all_there_once(creator, universe):
    entries = [{"uid": 7, "comment": f"Bell {number}", "content": "It rings."} for number in range(3)]
    entries.append({"uid": "9" * 1000, "comment": "Gong", "content": "It hums."})
    book = as_json({"name": "Lore", "entries": entries})

    first = run_import(creator, book, "lore.json", universe_id=universe.pk)
    second = run_import(creator, book, "lore.json", universe_id=universe.pk)

    assert (first.created, first.error) == ({"concept": 4}, "")
    assert (second.created, second.updated, second.skipped) == ({}, 0, 4)
    assert "Bell 2: Another entry has its id in the source." in lines(first)
