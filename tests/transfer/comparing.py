"""Comparison of worlds in the native format."""

from __future__ import annotations

import json
from typing import Any

from universes.models import Universe
from universes.transfer.exports.native import export

IDS = {"exported_at", "by", "origin_ref", "finding_id"}


def exported(universe: Universe) -> dict[str, Any]:
    world: dict[str, Any] = json.loads("".join(export(universe)))
    return world


def without_ids(world: dict[str, Any]) -> dict[str, Any]:
    """Replace ids by their place in the file, and leave out what has no meaning on another site."""
    places: dict[str, str] = {}
    for name in ("elements", "scenes", "events"):
        places |= {row["id"]: f"{name} {number}" for number, row in enumerate(world[name])}
    places |= {row["id"]: f"rule {row['text']}" for row in world["world"]["rules"]}
    # What is gone has no place: it is told by what its steps say.
    gone = {step["target_id"] for step in world["history"]} - places.keys()
    places |= dict.fromkeys(gone, "gone")

    def plain(value: Any) -> Any:
        if isinstance(value, dict):
            if value.keys() == {"document", "signature"}:
                # A passport: on another site it is declared, and signed anew.
                return value["document"]["disclosure"]
            is_named_by_words = value.keys() == {"id", "text"} or {"from_element", "until"} <= value.keys()
            return {
                key: plain(part)
                for key, part in value.items()
                if key not in IDS and not (is_named_by_words and key == "id")
            }
        if isinstance(value, list):
            return [plain(part) for part in value]
        return places.get(value, value) if isinstance(value, str) else value

    result: dict[str, Any] = plain(world)
    result["relations"] = sorted(map(str, map(_undirected, result["relations"])))
    result["history"].sort(key=str)
    return result


def _undirected(relation: dict[str, Any]) -> dict[str, Any]:
    if relation["kind"] == "friend":
        ends = sorted((relation["from_element"], relation["to_element"]))
        relation |= {"from_element": ends[0], "to_element": ends[1]}
    return relation
