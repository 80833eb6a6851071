"""The timeline of a universe: the only writer of it, and who is where and knows what at a moment."""

from __future__ import annotations

import math
import uuid
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.db.models import F, Prefetch

from universes import limits
from universes.choices import CanonStatus, ElementKind, StoryEventKind
from universes.errors import Conflict, FieldError, Invalid, NotFound
from universes.models import Element, Scene, SceneMoment, StoryEvent, Timeline, Universe
from universes.services.locks import lock_writable_universe
from universes.services.validation import clean_line, clean_text

MAX_PARTICIPANTS = 100
MAX_EVENTS = 5000
PARTICIPANTS = Prefetch("participants", Element.objects.order_by("name", "pk"))


@dataclass(slots=True)
class PersonThen:
    """A character at a moment: where they were seen last, and the events in which they have taken part."""

    element: Element
    is_alive: bool | None = None
    place: Element | None = None
    since: StoryEvent | None = None
    knows: list[StoryEvent] = field(default_factory=list)


def add_event(universe: Universe, fields: dict[str, Any]) -> StoryEvent:
    """Add an event; ``fields`` has kind, title, key, label, note, place and participants (ids of elements).

    Raises ``Invalid`` that names the field, ``NotFound`` ``element_not_found``, ``Conflict``: ``universe_archived``,
    ``entry_retired``, ``too_many_events``.
    """
    content = _clean(fields)
    with transaction.atomic():
        locked = lock_writable_universe(universe.pk)
        if StoryEvent.objects.filter(universe=locked).count() >= MAX_EVENTS:
            raise Conflict(
                f"{locked.name} has {MAX_EVENTS} events, the most it can have.", code="too_many_events"
            )
        return _save(StoryEvent(universe=locked), content)


def change_event(universe: Universe, event_id: uuid.UUID, fields: dict[str, Any]) -> StoryEvent:
    """Change the given fields; raise what ``add_event`` raises, and ``NotFound`` ``event_not_found``."""
    content = _clean(fields)
    with transaction.atomic():
        return _save(find_event(lock_writable_universe(universe.pk), event_id), content)


def remove_event(universe: Universe, event_id: uuid.UUID) -> None:
    with transaction.atomic():
        locked = lock_writable_universe(universe.pk)
        find_event(locked, event_id).delete()
        _count_change(locked)


def find_event(universe: Universe, event_id: uuid.UUID) -> StoryEvent:
    rows = StoryEvent.objects.select_related("place").prefetch_related(PARTICIPANTS)
    event = rows.filter(universe=universe, pk=event_id).first()
    if event is None:
        raise NotFound(f"There is no event {event_id} in {universe.name}.", code="event_not_found")
    return event


def place_scene(scene: Scene, *, key: float, label: str) -> SceneMoment:
    """State the moment at which a scene takes place; raise ``Invalid``, ``Conflict`` ``universe_archived``."""
    content = _clean({"key": key, "label": label})
    with transaction.atomic():
        locked = lock_writable_universe(scene.universe_id)
        moment, _ = SceneMoment.objects.update_or_create(scene=scene, defaults=content)
        _count_change(locked)
    return moment


def unplace_scene(scene: Scene) -> None:
    """Take a scene off the timeline; idempotent."""
    with transaction.atomic():
        locked = lock_writable_universe(scene.universe_id)
        if SceneMoment.objects.filter(scene=scene).delete()[0]:
            _count_change(locked)


def people_at(universe: Universe, key: float) -> list[PersonThen]:
    """Return what the events up to a moment say of each character who takes part in one, by name.

    Nothing is guessed: whoever took part knows of an event, and is where the last one with a place took them.
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
                person.place, person.since = event.place, event
    return sorted(people.values(), key=lambda person: (person.element.name, person.element.pk))


def _save(event: StoryEvent, content: dict[str, Any]) -> StoryEvent:
    participants = content.pop("participants", None)
    if "place" in content and content["place"] is not None:
        (content["place"],) = _elements(event.universe, [content["place"]])
    for name, value in content.items():
        setattr(event, name, value)
    event.save()
    if participants is not None:
        event.participants.set(_elements(event.universe, participants))
    _count_change(event.universe)
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
            raise NotFound(f"There is no element {pk} in {universe.name}.", code="element_not_found")
        if found[pk].canon_status == CanonStatus.RETIRED:
            raise Conflict(f"{found[pk]} is retired and can no longer be changed.", code="entry_retired")
    return list(dict.fromkeys(found[pk] for pk in ids))


def _count_change(universe: Universe) -> None:
    if not Timeline.objects.filter(universe=universe).update(changes=F("changes") + 1):
        Timeline.objects.create(universe=universe, changes=1)
