"""The only writer of canon: add, revise, promote and retire entries, and record each step.

Every function may run inside a caller's transaction. Callers check permissions first (``services.access``).
``by`` is the acting user, or ``None`` if the review policy acts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction

from universes.choices import CanonStatus
from universes.errors import Conflict
from universes.models import Element, Scene, Universe
from universes.models.canon import EntryT
from universes.services.canon_steps import (
    add_entry,
    change_entry,
    free_name,
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
    mentions: Sequence[Mapping[str, Any]] = (),
    origin_ref: str = "",
    status: str = CanonStatus.DRAFT,
    revise: bool = False,
    by: User | None = None,
) -> Scene:
    """Add a scene, idempotently per ``origin_ref``.

    A repeated ``origin_ref`` returns the existing entry. With ``status`` canon, an existing draft is promoted and
    takes the new title and text, since a reviewer may have edited them; an entry that is already canon takes them
    only with ``revise``. Otherwise nothing changes.
    Raises ``Invalid`` that names the field, ``Conflict`` ``universe_archived``.
    """
    content = clean_scene({"title": title, "text": text, "mentions": list(mentions)})
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


def revise_scene(
    scene: Scene,
    *,
    title: str | None = None,
    text: str | None = None,
    mentions: Sequence[Mapping[str, Any]] | None = None,
    status: str | None = None,
    by: User | None = None,
) -> Scene:
    """Change content and status as one step, and return the new scene; ``None`` leaves a field unchanged.

    Raises ``Conflict``: ``entry_retired`` (it can no longer change), ``canon_status_final`` (no such transition).
    """
    content = clean_scene(without_none(title=title, text=text, mentions=mentions))
    with transaction.atomic():
        return change_entry(lock_entry(scene), content, status, by)


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


def retire(entry: EntryT, by: User | None = None) -> EntryT:
    """Remove an entry from the world. It stays readable, and its name becomes free."""
    return set_status(entry, CanonStatus.RETIRED, by)
