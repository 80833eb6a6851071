"""The formats of exports, each with its writer and its kind of file."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from universes.models import Universe
from universes.transfer.exports import book, native, onlyworlds, world_info


@dataclass(frozen=True, slots=True)
class ExportFormat:
    write: Callable[[Universe], Iterator[str | bytes]]
    content_type: str
    suffix: str


EXPORTS: Mapping[str, ExportFormat] = {
    "native": ExportFormat(native.export, "application/json", "world.json"),
    "onlyworlds": ExportFormat(onlyworlds.export, "application/json", "onlyworlds.json"),
    "worldinfo": ExportFormat(world_info.export, "application/json", "worldinfo.json"),
    "markdown": ExportFormat(book.markdown, "text/markdown; charset=utf-8", "md"),
    "epub": ExportFormat(book.epub, "application/epub+zip", "epub"),
}
