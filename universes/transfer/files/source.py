"""An uploaded file of any kind, as the readers see it: a JSON value, an archive of members, or a text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import IO, Any

from universes.transfer.files import png, strict_json
from universes.transfer.files.refusal import refused
from universes.transfer.files.zips import Archive

MAX_BYTES = 50_000_000
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")


@dataclass(frozen=True, slots=True)
class Source:
    """One of ``archive``, ``value`` (of JSON) and ``text`` is there; ``is_picture``: the value came out of a PNG."""

    name: str
    archive: Archive | None = None
    value: Any = None
    text: str | None = None
    is_picture: bool = False

    def json(self, member: str) -> Any:
        assert self.archive is not None
        return strict_json.loads(self.archive.read(member), member)

    def markdown(self, member: str) -> str:
        assert self.archive is not None
        return clean_lines(strict_json.decode(self.archive.read(member), member))


def open_source(file: IO[bytes], name: str) -> Source:
    """Open a file; raise ``Invalid`` for one that is damaged, hostile or of no kind that is read here."""
    file.seek(0)
    head = file.read(8)
    file.seek(0)
    if not head:
        raise refused("file_empty", "The file is empty.")
    if head.startswith(_ZIP):
        return Source(name, archive=Archive(file))
    data = file.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise refused("file_too_large", f"The file is over {MAX_BYTES:,} bytes.")
    if head.startswith(png.SIGNATURE):
        return Source(name, value=strict_json.loads(png.card_in(data), "The card"), is_picture=True)
    if name.lower().endswith((".md", ".markdown")):
        return Source(name, text=clean_lines(strict_json.decode(data, name)))
    return Source(name, value=strict_json.loads(data, "The file"))


def check_members(source: Source) -> None:
    """Read every JSON and Markdown member once, so that a hostile one is refused before anything is stored."""
    if source.archive is None:
        return
    for member in source.archive.names:
        if member.lower().endswith(".json"):
            source.json(member)
        elif member.lower().endswith((".md", ".markdown")):
            source.markdown(member)


def clean_lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")
