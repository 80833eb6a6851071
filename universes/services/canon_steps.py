"""The steps that entries of canon make, each with its record.

Every function expects the universe to be held by ``open_universe``, but for ``hold_entry``, which does that.
"""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib.auth.models import User

from universes import limits
from universes.choices import CanonStatus, ChangeAction
from universes.errors import Conflict, NotFound
from universes.fields import fold
from universes.models import CanonChange, CanonEntry, Element, Scene
from universes.models.canon import EntryT
from universes.services.canon_content import checked_ref
from universes.services.writing import open_universe

_ACTION_OF = {CanonStatus.CANON: ChangeAction.PROMOTED, CanonStatus.RETIRED: ChangeAction.RETIRED}


def hold_entry(entry: EntryT) -> EntryT:
    """The entry as it is now, in a universe that nobody else writes to meanwhile."""
    open_universe(entry.universe_id)
    fresh = type(entry)._default_manager.select_related("universe").filter(pk=entry.pk).first()
    if fresh is None:
        kind = entry.entry_kind.value
        raise NotFound(f"There is no {kind} {entry.pk}.", code=f"{kind}_not_found")
    return fresh


def add_entry(entry: EntryT, origin_ref: str, status: str, by: User | None) -> EntryT:
    if status == CanonStatus.RETIRED:
        raise Conflict("An entry begins as draft or canon.", code="canon_status_final")
    entry.origin_ref = checked_ref(origin_ref)
    entry.canon_status = CanonStatus(status)
    entry.created_by = by
    entry.save(force_insert=True)
    record_step(entry, ChangeAction.ADDED, None, by)
    return entry


def take_again(entry: EntryT, content: dict[str, Any], status: str, revise: bool, by: User | None) -> EntryT:
    if status == CanonStatus.CANON:
        if entry.canon_status == CanonStatus.DRAFT:
            return change_entry(entry, content, status, by)
        if revise and entry.canon_status == CanonStatus.CANON:
            return change_entry(entry, content, None, by)
    return entry


def change_entry(entry: EntryT, content: dict[str, Any], status: str | None, by: User | None) -> EntryT:
    """Write content and status, and one record of both; a change to nothing writes nothing."""
    new = {field: value for field, value in content.items() if getattr(entry, field) != value}
    step = CanonStatus(status) if status is not None and status != entry.canon_status else None
    if not new and step is None:
        return entry
    if new and entry.canon_status == CanonStatus.RETIRED:
        raise Conflict(f"{entry} is retired and can no longer be changed.", code="entry_retired")
    if step is not None and (step == CanonStatus.DRAFT or entry.canon_status == CanonStatus.RETIRED):
        sentence = f"{entry} is {entry.canon_status} and cannot become {step.value}."
        raise Conflict(sentence, code="canon_status_final")
    before = state_of(entry)
    for field, value in new.items():
        setattr(entry, field, value)
    if step is not None:
        entry.canon_status = step
    if isinstance(entry, Element) and "name" in new:
        refuse_taken_name(entry)
    entry.save(force_update=True)
    record_step(entry, _ACTION_OF[step] if step is not None else ChangeAction.REVISED, before, by)
    return entry


def last_step(kind: str, target_id: uuid.UUID) -> CanonChange | None:
    steps = CanonChange.objects.filter(target_kind=kind, target_id=target_id)
    found: CanonChange | None = steps.select_related("user").order_by("-at", "-id").first()
    return found


def has_been_touched(entry: CanonEntry) -> bool:
    """Whether the last step of it that was not taken back is a person's."""
    steps = CanonChange.objects.filter(target_kind=entry.entry_kind, target_id=entry.pk).order_by(
        "-at", "-id"
    )
    undone = 0
    for action, user_id in steps.values_list("action", "user_id"):
        if action == ChangeAction.WITHDRAWN:
            undone += 1
        elif undone:
            undone -= 1
        else:
            return user_id is not None
    return False


def record_step(
    entry: CanonEntry,
    action: ChangeAction,
    before: dict[str, Any] | None,
    by: User | None,
    *,
    after: dict[str, Any] | None = None,
) -> None:
    CanonChange.objects.create(
        universe_id=entry.universe_id,
        target_kind=entry.entry_kind,
        target_id=entry.pk,
        action=action,
        user=by,
        origin_ref=entry.origin_ref,
        before=before,
        after=state_of(entry) if after is None else after,
    )


def state_of(entry: CanonEntry) -> dict[str, Any]:
    fields = ("title", "text") if isinstance(entry, Scene) else ("kind", "name", "summary", "traits")
    return {"canon_status": str(entry.canon_status), **{field: getattr(entry, field) for field in fields}}


def _names_like(element: Element, name: str) -> set[str]:
    """Keys of the other living elements of the kind that begin as ``name`` does."""
    others = Element.objects.living().filter(
        universe_id=element.universe_id, kind=element.kind, name_key__startswith=fold(name)
    )
    return set(others.exclude(pk=element.pk).values_list("name_key", flat=True))


def refuse_taken_name(element: Element) -> None:
    if fold(element.name) in _names_like(element, element.name):
        kind = element.get_kind_display().lower()
        raise Conflict(
            f"{element.universe} has another {kind} called {element.name}.", code="element_name_taken"
        )


def free_name(element: Element, name: str) -> str:
    """``name``, or "name (2)", "name (3)" … where it is taken; cut where it would grow too long."""
    # Room for the number: every candidate then begins with the same letters, and one query knows them all.
    base = name[: limits.NAME - len(" (99999)")]
    taken = _names_like(element, base)
    number, candidate = 1, name
    while fold(candidate) in taken:
        number += 1
        candidate = f"{base} ({number})"
    return candidate
