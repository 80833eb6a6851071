"""The only writer of canon: add, revise, promote and retire entries, and record each step.

Every function may run inside a caller's transaction. Callers check permissions first (``services.access``).
``by`` is the acting user, or ``None`` if the review policy acts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction

from universes.choices import CanonStatus, SceneKind
from universes.errors import Conflict
from universes.fields import fold
from universes.models import CanonChange, CanonEntry, Element, Scene, Universe
from universes.models.canon import EntryT
from universes.services.history.canon_steps import (
    add_entry,
    change_entry,
    free_name,
    last_step,
    lock_entry,
    refuse_taken_name,
    update_existing,
)
from universes.services.locks import lock_writable_universe
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
    content = clean_scene({"title": title, "text": text, "mentions": list(mentions)})
    content |= {"kind": SceneKind(kind), "details": dict(details or {})}
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
    element_kind = parse_kind(kind)
    content = clean_element(
        element_kind,
        {"name": name, "summary": summary, "traits": traits or {}, "mentions": list(mentions)},
    )
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
