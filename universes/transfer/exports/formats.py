"""The formats of exports, each with its writer and its kind of file."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from django.http import StreamingHttpResponse
from django.utils.text import slugify

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


def download(universe: Universe, name: str) -> StreamingHttpResponse:
    """Answer with a world as a file; ``name`` is one of ``EXPORTS``."""
    kind = EXPORTS[name]
    file_name = f"{slugify(universe.name) or 'world'}.{kind.suffix}"
    return StreamingHttpResponse(
        kind.write(universe),
        content_type=kind.content_type,
        headers={"Content-Disposition": f'attachment; filename="{file_name}"', "Cache-Control": "no-store"},
    )
