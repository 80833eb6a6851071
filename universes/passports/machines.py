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


@dataclass(frozen=True, slots=True)
class Testimony:
    """Account that the jobs give of some entries.

    ``machines`` by ``origin_ref``; ``judged``: the ``origin_ref`` of the output whose verdict made a change, by change.
    """

    machines: Mapping[str, Machine]
    judged: Mapping[uuid.UUID, str]


class Witness(Protocol):
    """The part of the site that knows which job made what."""

    def testify(self, refs: Collection[str], change_ids: Collection[uuid.UUID]) -> Testimony:
        """Return the machines of the refs, and of the outputs whose verdicts made some of the changes."""
        ...

    def receipts(self, refs: Collection[str]) -> Mapping[str, dict[str, Any]]:
        """Return the receipts by ``origin_ref``, in the form of the native format."""
        ...


_witnesses: list[Witness] = []


def register(witness: Witness) -> None:
    """Name the witness; there is one for the whole process."""
    _witnesses[:] = [witness]


def testify(refs: Collection[str], change_ids: Collection[uuid.UUID]) -> Testimony:
    if not _witnesses or not (refs or change_ids):
        return Testimony({}, {})
    return _witnesses[0].testify(refs, change_ids)


def receipts(refs: Collection[str]) -> Mapping[str, dict[str, Any]]:
    return _witnesses[0].receipts(refs) if refs and _witnesses else {}
