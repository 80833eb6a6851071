"""Exports for other programs, and the book."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import re
import zipfile
from xml.etree import ElementTree

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tests.transfer.running import run_import
from universes.models import Element, Relation, Scene
from universes.passports.entries import passport_of
from universes.services import canon, relations
from universes.services import universes as service
from universes.services.rules import RuleInput
from universes.transfer.declared import declared_in
from universes.transfer.exports.formats import EXPORTS

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(universe, creator):
    service.update_world_config(universe, rules=[RuleInput("No smoke below the ropewalk.")])
    mira, town = (
        canon.add_element(
            universe, kind=kind, name=name, summary=text, traits=traits, status="canon", by=creator
        )
        for kind, name, text, traits in (
            ("character", "Mira Voss", "Keeps the ferry.", {"age": 41, "aliases": "Mira, the ferrywoman"}),
            ("location", "Brackwater", "", {"population": 900}),
        )
    )
    relations.add_relation(universe, kind="located in", from_element=mira.pk, to_element=town.pk)
    canon.add_scene(
        universe, title="Dawn <1>", text="Fog & rain.\n\n*Slowly.*\x0b", status="canon", origin_ref="job"
    )
    canon.add_scene(universe, title="Dusk", text="Rain.", status="canon")
    canon.add_scene(universe, title="Draft", text="Not yet.")
    return universe


def exported(universe, name):
    pieces = list(EXPORTS[name].write(universe))
    return b"".join(piece.encode() if isinstance(piece, str) else piece for piece in pieces)


def test_world_info_comes_back_with_its_rules_and_aliases(world, stranger):
    row = run_import(stranger, exported(world, "worldinfo"), "back.json")

    assert row.created == {"rule": 1, "character": 1, "location": 1}
    back = Element.objects.get(universe=row.universe, name="Mira Voss")
    assert back.traits == {"age": 41, "relations": "located in Brackwater", "aliases": "Mira, the ferrywoman"}


def test_onlyworlds_comes_back_with_its_links(world, stranger):
    row = run_import(stranger, exported(world, "onlyworlds"), "back.json")

    assert row.created == {"character": 1, "location": 1, "relation": 1, "concept": 2, "scene": 2}
    relation = Relation.objects.get(universe=row.universe)
    assert str(relation) == "Mira Voss is located in Brackwater"
    assert Element.objects.get(universe=row.universe, name="Brackwater").traits == {"population": 900}


def test_markdown_has_canon_in_order_with_its_disclosure(world):
    assert exported(world, "markdown").decode() == (
        "# Low Marsh\n\n*carla*\n"
        "\n## Dawn <1>\n\nFog & rain.\n\n*Slowly.*\n"
        "\n*Written by a language model. Not read by a person yet.*\n"
        "\n## Dusk\n\nRain.\n"
        "\n*Written by people.*\n"
    )


def test_epub_is_well_formed_and_complete(world):
    archive = zipfile.ZipFile(io.BytesIO(exported(world, "epub")))

    first = archive.infolist()[0]
    assert (first.filename, first.compress_type, archive.read("mimetype")) == (
        "mimetype",
        zipfile.ZIP_STORED,
        b"application/epub+zip",
    )
    trees = {
        name: ElementTree.fromstring(archive.read(name)) for name in archive.namelist() if name != "mimetype"
    }
    opf = "{http://www.idpf.org/2007/opf}"
    package = trees["OEBPS/content.opf"]
    items = {item.get("id"): item.get("href") for item in package.iter(f"{opf}item")}
    assert {f"OEBPS/{href}" for href in items.values()} == {
        name for name in trees if name.startswith("OEBPS/") and name.endswith(".xhtml")
    }
    assert [items[ref.get("idref")] for ref in package.iter(f"{opf}itemref")] == [
        "title.xhtml",
        "scene-1.xhtml",
        "scene-2.xhtml",
    ]
    scene = archive.read("OEBPS/scene-1.xhtml").decode()
    assert "<h1>Dawn &lt;1&gt;</h1>\n<p>Fog &amp; rain.</p>\n<p><em>Slowly.</em></p>" in scene
    assert "<small>Written by a language model. Not read by a person yet.</small>" in scene
    assert "<small>Written by people.</small>" in archive.read("OEBPS/scene-2.xhtml").decode()
    script = trees["OEBPS/scene-1.xhtml"].find(".//{http://www.w3.org/1999/xhtml}script")
    assert script is not None
    passport = json.loads(script.text or "")
    assert (passport["document"]["name"], passport["document"]["disclosure"]) == ("Dawn <1>", "ai-autonomous")


def test_each_chapter_is_in_its_language(universe):
    texts = {
        "Dawn": "She had not been there before, and they would not have known where she was from what he said to them.",
        "Dusk": "Der Nebel lag über dem Fluss, und niemand wusste, wohin die Fähre an diesem Abend fuhr. "
        * 3,
        "Night": "Um Mitternacht hörte er die Glocke, und er wusste, dass die Brücke nicht mehr zu retten war.",
        "Note": "?",
    }
    for title, text in texts.items():
        canon.add_scene(universe, title=title, text=text, status="canon")
    archive = zipfile.ZipFile(io.BytesIO(exported(universe, "epub")))

    pages = [archive.read(f"OEBPS/scene-{number}.xhtml").decode() for number in range(1, 5)]

    assert [re.findall(r'<html [^>]*\blang="([^"]*)"', page) for page in pages] == [
        ["en"],
        ["de"],
        ["de"],
        ["und"],
    ]
    assert "<dc:language>de</dc:language>" in archive.read("OEBPS/content.opf").decode()
    assert '<p lang="en" xml:lang="en"><small>Written by people.</small></p>' in pages[1]


def test_links_of_the_book_lead_to_nothing_that_it_lacks(universe):
    text = "See [the map](maps/coast.md), ![it](coast.png) and [the site](https://example.org/a?b=1&c=2)."
    canon.add_scene(universe, title="Dawn", text=text, status="canon")
    archive = zipfile.ZipFile(io.BytesIO(exported(universe, "epub")))

    scene = archive.read("OEBPS/scene-1.xhtml").decode()

    assert (
        '<p>See <a>the map</a>,  and <a href="https://example.org/a?b=1&amp;c=2">the site</a>.</p>' in scene
    )


@pytest.mark.parametrize("name", EXPORTS)
def test_empty_universe_can_be_exported(universe, name):
    data = exported(universe, name)

    if name in {"native", "onlyworlds", "worldinfo"}:
        json.loads(data)
    assert data


@pytest.mark.parametrize("name", EXPORTS)
def test_export_reads_rows_in_pieces(world, name, django_assert_max_num_queries):
    with django_assert_max_num_queries(26):
        exported(world, name)


@pytest.mark.parametrize("name", ["native", "onlyworlds", "worldinfo"])
def test_passport_comes_back_as_what_the_file_declares(universe, creator, stranger, name, settings):
    settings.PASSPORT_KEY = base64.b64encode(bytes(32)).decode()
    canon.add_element(universe, kind="item", name="Bell", summary="Old.", status="canon", by=creator)
    canon.add_element(universe, kind="item", name="Rope", summary="Wet.", status="canon", origin_ref="job")
    mended = canon.add_element(universe, kind="item", name="Lamp", summary="Lit.", origin_ref="job-2")
    canon.revise_element(mended, summary="Out.", status="canon", by=creator)

    row = run_import(stranger, exported(universe, name), "back.json")

    entries = Element.objects.filter(universe=row.universe, name__in=["Bell", "Rope", "Lamp"])
    facts = {entry.name: passport_of(entry).as_dict() for entry in entries}
    assert {each: (of["disclosure"], of["basis"]) for each, of in facts.items()} == {
        "Bell": ("human-only", "declared"),
        "Rope": ("ai-autonomous", "declared"),
        "Lamp": ("ai-assisted", "declared"),
    }
    assert facts["Lamp"]["digital_source_type"].endswith("/compositeSynthetic")
    rope = canon.revise_element(entries.get(name="Rope"), summary="Dry.", by=stranger)
    assert passport_of(rope).as_dict()["disclosure"] == "ai-assisted"


def test_native_file_of_before_passports_declares_the_text_of_jobs_unread(world, stranger):
    file = json.loads(exported(world, "native"))
    for entry in file["scenes"]:
        del entry["passport"]

    row = run_import(stranger, json.dumps(file).encode(), "back.json")

    passports = {scene.title: passport_of(scene) for scene in Scene.objects.filter(universe=row.universe)}
    assert {title: str(of.disclosure) for title, of in passports.items()} == {
        "Dawn <1>": "ai-autonomous",
        "Dusk": "human-only",
        "Draft": "human-only",
    }


@pytest.mark.parametrize(
    "passport",
    ["x", {"document": []}, {"document": {"disclosure": "divine"}}, {"document": {"contributor": 1}}],
)
def test_odd_passport_in_a_file_declares_nothing(passport):
    assert declared_in(passport) == {}


def test_export_is_signed(world, settings):
    settings.PASSPORT_KEY = base64.b64encode(bytes(32)).decode()

    file = json.loads(exported(world, "native"))

    key = Ed25519PrivateKey.from_private_bytes(bytes(32)).public_key()
    for entry in [*file["elements"], *file["scenes"]]:
        passport = entry["passport"]
        signed = json.dumps(passport["document"], sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        key.verify(base64.b64decode(passport["signature"]["value"]), signed.encode())
    (dawn,) = (entry for entry in file["scenes"] if entry["title"] == "Dawn <1>")
    text = json.dumps({"text": dawn["text"], "title": dawn["title"]}, separators=(",", ":"))
    assert dawn["passport"]["document"]["sha256"] == hashlib.sha256(text.encode()).hexdigest()
