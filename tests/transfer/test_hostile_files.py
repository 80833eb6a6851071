"""Hostile and damaged files: refused by name, at once, with nothing stored; harmless oddities are read."""

from __future__ import annotations

import base64
import codecs
import io
import json
import struct
import zipfile
import zlib

import pytest

from tests.transfer.running import as_json, as_zip, run_import, sample
from universes.errors import Invalid
from universes.models import ImportFilePart, Universe, WorldImport
from universes.transfer.files import png as png_files
from universes.transfer.files import zips
from universes.transfer.files.png import card_in
from universes.transfer.files.source import check_members, open_source

BOOK = {
    "entries": {"0": {"uid": 0, "key": ["ferry"], "comment": "Ferry", "content": "It crosses twice a day."}}
}
CARD = as_json({"spec": "chara_card_v2", "data": {"name": "Mira", "description": "A ferrywoman."}})


def refusal(data: bytes, name: str = "world.json") -> str:
    with pytest.raises(Invalid) as refused:
        check_members(open_source(io.BytesIO(data), name))
    return refused.value.code


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(*texts: tuple[str, bytes]) -> bytes:
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))
    cards = b"".join(chunk(b"tEXt", name.encode() + b"\x00" + base64.b64encode(text)) for name, text in texts)
    return (
        b"\x89PNG\r\n\x1a\n" + head + cards + chunk(b"IDAT", zlib.compress(b"\x00\x00")) + chunk(b"IEND", b"")
    )


def picture(*chunks: bytes) -> bytes:
    return b"".join((png()[:33], *chunks, chunk(b"IEND", b"")))


def zip_of(*infos: tuple[zipfile.ZipInfo, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for info, data in infos:
            info.compress_type = method
            archive.writestr(info, data)
    return buffer.getvalue()


def link() -> bytes:
    info = zipfile.ZipInfo("notes/passwd.md")
    info.external_attr = 0o120777 << 16
    return zip_of((info, b"/etc/passwd"))


def declared(size: int) -> bytes:
    """Return an archive whose directory gives its one file another size."""
    data = bytearray(as_zip({"a.json": b"{}"}))
    at = data.rfind(b"PK\x01\x02")
    data[at + 24 : at + 28] = struct.pack("<I", size)
    return bytes(data)


def crowded() -> bytes:
    """Return an end of an archive that announces a million files."""
    return b"PK\x03\x04" + struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 0xFFFF, 0xFFFF, 2**31, 4, 0)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b'{"entries": {"0": {}, "0": {}}}', "repeated_key"),
        (b'{"entries": {}, "a": NaN}', "not_a_number"),
        (b'{"entries": {}, "a": -Infinity}', "not_a_number"),
        (b'{"entries": {}, "a": 1e999}', "number_too_large"),
        (b'{"entries": {}, "a": ' + b"9" * 5000 + b"}", "number_too_large"),
        (b"[" * 100_000, "nested_too_deeply"),
        (b'{"a":' * 200 + b"1" + b"}" * 200, "nested_too_deeply"),
        (b'{"entries": "\\u0000"}', "invalid_text"),
        (b'{"entries": "\\ud800"}', "invalid_text"),
        (b'{"entries": {"\\ud800": 1}}', "invalid_text"),
        (b'{"entries": ', "not_json"),
        (b"", "file_empty"),
        (as_json(BOOK).decode().encode("utf-16"), "not_utf8"),
        (as_json(BOOK).decode().encode("utf-16-be"), "not_utf8"),
        (b'{"entries": "\xff"}', "not_utf8"),
        (b"[" + b"0," * 3_000_001 + b"0]", "too_many_entries"),
        (b'{"entries": [' + b"{}," * 1_000_000 + b"{}]}", "too_many_entries"),
    ],
    ids=lambda part: part if isinstance(part, str) else "",
)
def test_hostile_json(data, code):
    assert refusal(data) == code


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (as_zip({"../evil.json": b"{}"}), "unsafe_path"),
        (as_zip({"notes/../../evil.json": b"{}"}), "unsafe_path"),
        (as_zip({"/etc/evil.json": b"{}"}), "unsafe_path"),
        (as_zip({"C:\\evil.json": b"{}"}), "unsafe_path"),
        (as_zip({"a\\..\\evil.json": b"{}"}), "unsafe_path"),
        (link(), "zip_has_links"),
        (as_zip({"a.json": b"0" * 20_000_000}), "zip_bomb"),
        (declared(2**30), "zip_too_large"),
        (declared(1), "zip_damaged"),
        (as_zip({"inner.zip": as_zip({"a.json": b"{}"})}), "zip_nested"),
        (as_zip({"notes/a.md": as_zip({"a.json": b"{}"})}), "zip_nested"),
        (as_zip({"a.json": b'{"x": 1, "x": 2}'}), "repeated_key"),
        (as_zip({"a.json": b'{"x": NaN}'}), "not_a_number"),
        (as_zip({"a.md": "Fog.".encode("utf-16")}), "not_utf8"),
        (as_zip({"a.json": b"{}"})[:-10], "zip_damaged"),
        (crowded(), "too_many_entries"),
    ],
    ids=lambda part: part if isinstance(part, str) else "",
)
def test_hostile_archive(data, code):
    assert refusal(data, "world.zip") == code


