"""Undoing an import as a whole, unless something later builds on it."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Q

from universes.choices import CanonStatus, ChangeAction, EntryKind, ImportStatus, Role
from universes.errors import Conflict
from universes.models import (
    CanonChange,
    Element,
    ImportedEntry,
    Relation,
    Scene,
    SceneMoment,
    StoryEvent,
    Universe,
    WorldConfig,
    WorldImport,
    WorldRule,
)
from universes.services import access, timeline
from universes.services.history.canon_steps import entry_state, refuse_taken_name
from universes.services.history.world_steps import fields_changed_since, world_step
from universes.services.locks import lock_writable_universe
from universes.services.relations import relation_state
from universes.services.universes import delete_universe
from universes.transfer.imports import find_import
from universes.transfer.parts import NativePart, later_work, parts
from universes.transfer.world import digest
from universes.transfer.world_writing import RULE
from universes.transfer.writing import content_of

# Names that a refusal tells.
MAX_NAMED = 10


def undo_own(import_id: uuid.UUID, by: User) -> WorldImport:
    """Take back an import of one's own, as an owner of the universe that it made, or an editor of the one it added to.

    Raises what ``imports.find_import``, ``access.find_universe`` and ``undo`` raise.
    """
    row = find_import(by, import_id)
    if row.universe_id is not None:
        needed = Role.OWNER if row.is_new_universe else Role.EDITOR
        access.find_universe(by, row.universe_id, at_least=needed)
    return undo(row, by)


def undo(row: WorldImport, by: User) -> WorldImport:
    """Take back all that an import did; a universe that it made is deleted.

    Raises ``Conflict``: ``import_not_undoable`` (it did not complete, or is undone already), ``import_built_on`` that
    names what was changed or added since, ``universe_archived``, ``universe_in_use``.
    """
    with transaction.atomic():
        if row.universe_id is None or row.dry_run:
            raise _not_undoable(row)
        universe = lock_writable_universe(row.universe_id)
        present = WorldImport.objects.select_for_update().get(pk=row.pk)
        if present.status != ImportStatus.COMPLETED:
            raise _not_undoable(present)
        steps = _steps(present)
        _refuse_later_work(present, universe, steps)
        WorldImport.objects.filter(pk=row.pk).update(status=ImportStatus.UNDONE)
        if present.is_new_universe:
            delete_universe(universe)
        else:
            _undo_timeline(steps, by)
            _undo_relations(steps, by)
            _undo_entries(steps, by)
            with world_step(universe, by, action=ChangeAction.WITHDRAWN):
                _undo_world(present, universe)
            for part, ids in _added_parts(present):
                part.take_back(universe, ids)
            ImportedEntry.objects.filter(world_import=present).exclude(source_hash="").delete()
    return WorldImport.objects.get(pk=row.pk)


def _added_parts(row: WorldImport) -> Iterator[tuple[NativePart, list[str]]]:
    added = row.before.get("parts", {})
    return ((part, added[part.name]) for part in parts() if part.name in added)


def _not_undoable(row: WorldImport) -> Conflict:
    return Conflict(
        f"The import of “{row.file_name}” is {row.status} and changed nothing that could be undone.",
        code="import_not_undoable",
    )


def _steps(row: WorldImport) -> dict[tuple[str, uuid.UUID], CanonChange]:
    """Return the first step of the import on each of its targets: its ``before`` is the state to go back to."""
    steps: dict[tuple[str, uuid.UUID], CanonChange] = {}
    for change in CanonChange.objects.filter(world_import=row).order_by("at", "id"):
        steps.setdefault((change.target_kind, change.target_id), change)
    return steps


def _refuse_later_work(
    row: WorldImport, universe: Universe, steps: dict[tuple[str, uuid.UUID], CanonChange]
) -> None:
    built = set(_changed_since(row, universe, steps))
    built |= set(_changed_rules(row, universe))
    built.update(
        name
        for (kind, _), step in steps.items()
        if kind == EntryKind.WORLD
        for name in fields_changed_since(step)
    )
    made = {
        target for (kind, target), step in steps.items() if kind == Element.entry_kind and not step.before
    }
    ours = {target for kind, target in steps if kind == Relation.entry_kind}
    if made:
        others = Relation.objects.filter(universe=universe).select_related("from_element", "to_element")
        for relation in others:
            if relation.pk not in ours and made & {relation.from_element_id, relation.to_element_id}:
                built.add(str(relation))
    if not row.is_new_universe:
        built.update(_on_timeline(steps, made))
        for part, ids in _added_parts(row):
            built.update(part.built_on(universe, ids))
    built.update(later_work(row))
    if built:
        names = sorted(built)
        more = f" and {len(names) - MAX_NAMED} more" if len(names) > MAX_NAMED else ""
        raise Conflict(
            f"Later work builds on this import: {', '.join(names[:MAX_NAMED])}{more}.",
            code="import_built_on",
        )


def _on_timeline(steps: dict[tuple[str, uuid.UUID], CanonChange], made: set[uuid.UUID]) -> Iterator[str]:
    """Yield the events that others have added with elements of the import, and its scenes that they have placed."""
    events = {target for kind, target in steps if kind == EntryKind.EVENT}
    if made:
        of_them = Q(place__in=made) | Q(participants__in=made)
        yield from map(str, StoryEvent.objects.filter(of_them).exclude(pk__in=events))
    moments = {target for kind, target in steps if kind == EntryKind.MOMENT}
    scenes = {target for (kind, target), step in steps.items() if kind == EntryKind.SCENE and not step.before}
    placed = SceneMoment.objects.filter(scene__in=scenes - moments).select_related("scene")
    yield from (f"the moment of “{moment.scene}”" for moment in placed)


def _undo_timeline(steps: dict[tuple[str, uuid.UUID], CanonChange], by: User) -> None:
    for kind, target in steps:
        if kind in (EntryKind.EVENT, EntryKind.MOMENT):
            timeline.restore_step(steps[kind, target], by)


def _changed_since(
    row: WorldImport, universe: Universe, steps: dict[tuple[str, uuid.UUID], CanonChange]
) -> list[str]:
    """Return the names of its entries that have later steps; of a universe that it made, also those of others."""
    others = CanonChange.objects.filter(universe=universe).exclude(world_import=row)
    if not row.is_new_universe:
        # Of a world, a later step may have changed something else.
        others = others.exclude(target_kind=EntryKind.WORLD)
    names = []
    for change in others.only("target_kind", "target_id", "before", "after", "at"):
        step = steps.get((change.target_kind, change.target_id))
        is_new_here = step is None and row.is_new_universe
        # The import itself holds the universe locked until it ends.
        if is_new_here or (step is not None and row.finished_at is not None and change.at >= row.finished_at):
            content: dict[str, Any] = change.after or change.before or {}
            is_world = change.target_kind == EntryKind.WORLD
            told = EntryKind.WORLD.label if is_world else content.get("name") or content.get("title")
            names.append(str(told or change.target_id))
    return names


def _changed_rules(row: WorldImport, universe: Universe) -> list[str]:
    records = {
        record.target_id: record
        for record in ImportedEntry.objects.filter(world_import=row, target_kind=RULE)
    }
    rules = {rule.pk: rule for rule in WorldRule.objects.filter(universe=universe)}
    changed = [
        rules[target].text
        for target, record in records.items()
        if target in rules and digest({"text": rules[target].text}) != record.stored_hash
    ]
    if row.is_new_universe:
        changed += [rule.text for pk, rule in rules.items() if pk not in records]
    return changed


def _undo_relations(steps: dict[tuple[str, uuid.UUID], CanonChange], by: User) -> None:
    ids = [target for kind, target in steps if kind == Relation.entry_kind]
    relations = list(Relation.objects.filter(pk__in=ids).select_related("from_element", "to_element"))
    _record([(relation, relation_state(relation), {}) for relation in relations], by)
    Relation.objects.filter(pk__in=[relation.pk for relation in relations]).delete()


def _undo_entries(steps: dict[tuple[str, uuid.UUID], CanonChange], by: User) -> None:
    models: tuple[type[Element] | type[Scene], ...] = (Scene, Element)
    for model in models:
        targets = {target: step for (kind, target), step in steps.items() if kind == model.entry_kind}
        entries: list[Element | Scene] = list(
            model._default_manager.filter(pk__in=list(targets)).select_related("universe")
        )
        taken = [entry for entry in entries if not targets[entry.pk].before]
        _record([(entry, entry_state(entry), {}) for entry in taken], by)
        model._default_manager.filter(pk__in=[entry.pk for entry in taken]).delete()
        for entry in entries:
            if before := targets[entry.pk].before:
                state = entry_state(entry)
                for field, value in before.items():
                    setattr(entry, field, value)
                if isinstance(entry, Scene):
                    entry.word_count = len(entry.text.split())
                elif entry.canon_status != CanonStatus.RETIRED:
                    refuse_taken_name(entry)
                entry.save(force_update=True)
                _record([(entry, state, entry_state(entry))], by)
                _forget_source(entry.pk, content_of(entry))


def _undo_world(row: WorldImport, universe: Universe) -> None:
    config = WorldConfig.objects.get(universe=universe)
    for name, text in row.before.get("config", {}).items():
        setattr(config, name, text)
    config.save()
    if universe.description and universe.description == row.before.get("description"):
        universe.description = ""
        universe.save(update_fields=["description", "updated_at"])
    rules = row.before.get("rules", {})
    for rule_id, text in rules.get("changed", {}).items():
        WorldRule.objects.filter(universe=universe, pk=rule_id).update(text=text)
        _forget_source(rule_id, {"text": text})
    WorldRule.objects.filter(universe=universe, pk__in=rules.get("added", [])).delete()
    for position, rule in enumerate(
        WorldRule.objects.filter(universe=universe).order_by("position"), start=1
    ):
        if rule.position != position:
            rule.position = position
            rule.save(update_fields=["position"])


def _forget_source(target_id: uuid.UUID | str, content: dict[str, Any]) -> None:
    """Let a later import of the same source update the entry again."""
    rows = ImportedEntry.objects.filter(target_id=target_id)
    rows.update(source_hash="", stored_hash=digest(content))


def _record(steps: list[tuple[Element | Scene | Relation, dict[str, Any], dict[str, Any]]], by: User) -> None:
    CanonChange.objects.bulk_create(
        [
            CanonChange(
                universe_id=target.universe_id,
                target_kind=target.entry_kind,
                target_id=target.pk,
                action=ChangeAction.WITHDRAWN,
                user=by,
                before=before,
                after=after,
            )
            for target, before, after in steps
        ],
        batch_size=500,
    )
