"""Drafts: entries that nobody has taken into canon or discarded yet, one by one or many at once."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from django.contrib.auth.models import User

from universes.choices import CanonStatus
from universes.errors import DomainError, FieldError, Invalid
from universes.models import CanonEntry, Element, Scene, Universe
from universes.services import canon

MAX_DRAFTS: Final = 500


@dataclass(frozen=True, slots=True)
class DraftCounts:
    scenes: int
    elements: int

    @property
    def total(self) -> int:
        return self.scenes + self.elements


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A draft that stays one, with the reason."""

    id: uuid.UUID
    why: str


@dataclass(slots=True)
class DraftsResult:
    done: list[uuid.UUID] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)


def count_drafts(universe: Universe | None = None) -> DraftCounts:
    """Count the drafts of a universe, or of all universes that can be changed."""
    scenes, elements = Scene.objects.drafts(), Element.objects.drafts()
    if universe is None:
        return DraftCounts(
            scenes.filter(universe__archived=False).count(), elements.filter(universe__archived=False).count()
        )
    return DraftCounts(scenes.filter(universe=universe).count(), elements.filter(universe=universe).count())


def promote_drafts(universe: Universe, ids: Sequence[uuid.UUID], *, by: User) -> DraftsResult:
    """Take drafts into canon, each by itself; return those that were left out, with the reasons."""
    return _decide(universe, ids, CanonStatus.CANON, by)


def discard_drafts(universe: Universe, ids: Sequence[uuid.UUID], *, by: User) -> DraftsResult:
    """Retire drafts: they leave the lists, and stay readable by their ids."""
    return _decide(universe, ids, CanonStatus.RETIRED, by)


def _decide(universe: Universe, ids: Sequence[uuid.UUID], status: CanonStatus, by: User) -> DraftsResult:
    ids = list(dict.fromkeys(ids))
    if len(ids) > MAX_DRAFTS:
        detail = f"These are {len(ids)}; at most {MAX_DRAFTS} at a time."
        raise Invalid("Too many drafts.", [FieldError("/ids", detail, "too_many")])
    result, entries = DraftsResult(), _entries(universe, ids)
    for entry_id in ids:
        entry = entries.get(entry_id)
        if entry is None:
            result.left_out.append(LeftOut(entry_id, f"There is no such entry in “{universe.name}”."))
            continue
        try:
            canon.decide_draft(entry, status, by)
        except DomainError as refusal:
            result.left_out.append(LeftOut(entry_id, refusal.message))
        else:
            result.done.append(entry_id)
    return result


def _entries(universe: Universe, ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, CanonEntry]:
    found: dict[uuid.UUID, CanonEntry] = {}
    for model in (Scene, Element):
        found.update({entry.pk: entry for entry in model.objects.filter(universe=universe, pk__in=ids)})
    return found
