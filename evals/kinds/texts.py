"""Innocent and guilty texts by kind of mistake, and the checks' score on them.

``kinds/*.toml`` hold, for each kind, small worlds and the texts that the checks may be tuned on. The texts whose hash
belongs to the held-out third are frozen in a file of their own; ``python -m evals.kinds.freeze`` moves new ones there.
"""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from agents.engine.world import WorldView
from evals.held_out import is_held_out, read_frozen
from evals.material import HERE

FOLDER: Final = HERE / "kinds"
HELD_OUT_FILE: Final = HERE / "kinds_held_out.jsonl"


@dataclass(frozen=True, slots=True)
class Text:
    """A text to check against a world.

    A guilty text contradicts the rule, element or field ``cites`` with the words ``quote``; both are "" for an innocent
    one.
    """

    kind: str
    world: str
    language: str
    text: str
    cites: str
    quote: str

    @property
    def id(self) -> str:
        return f"{self.kind}/{hashlib.sha256(self.text.encode()).hexdigest()[:8]}"

    @property
    def is_guilty(self) -> bool:
        return bool(self.cites)

    @property
    def is_held_out(self) -> bool:
        return is_held_out(self.text)

    @property
    def start(self) -> int:
        return self.text.index(self.quote)

    @property
    def end(self) -> int:
        return self.start + len(self.quote)


@cache
def worlds() -> Mapping[str, WorldView]:
    """Return the worlds of all kinds by their key."""
    return {
        entry["key"]: WorldView.from_mapping({key: entry[key] for key in entry.keys() - {"key"}})
        for content in _contents().values()
        for entry in content["worlds"]
    }


@cache
def tuning_texts() -> tuple[Text, ...]:
    """Return the texts that the checks may be tuned on."""
    return tuple(
        _text(kind, entry)
        for kind, content in _contents().items()
        for entry in (*content["innocent"], *content["guilty"])
    )


@cache
def held_out_texts() -> tuple[Text, ...]:
    """Read the frozen texts from their file."""
    return tuple(Text(**record) for record in read_frozen(HELD_OUT_FILE))


def worlds_as_json() -> str:
    """Serialise the worlds as they are written; the labels of the frozen texts depend on them."""
    written = [content["worlds"] for content in _contents().values()]
    return json.dumps(written, ensure_ascii=False, sort_keys=True)


def _text(kind: str, entry: Mapping[str, Any]) -> Text:
    text, quote = entry["text"], entry.get("quote", "")
    if text.count(quote) != 1 and quote:
        raise ValueError(f"“{quote}” does not occur once in “{text}”.")
    language = entry.get("language", "English")
    return Text(kind, entry["world"], language, text, entry.get("cites", ""), quote)


@cache
def _contents() -> Mapping[str, Any]:
    return {
        path.stem: tomllib.loads(path.read_text(encoding="utf-8")) for path in sorted(FOLDER.glob("*.toml"))
    }
