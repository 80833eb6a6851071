"""Export in the native format, read and written piece by piece."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from universes.models import (
    CanonChange,
    Element,
    Relation,
    Scene,
    SceneMoment,
    StoryEvent,
    Universe,
    WorldConfig,
)
from universes.passports import machines
from universes.services.timeline import PARTICIPANTS
from universes.transfer.exports.passports import CHUNK, with_documents
from universes.transfer.formats.native import CONFIG
from universes.transfer.formats.native_schema import FORMAT, VERSION
from universes.transfer.parts import parts


def export(universe: Universe) -> Iterator[str]:
    config = WorldConfig.objects.get(universe=universe)
    rules = [{"id": str(rule.pk), "text": rule.text} for rule in universe.world_rules.order_by("position")]
    head = {
        "format": FORMAT,
        "version": VERSION,
        "exported_at": timezone.now().isoformat(),
        "universe": {"name": universe.name, "description": universe.description},
        "world": {**{name: getattr(config, name) for name in CONFIG}, "rules": rules},
    }
    yield _text(head)[:-1]
    for name, rows in _lists(universe):
        yield f",\n{json.dumps(name)}: ["
        for number, row in enumerate(rows):
            yield f"{',' if number else ''}\n{_text(row)}"
        yield "]"
    yield "}\n"


def _lists(universe: Universe) -> Iterator[tuple[str, Iterable[dict[str, Any]]]]:
    oldest_first = ("created_at", "pk")
    elements = Element.objects.filter(universe=universe).order_by(*oldest_first)
    scenes = Scene.objects.filter(universe=universe).select_related("moment").in_story_order()
    relations = Relation.objects.filter(universe=universe).order_by(*oldest_first)
    events = StoryEvent.objects.filter(universe=universe).prefetch_related(PARTICIPANTS)
    changes = CanonChange.objects.filter(universe=universe).select_related("user").order_by("at", "pk")
    yield "elements", (_element(*row) for row in _with_origins(elements))
    yield "relations", (_relation(row) for row in relations.iterator(CHUNK))
    yield "scenes", (_scene(*row) for row in _with_origins(scenes))
    yield "events", (_event(row) for row in events.order_by("key", "pk").iterator(CHUNK))
    for part in parts():
        yield part.name, part.rows(universe)
    yield "history", (_change(row) for row in changes.iterator(CHUNK))


def _with_origins(rows: QuerySet[Any]) -> Iterator[tuple[Any, dict[str, Any], dict[str, Any] | None]]:
    """Yield each entry with its passport and its receipt."""
    remaining = with_documents(rows)
    while entries := list(islice(remaining, CHUNK)):
        receipts = machines.receipts({row.origin_ref for row, _ in entries if row.origin_ref})
        for row, passport in entries:
            yield row, passport, receipts.get(row.origin_ref) or (row.declared or {}).get("receipt")


def _entry(
    row: Element | Scene, passport: dict[str, Any], receipt: dict[str, Any] | None, *fields: str
) -> dict[str, Any]:
    return {
        "id": str(row.pk),
        **{name: getattr(row, name) for name in (*fields, "mentions", "canon_status", "origin_ref")},
        "created_at": row.created_at.isoformat(),
        "passport": passport,
        "receipt": receipt,
    }


def _element(row: Element, passport: dict[str, Any], receipt: dict[str, Any] | None) -> dict[str, Any]:
    return _entry(row, passport, receipt, "kind", "name", "summary", "traits")


def _scene(row: Scene, passport: dict[str, Any], receipt: dict[str, Any] | None) -> dict[str, Any]:
    moment: SceneMoment | None = getattr(row, "moment", None)
    return {
        **_entry(row, passport, receipt, "kind", "title", "text", "details"),
        "moment": {"key": moment.key, "label": moment.label} if moment else None,
    }


def _relation(row: Relation) -> dict[str, Any]:
    return {
        "id": str(row.pk),
        "kind": row.kind,
        "from_element": str(row.from_element_id),
        "to_element": str(row.to_element_id),
        "since": row.since,
        "until": row.until,
        "note": row.note,
        "created_at": row.created_at.isoformat(),
    }


def _event(row: StoryEvent) -> dict[str, Any]:
    return {
        "id": str(row.pk),
        **{name: getattr(row, name) for name in ("kind", "title", "key", "label", "note")},
        "place": str(row.place_id) if row.place_id else None,
        "participants": [str(element.pk) for element in row.participants.all()],
        "created_at": row.created_at.isoformat(),
    }


def _change(row: CanonChange) -> dict[str, Any]:
    return {
        "target_kind": row.target_kind,
        "target_id": str(row.target_id),
        "action": row.action,
        "by": row.user.get_username() if row.user else None,
        "origin_ref": row.origin_ref,
        "before": row.before,
        "after": row.after,
        "at": row.at.isoformat(),
    }


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
