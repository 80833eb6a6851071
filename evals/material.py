"""Worlds of the benchmark as TOML files: facts, passages, and sentences that state a fact."""

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
    """A sentence that states a fact, or a decoy that only seems to contradict it.

    ``breaks`` and ``holds`` may have gaps. A decoy has only ``breaks``, and its ``kind`` is, for example, a dream.
    """

    id: str
    breaks: str
    holds: str = ""
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Fact:
    """A typed fact of a world: its source (``cites``), and the words that agree with it or contradict it."""

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
    """Prose with swaps, ``[[holds|breaks@fact]]``, and gaps, ``{*}``, for a sentence."""

    id: str
    text: str


@dataclass(frozen=True, slots=True)
class Setting:
    """A world of the benchmark; ``name`` is that of its file."""

    name: str
    world: WorldView
    passages: tuple[Passage, ...]
    facts: Mapping[str, Fact] = field(default_factory=dict)


@cache
def settings() -> Mapping[str, Setting]:
    """Load all worlds, sorted by name."""
    return {path.stem: _setting(path) for path in sorted((HERE / "worlds").glob("*.toml"))}


def _setting(path: Path) -> Setting:
    content = tomllib.loads(path.read_text(encoding="utf-8"))
    facts = {entry["id"]: _fact(entry) for entry in content["facts"]}
    passages = tuple(Passage(entry["id"], entry["text"].strip()) for entry in content["passages"])
    return Setting(path.stem, WorldView.from_mapping(content["world"]), passages, facts)


def _fact(entry: Mapping[str, Any]) -> Fact:
    if entry["type"] not in TYPES:
        raise ValueError(f"The fact {entry['id']} has the unknown type {entry['type']}.")
    form = _forms().get(entry.get("form", ""), {})
    gaps = {key: entry[key] for key in ("name", "other", "they", "one") if key in entry}
    gaps |= {key.capitalize(): _capitalize(gaps[key]) for key in ("name", "other") if key in gaps}
    return Fact(
        id=entry["id"],
        type=entry["type"],
        cites=entry["cites"],
        gaps=gaps,
        holds=tuple(entry.get("holds", ())),
        breaks=tuple(entry.get("breaks", ())),
        says=tuple(_saying(saying) for saying in [*form.get("says", ()), *entry.get("says", ())]),
        decoys=tuple(_saying(saying) for saying in [*form.get("decoys", ()), *entry.get("decoys", ())]),
    )


def _saying(entry: Mapping[str, str]) -> Saying:
    text = entry.get("text", "")
    return Saying(
        entry["id"], entry.get("breaks", text), entry.get("holds", text), kind=entry.get("kind", "")
    )


def _capitalize(text: str) -> str:
    return text[:1].upper() + text[1:]


@cache
def _forms() -> Mapping[str, Any]:
    forms: dict[str, Any] = {}
    for path in sorted((HERE / "phrasings").glob("*.toml")):
        forms |= tomllib.loads(path.read_text(encoding="utf-8"))
    return forms
