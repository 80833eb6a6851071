"""Origins of texts, as told by the part of the site that asks language models."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class Reading:
    """A person's approval of a text, ``is_edit`` if they changed it."""

    role: str
    by: str
    at: datetime | None
    is_edit: bool = False


@dataclass(frozen=True, slots=True)
class Machine:
    """The origin of a text that no person wrote. Empty fields are not known.

    ``model`` and ``provider`` are empty for the mock, which is no language model. ``reading`` is the newest approval in
    force.
    """

    model: str = ""
    provider: str = ""
    is_mock: bool = False
    prompt_hash: str = ""
    made_at: datetime | None = None
    receipt_url: str = ""
    reading: Reading | None = None


class Witness(Protocol):
    """The part of the site that knows which job made what."""

    def machines(self, refs: Collection[str]) -> Mapping[str, Machine]:
        """Return the machines by ``origin_ref``."""
        ...

    def judged(self, change_ids: Collection[uuid.UUID]) -> Mapping[uuid.UUID, str]:
        """Return the ``origin_ref`` of the output whose verdict made the change, for the changes that one made."""
        ...

    def receipts(self, refs: Collection[str]) -> Mapping[str, dict[str, Any]]:
        """Return the receipts by ``origin_ref``, in the form of the native format."""
        ...


_witnesses: list[Witness] = []


def register(witness: Witness) -> None:
    """Name the witness; there is one for the whole process."""
    _witnesses[:] = [witness]


def machines(refs: Collection[str]) -> Mapping[str, Machine]:
    return _witnesses[0].machines(refs) if refs and _witnesses else {}


def judged(change_ids: Collection[uuid.UUID]) -> Mapping[uuid.UUID, str]:
    return _witnesses[0].judged(change_ids) if change_ids and _witnesses else {}


def receipts(refs: Collection[str]) -> Mapping[str, dict[str, Any]]:
    return _witnesses[0].receipts(refs) if refs and _witnesses else {}
