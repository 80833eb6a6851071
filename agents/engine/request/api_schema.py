"""JSON schemas of answers in the subset that model providers enforce."""

from __future__ import annotations

from functools import cache
from typing import Any

from pydantic import BaseModel

_KEPT = frozenset({"type", "properties", "items", "enum", "const", "description", "anyOf"})


@cache
def api_schema(model: type[BaseModel]) -> dict[str, Any]:
    """Return the schema of ``model`` with references inlined, all properties required and no others allowed.

    Length and number limits are left out because providers refuse them; parsing checks those. The model must not be
    recursive.
    """
    full = model.model_json_schema()
    return _reduce(full, full.get("$defs", {}))


def _reduce(node: dict[str, Any], definitions: dict[str, Any]) -> dict[str, Any]:
    if "$ref" in node:
        return _reduce(definitions[node["$ref"].rsplit("/", 1)[-1]], definitions)
    reduced: dict[str, Any] = {key: value for key, value in node.items() if key in _KEPT}
    if "properties" in node:
        reduced["properties"] = {
            name: _reduce(part, definitions) for name, part in node["properties"].items()
        }
        reduced["required"] = list(node["properties"])
        reduced["additionalProperties"] = False
    if "items" in node:
        reduced["items"] = _reduce(node["items"], definitions)
    if "anyOf" in node:
        reduced["anyOf"] = [_reduce(part, definitions) for part in node["anyOf"]]
    return reduced
