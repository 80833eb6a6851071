"""Records of one import's writes: steps, origins, numbers and conflicts."""

from __future__ import annotations

import uuid
from collections import Counter
from datetime import UTC, datetime
from typing import Any, Final

from django.contrib.auth.models import User
from django.utils import timezone

from universes.choices import ChangeAction
from universes.models import CanonChange, Element, ImportedEntry, Scene, Universe, WorldImport
from universes.services.history.canon_steps import entry_state
from universes.transfer.world import World

BATCH: Final = 500


class Recorder:
    """Base of the writers, which share the records of their import."""

    def __init__(self, universe: Universe, world: World, row: WorldImport, by: User) -> None:
        self.universe, self.world, self.row, self.by = universe, world, row, by
        self.created: Counter[str] = Counter()
        self.updated = self.skipped = 0
        # Ids here by the keys of the source: of elements and scenes, and of rules, relations and events.
        self._ids: dict[str, uuid.UUID] = {}
        self._other_ids: dict[str, uuid.UUID] = {}
        self._entries: list[ImportedEntry] = []
        self._changes: list[CanonChange] = []
        self._now = timezone.now()
        rows = ImportedEntry.objects.filter(universe=universe, source=world.format)
        self._records = {(record.target_kind, record.key): record for record in rows}

    def _record(self, entry: Element | Scene, action: ChangeAction, before: dict[str, Any] | None) -> None:
        change = self._change(entry.entry_kind, entry.pk, action)
        change.before, change.after = before, entry_state(entry)
        self._changes.append(change)

    def _change(self, kind: str, target_id: uuid.UUID, action: str) -> CanonChange:
        return CanonChange(
            universe=self.universe,
            target_kind=kind,
            target_id=target_id,
            action=action,
            user=self.by,
            world_import=self.row,
            after={},
        )

    def _remember(self, kind: str, key: str, target: uuid.UUID, source_hash: str, stored_hash: str) -> None:
        self._entries.append(
            ImportedEntry(
                universe=self.universe,
                source=self.world.format,
                key=key,
                target_kind=kind,
                target_id=target,
                source_hash=source_hash,
                stored_hash=stored_hash,
                world_import=self.row,
            )
        )

    def _conflict(self, where: str, why: str) -> None:
        self.skipped += 1
        self.world.report.add("conflict", where, why)

    def _count(self, kind: str, count: int) -> None:
        if count:
            self.created[kind] += count


def instant(text: str) -> datetime | None:
    if not text:
        return None
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    return at if at.tzinfo else at.replace(tzinfo=UTC)
