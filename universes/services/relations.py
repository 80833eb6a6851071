"""Relations between elements: the only writer of them, which records each step like those of canon."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction

from universes import limits
from universes.choices import CanonStatus, ChangeAction
from universes.errors import Conflict, FieldError, Invalid, NotFound
from universes.models import CanonChange, Element, Relation, Universe
from universes.relations import clean_kind, is_symmetric
from universes.services.locks import lock_writable_universe
from universes.services.validation import clean_text

_TEXTS = {"since": limits.STORY_TIME, "until": limits.STORY_TIME, "note": limits.RELATION_NOTE}
STATE = ("kind", "since", "until", "note")


def add_relation(
    universe: Universe,
    *,
    kind: str,
    from_element: uuid.UUID,
    to_element: uuid.UUID,
    since: str = "",
    until: str = "",
    note: str = "",
    by: User | None = None,
) -> Relation:
    """State a relation between two living elements of a universe.

    Raises ``Invalid``, ``NotFound`` ``element_not_found``, ``Conflict``: ``universe_archived``, ``entry_retired``,
    ``relation_exists``.
    """
    content = clean_relation({"kind": kind, "since": since, "until": until, "note": note})
    with transaction.atomic():
        locked = lock_writable_universe(universe.pk)
        ends = [_living_element(locked, pk) for pk in (from_element, to_element)]
        relation = Relation(universe=locked, created_by=by, **content)
        relation.from_element, relation.to_element = ends
        _settle(relation)
        relation.save(force_insert=True)
        record_relation(relation, ChangeAction.ADDED, None, by)
    return relation


def change_relation(
    universe: Universe,
    relation_id: uuid.UUID,
    *,
    kind: str | None = None,
    since: str | None = None,
    until: str | None = None,
    note: str | None = None,
    by: User | None = None,
) -> Relation:
    """Change the given fields; the elements stay. Raises what ``add_relation`` raises, ``relation_not_found``."""
    given = {"kind": kind, "since": since, "until": until, "note": note}
    content = clean_relation({name: text for name, text in given.items() if text is not None})
    with transaction.atomic():
        relation = find_relation(lock_writable_universe(universe.pk), relation_id)
        changes = {name: text for name, text in content.items() if getattr(relation, name) != text}
        if not changes:
            return relation
        before = relation_state(relation)
        for name, text in changes.items():
            setattr(relation, name, text)
        _settle(relation)
        relation.save(force_update=True)
        record_relation(relation, ChangeAction.REVISED, before, by)
    return relation


def remove_relation(universe: Universe, relation_id: uuid.UUID, by: User | None = None) -> None:
    """Remove a relation; the record of its steps stays. Raises ``NotFound`` ``relation_not_found``."""
    with transaction.atomic():
        relation = find_relation(lock_writable_universe(universe.pk), relation_id)
        record_relation(relation, ChangeAction.RETIRED, relation_state(relation), by, after={})
        relation.delete()


def find_relation(universe: Universe, relation_id: uuid.UUID) -> Relation:
    rows = Relation.objects.select_related("from_element", "to_element", "created_by")
    relation = rows.filter(universe=universe, pk=relation_id).first()
    if relation is None:
        raise NotFound(f"There is no relation {relation_id} in “{universe.name}”.", code="relation_not_found")
    return relation


def restore_relation(change: CanonChange, by: User) -> None:
    """Undo the last step of a relation; a removed one comes back with its id.

    Raises ``Conflict``: ``canon_moved_on`` (it has changed since), ``relation_exists``, ``entry_retired``,
    ``universe_archived``; ``NotFound`` ``element_not_found``.
    """
    with transaction.atomic():
        universe = lock_writable_universe(change.universe_id)
        steps = CanonChange.objects.filter(target_kind=Relation.entry_kind, target_id=change.target_id)
        if steps.order_by("-at", "-id").values_list("pk", flat=True).first() != change.pk:
            raise Conflict("The relation has changed in the universe since.", code="canon_moved_on")
        relation = (
            Relation.objects.select_related("from_element", "to_element").filter(pk=change.target_id).first()
        )
        state = relation_state(relation) if relation else {}
        if not change.before:
            if relation is not None:
                record_relation(relation, ChangeAction.WITHDRAWN, state, by, after={})
                relation.delete()
            return
        is_gone = relation is None
        if relation is None:
            relation = Relation(pk=change.target_id, universe=universe, created_by=by)
        relation.from_element, relation.to_element = (
            _living_element(universe, uuid.UUID(change.before[end])) for end in ("from_element", "to_element")
        )
        for name in STATE:
            setattr(relation, name, change.before[name])
        _settle(relation)
        relation.save(force_insert=is_gone)
        record_relation(relation, ChangeAction.WITHDRAWN, state, by)


def clean_relation(fields: dict[str, Any]) -> dict[str, Any]:
    if "kind" in fields:
        kind = clean_kind(fields["kind"])
        fields["kind"] = clean_text(kind, "/kind", limit=limits.RELATION_KIND, required=True)
    for name, limit in _TEXTS.items():
        if name in fields:
            fields[name] = clean_text(" ".join(fields[name].split()), f"/{name}", limit=limit)
    return fields


def relation_state(relation: Relation) -> dict[str, Any]:
    ends = {"from_element": str(relation.from_element_id), "to_element": str(relation.to_element_id)}
    return {"name": str(relation), **ends, **{name: getattr(relation, name) for name in STATE}}


def record_relation(
    relation: Relation,
    action: ChangeAction,
    before: dict[str, Any] | None,
    by: User | None,
    *,
    after: dict[str, Any] | None = None,
) -> None:
    CanonChange.objects.create(
        universe_id=relation.universe_id,
        target_kind=Relation.entry_kind,
        target_id=relation.pk,
        action=action,
        user=by,
        before=before,
        after=relation_state(relation) if after is None else after,
    )


def order_ends(relation: Relation) -> None:
    """Give a symmetric relation its one direction."""
    if is_symmetric(relation.kind) and relation.from_element_id > relation.to_element_id:
        relation.from_element, relation.to_element = relation.to_element, relation.from_element


def _settle(relation: Relation) -> None:
    """Order the ends, and refuse a relation to itself or one that is there already."""
    if relation.from_element_id == relation.to_element_id:
        detail = "An element has no relation to itself."
        raise Invalid("Not valid: to_element.", [FieldError("/to_element", detail, "same_element")])
    order_ends(relation)
    others = Relation.objects.filter(
        from_element=relation.from_element,
        to_element=relation.to_element,
        kind=relation.kind,
        since=relation.since,
    )
    if (there := others.exclude(pk=relation.pk).first()) is not None:
        details = {"existing": {"id": str(there.pk), "name": str(relation)}}
        raise Conflict(f"“{relation}” is there already.", code="relation_exists", details=details)


def _living_element(universe: Universe, element_id: uuid.UUID) -> Element:
    element = Element.objects.filter(universe=universe, pk=element_id).first()
    if element is None:
        raise NotFound(f"There is no element {element_id} in “{universe.name}”.", code="element_not_found")
    if element.canon_status == CanonStatus.RETIRED:
        raise Conflict(f"“{element}” is retired and can no longer be changed.", code="entry_retired")
    return element
