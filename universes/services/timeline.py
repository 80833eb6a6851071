"""The timeline of a universe: its only writer, its recorded steps, and who is where and knows what at a moment."""

from __future__ import annotations

import math
import uuid
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Prefetch, Q

from universes import limits
from universes.choices import CanonStatus, ChangeAction, ElementKind, EntryKind, StoryEventKind
from universes.errors import Conflict, FieldError, Invalid, NotFound
from universes.fields import fold
from universes.models import CanonChange, Element, Relation, Scene, SceneMoment, StoryEvent, Universe
from universes.services.locks import lock_writable_universe
from universes.services.validation import clean_line, clean_text

MAX_PARTICIPANTS = 100
# Kinds of relations that tell where a character is.
PLACES: Final = (
    *(
        "at",
        "based in",
        "buried in",
        "hiding in",
        "imprisoned in",
        "in",
        "inhabitant",
        "lives in",
        "living in",
    ),
    *("located in", "resident", "resides in", "stationed at", "stationed in"),
)
MAX_EVENTS = 5000
_EVENT_TEXTS: Final = ("title", "key", "label", "note")
PARTICIPANTS = Prefetch("participants", Element.objects.order_by("name", "pk"))


@dataclass(slots=True)
class PersonThen:
    """A character at a moment: where they are, since when, and the events in which they have taken part."""

    element: Element
    is_alive: bool | None = None
    place: Element | None = None
    since: str = ""
    # The moment from which they are there.
    key: float = -math.inf
    knows: list[StoryEvent] = field(default_factory=list)


def add_event(universe: Universe, fields: dict[str, Any], *, by: User | None = None) -> StoryEvent:
    """Add an event; ``fields`` has kind, title, key, label, note, place and participants (ids of elements).

    Raises ``Invalid`` that names the field, ``NotFound`` ``element_not_found``, ``Conflict``: ``universe_archived``,
    ``entry_retired``, ``too_many_events``.
    """
    content = _clean(fields)
    with transaction.atomic():
        locked = lock_writable_universe(universe.pk)
        if StoryEvent.objects.filter(universe=locked).count() >= MAX_EVENTS:
            raise Conflict(
                f"“{locked.name}” has {MAX_EVENTS} events, the most it can have.", code="too_many_events"
            )
        event = _save(StoryEvent(universe=locked), content)
        _record_event(event, ChangeAction.ADDED, None, by)
    return event


def change_event(
    universe: Universe, event_id: uuid.UUID, fields: dict[str, Any], *, by: User | None = None
) -> StoryEvent:
    """Change the given fields; raise what ``add_event`` raises, and ``NotFound`` ``event_not_found``."""
    content = _clean(fields)
    with transaction.atomic():
        event = find_event(lock_writable_universe(universe.pk), event_id)
        before = event_state(event)
        changed = _save(event, content)
        if event_state(changed) != before:
            _record_event(changed, ChangeAction.REVISED, before, by)
    return changed


def remove_event(universe: Universe, event_id: uuid.UUID, *, by: User | None = None) -> None:
    with transaction.atomic():
        event = find_event(lock_writable_universe(universe.pk), event_id)
        _record_event(event, ChangeAction.RETIRED, event_state(event), by, after={})
        event.delete()


def find_event(universe: Universe, event_id: uuid.UUID) -> StoryEvent:
    rows = StoryEvent.objects.select_related("place").prefetch_related(PARTICIPANTS)
    event = rows.filter(universe=universe, pk=event_id).first()
    if event is None:
        raise NotFound(f"There is no event {event_id} in “{universe.name}”.", code="event_not_found")
    return event


def place_scene(scene: Scene, *, key: float, label: str, by: User | None = None) -> SceneMoment:
    """State the moment at which a scene takes place; raise ``Invalid``, ``Conflict`` ``universe_archived``."""
    content = _clean({"key": key, "label": label})
    with transaction.atomic():
        lock_writable_universe(scene.universe_id)
        before = moment_state(scene)
        moment, _ = SceneMoment.objects.update_or_create(scene=scene, defaults=content)
        if (after := moment_state(scene)) != before:
            action = ChangeAction.REVISED if before else ChangeAction.ADDED
            _record(scene.universe_id, EntryKind.MOMENT, scene.pk, action, before or None, after, by)
    return moment


