"""The worlds of the benchmark as they are written: facts, passages, and the ways in which a fact can be said."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Final

from agents.engine.world import WorldView

HERE: Final = Path(__file__).resolve().parent
TYPES: Final = ("tech", "magic", "physics", "geography", "timeline", "character", "rule", "tone")


@dataclass(frozen=True, slots=True)
class Saying:
    """One sentence that says a fact, or a decoy that only seems to break it.

    ``breaks`` and ``holds`` may have gaps; a decoy has ``breaks`` alone, and its ``kind`` says what it is instead.
    """

    id: str
    breaks: str
    holds: str = ""
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Fact:
    """One typed fact of a world: what says it (``cites``), the words that hold and the words that break it."""

    id: str
    type: str
    cites: str
    gaps: Mapping[str, str]
    holds: tuple[str, ...]
    breaks: tuple[str, ...]
    says: tuple[Saying, ...]
    decoys: tuple[Saying, ...]


@dataclass(frozen=True, slots=True)
class Passage:
    """Prose with swaps, ``[[what holds|what breaks it@fact]]``, and gaps, ``{*}``, where a sentence may go in."""

    id: str
    text: str


@dataclass(frozen=True, slots=True)
class Setting:
    """One world of the benchmark. ``name`` is that of its file."""

    name: str
    world: WorldView
    passages: tuple[Passage, ...]
    facts: Mapping[str, Fact] = field(default_factory=dict)


@cache
def settings() -> Mapping[str, Setting]:
    """All worlds by name, in the order of their names."""
    return {path.stem: _setting(path) for path in sorted((HERE / "worlds").glob("*.toml"))}


def _setting(path: Path) -> Setting:
    plain = tomllib.loads(path.read_text(encoding="utf-8"))
    facts = {entry["id"]: _fact(entry) for entry in plain["facts"]}
    passages = tuple(Passage(entry["id"], entry["text"].strip()) for entry in plain["passages"])
    return Setting(path.stem, WorldView.from_mapping(plain["world"]), passages, facts)


def _fact(entry: Mapping[str, Any]) -> Fact:
    if entry["type"] not in TYPES:
        raise ValueError(f"The fact {entry['id']} has the type {entry['type']}, which there is not.")
    form = _forms().get(entry.get("form", ""), {})
    gaps = {key: entry[key] for key in ("name", "other", "they", "one") if key in entry}
    gaps |= {key.capitalize(): _capital(gaps[key]) for key in ("name", "other") if key in gaps}
    return Fact(
        id=entry["id"],
        type=entry["type"],
        cites=entry["cites"],
        gaps=gaps,
        holds=tuple(entry.get("holds", ())),
        breaks=tuple(entry.get("breaks", ())),
        says=tuple(_saying(one) for one in [*form.get("says", ()), *entry.get("says", ())]),
        decoys=tuple(_saying(one) for one in [*form.get("decoys", ()), *entry.get("decoys", ())]),
    )


def _saying(entry: Mapping[str, str]) -> Saying:
    text = entry.get("text", "")
    return Saying(
        entry["id"], entry.get("breaks", text), entry.get("holds", text), kind=entry.get("kind", "")
    )


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


@cache
def _forms() -> Mapping[str, Any]:
    forms: dict[str, Any] = {}
    for path in sorted((HERE / "phrasings").glob("*.toml")):
        forms |= tomllib.loads(path.read_text(encoding="utf-8"))
    return forms
