"""Entries of an export, each with its signed passport."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any

from django.db.models import QuerySet

from universes.passports.documents import entry_document
from universes.passports.entries import passports_of
from universes.passports.passport import Passport

CHUNK = 200


def with_passports(rows: QuerySet[Any]) -> Iterator[tuple[Any, Passport]]:
    """Yield each entry with its passport, read piece by piece."""
    remaining = rows.iterator(chunk_size=CHUNK)
    while entries := list(islice(remaining, CHUNK)):
        passports = passports_of(entries)
        yield from ((entry, passports[entry.pk]) for entry in entries)


def with_documents(rows: QuerySet[Any]) -> Iterator[tuple[Any, dict[str, Any]]]:
    """Yield each entry with its passport as a signed document."""
    for entry, passport in with_passports(rows):
        yield entry, entry_document(entry, passport)
