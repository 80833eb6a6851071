"""The format of a file, as its sender says or as its content shows."""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType
from typing import Final

from universes.transfer.files.refusal import refused
from universes.transfer.files.source import Source
from universes.transfer.formats import (
    cards,
    kanka,
    native,
    novelai,
    obsidian,
    onlyworlds,
    world_anvil,
    world_info,
)
from universes.transfer.world import MAX_ENTRIES, Options, World

# In the order in which they are tried: the last ones recognise the most.
_READERS: Final[tuple[ModuleType, ...]] = (
    native,
    cards,
    novelai,
    onlyworlds,
    kanka,
    world_anvil,
    world_info,
    obsidian,
)
FORMATS: Final = tuple(str(reader.NAME) for reader in _READERS)


def format_of(source: Source, wanted: str = "") -> str:
    """Return the name of the format; raise ``Invalid`` ``unknown_format`` or ``wrong_format``."""
    for reader in _READERS:
        if (not wanted or wanted == reader.NAME) and reader.recognise(source):
            return str(reader.NAME)
    if wanted:
        raise refused("wrong_format", f"The file is not of the format {wanted}.")
    known = ", ".join(FORMATS)
    raise refused("unknown_format", f"The file is of no format that is read here: {known}.")


def read_world(source: Source, name: str, options: Options) -> World:
    """Read a world; raise ``Invalid`` ``too_many_entries`` for one that is too large."""
    read: Callable[[Source, Options], World] = next(reader for reader in _READERS if name == reader.NAME).read
    world = read(source, options)
    if world.size() > MAX_ENTRIES:
        raise refused(
            "too_many_entries", f"The file has {world.size():,} entries; {MAX_ENTRIES:,} are allowed at once."
        )
    return world
