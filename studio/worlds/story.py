"""The timeline on pages: events and scenes by their moments, and the form of an event."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import BooleanField, F, QuerySet, Value
from django.http import QueryDict

from universes.choices import CanonStatus, ElementKind, StoryEventKind
from universes.errors import FieldError, Invalid
from universes.fields import fold
from universes.models import Element, Scene, SceneMoment, StoryEvent, Universe
from universes.services.timeline import MAX_PARTICIPANTS, PARTICIPANTS

TEXTS: Final = ("kind", "title", "key", "label", "note", "place", "participants")


@dataclass(frozen=True, slots=True)
class Row:
    """An event or a scene at its moment."""

    key: str
    label: str
    event: StoryEvent | None = None
    scene: Scene | None = None


def keys_of(universe: Universe) -> QuerySet[Any]:
    """Return what is on the timeline as key, kind and id, in order; ``rows_of`` reads a page of it."""
    events = StoryEvent.objects.filter(universe=universe).order_by()
    moments = SceneMoment.objects.filter(scene__universe=universe).order_by()
    moments = moments.exclude(scene__canon_status=CanonStatus.RETIRED)
    told = (
        rows.annotate(at=F("key"), target=F(target), is_scene=Value(is_scene, BooleanField())).values_list(
            "at", "is_scene", "target"
        )
        for rows, target, is_scene in ((events, "pk", False), (moments, "scene", True))
    )
    first, second = told
    return first.union(second, all=True).order_by("at", "is_scene", "target")


def rows_of(keys: Iterable[tuple[float, bool, uuid.UUID]]) -> list[Row]:
    listed = list(keys)
    events = {
        event.pk: event
        for event in StoryEvent.objects.filter(pk__in=[pk for _, is_scene, pk in listed if not is_scene])
        .select_related("place")
        .prefetch_related(PARTICIPANTS)
    }
    moments = {
        moment.scene_id: moment
        for moment in SceneMoment.objects.filter(scene__in=[pk for _, is_scene, pk in listed if is_scene])
        .select_related("scene")
        .defer("scene__text")
    }
    rows = []
    for key, is_scene, pk in listed:
        if is_scene and (moment := moments.get(pk)) is not None:
            rows.append(Row(number(key), moment.label, scene=moment.scene))
        elif not is_scene and (event := events.get(pk)) is not None:
            rows.append(Row(number(key), event.label, event=event))
    return rows


def typed_in(event: StoryEvent) -> dict[str, str]:
    """Return an event as its form shows it."""
    return {
        **{name: getattr(event, name) for name in ("kind", "title", "label", "note")},
        "key": number(event.key),
        "place": event.place.name if event.place else "",
        "participants": "\n".join(element.name for element in event.participants.all()),
    }


def empty_form() -> dict[str, str]:
    return {**dict.fromkeys(TEXTS, ""), "kind": StoryEventKind.EVENT.value}


def read_form(data: QueryDict) -> dict[str, str]:
    return {name: data.get(name, "").replace("\r\n", "\n")[:20_000] for name in TEXTS}


def event_fields(
    universe: Universe, typed: Mapping[str, str], before: StoryEvent | None = None
) -> dict[str, Any]:
    """Return what the form says of an event; raise ``Invalid`` that names each field.

    A name means the element that the event has already, or else the one that is of the likeliest kind.
    """
    errors: list[FieldError] = []
    key = parsed_number(typed["key"])
    if key is None:
        errors.append(FieldError("/key", "A number by which moments are ordered, such as a year.", "invalid"))
    blank = [name for name in ("title", "label") if not typed[name].strip()]
    errors += (FieldError(f"/{name}", "Say it in a few words.", "blank") for name in blank)
    if typed["kind"] not in StoryEventKind.values:
        errors.append(FieldError("/kind", "No such kind of event.", "invalid_choice"))
    there = [*before.participants.all(), *([before.place] if before.place else [])] if before else []
    lines = [line for line in typed["participants"].split("\n") if line.strip()]
    names = [*lines[: MAX_PARTICIPANTS + 1], typed["place"]]
    found = _named(universe, names, there)
    places = found.get(fold(typed["place"]), [])
    if typed["place"].strip() and not places:
        errors.append(FieldError("/place", "There is no place or thing of this name here.", "unknown"))
    if unknown := [line.strip() for line in lines if not found.get(fold(line))]:
        errors.append(
            FieldError("/participants", f"Not found in this universe: {', '.join(unknown[:5])}.", "unknown")
        )
    if errors:
        raise Invalid("The event is not valid.", errors)
    return {
        **{name: typed[name] for name in ("kind", "title", "label", "note")},
        "key": key,
        "place": _likeliest(places, ElementKind.LOCATION, there) if places else None,
        "participants": [_likeliest(found[fold(line)], ElementKind.CHARACTER, there) for line in lines],
    }


def parsed_number(text: str) -> float | None:
    try:
        value = float(text.strip().replace(",", "."))
    except ValueError:
        return None
    # Comparison is false for a value that is not a number.
    return value if abs(value) < 1e300 else None


def number(key: float) -> str:
    """Return a number as people write it: without ".0"."""
    return str(int(key)) if key.is_integer() and abs(key) < 1e15 else repr(key)


def _named(universe: Universe, names: list[str], there: list[Element]) -> dict[str, list[Element]]:
    keys = {fold(name) for name in names if name.strip()}
    found: dict[str, list[Element]] = {}
    living = Element.objects.filter(universe=universe, name_key__in=keys).living()
    for element in [*there, *living.only("kind", "name", "name_key").order_by("pk")]:
        found.setdefault(fold(element.name), []).append(element)
    return found


def _likeliest(elements: list[Element], kind: str, there: list[Element]) -> uuid.UUID:
    known = {element.pk for element in there}
    return min(elements, key=lambda element: (element.pk not in known, element.kind != kind, element.kind)).pk
