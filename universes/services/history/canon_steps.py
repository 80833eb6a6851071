"""Single steps of canon entries, each with its CanonChange record.

``lock_entry`` locks the universe; every other writer here expects its caller to have locked it.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from django.contrib.auth.models import User
from django.db.models import QuerySet

from universes import limits
from universes.choices import CanonStatus, ChangeAction
from universes.errors import Conflict, NotFound
from universes.fields import fold
from universes.models import CanonChange, CanonEntry, Element, Scene
from universes.models.canon import EntryT
from universes.services.locks import lock_writable_universe
from universes.services.validation import clean_origin_ref

_ACTION_OF = {CanonStatus.CANON: ChangeAction.PROMOTED, CanonStatus.RETIRED: ChangeAction.RETIRED}


def lock_entry(entry: EntryT) -> EntryT:
    """Lock the entry's universe and return the entry's current row."""
    lock_writable_universe(entry.universe_id)
    fresh = type(entry)._default_manager.select_related("universe").filter(pk=entry.pk).first()
    if fresh is None:
        kind = entry.entry_kind.value
        raise NotFound(f"There is no {kind} {entry.pk}.", code=f"{kind}_not_found")
    return fresh


def add_entry(entry: EntryT, origin_ref: str, status: str, by: User | None) -> EntryT:
    prepared(entry, origin_ref, status, by)
    entry.save(force_insert=True)
    record_step(entry, ChangeAction.ADDED, None, by)
    return entry


def prepared(entry: EntryT, origin_ref: str, status: str, by: User | None) -> EntryT:
    """Complete an entry that is to be inserted."""
    if status == CanonStatus.RETIRED:
        raise Conflict("An entry begins as draft or canon.", code="canon_status_final")
    entry.origin_ref = clean_origin_ref(origin_ref)
    entry.canon_status = CanonStatus(status)
    entry.created_by = by
    return entry


def update_existing(
    entry: EntryT, content: dict[str, Any], status: str, revise: bool, by: User | None
) -> EntryT:
    """Apply a repeated add to the entry that the first one made, by the rules of ``canon.add_scene``."""
    # The mentions of the request are there since the first add, and a user may have changed them.
    content = {field: value for field, value in content.items() if field != "mentions"}
    if status == CanonStatus.CANON:
        if entry.canon_status == CanonStatus.DRAFT:
            return change_entry(entry, content, status, by)
        if revise and entry.canon_status == CanonStatus.CANON:
            return change_entry(entry, content, None, by)
    return entry


def change_entry(
    entry: EntryT, content: dict[str, Any], status: str | None, by: User | None, *, origin_ref: str = ""
) -> EntryT:
    """Write content and status with one record of both; write nothing if nothing changes.

    ``origin_ref`` is what wrote the content, if it is not what made the entry.
    """
    changes = {field: value for field, value in content.items() if getattr(entry, field) != value}
    new_status = CanonStatus(status) if status is not None and status != entry.canon_status else None
    if not changes and new_status is None:
        return entry
    if changes and entry.canon_status == CanonStatus.RETIRED:
        raise Conflict(f"“{entry}” is retired and can no longer be changed.", code="entry_retired")
    if new_status is not None and (
        new_status == CanonStatus.DRAFT or entry.canon_status == CanonStatus.RETIRED
    ):
        raise Conflict(
            f"“{entry}” is {entry.canon_status} and cannot become {new_status.value}.",
            code="canon_status_final",
        )
    before = entry_state(entry)
    for field, value in changes.items():
        setattr(entry, field, value)
    if new_status is not None:
        entry.canon_status = new_status
    if isinstance(entry, Element) and "name" in changes:
        refuse_taken_name(entry)
    entry.save(force_update=True)
    action = _ACTION_OF[new_status] if new_status else ChangeAction.REVISED
    record_step(entry, action, before, by, origin_ref=origin_ref)
    return entry


def last_step(kind: str, target_id: uuid.UUID) -> CanonChange | None:
    changes = CanonChange.objects.filter(target_kind=kind, target_id=target_id)
    newest: CanonChange | None = changes.select_related("user").order_by("-at", "-id").first()
    return newest


def was_edited_by_user(entry: CanonEntry) -> bool:
    """Return whether the entry's last step that was not undone is a user's."""
    changes = CanonChange.objects.filter(target_kind=entry.entry_kind, target_id=entry.pk)
    undone = 0
    for action, user_id in changes.order_by("-at", "-id").values_list("action", "user_id"):
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
    origin_ref: str = "",
) -> None:
    step_of(entry, action, before, by, after=after, origin_ref=origin_ref).save(force_insert=True)


def record_steps(steps: Sequence[CanonChange]) -> None:
    """Insert the steps of several entries together."""
    if steps:
        CanonChange.objects.bulk_create(steps)


def step_of(
    entry: CanonEntry,
    action: ChangeAction,
    before: dict[str, Any] | None,
    by: User | None,
    *,
    after: dict[str, Any] | None = None,
    origin_ref: str = "",
) -> CanonChange:
    """Return the step of an entry that ``record_step`` inserts."""
    return CanonChange(
        universe_id=entry.universe_id,
        target_kind=entry.entry_kind,
        target_id=entry.pk,
        action=action,
        user=by,
        origin_ref=clean_origin_ref(origin_ref) or entry.origin_ref,
        before=before,
        after=entry_state(entry) if after is None else after,
    )


def entry_state(entry: CanonEntry) -> dict[str, Any]:
    fields = (
        ("title", "kind", "text", "details")
        if isinstance(entry, Scene)
        else ("kind", "name", "summary", "traits")
    )
    content = {field: getattr(entry, field) for field in (*fields, "mentions")}
    return {"canon_status": str(entry.canon_status), **content}


def refuse_taken_name(element: Element) -> None:
    taken_by = _namesakes(element).filter(name_key=fold(element.name)).first()
    if taken_by is not None:
        kind = element.get_kind_display().lower()
        raise Conflict(
            f"“{element.universe}” has another {kind} called “{taken_by.name}”.",
            code="element_name_taken",
            details={"existing": {"id": str(taken_by.pk), "name": taken_by.name}},
        )


def free_name(element: Element, name: str) -> str:
    """Return ``name``, or "name (2)", "name (3)" … if it is taken, cut to the length limit."""
    # Every candidate begins with the same prefix, so one query finds all taken names.
    base = name[: limits.NAME - len(" (99999)")]
    taken = _name_keys_with_prefix(element, base)
    number, candidate = 1, name
    while fold(candidate) in taken:
        number += 1
        candidate = f"{base} ({number})"
    return candidate


def _name_keys_with_prefix(element: Element, prefix: str) -> set[str]:
    """Return the name keys of other living elements of the kind that begin with ``prefix``."""
    others = _namesakes(element).filter(name_key__startswith=fold(prefix))
    return set(others.values_list("name_key", flat=True))


def _namesakes(element: Element) -> QuerySet[Element]:
    """Return the other living elements of the kind, whose names an element must not have."""
    living = Element.objects.living().filter(universe_id=element.universe_id, kind=element.kind)
    return living.exclude(pk=element.pk)
