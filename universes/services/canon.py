"""The only writer of canon: add, revise, promote and retire entries, and record each step.

Every function may run inside a caller's transaction. Callers check permissions first (``services.access``).
``by`` is the acting user, or ``None`` if the review policy acts.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction

from universes.choices import CanonStatus, ChangeAction, ElementKind, SceneKind
from universes.errors import Conflict
from universes.fields import fold
from universes.models import CanonChange, CanonEntry, Element, Scene, Universe
from universes.models.canon import CanonEntryQuerySet, EntryT
from universes.services.history.canon_steps import (
    add_entry,
    change_entry,
    free_name,
    last_step,
    lock_entry,
    prepared,
    record_steps,
    refuse_taken_name,
    step_of,
    update_existing,
)
from universes.services.locks import lock_writable_universe, refuse_archived
from universes.services.validation import (
    clean_element,
    clean_origin_ref,
    clean_scene,
    parse_kind,
    without_none,
)


def add_scene(
    universe: Universe,
    *,
    title: str,
    text: str,
    kind: str = SceneKind.NARRATIVE,
    details: Mapping[str, Any] | None = None,
    mentions: Sequence[Mapping[str, Any]] = (),
    origin_ref: str = "",
    status: str = CanonStatus.DRAFT,
    revise: bool = False,
    by: User | None = None,
) -> Scene:
    """Add a scene, idempotently per ``origin_ref``; ``details`` is what its kind has besides the text.

    A repeated ``origin_ref`` returns the existing entry. With ``status`` canon, an existing draft is promoted and
    takes the new title and text, since a reviewer may have edited them; an entry that is already canon takes them
    only with ``revise``. Otherwise nothing changes.
    Raises ``Invalid`` that names the field, ``Conflict`` ``universe_archived``.
    """
    content = _scene_content(title, text, kind, details or {}, mentions)
    with transaction.atomic():
        locked = lock_writable_universe(universe.pk)
        existing = Scene.objects.filter(universe=locked).from_origins([clean_origin_ref(origin_ref)]).first()
        if existing is not None:
            return update_existing(existing, content, status, revise, by)
        return add_entry(Scene(universe=locked, **content), origin_ref, status, by)


def add_element(
    universe: Universe,
    *,
    kind: str,
    name: str,
    summary: str = "",
    traits: Mapping[str, Any] | None = None,
    mentions: Sequence[Mapping[str, Any]] = (),
    origin_ref: str = "",
    status: str = CanonStatus.DRAFT,
    revise: bool = False,
    by: User | None = None,
) -> Element:
    """Add an element, idempotently per ``origin_ref`` (see ``add_scene``).

    If another living element of the kind has the name, an element added by hand is refused with ``Conflict``
    ``element_name_taken``. An element that comes from a job is named "Name (2)" instead, because no user is present
    to choose another name.
    """
    element_kind, content = _element_content(kind, name, summary, traits or {}, mentions)
    with transaction.atomic():
        locked = lock_writable_universe(universe.pk)
        existing = (
            Element.objects.filter(universe=locked).from_origins([clean_origin_ref(origin_ref)]).first()
        )
        if existing is not None:
            if existing.kind != kind:
                raise Conflict(
                    f"{origin_ref} has made a {existing.kind} here already.",
                    code="origin_ref_taken",
                    details={"existing": {"id": str(existing.pk), "name": existing.name}},
                )
            content["name"] = free_name(existing, content["name"])
            return update_existing(existing, content, status, revise, by)
        element = Element(universe=locked, kind=element_kind, **content)
        if origin_ref:
            element.name = free_name(element, element.name)
        refuse_taken_name(element)
        return add_entry(element, origin_ref, status, by)


def new_scene(
    locked: Universe,
    *,
    title: str,
    text: str,
    kind: str = SceneKind.NARRATIVE,
    details: Mapping[str, Any] | None = None,
    mentions: Sequence[Mapping[str, Any]] = (),
    origin_ref: str,
    status: str,
) -> Scene:
    """Return a scene for ``insert_new``; the caller has locked the universe. Raises what ``add_scene`` raises."""
    refuse_archived(locked)
    content = _scene_content(title, text, kind, details or {}, mentions)
    return prepared(Scene(universe=locked, **content), origin_ref, status, None)


def new_element(
    locked: Universe,
    *,
    kind: str,
    name: str,
    summary: str = "",
    traits: Mapping[str, Any] | None = None,
    mentions: Sequence[Mapping[str, Any]] = (),
    origin_ref: str,
    status: str,
) -> Element:
    """Return an element for ``insert_new``, as ``new_scene`` returns a scene."""
    refuse_archived(locked)
    element_kind, content = _element_content(kind, name, summary, traits or {}, mentions)
    return prepared(Element(universe=locked, kind=element_kind, **content), origin_ref, status, None)


def insert_new(entries: Sequence[Scene | Element]) -> set[uuid.UUID]:
    """Insert entries that jobs made, with their first steps; return the ids of those that are in.

    Left out are entries whose origin has one in its universe already, and elements whose name another living one has:
    what becomes of them is for ``add_scene`` and ``add_element`` to decide. The number of statements does not depend on
    that of the entries. The caller has locked all their universes.
    """
    scenes = _without_known_origins(
        Scene.objects.all(), [entry for entry in entries if isinstance(entry, Scene)]
    )
    elements = _without_taken_names(
        _without_known_origins(
            Element.objects.all(), [entry for entry in entries if isinstance(entry, Element)]
        )
    )
    if scenes:
        Scene.objects.bulk_create(scenes)
    if elements:
        Element.objects.bulk_create(elements)
    added = [*scenes, *elements]
    record_steps([step_of(entry, ChangeAction.ADDED, None, None) for entry in added])
    return {entry.pk for entry in added}


def _without_known_origins(there: CanonEntryQuerySet[EntryT], entries: Sequence[EntryT]) -> list[EntryT]:
    if not entries:
        return []
    there = there.filter(universe__in={entry.universe_id for entry in entries})
    refs = {entry.origin_ref for entry in entries}
    known = set(there.from_origins(refs).values_list("universe_id", "origin_ref"))
    return [entry for entry in entries if (entry.universe_id, entry.origin_ref) not in known]


def _without_taken_names(elements: Sequence[Element]) -> list[Element]:
    """Return elements without those whose name is taken, or is that of an element before them."""
    if not elements:
        return []
    names = [(element.universe_id, element.kind, fold(element.name)) for element in elements]
    living = Element.objects.living().filter(
        universe__in={universe_id for universe_id, _, _ in names}, name_key__in={key for _, _, key in names}
    )
    taken = set(living.values_list("universe_id", "kind", "name_key"))
    free = []
    for element, name in zip(elements, names, strict=True):
        if name not in taken:
            taken.add(name)
            free.append(element)
    return free


def _scene_content(
    title: str,
    text: str,
    kind: str,
    details: Mapping[str, Any],
    mentions: Sequence[Mapping[str, Any]],
) -> dict[str, Any]:
    content = clean_scene({"title": title, "text": text, "mentions": list(mentions)})
    return content | {"kind": SceneKind(kind), "details": dict(details)}


def _element_content(
    kind: str,
    name: str,
    summary: str,
    traits: Mapping[str, Any],
    mentions: Sequence[Mapping[str, Any]],
) -> tuple[ElementKind, dict[str, Any]]:
    element_kind = parse_kind(kind)
    fields = {"name": name, "summary": summary, "traits": traits, "mentions": list(mentions)}
    return element_kind, clean_element(element_kind, fields)


def namesake(universe: Universe, kind: str, name: str, *, origin_ref: str = "") -> Element | None:
    """Return the living element of the kind that has the name and did not come from ``origin_ref``."""
    others = Element.objects.living().filter(universe=universe, kind=kind, name_key=fold(name))
    return others.exclude(origin_ref__gt="", origin_ref=origin_ref).first()


def merge_into(
    element: Element, *, summary: str, traits: Mapping[str, Any], by: User | None
) -> CanonChange | None:
    """Add a description to an element of the same name; return the step, or None if nothing was new.

    Nothing of the element is lost: the summary goes behind its own, unless it is part of it, and only traits that it
    lacks are added; lists are joined.
    """
    with transaction.atomic():
        locked = lock_entry(element)
        own = dict(locked.traits)
        for name, value in traits.items():
            if isinstance(value, list) and isinstance(own.get(name), list):
                own[name] = [*own[name], *(part for part in value if part not in own[name])]
            else:
                own.setdefault(name, value)
        parts = [locked.summary, summary] if summary.strip() not in locked.summary else [locked.summary]
        content = {"summary": "\n\n".join(part.strip() for part in parts if part.strip()), "traits": own}
        before = last_step(locked.entry_kind, locked.pk)
        change_entry(locked, clean_element(parse_kind(locked.kind), content), None, by)
        step = last_step(locked.entry_kind, locked.pk)
    return step if step != before else None


def revise_scene(
    scene: Scene,
    *,
    title: str | None = None,
    text: str | None = None,
    mentions: Sequence[Mapping[str, Any]] | None = None,
    status: str | None = None,
    origin_ref: str = "",
    by: User | None = None,
) -> Scene:
    """Change content and status as one step, and return the new scene; ``None`` leaves a field unchanged.

    ``origin_ref`` is the job that wrote the new content, if it is not the one that made the scene.
    Raises ``Conflict``: ``entry_retired`` (it can no longer change), ``canon_status_final`` (no such transition).
    """
    content = clean_scene(without_none(title=title, text=text, mentions=mentions))
    with transaction.atomic():
        return change_entry(lock_entry(scene), content, status, by, origin_ref=origin_ref)


def revise_element(
    element: Element,
    *,
    name: str | None = None,
    summary: str | None = None,
    traits: Mapping[str, Any] | None = None,
    mentions: Sequence[Mapping[str, Any]] | None = None,
    status: str | None = None,
    by: User | None = None,
) -> Element:
    """Change an element as ``revise_scene`` changes a scene; ``traits`` replaces all traits.

    Raises also ``Conflict`` ``element_name_taken``.
    """
    given = without_none(name=name, summary=summary, traits=traits, mentions=mentions)
    content = clean_element(parse_kind(element.kind), given)
    with transaction.atomic():
        return change_entry(lock_entry(element), content, status, by)


def set_status(entry: EntryT, status: str, by: User | None = None) -> EntryT:
    """Promote or retire an entry; its present status is no change and leaves no record."""
    with transaction.atomic():
        return change_entry(lock_entry(entry), {}, status, by)


def decide_draft(entry: CanonEntry, status: CanonStatus, by: User) -> None:
    """Promote or retire an entry that is still a draft; raise ``Conflict`` ``not_a_draft`` otherwise."""
    with transaction.atomic():
        locked = lock_entry(entry)
        if locked.canon_status != CanonStatus.DRAFT:
            raise Conflict(f"{locked} is {locked.canon_status} already.", code="not_a_draft")
        change_entry(locked, {}, status, by)


def retire(entry: EntryT, by: User | None = None) -> EntryT:
    """Remove an entry from the world. It stays readable, and its name becomes free."""
    return set_status(entry, CanonStatus.RETIRED, by)
