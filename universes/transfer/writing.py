"""Application of a world to a universe: new entries are added, those changed only at their source are updated."""

from __future__ import annotations

from collections import Counter
from typing import Any

from universes.choices import CanonStatus, ChangeAction
from universes.fields import fold
from universes.models import CanonChange, Element, ImportedEntry, Scene
from universes.services.history.canon_steps import entry_state
from universes.transfer.history_writing import HistoryWriter
from universes.transfer.parts import Target, parts
from universes.transfer.recording import BATCH, instant
from universes.transfer.relation_writing import RelationWriter
from universes.transfer.timeline_writing import TimelineWriter
from universes.transfer.world import ElementDraft, SceneDraft, digest
from universes.transfer.world_writing import WorldWriter


def content_of(entry: Element | Scene) -> dict[str, Any]:
    """Return the content of an entry in the form of its draft."""
    if isinstance(entry, Scene):
        draft = SceneDraft(
            "", entry.title, entry.text, entry.mentions, kind=entry.kind, details=entry.details
        )
        return draft.content()
    content = {name: getattr(entry, name) for name in ("name", "summary", "traits", "mentions")}
    return {"kind": str(entry.kind), **content}


class Writer(WorldWriter, RelationWriter, TimelineWriter, HistoryWriter):
    """One import's writes. The caller has opened a transaction and locked the universe."""

    def write(self) -> None:
        self._write_world()
        self._write_elements()
        self._write_scenes()
        self._write_relations()
        self._write_timeline()
        self._write_parts()
        self._write_history()
        CanonChange.objects.bulk_create(self._changes, batch_size=BATCH)
        ImportedEntry.objects.bulk_create(
            self._entries,
            batch_size=BATCH,
            update_conflicts=True,
            unique_fields=["universe", "source", "target_kind", "key"],
            update_fields=["target_id", "source_hash", "stored_hash", "world_import"],
        )

    def _write_parts(self) -> None:
        ids = {**self._other_ids, **self._ids}
        target = Target(self.universe, self.row, self.by, ids, self.world.report)
        for part in parts():
            if rows := self.world.parts.get(part.name):
                added = part.write(rows, target)
                self._count(part.name.removesuffix("s"), len(added))
                if added and not self.row.is_new_universe:
                    self.row.before.setdefault("parts", {})[part.name] = added

    def _write_elements(self) -> None:
        there = list(Element.objects.filter(universe=self.universe))
        by_id = {element.pk: element for element in there}
        names = {
            (element.kind, fold(element.name)): element
            for element in there
            if element.canon_status != CanonStatus.RETIRED
        }
        keys = {draft.key for draft in self.world.elements}
        by_target = {
            record.target_id: record
            for (kind, key), record in self._records.items()
            if kind == Element.entry_kind and key not in keys
        }
        added: list[Element] = []
        for draft in self.world.elements:
            namesake = names.get((draft.kind, fold(draft.name)))
            if draft.status == CanonStatus.RETIRED:
                namesake = None
            # The same entry of a source that was saved under another name.
            again = by_target.get(namesake.pk) if namesake else None
            record = self._records.get((Element.entry_kind, draft.key)) or again
            content = {"kind": str(draft.kind), **draft.content()}
            if record is not None:
                self._renew(draft, record, by_id.get(record.target_id), content, namesake)
            elif namesake is not None:
                self._meet(draft, namesake, content)
            else:
                element = Element(universe=self.universe, kind=draft.kind, **draft.content())
                self._prepare(element, draft)
                added.append(element)
                if draft.status != CanonStatus.RETIRED:
                    names[draft.kind, fold(draft.name)] = element
                self._remember(Element.entry_kind, draft.key, element.pk, digest(content), digest(content))
        Element.objects.bulk_create(added, batch_size=BATCH)
        for kind, count in Counter(element.kind for element in added).items():
            self._count(str(kind), count)

    def _write_scenes(self) -> None:
        stored = Scene.objects.filter(universe=self.universe)
        by_id = {scene.pk: scene for scene in stored}
        same = {(scene.title, scene.text): scene for scene in by_id.values()}
        added: list[Scene] = []
        for draft in self.world.scenes:
            record = self._records.get((Scene.entry_kind, draft.key))
            if record is not None:
                self._renew(draft, record, by_id.get(record.target_id), draft.content(), None)
            elif (namesake := same.get((draft.title, draft.text))) is not None:
                self._meet(draft, namesake, draft.content())
            else:
                scene = Scene(universe=self.universe, **draft.content())
                scene.word_count = len(scene.text.split())
                self._prepare(scene, draft)
                added.append(scene)
                hashed = digest(draft.content())
                self._remember(Scene.entry_kind, draft.key, scene.pk, hashed, hashed)
        Scene.objects.bulk_create(added, batch_size=BATCH)
        self._count("scene", len(added))

    def _prepare(self, entry: Element | Scene, draft: ElementDraft | SceneDraft) -> None:
        entry.canon_status = CanonStatus(draft.status)
        entry.created_by = self.by
        entry.declared = draft.declared
        entry.created_at = instant(draft.created_at) or self._now
        self._ids[draft.key] = entry.pk
        self._record(entry, ChangeAction.ADDED, None)

    def _renew(
        self,
        draft: ElementDraft | SceneDraft,
        record: ImportedEntry,
        entry: Element | Scene | None,
        content: dict[str, Any],
        namesake: Element | None,
    ) -> None:
        """Bring an entry of an earlier import up to date, unless somebody has changed it here."""
        is_gone = entry is None or (
            entry.canon_status == CanonStatus.RETIRED and draft.status != CanonStatus.RETIRED
        )
        if entry is not None:
            self._ids[draft.key] = entry.pk
        if record.source_hash == digest(content):
            self.skipped += 1
            if is_gone:
                self.world.report.add("unchanged", draft.where, "It was removed here, and stays so.")
            return
        if entry is None or is_gone:
            self._conflict(draft.where, "It changed at its source, but was removed here; it stays so.")
        elif digest(content_of(entry)) != record.stored_hash:
            self._conflict(draft.where, "It changed at its source and here; it was left as it is here.")
        elif isinstance(entry, Element) and entry.kind != content["kind"]:
            self._conflict(
                draft.where, f"It is a {content['kind']} now, and a {entry.kind} here; it was left so."
            )
        elif namesake is not None and namesake.pk != entry.pk:
            self._conflict(draft.where, "Another element has its new name here; it was left as it is.")
        else:
            before = entry_state(entry)
            for name, value in draft.content().items():
                setattr(entry, name, value)
            entry.declared = draft.declared
            if isinstance(entry, Scene):
                entry.word_count = len(entry.text.split())
            entry.save(force_update=True)
            self._record(entry, ChangeAction.REVISED, before)
            self.updated += 1
            hashed = digest(content)
            self._remember(record.target_kind, record.key, entry.pk, hashed, hashed)

    def _meet(
        self, draft: ElementDraft | SceneDraft, entry: Element | Scene, content: dict[str, Any]
    ) -> None:
        """Take an entry that did not come from this source, and is called the same, for the one of the source."""
        self._ids[draft.key] = entry.pk
        hashed = digest(content)
        if digest(content_of(entry)) == hashed:
            self.skipped += 1
            self._remember(entry.entry_kind, draft.key, entry.pk, hashed, hashed)
        else:
            self._conflict(
                draft.where, "Another entry has this name here, with other words; it was left as it is."
            )
