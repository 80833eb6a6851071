"""The only writer of canon: entries are added, revised, promoted and retired here, and each step is recorded.

Every function may run inside a caller's transaction. Who may do it is asked at the doors
(``services.access``); ``by`` is the person for the record, or ``None`` where the review policy acts.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction

from universes.choices import CanonStatus
from universes.errors import Conflict
from universes.models import Element, Scene, Universe
from universes.models.canon import EntryT
from universes.services.canon_content import (
    checked_ref,
    element_content,
    given_fields,
    known_kind,
    scene_content,
)
from universes.services.canon_steps import (
    add_entry,
    change_entry,
    free_name,
    hold_entry,
    refuse_taken_name,
    take_again,
)
from universes.services.writing import open_universe


def add_scene(
    universe: Universe,
    *,
    title: str,
    text: str,
    origin_ref: str = "",
    status: str = CanonStatus.DRAFT,
    revise: bool = False,
    by: User | None = None,
) -> Scene:
    """Add a scene, once per ``origin_ref``.

    The same ``origin_ref`` again gives the entry that is there. If that is a draft and ``status`` is canon,
    it is promoted and takes the new title and text (a reviewer may have edited them); one that is canon takes
    them only with ``revise``; otherwise nothing is changed.
    Raises ``Invalid`` naming the field, ``Conflict`` ``universe_archived``.
    """
    content = scene_content({"title": title, "text": text})
    with transaction.atomic():
        held = open_universe(universe.pk)
        known = Scene.objects.filter(universe=held).from_origins([checked_ref(origin_ref)]).first()
        if known is not None:
            return take_again(known, content, status, revise, by)
        return add_entry(Scene(universe=held, **content), origin_ref, status, by)


def add_element(
    universe: Universe,
    *,
    kind: str,
    name: str,
    summary: str = "",
    traits: Mapping[str, Any] | None = None,
    origin_ref: str = "",
    status: str = CanonStatus.DRAFT,
    revise: bool = False,
    by: User | None = None,
) -> Element:
    """Add an element, once per ``origin_ref`` (as ``add_scene`` does).

    A name that another living element of the kind has is never taken from it: an entry made by hand is
    refused with ``Conflict`` ``element_name_taken``; one that comes from a job is called "Name (2)" instead,
    since nobody is there to choose another name.
    """
    which = known_kind(kind)
    content = element_content(which, {"name": name, "summary": summary, "traits": traits or {}})
    with transaction.atomic():
        held = open_universe(universe.pk)
        known = Element.objects.filter(universe=held).from_origins([checked_ref(origin_ref)]).first()
        if known is not None:
            if known.kind != kind:
                raise Conflict(f"{origin_ref} has made a {known.kind} here already.", code="origin_ref_taken")
            content["name"] = free_name(known, content["name"])
            return take_again(known, content, status, revise, by)
        element = Element(universe=held, kind=which, **content)
        if origin_ref:
            element.name = free_name(element, element.name)
        refuse_taken_name(element)
        return add_entry(element, origin_ref, status, by)


def revise_scene(
    scene: Scene,
    *,
    title: str | None = None,
    text: str | None = None,
    status: str | None = None,
    by: User | None = None,
) -> Scene:
    """Change what is given, content and status as one step; give the scene as it then is.

    Raises ``Conflict``: ``entry_retired`` (it can no longer change), ``canon_status_final`` (no such step).
    """
    content = scene_content(given_fields(title=title, text=text))
    with transaction.atomic():
        return change_entry(hold_entry(scene), content, status, by)


def revise_element(
    element: Element,
    *,
    name: str | None = None,
    summary: str | None = None,
    traits: Mapping[str, Any] | None = None,
    status: str | None = None,
    by: User | None = None,
) -> Element:
    """As ``revise_scene``; also ``Conflict`` ``element_name_taken``. ``traits`` replace all there were."""
    content = element_content(
        known_kind(element.kind), given_fields(name=name, summary=summary, traits=traits)
    )
    with transaction.atomic():
        return change_entry(hold_entry(element), content, status, by)


def set_status(entry: EntryT, status: str, by: User | None = None) -> EntryT:
    """Promote or retire; the status that it has already is no change and leaves no record."""
    with transaction.atomic():
        return change_entry(hold_entry(entry), {}, status, by)


def retire(entry: EntryT, by: User | None = None) -> EntryT:
    """Take an entry out of the world. It stays readable, and its name is free again."""
    return set_status(entry, CanonStatus.RETIRED, by)