def unplace_scene(scene: Scene, *, by: User | None = None) -> None:
    """Take a scene off the timeline; idempotent."""
    with transaction.atomic():
        lock_writable_universe(scene.universe_id)
        before = moment_state(scene)
        if SceneMoment.objects.filter(scene=scene).delete()[0]:
            _record(scene.universe_id, EntryKind.MOMENT, scene.pk, ChangeAction.RETIRED, before, {}, by)


def event_state(event: StoryEvent) -> dict[str, Any]:
    """Return the content of an event for its record: the names for people, and the ids for the way back."""
    participants = list(event.participants.all())
    return {
        **{name: getattr(event, name) for name in _EVENT_TEXTS},
        "kind": str(event.kind),
        "place": event.place.name if event.place else "",
        "place_id": str(event.place_id) if event.place_id else None,
        "participants": [element.name for element in participants],
        "participant_ids": [str(element.pk) for element in participants],
    }


def moment_state(scene: Scene) -> dict[str, Any]:
    """Return the moment of a scene for its record; empty if it has none."""
    moment = SceneMoment.objects.filter(scene=scene).first()
    return {"title": scene.title, "key": moment.key, "label": moment.label} if moment else {}


def restore_step(change: CanonChange, by: User) -> CanonChange:
    """Undo the last step of an event or of the moment of a scene; return the step that does it.

    Raises ``Conflict``: ``canon_moved_on`` (it has changed since, or the scene is gone), ``universe_archived``,
    ``entry_retired``; ``NotFound`` ``element_not_found``.
    """
    with transaction.atomic():
        universe = lock_writable_universe(change.universe_id)
        steps = CanonChange.objects.filter(target_kind=change.target_kind, target_id=change.target_id)
        if steps.order_by("-at", "-id").values_list("pk", flat=True).first() != change.pk:
            raise Conflict("The timeline has changed there since.", code="canon_moved_on")
        if change.target_kind == EntryKind.EVENT:
            return _restore_event(universe, change, by)
        scene = Scene.objects.filter(universe=universe, pk=change.target_id).first()
        if scene is None:
            raise Conflict("The scene is gone since.", code="canon_moved_on")
        state = moment_state(scene)
        SceneMoment.objects.filter(scene=scene).delete()
        if change.before:
            SceneMoment.objects.create(scene=scene, key=change.before["key"], label=change.before["label"])
        after = moment_state(scene)
        return _record(
            universe.pk, EntryKind.MOMENT, scene.pk, ChangeAction.WITHDRAWN, state or None, after, by
        )


def event_with(elements: Collection[uuid.UUID]) -> StoryEvent | None:
    """Return an event that takes place at one of the elements, or in which one of them takes part."""
    of_them = Q(place__in=elements) | Q(participants__in=elements)
    return StoryEvent.objects.filter(of_them).order_by("key", "pk").first()


def people_at(universe: Universe, key: float) -> list[PersonThen]:
    """Return what the timeline and the relations say of each character at a moment, by name.

    Nothing is guessed: whoever took part knows of an event, and is where the last one with a place took them, or a
    relation such as "lives in" that holds then and began later. Its dates count if they are labels of moments.
    """
    events = StoryEvent.objects.filter(universe=universe, key__lte=key).order_by("key", "pk")
    people: dict[uuid.UUID, PersonThen] = {}
    for event in events.select_related("place").prefetch_related(PARTICIPANTS):
        for element in event.participants.all():
            if element.kind != ElementKind.CHARACTER or element.canon_status == CanonStatus.RETIRED:
                continue
            person = people.setdefault(element.pk, PersonThen(element))
            person.knows.append(event)
            if event.kind != StoryEventKind.EVENT:
                person.is_alive = event.kind == StoryEventKind.BIRTH
            if event.place is not None:
                person.place, person.since, person.key = event.place, event.label, event.key
    for element, place, since, began_at in _placed_by_relations(universe, key):
        person = people.setdefault(element.pk, PersonThen(element))
        if person.place is None or began_at > person.key:
            person.place, person.since, person.key = place, since, began_at
    return sorted(people.values(), key=lambda person: (person.element.name, person.element.pk))


def _placed_by_relations(universe: Universe, key: float) -> Iterator[tuple[Element, Element, str, float]]:
    """Yield who is where by a canon relation at a moment, and since when; one with unknown dates tells nothing."""
    ends = ("from_element", "to_element")
    rows = Relation.objects.filter(
        universe=universe, kind__in=PLACES, from_element__kind=ElementKind.CHARACTER
    )
    placed = list(rows.canon().select_related(*ends).order_by("pk"))
    if not placed:
        return
    keys = _keys_by_label(universe)
    for relation in placed:
        began_at = keys.get(fold(relation.since)) if relation.since else -math.inf
        ended_at = keys.get(fold(relation.until)) if relation.until else math.inf
        if began_at is not None and ended_at is not None and began_at <= key < ended_at:
            yield relation.from_element, relation.to_element, relation.since, began_at


