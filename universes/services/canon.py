"""The only writer of canon: entries are added, revised, promoted and retired here, and each step is recorded.

Every function may run inside a caller's transaction. Who may do it is asked at the doors
(``services.access``); ``by`` is the person for the record, or ``None`` where the review policy acts.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

from django.contrib.auth.models import User
from django.db import transaction

from universes import limits
from universes.choices import CanonStatus, ChangeAction, ElementKind, EntryKind
from universes.errors import Conflict, FieldError, Invalid, NotFound
from universes.fields import fold
from universes.models import CanonChange, CanonEntry, Element, Scene, Universe
from universes.services.writing import one_line, open_universe, within
from universes.traits import validate_traits

EntryT = TypeVar("EntryT", bound=CanonEntry)

_ACTION_OF = {CanonStatus.CANON: ChangeAction.PROMOTED, CanonStatus.RETIRED: ChangeAction.RETIRED}


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
    content = _scene_content({"title": title, "text": text})
    with transaction.atomic():
        held = open_universe(universe.pk)
        known = Scene.objects.filter(universe=held).from_origins([_ref(origin_ref)]).first()
        if known is not None:
            return _take_again(known, content, status, revise, by)
        return _add(Scene(universe=held, **content), origin_ref, status, by)


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
    known_kind = _kind(kind)
    content = _element_content(known_kind, {"name": name, "summary": summary, "traits": traits or {}})
    with transaction.atomic():
        held = open_universe(universe.pk)
        known = Element.objects.filter(universe=held).from_origins([_ref(origin_ref)]).first()
        if known is not None:
            if known.kind != kind:
                raise Conflict(f"{origin_ref} has made a {known.kind} here already.", code="origin_ref_taken")
            content["name"] = _free_name(known, content["name"])
            return _take_again(known, content, status, revise, by)
        element = Element(universe=held, kind=known_kind, **content)
        if origin_ref:
            element.name = _free_name(element, element.name)
        _refuse_taken_name(element)
        return _add(element, origin_ref, status, by)


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
    content = _scene_content(_given(title=title, text=text))
    with transaction.atomic():
        return _change(_hold(scene), content, status, by)


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
    content = _element_content(_kind(element.kind), _given(name=name, summary=summary, traits=traits))
    with transaction.atomic():
        return _change(_hold(element), content, status, by)


def set_status(entry: EntryT, status: str, by: User | None = None) -> EntryT:
    """Promote or retire; the status that it has already is no change and leaves no record."""
    with transaction.atomic():
        return _change(_hold(entry), {}, status, by)


def retire(entry: EntryT, by: User | None = None) -> EntryT:
    """Take an entry out of the world. It stays readable, and its name is free again."""
    return set_status(entry, CanonStatus.RETIRED, by)


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
    return None if entry is None else _last_step(entry.entry_kind, entry.pk)


def retire_untouched(origin_ref: str, by: User) -> CanonChange | None:
    """Retire what the review policy put in from ``origin_ref``, unless a person has worked on it since.

    The step that this was; None where there was nothing to retire.
    """
    found = entry_from(origin_ref)
    if found is None:
        return None
    with transaction.atomic():
        entry = _hold(found)
        if _is_touched(entry) or entry.canon_status == CanonStatus.RETIRED:
            return None
        _change(entry, {}, CanonStatus.RETIRED, by)
        return _last_step(entry.entry_kind, entry.pk)


def is_touched(origin_ref: str) -> bool:
    """Whether a person has worked on the entry that came from ``origin_ref``; what was undone does not count."""
    entry = entry_from(origin_ref)
    return entry is not None and _is_touched(entry)


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
        last = _last_step(step.target_kind, step.target_id)
        if last is None or last.pk != step.pk:
            who = last.user.get_username() if last is not None and last.user else "somebody"
            raise Conflict(f"{who} has changed {entry} in the universe since.", code="canon_moved_on")
        now = _state(entry)
        if step.before is None:
            _record(entry, ChangeAction.WITHDRAWN, now, by, after={})
            entry.delete()
        else:
            for field, value in step.before.items():
                setattr(entry, field, value)
            if isinstance(entry, Scene):
                entry.word_count = len(entry.text.split())
            elif entry.canon_status != CanonStatus.RETIRED:
                _refuse_taken_name(entry)
            entry.save(force_update=True)
            _record(entry, ChangeAction.WITHDRAWN, now, by)
    return _last_step(step.target_kind, step.target_id)


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


# --- Steps; each expects the universe to be held by open_universe -------------------------------------------


def _hold(entry: EntryT) -> EntryT:
    """The entry as it is now, in a universe that nobody else writes to meanwhile."""
    open_universe(entry.universe_id)
    fresh = type(entry)._default_manager.select_related("universe").filter(pk=entry.pk).first()
    if fresh is None:
        kind = entry.entry_kind.value
        raise NotFound(f"There is no {kind} {entry.pk}.", code=f"{kind}_not_found")
    return fresh


def _add(entry: EntryT, origin_ref: str, status: str, by: User | None) -> EntryT:
    if status == CanonStatus.RETIRED:
        raise Conflict("An entry begins as draft or canon.", code="canon_status_final")
    entry.origin_ref = _ref(origin_ref)
    entry.canon_status = CanonStatus(status)
    entry.created_by = by
    entry.save(force_insert=True)
    _record(entry, ChangeAction.ADDED, None, by)
    return entry


def _take_again(entry: EntryT, content: dict[str, Any], status: str, revise: bool, by: User | None) -> EntryT:
    if status == CanonStatus.CANON:
        if entry.canon_status == CanonStatus.DRAFT:
            return _change(entry, content, status, by)
        if revise and entry.canon_status == CanonStatus.CANON:
            return _change(entry, content, None, by)
    return entry


def _change(entry: EntryT, content: dict[str, Any], status: str | None, by: User | None) -> EntryT:
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
    before = _state(entry)
    for field, value in new.items():
        setattr(entry, field, value)
    if step is not None:
        entry.canon_status = step
    if isinstance(entry, Element) and "name" in new:
        _refuse_taken_name(entry)
    entry.save(force_update=True)
    _record(entry, _ACTION_OF[step] if step is not None else ChangeAction.REVISED, before, by)
    return entry


def _last_step(kind: str, target_id: uuid.UUID) -> CanonChange | None:
    steps = CanonChange.objects.filter(target_kind=kind, target_id=target_id)
    found: CanonChange | None = steps.select_related("user").order_by("-at", "-id").first()
    return found


def _is_touched(entry: CanonEntry) -> bool:
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


def _record(
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
        after=_state(entry) if after is None else after,
    )


def _state(entry: CanonEntry) -> dict[str, Any]:
    fields = ("title", "text") if isinstance(entry, Scene) else ("kind", "name", "summary", "traits")
    return {"canon_status": str(entry.canon_status), **{field: getattr(entry, field) for field in fields}}


# --- Content ------------------------------------------------------------------------------------------------


def _given(**fields: Any) -> dict[str, Any]:
    return {field: value for field, value in fields.items() if value is not None}


def _scene_content(given: dict[str, Any]) -> dict[str, Any]:
    if "title" in given:
        given["title"] = one_line(given["title"], "/title")
    if "text" in given:
        given["text"] = within(given["text"].strip(), "/text", limit=limits.SCENE_TEXT, required=True)
        given["word_count"] = len(given["text"].split())
    return given


def _element_content(kind: ElementKind, given: dict[str, Any]) -> dict[str, Any]:
    if "name" in given:
        given["name"] = one_line(given["name"], "/name")
    if "summary" in given:
        given["summary"] = within(given["summary"].strip(), "/summary", limit=limits.SUMMARY)
    if "traits" in given:
        given["traits"] = validate_traits(kind, given["traits"])
    return given


def _kind(kind: str) -> ElementKind:
    try:
        return ElementKind(kind)
    except ValueError:
        detail = f"One of {', '.join(ElementKind.values)}."
        raise Invalid("Not valid: kind.", [FieldError("/kind", detail, "invalid_choice")]) from None


def _ref(origin_ref: str) -> str:
    return within(origin_ref, "/origin_ref", limit=limits.ORIGIN_REF)


def _names_like(element: Element, name: str) -> set[str]:
    """Keys of the other living elements of the kind that begin as ``name`` does."""
    others = Element.objects.living().filter(
        universe_id=element.universe_id, kind=element.kind, name_key__startswith=fold(name)
    )
    return set(others.exclude(pk=element.pk).values_list("name_key", flat=True))


def _refuse_taken_name(element: Element) -> None:
    if fold(element.name) in _names_like(element, element.name):
        kind = element.get_kind_display().lower()
        raise Conflict(
            f"{element.universe} has another {kind} called {element.name}.", code="element_name_taken"
        )


def _free_name(element: Element, name: str) -> str:
    """``name``, or "name (2)", "name (3)" … where it is taken; cut where it would grow too long."""
    # Room for the number: every candidate then begins with the same letters, and one query knows them all.
    base = name[: limits.NAME - len(" (99999)")]
    taken = _names_like(element, base)
    number, candidate = 1, name
    while fold(candidate) in taken:
        number += 1
        candidate = f"{base} ({number})"
    return candidate
