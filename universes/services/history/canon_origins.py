"""Canon entries by origin: find the entry that a job made, retire it, undo its steps."""

from __future__ import annotations

import uuid
from collections.abc import Iterable

from django.contrib.auth.models import User
from django.db import transaction

from universes.choices import CanonStatus, ChangeAction, EntryKind
from universes.errors import Conflict
from universes.models import CanonChange, Element, Relation, Scene
from universes.services import timeline
from universes.services.history.canon_steps import (
    change_entry,
    entry_state,
    last_step,
    lock_entry,
    record_step,
    refuse_taken_name,
    was_edited_by_user,
)
from universes.services.history.world_steps import restore_world
from universes.services.locks import lock_writable_universe
from universes.services.relations import restore_relation


def entry_from(origin_ref: str) -> Scene | Element | None:
    """Return the entry that ``origin_ref`` made, in any status."""
    for model in (Scene, Element):
        entry = model._default_manager.from_origins([origin_ref]).first()
        if isinstance(entry, Scene | Element):
            return entry
    return None


def latest_change(origin_ref: str) -> CanonChange | None:
    """Return the last step of the entry that ``origin_ref`` made, or ``None`` if there is no entry."""
    entry = entry_from(origin_ref)
    return None if entry is None else last_step(entry.entry_kind, entry.pk)


def retire_untouched(origin_ref: str, by: User) -> CanonChange | None:
    """Retire the entry that the review policy added for ``origin_ref``, unless a user has edited it since.

    Returns the step, or ``None`` if there was nothing to retire.
    """
    entry = entry_from(origin_ref)
    if entry is None:
        return None
    with transaction.atomic():
        locked = lock_entry(entry)
        if was_edited_by_user(locked) or locked.canon_status == CanonStatus.RETIRED:
            return None
        change_entry(locked, {}, CanonStatus.RETIRED, by)
        return last_step(locked.entry_kind, locked.pk)


def is_touched(origin_ref: str) -> bool:
    """Return whether a user has edited the entry that ``origin_ref`` made; undone steps do not count."""
    entry = entry_from(origin_ref)
    return entry is not None and was_edited_by_user(entry)


def undo_change(change_id: uuid.UUID, by: User) -> CanonChange | None:
    """Undo the last step of an entry; undoing its first step deletes the entry.

    The undo is a step of its own, ``withdrawn``, and both stay on record. Returns ``None`` if the universe was
    deleted together with its record. Raises ``Conflict``: ``canon_moved_on`` (the entry has changed since, or is
    gone), ``universe_archived``, ``element_name_taken`` (another element now has the old name).
    """
    change = CanonChange.objects.filter(pk=change_id).first()
    if change is None:
        return None
    if change.target_kind == EntryKind.WORLD:
        return restore_world(change, by)
    if change.target_kind == EntryKind.RELATION:
        restore_relation(change, by)
        return last_step(change.target_kind, change.target_id)
    if change.target_kind in (EntryKind.EVENT, EntryKind.MOMENT):
        return timeline.restore_step(change, by)
    model: type[Scene] | type[Element] = Scene if change.target_kind == EntryKind.SCENE else Element
    with transaction.atomic():
        lock_writable_universe(change.universe_id)
        entry = model._default_manager.select_related("universe").filter(pk=change.target_id).first()
        if entry is None:
            raise Conflict("What it had put into the universe is gone since.", code="canon_moved_on")
        last = last_step(change.target_kind, change.target_id)
        if last is None or last.pk != change.pk:
            username = last.user.get_username() if last is not None and last.user else "somebody"
            raise Conflict(f"{username} has changed “{entry}” in the universe since.", code="canon_moved_on")
        _restore(entry, change, by)
    return last_step(change.target_kind, change.target_id)


def _restore(entry: Scene | Element, change: CanonChange, by: User) -> None:
    state = entry_state(entry)
    if change.before is None:
        _refuse_related(entry)
        record_step(entry, ChangeAction.WITHDRAWN, state, by, after={})
        entry.delete()
        return
    for field, value in change.before.items():
        setattr(entry, field, value)
    if isinstance(entry, Scene):
        entry.word_count = len(entry.text.split())
    elif entry.canon_status != CanonStatus.RETIRED:
        refuse_taken_name(entry)
    entry.save(force_update=True)
    record_step(entry, ChangeAction.WITHDRAWN, state, by)


def _refuse_related(entry: Scene | Element) -> None:
    """Refuse to delete an entry of which relations or the timeline speak: they would go with it."""
    if isinstance(entry, Scene):
        if moment := timeline.moment_state(entry):
            raise Conflict(f"It is on the timeline, at “{moment['label']}”.", code="canon_moved_on")
        return
    relations = Relation.objects.of(entry.pk).select_related("from_element", "to_element")
    if (relation := relations.order_by("pk").first()) is not None:
        raise Conflict(f"A relation builds on it: “{relation}”.", code="canon_moved_on")
    if (event := timeline.event_with([entry.pk])) is not None:
        raise Conflict(f"An event of the timeline builds on it: “{event}”.", code="canon_moved_on")


def canon_origin_refs(refs: Iterable[str]) -> set[str]:
    """Return the ``refs`` whose entry is canon now; runs two queries."""
    candidates = list(refs)
    return {
        ref
        for entries in (Element.objects.canon(), Scene.objects.canon())
        for ref in entries.from_origins(candidates).values_list("origin_ref", flat=True)
    }