def _keys_by_label(universe: Universe) -> dict[str, float]:
    events = StoryEvent.objects.filter(universe=universe).order_by().values_list("key", "label")
    moments = SceneMoment.objects.filter(scene__universe=universe).order_by().values_list("key", "label")
    return keys_by_label((*events, *moments))


def keys_by_label(moments: Iterable[tuple[float, str]]) -> dict[str, float]:
    """Return the numbers of moments by their labels, folded, without labels that name several."""
    found: dict[str, set[float]] = {}
    for key, label in moments:
        found.setdefault(fold(label), set()).add(key)
    return {label: min(keys) for label, keys in found.items() if len(keys) == 1}


def _save(event: StoryEvent, content: dict[str, Any]) -> StoryEvent:
    participants = content.pop("participants", None)
    if "place" in content and content["place"] is not None:
        (content["place"],) = _elements(event.universe, [content["place"]])
    for name, value in content.items():
        setattr(event, name, value)
    event.save()
    if participants is not None:
        event.participants.set(_elements(event.universe, participants))
    return find_event(event.universe, event.pk)


def _clean(fields: dict[str, Any]) -> dict[str, Any]:
    content = dict(fields)
    if "title" in content:
        content["title"] = clean_line(content["title"], "/title")
    if "label" in content:
        label = " ".join(content["label"].split())
        content["label"] = clean_text(label, "/label", limit=limits.STORY_TIME, required=True)
    if "note" in content:
        content["note"] = clean_text(content["note"].strip(), "/note", limit=limits.RELATION_NOTE)
    if "key" in content and not math.isfinite(content["key"]):
        raise Invalid("Not valid: key.", [FieldError("/key", "Not a number by which to order.", "invalid")])
    if len(content.get("participants") or ()) > MAX_PARTICIPANTS:
        detail = f"At most {MAX_PARTICIPANTS}."
        raise Invalid("Not valid: participants.", [FieldError("/participants", detail, "too_many")])
    return content


def _elements(universe: Universe, ids: Collection[uuid.UUID]) -> Iterable[Element]:
    found = {element.pk: element for element in Element.objects.filter(universe=universe, pk__in=ids)}
    for pk in ids:
        if pk not in found:
            raise NotFound(f"There is no element {pk} in “{universe.name}”.", code="element_not_found")
        if found[pk].canon_status == CanonStatus.RETIRED:
            raise Conflict(f"“{found[pk]}” is retired and can no longer be changed.", code="entry_retired")
    return list(dict.fromkeys(found[pk] for pk in ids))


def _restore_event(universe: Universe, change: CanonChange, by: User) -> CanonChange:
    there = StoryEvent.objects.filter(universe=universe, pk=change.target_id).exists()
    event = find_event(universe, change.target_id) if there else None
    state = event_state(event) if event else {}
    if not change.before:
        if event is not None:
            event.delete()
        after: dict[str, Any] = {}
    else:
        before = change.before
        content = {name: before[name] for name in (*_EVENT_TEXTS, "kind")}
        content["place"] = uuid.UUID(before["place_id"]) if before["place_id"] else None
        content["participants"] = [uuid.UUID(pk) for pk in before["participant_ids"]]
        after = event_state(_save(event or StoryEvent(pk=change.target_id, universe=universe), content))
    return _record(
        universe.pk, EntryKind.EVENT, change.target_id, ChangeAction.WITHDRAWN, state or None, after, by
    )


def _record_event(
    event: StoryEvent,
    action: ChangeAction,
    before: dict[str, Any] | None,
    by: User | None,
    *,
    after: dict[str, Any] | None = None,
) -> None:
    content = event_state(event) if after is None else after
    _record(event.universe_id, EntryKind.EVENT, event.pk, action, before, content, by)


def _record(
    universe_id: uuid.UUID,
    kind: EntryKind,
    target_id: uuid.UUID,
    action: ChangeAction,
    before: dict[str, Any] | None,
    after: dict[str, Any],
    by: User | None,
) -> CanonChange:
    return CanonChange.objects.create(
        universe_id=universe_id,
        target_kind=kind,
        target_id=target_id,
        action=action,
        user=by,
        before=before,
        after=after,
    )
