"""Export as SillyTavern World Info: elements by their names, rules as entries that are always there."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from universes.models import Element, Universe
from universes.services.world import world_snapshot
from universes.transfer.exports.passports import with_documents
from universes.transfer.fitting import as_text
from universes.transfer.formats.common import texts


def export(universe: Universe) -> Iterator[str]:
    yield f'{{"name": {_text(universe.name)}, "entries": {{'
    number = 0
    for number, entry in enumerate(_entries(universe)):
        row = {**entry, "uid": number, "displayIndex": number}
        yield f"{',' if number else ''}\n{_text(str(number))}: {_text(row)}"
    yield "\n}}\n"


def _entries(universe: Universe) -> Iterator[dict[str, Any]]:
    for rule in universe.world_rules.order_by("position"):
        yield _entry(f"Rule {rule.position}", rule.text, [], is_constant=True)
    relations = {fact.id: fact.traits.get("relations", []) for fact in world_snapshot(universe).elements}
    elements = Element.objects.filter(universe=universe).canon().order_by("created_at", "pk")
    for element, passport in with_documents(elements):
        traits = dict(element.traits)
        aliases = texts(traits.pop("aliases", ""))
        if said := relations.get(str(element.pk)):
            traits["relations"] = said
        # A lorebook has no kinds; its reader here takes them from this line.
        lines = [f"Type: {element.kind}", *(f"{key}: {as_text(value)}" for key, value in traits.items())]
        content = "\n".join(part for part in (element.summary, *lines) if part) or element.name
        entry = _entry(element.name, content, [element.name, *aliases])
        yield {**entry, "extensions": {"passport": passport}}


def _entry(name: str, content: str, keys: list[str], *, is_constant: bool = False) -> dict[str, Any]:
    return {
        "key": keys,
        "keysecondary": [],
        "comment": name,
        "content": content,
        "constant": is_constant,
        "selective": True,
        "selectiveLogic": 0,
        "order": 100,
        "position": 0,
        "disable": False,
        "probability": 100,
        "useProbability": True,
        "depth": 4,
    }


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