def test_too_many_members(monkeypatch):
    monkeypatch.setattr(zips, "MAX_MEMBERS", 5)

    assert refusal(as_zip({f"{number}.md": b"Fog." for number in range(6)})) == "too_many_entries"


def test_members_that_are_large_only_together(monkeypatch):
    monkeypatch.setattr(zips, "MAX_TOTAL_BYTES", 1_000)

    assert refusal(as_zip({f"{number}.md": b"Fog. " * 50 for number in range(6)})) == "zip_too_large"


def test_repeated_member():
    with pytest.warns(UserWarning, match="Duplicate name"):
        data = zip_of((zipfile.ZipInfo("a.md"), b"Fog."), (zipfile.ZipInfo("a.md"), b"Rain."))

    assert refusal(data) == "repeated_name"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (png(("chara", CARD))[:-30], "png_truncated"),
        (png(("chara", CARD))[:60], "png_truncated"),
        (png(("chara", CARD)).replace(b"chara", b"charb", 1), "png_damaged"),
        (png(("comment", b"Fog.")), "no_card"),
        (png(("chara", b'{"a": 1, "a": 2}')), "repeated_key"),
        (picture(chunk(b"tEXt", b"chara\x00***")), "png_damaged"),
        (picture(chunk(b"zTXt", b"chara\x00\x00not deflated")), "png_damaged"),
        (b"\x89PNG\r\n\x1a\n", "png_truncated"),
    ],
    ids=lambda part: part if isinstance(part, str) else "",
)
def test_hostile_picture(data, code):
    assert refusal(data, "card.png") == code


@pytest.mark.parametrize(
    "card",
    [
        chunk(b"tEXt", b"chara\x00" + base64.b64encode(CARD)),
        chunk(b"zTXt", b"Chara\x00\x00" + zlib.compress(base64.b64encode(CARD))),
        chunk(b"iTXt", b"ccv3\x00\x00\x00en\x00card\x00" + base64.b64encode(CARD)),
        chunk(b"iTXt", b"ccv3\x00\x01\x00\x00\x00" + zlib.compress(base64.b64encode(CARD))),
    ],
    ids=["plain", "compressed", "international", "international, compressed"],
)
def test_card_in_any_chunk_of_text(card):
    assert card_in(picture(card)) == CARD


def test_card_that_unpacks_to_too_much(monkeypatch):
    monkeypatch.setattr(png_files, "MAX_TEXT_BYTES", 1000)

    assert (
        refusal(picture(chunk(b"zTXt", b"chara\x00\x00" + zlib.compress(b"A" * 5000))), "a.png") == "zip_bomb"
    )


@pytest.mark.django_db
def test_refused_file_leaves_nothing(api):
    file = io.BytesIO(b'{"entries": {"0": {}, "0": {}}}')
    file.name = "lore.json"

    response = api.post("/universes/imports", {"file": file}, format="multipart")

    assert (response.status_code, response.json()["code"]) == (400, "repeated_key")
    assert (WorldImport.objects.count(), ImportFilePart.objects.count(), Universe.objects.count()) == (
        0,
        0,
        0,
    )


@pytest.mark.django_db
@pytest.mark.parametrize("data", [{"hello": "world"}, [1, 2], "text", {"entries": 5}])
def test_unknown_format_is_refused(creator, data):
    with pytest.raises(Invalid) as refused:
        run_import(creator, as_json(data), "x.json")
    assert refused.value.code == "unknown_format"


@pytest.mark.django_db
@pytest.mark.parametrize(
    "data",
    [
        codecs.BOM_UTF8 + as_json(BOOK),
        json.dumps(BOOK, indent=1).replace("\n", "\r\n").encode(),
        codecs.BOM_UTF8 + json.dumps(BOOK, indent=1).replace("\n", "\r\n").encode(),
    ],
    ids=["bom", "crlf", "both"],
)
def test_byte_order_mark_and_line_ends_do_not_matter(creator, data):
    assert run_import(creator, data, "lore.json").created == {"concept": 1}


@pytest.mark.django_db
def test_card_in_a_picture_prefers_version_3(creator):
    newer = as_json({"spec": "chara_card_v3", "data": {"name": "Mira of 3", "description": "A ferrywoman."}})

    row = run_import(creator, png(("chara", CARD), ("ccv3", newer)), "card.png")

    assert row.universe is not None
    assert (row.created, row.universe.name) == ({"character": 1}, "Mira of 3")
    assert any("picture itself" in line["why"] for line in row.report)


@pytest.mark.django_db
def test_charx(creator):
    card = sample("07_character_card_v3.json")
    row = run_import(
        creator, as_zip({"card.json": card, "assets/background/images/quay.png": b"x"}), "mira.charx"
    )

    assert row.created == {"character": 1, "concept": 1, "scene": 3}
    assert any(line["where"] == "assets/background/images/quay.png" for line in row.report)
