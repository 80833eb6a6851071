"""What the stand-in writes: values that satisfy a schema, the same for the same seed and prompt."""

from __future__ import annotations

import json
import random
import uuid
from collections.abc import Mapping
from typing import Any, Final

from dev.standin.schemas import resolve
from dev.standin.tokens import CHARS_PER_TOKEN

_WORDS: Final = (
    *(
        "a",
        "the",
        "of",
        "and",
        "to",
        "in",
        "quiet",
        "harbour",
        "lantern",
        "salt",
        "morning",
        "stone",
        "river",
    ),
    *(
        "keeper",
        "old",
        "bright",
        "road",
        "winter",
        "bell",
        "garden",
        "window",
        "letter",
        "sea",
        "north",
        "grey",
    ),
    *("song", "door", "hand", "light", "tower", "market", "rain", "field"),
)

# Where a long answer has its length, by the name of the property; else in its first text.
_LONG_TEXTS: Final = ("content", "description", "text")

_FORMATS: Final = {
    "date-time": "2026-01-02T03:04:05Z",
    "time": "03:04:05Z",
    "date": "2026-01-02",
    "duration": "P3D",
    "email": "keeper@example.com",
    "hostname": "www.example.com",
    "uri": "https://www.example.com/",
    "ipv4": "192.0.2.7",
    "ipv6": "2001:db8::7",
}


def sentence(rng: random.Random, words: int) -> str:
    return " ".join(rng.choices(_WORDS, k=words)).capitalize() + "."


def write(schema: Mapping[str, Any], rng: random.Random, *, output_tokens: int | None = None) -> str:
    """JSON that satisfies ``schema``, as compact text.

    With ``output_tokens`` it is that long exactly, as far as there is a free text to lengthen; it is never cut
    below its natural length. Patterns of strings are not followed.
    """
    writer = _Writer(schema, rng)
    value = writer.value(schema)
    text = dump(value)
    missing = (output_tokens or 0) * CHARS_PER_TOKEN - len(text)
    if missing > 0 and writer.free:
        holder, key = min(writer.free, key=lambda place: place[1] not in _LONG_TEXTS)
        # Two characters a word are the least that a sentence can come to.
        holder[key] += (" " + sentence(rng, missing // 2 + 1))[:missing]
    return dump(value)


def dump(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


class _Writer:
    """``free`` holds the places of texts that may be of any length: what they are in, and their key there."""

    def __init__(self, root: Mapping[str, Any], rng: random.Random) -> None:
        self._root = root
        self._rng = rng
        self.free: list[tuple[Any, Any]] = []

    def value(self, node: Mapping[str, Any], holder: Any = None, key: Any = None) -> Any:
        if "$ref" in node:
            return self.value(resolve(node["$ref"], self._root), holder, key)
        if "const" in node:
            return node["const"]
        if "enum" in node:
            return self._rng.choice(node["enum"])
        if "anyOf" in node:
            return self.value(self._rng.choice(node["anyOf"]), holder, key)
        if "allOf" in node:
            return self.value(_merged(node), holder, key)
        kind = node["type"] if isinstance(node["type"], str) else self._rng.choice(node["type"])
        return self._of(kind, node, holder, key)

    def _of(self, kind: str, node: Mapping[str, Any], holder: Any, key: Any) -> Any:
        match kind:
            case "object":
                return self._object(node)
            case "array":
                return self._array(node)
            case "string":
                return self._text(node, holder, key)
            case "integer":
                return self._rng.randint(1, 9)
            case "number":
                return self._rng.randint(1, 99) / 10
            case "boolean":
                return self._rng.random() < 0.5
        return None

    def _object(self, node: Mapping[str, Any]) -> dict[str, Any]:
        made: dict[str, Any] = {}
        required = set(node.get("required", ()))
        for name, part in node.get("properties", {}).items():
            if name in required or self._rng.random() < 0.5:
                made[name] = self.value(part, made, name)
        return made

    def _array(self, node: Mapping[str, Any]) -> list[Any]:
        made: list[Any] = []
        if "items" in node:
            for at in range(self._rng.randint(1, 2)):
                made.append(self.value(node["items"], made, at))
        elif node.get("minItems"):
            made.append(None)
        return made

    def _text(self, node: Mapping[str, Any], holder: Any, key: Any) -> str:
        wanted = node.get("format")
        if wanted == "uuid":
            return str(uuid.UUID(int=self._rng.getrandbits(128), version=4))
        if wanted:
            return _FORMATS[wanted]
        if holder is not None and "pattern" not in node:
            self.free.append((holder, key))
        return sentence(self._rng, self._rng.randint(4, 12))


def _merged(node: Mapping[str, Any]) -> dict[str, Any]:
    merged: dict[str, Any] = {name: value for name, value in node.items() if name != "allOf"}
    for part in node["allOf"]:
        for name, value in part.items():
            if name in {"properties", "$defs"}:
                merged[name] = {**merged.get(name, {}), **value}
            elif name == "required":
                merged[name] = [*merged.get(name, []), *value]
            else:
                merged[name] = value
    return merged
