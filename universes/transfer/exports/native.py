"""Export in the native format, read and written piece by piece."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from django.utils import timezone

from universes.choices import EntryKind
from universes.models import CanonChange, Element, Relation, Scene, Universe, WorldConfig
from universes.transfer.exports.passports import CHUNK, with_documents
from universes.transfer.formats.native import CONFIG
from universes.transfer.formats.native_schema import FORMAT, VERSION


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
    scenes = Scene.objects.filter(universe=universe).in_story_order()
    relations = Relation.objects.filter(universe=universe).order_by(*oldest_first)
    history = CanonChange.objects.filter(
        universe=universe, target_kind__in=[EntryKind.ELEMENT, EntryKind.SCENE]
    )
    changes = history.select_related("user").order_by("at", "pk")
    yield (
        "elements",
        (_entry(*pair, "kind", "name", "summary", "traits") for pair in with_documents(elements)),
    )
    yield "relations", (_relation(row) for row in relations.iterator(CHUNK))
    yield "scenes", (_entry(*pair, "title", "text") for pair in with_documents(scenes))
    yield "history", (_change(row) for row in changes.iterator(CHUNK))


def _entry(row: Element | Scene, passport: dict[str, Any], *fields: str) -> dict[str, Any]:
    return {
        "id": str(row.pk),
        **{name: getattr(row, name) for name in (*fields, "mentions", "canon_status", "origin_ref")},
        "created_at": row.created_at.isoformat(),
        "passport": passport,
    }


def _relation(row: Relation) -> dict[str, Any]:
    return {
        "kind": row.kind,
        "from_element": str(row.from_element_id),
        "to_element": str(row.to_element_id),
        "since": row.since,
        "until": row.until,
        "note": row.note,
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
