"""Entries of canon by what they came from: finding them, and taking back what a review put in."""

from __future__ import annotations

import uuid
from collections.abc import Iterable

from django.contrib.auth.models import User
from django.db import transaction

from universes.choices import CanonStatus, ChangeAction, EntryKind
from universes.errors import Conflict
from universes.models import CanonChange, Element, Scene
from universes.services.canon_steps import (
    change_entry,
    has_been_touched,
    hold_entry,
    last_step,
    record_step,
    refuse_taken_name,
    state_of,
)
from universes.services.writing import open_universe


def entry_from(origin_ref: str) -> Scene | Element | None:
    """The entry that came from ``origin_ref``, whatever its status."""
    for model in (Scene, Element):
        found = model._default_manager.from_origins([origin_ref]).first()
        if isinstance(found, Scene | Element):
            return found
    return None


def latest_change(origin_ref: str) -> CanonChange | None:
    """The last step of the living or retired entry that came from ``origin_ref``; None where there is no entry."""
    entry = entry_from(origin_ref)
    return None if entry is None else last_step(entry.entry_kind, entry.pk)


def retire_untouched(origin_ref: str, by: User) -> CanonChange | None:
    """Retire what the review policy put in from ``origin_ref``, unless a person has worked on it since.

    The step that this was; None where there was nothing to retire.
    """
    found = entry_from(origin_ref)
    if found is None:
        return None
    with transaction.atomic():
        entry = hold_entry(found)
        if has_been_touched(entry) or entry.canon_status == CanonStatus.RETIRED:
            return None
        change_entry(entry, {}, CanonStatus.RETIRED, by)
        return last_step(entry.entry_kind, entry.pk)


def is_touched(origin_ref: str) -> bool:
    """Whether a person has worked on the entry that came from ``origin_ref``; what was undone does not count."""
    entry = entry_from(origin_ref)
    return entry is not None and has_been_touched(entry)


def undo_change(change_id: uuid.UUID, by: User) -> CanonChange | None:
    """Take the last step of an entry back, as if it had not been made: an entry that it added is gone again.

    The step is answered by another one, ``withdrawn``; both stay on record. None where the universe is gone and the
    record with it. Raises ``Conflict``: ``canon_moved_on`` (the entry was changed since, or is gone),
    ``universe_archived``, ``element_name_taken`` (somebody else has the name that it had before).
    """
    step = CanonChange.objects.filter(pk=change_id).first()
    if step is None:
        return None
    model: type[Scene] | type[Element] = Scene if step.target_kind == EntryKind.SCENE else Element
    with transaction.atomic():
        open_universe(step.universe_id)
        entry = model._default_manager.select_related("universe").filter(pk=step.target_id).first()
        if entry is None:
            raise Conflict("What it had put into the universe is gone since.", code="canon_moved_on")
        last = last_step(step.target_kind, step.target_id)
        if last is None or last.pk != step.pk:
            who = last.user.get_username() if last is not None and last.user else "somebody"
            raise Conflict(f"{who} has changed {entry} in the universe since.", code="canon_moved_on")
        now = state_of(entry)
        if step.before is None:
            record_step(entry, ChangeAction.WITHDRAWN, now, by, after={})
            entry.delete()
        else:
            for field, value in step.before.items():
                setattr(entry, field, value)
            if isinstance(entry, Scene):
                entry.word_count = len(entry.text.split())
            elif entry.canon_status != CanonStatus.RETIRED:
                refuse_taken_name(entry)
            entry.save(force_update=True)
            record_step(entry, ChangeAction.WITHDRAWN, now, by)
    return last_step(step.target_kind, step.target_id)


def has_canon(origin_ref: str) -> bool:
    """Whether something that came from ``origin_ref`` is canon now."""
    return bool(canon_origin_refs([origin_ref]))


def canon_origin_refs(refs: Iterable[str]) -> set[str]:
    """Those of ``refs`` that an entry came from which is canon now; two queries."""
    wanted = list(refs)
    return {
        ref
        for entries in (Element.objects.canon(), Scene.objects.canon())
        for ref in entries.from_origins(wanted).values_list("origin_ref", flat=True)
    }
