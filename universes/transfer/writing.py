"""Application of a world to a universe: new entries are added, those changed only at their source are updated."""

from __future__ import annotations

import uuid
from collections import Counter
from datetime import UTC, datetime
from typing import Any

from django.contrib.auth.models import User
from django.utils import timezone

from universes import limits
from universes.choices import CanonStatus, ChangeAction
from universes.fields import fold
from universes.models import (
    CanonChange,
    Element,
    ImportedEntry,
    Relation,
    Scene,
    Universe,
    WorldConfig,
    WorldImport,
    WorldRule,
)
from universes.relations import clean_kind
from universes.services.canon_steps import entry_state
from universes.services.relations import order_ends, relation_state
from universes.transfer.world import ElementDraft, RelationDraft, SceneDraft, World, digest

_BATCH = 500
_WEAK = "linked to"
RULE = "rule"


def content_of(entry: Element | Scene) -> dict[str, Any]:
    """Return the content of an entry in the form of its draft."""
    if isinstance(entry, Scene):
        return {"title": entry.title, "text": entry.text, "mentions": entry.mentions}
    content = {name: getattr(entry, name) for name in ("name", "summary", "traits", "mentions")}
    return {"kind": str(entry.kind), **content}


class Writer:
    """One import's writes. The caller has opened a transaction and locked the universe."""

    def __init__(self, universe: Universe, world: World, row: WorldImport, by: User) -> None:
        self.universe, self.world, self.row, self.by = universe, world, row, by
        self.created: Counter[str] = Counter()
        self.updated = self.skipped = 0
        self._ids: dict[str, uuid.UUID] = {}
        self._entries: list[ImportedEntry] = []
        self._changes: list[CanonChange] = []
        self._rules_before: dict[str, Any] = {"added": [], "changed": {}}
        self._now = timezone.now()
        rows = ImportedEntry.objects.filter(universe=universe, source=world.format)
        self._records = {(record.target_kind, record.key): record for record in rows}

    def write(self) -> None:
        self._write_config()
        self._write_rules()
        self._write_elements()
        self._write_scenes()
        self._write_relations()
        self._write_history()
        CanonChange.objects.bulk_create(self._changes, batch_size=_BATCH)
        ImportedEntry.objects.bulk_create(
            self._entries,
            batch_size=_BATCH,
            update_conflicts=True,
            unique_fields=["universe", "source", "target_kind", "key"],
            update_fields=["target_id", "source_hash", "stored_hash", "world_import"],
        )

    # --- World

    def _write_config(self) -> None:
        config = WorldConfig.objects.get(universe=self.universe)
        before: dict[str, str] = {}
        for name, text in self.world.config.items():
            present = getattr(config, name)
            if not text or present == text:
                continue
            if present:
                self._conflict(name, f"The world has another {name.replace('_', ' ')} here; it was kept.")
                continue
            before[name] = present
            setattr(config, name, text)
        if before:
            config.save()
        self.row.before = {"config": before, "rules": self._rules_before}
        if self.world.description and not self.universe.description:
            self.universe.description = self.world.description
            self.universe.save(update_fields=["description", "updated_at"])
            self.row.before["description"] = self.world.description
        elif self.world.description not in ("", self.universe.description):
            self._conflict(self.universe.name, "The universe has another description here; it was kept.")

    def _write_rules(self) -> None:
        stored = {rule.pk: rule for rule in WorldRule.objects.filter(universe=self.universe)}
        by_text = {rule.text: rule for rule in stored.values()}
        added: list[WorldRule] = []
        for draft in self.world.rules:
            source_hash = digest(draft.content())
            record = self._records.get((RULE, draft.key))
            present = stored.get(record.target_id) if record else None
            if record is not None and record.source_hash == source_hash:
                self.skipped += 1
                if present is None:
                    self.world.report.add(
                        "unchanged", draft.where, "The rule was removed here, and stays so."
                    )
            elif record is not None and (
                present is None or digest({"text": present.text}) != record.stored_hash
            ):
                self._conflict(
                    draft.where, "The rule changed at its source and here; it was left as it is here."
                )
            elif present is not None:
                self._rules_before["changed"][str(present.pk)] = present.text
                present.text = draft.text
                present.save(update_fields=["text"])
                self.updated += 1
                self._remember(RULE, draft.key, present.pk, source_hash, source_hash)
            elif draft.text in by_text:
                self.skipped += 1
                self._remember(RULE, draft.key, by_text.pop(draft.text).pk, source_hash, source_hash)
            elif len(stored) + len(added) >= limits.RULES:
                self._conflict(draft.where, f"The world has {limits.RULES} rules already; it was left out.")
            else:
                rule = WorldRule(universe=self.universe, text=draft.text)
                rule.position = len(stored) + len(added) + 1
                added.append(rule)
                self._rules_before["added"].append(str(rule.pk))
                self._remember(RULE, draft.key, rule.pk, source_hash, source_hash)
        WorldRule.objects.bulk_create(added)
        if added or self._rules_before["changed"]:
            WorldConfig.objects.get(universe=self.universe).save(update_fields=["updated_at"])
        self._count("rule", len(added))

    # --- Elements and scenes

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
        Element.objects.bulk_create(added, batch_size=_BATCH)
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
        Scene.objects.bulk_create(added, batch_size=_BATCH)
        self._count("scene", len(added))

    def _prepare(self, entry: Element | Scene, draft: ElementDraft | SceneDraft) -> None:
        entry.canon_status = CanonStatus(draft.status)
        entry.created_by = self.by
        entry.created_at = _instant(draft.created_at) or self._now
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

    # --- Relations and history

    def _write_relations(self) -> None:
        there = list(Relation.objects.filter(universe=self.universe))
        stated = {(row.from_element_id, row.to_element_id, row.kind, row.since): row for row in there}
        pairs = {frozenset((row.from_element_id, row.to_element_id)) for row in there}
        added: list[Relation] = []
        # A mere link says nothing that another relation of the two does not say better.
        for draft in sorted(self.world.relations, key=lambda draft: clean_kind(draft.kind) == _WEAK):
            ends = self._ids.get(draft.from_key), self._ids.get(draft.to_key)
            relation = self._relation(draft, *ends)
            if relation is None:
                continue
            pair = frozenset((relation.from_element_id, relation.to_element_id))
            if relation.kind == _WEAK and pair in pairs:
                continue
            known = stated.get(
                (relation.from_element_id, relation.to_element_id, relation.kind, relation.since)
            )
            if known is not None:
                self.skipped += 1
                if (known.until, known.note) != (relation.until, relation.note):
                    self._conflict(
                        draft.where, f"The relation {relation.kind} is there with other dates or notes."
                    )
                    self.skipped -= 1
                continue
            stated[relation.from_element_id, relation.to_element_id, relation.kind, relation.since] = relation
            pairs.add(pair)
            added.append(relation)
        Relation.objects.bulk_create(added, batch_size=_BATCH)
        names = (
            dict(Element.objects.filter(universe=self.universe).values_list("pk", "name")) if added else {}
        )
        for relation in added:
            relation.from_element = Element(pk=relation.from_element_id, name=names[relation.from_element_id])
            relation.to_element = Element(pk=relation.to_element_id, name=names[relation.to_element_id])
            self._changes.append(self._change(relation.entry_kind, relation.pk, ChangeAction.ADDED))
            self._changes[-1].after = relation_state(relation)
        self._count("relation", len(added))

    def _relation(
        self, draft: RelationDraft, from_id: uuid.UUID | None, to_id: uuid.UUID | None
    ) -> Relation | None:
        report, kind = (
            self.world.report,
            clean_kind(draft.kind)[: limits.RELATION_KIND].strip() or "related to",
        )
        if from_id is None or to_id is None:
            why = f"A relation without its other element: {kind}. That one is not in this world."
            report.add("left out", draft.where, why)
            return None
        if from_id == to_id:
            report.add("left out", draft.where, f"A relation to itself: {kind}.")
            return None
        for name, limit in (
            ("since", limits.STORY_TIME),
            ("until", limits.STORY_TIME),
            ("note", limits.RELATION_NOTE),
        ):
            if len(getattr(draft, name)) > limit:
                report.add("cut", draft.where, f"{name} of {kind}: {getattr(draft, name)}")
        relation = Relation(
            universe=self.universe,
            kind=kind,
            from_element=Element(pk=from_id),
            to_element=Element(pk=to_id),
            since=" ".join(draft.since.split())[: limits.STORY_TIME],
            until=" ".join(draft.until.split())[: limits.STORY_TIME],
            note=" ".join(draft.note.split())[: limits.RELATION_NOTE],
            created_by=self.by,
        )
        order_ends(relation)
        return relation

    def _write_history(self) -> None:
        """Put the steps of the source in the place of our own first ones, in a universe that the import has made."""
        if not self.world.history:
            return
        if not self.row.is_new_universe:
            self.world.report.add("left out", "history", "Of a world that is added to another one.")
            return
        steps: list[CanonChange] = []
        for step in self.world.history:
            target = self._ids.get(step["target_id"])
            if target is None or step["target_kind"] not in (Element.entry_kind, Scene.entry_kind):
                self.world.report.add(
                    "left out", "history", f"A step of an entry that is gone: {step['target_id']}"
                )
                continue
            change = self._change(step["target_kind"], target, step["action"])
            change.before, change.after, change.user = step["before"], step["after"], None
            change.at = _instant(step["at"]) or self._now
            steps.append(change)
        told = {change.target_id for change in steps}
        self._changes = [change for change in self._changes if change.target_id not in told] + steps
        if people := sorted({step["by"] for step in self.world.history if step["by"]}):
            why = f"Steps of the history have no account here: {', '.join(people)}."
            self.world.report.add("left out", "history", why)

    # --- Records

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


def _instant(text: str) -> datetime | None:
    if not text:
        return None
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    return at if at.tzinfo else at.replace(tzinfo=UTC)
