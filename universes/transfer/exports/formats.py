"""The formats of exports, each with its writer and its kind of file."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from universes.models import Universe
from universes.transfer.exports import native


@dataclass(frozen=True, slots=True)
class ExportFormat:
    write: Callable[[Universe], Iterator[str | bytes]]
    content_type: str
    suffix: str


EXPORTS: Mapping[str, ExportFormat] = {
    "native": ExportFormat(native.export, "application/json", "world.json"),
}
