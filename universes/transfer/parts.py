"""Hooks of other apps: lists of the native format, work that builds on an import, and languages of texts."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from django.contrib.auth.models import User

from universes.models import Universe, WorldImport
from universes.transfer.world import Report


@dataclass(frozen=True, slots=True)
class Target:
    """The universe that an import writes to, which is locked.

    ``ids`` has the id here of each element, scene and rule of the file.
    """

    universe: Universe
    row: WorldImport
    by: User
    ids: Mapping[str, uuid.UUID]
    report: Report


class NativePart(Protocol):
    """A list of the native format: ``name`` is its key in the file."""

    name: str

    def rows(self, universe: Universe) -> Iterator[dict[str, Any]]:
        """Yield the rows of a universe, as the schema has them."""
        ...

    def write(self, rows: Sequence[Mapping[str, Any]], target: Target) -> list[str]:
        """Store the rows of a file, report what is left out, and return the ids of those that were added."""
        ...

    def built_on(self, universe: Universe, ids: Sequence[str]) -> Iterator[str]:
        """Yield the names of later work that builds on the rows of an import."""
        ...

    def take_back(self, universe: Universe, ids: Sequence[str]) -> None:
        """Remove the rows that an import has added and that are still there."""
        ...


_parts: dict[str, NativePart] = {}


def register(part: NativePart) -> None:
    _parts[part.name] = part


# What other apps do with a universe: the names of work that builds on an import, which undoing it would break.
LaterWork = Callable[[WorldImport], Iterator[str]]

_later_work: list[LaterWork] = []


def register_work(names: LaterWork) -> None:
    _later_work.append(names)


def later_work(row: WorldImport) -> Iterator[str]:
    for names in _later_work:
        yield from names(row)


# Returns the language of a text as a tag of BCP 47; None: undecided.
LanguageOf = Callable[[str], str | None]

_languages: list[LanguageOf] = []


def register_languages(language_of: LanguageOf) -> None:
    _languages[:] = [language_of]


def language_of(text: str) -> str:
    """Return the language of a text as a tag of BCP 47, ``und`` if it is undecided."""
    return next((found for language in _languages if (found := language(text))), "und")


def parts() -> list[NativePart]:
    return list(_parts.values())
