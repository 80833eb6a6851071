"""Entries of lorebooks, which three formats share: keys, a content, and settings of chat programs."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from universes.choices import ElementKind
from universes.fields import fold
from universes.transfer.formats.common import attributes_in, is_described_as_person, kind_of, texts
from universes.transfer.markup import plain, text_of
from universes.transfer.world import ElementDraft, RuleDraft, World

_REGEX: Final = re.compile(r"/.+/[a-z]*", re.DOTALL)
_MAX_PATTERN_CHARS: Final = 1_000
_RULE: Final = re.compile(r"^\s*(?:world\s+)?(?:rule|law)\b\s*[:\-–—]?\s*", re.IGNORECASE)
_DECORATOR: Final = re.compile(r"^@@+[^\n]*\n?", re.MULTILINE)
SELECTIVE: Final = ("and any of", "not all of", "not any of", "and all of")


@dataclass(frozen=True, slots=True)
class LoreEntry:
    """An entry of any lorebook, with its settings reduced to what has a meaning for a world."""

    key: str
    name: str
    content: str
    keys: Sequence[str]
    secondary: Sequence[str] = ()
    selective_logic: int = 0
    is_enabled: bool = True
    is_constant: bool = False
    is_regex: bool = False
    category: str = ""
    declared: dict[str, Any] = field(default_factory=dict)


def add_entry(world: World, entry: LoreEntry) -> None:
    """Add an entry to a world as an element or a rule, or report why it is not there."""
    report = world.report
    words = [plain(key) for key in entry.keys]
    names = [word for word in words if not _is_regex(word, entry)]
    name = plain(entry.name) or (names[0] if names else "") or f"Entry {entry.key.rsplit('/', 1)[-1]}"
    if not entry.content.strip():
        report.add("left out", name, "The entry has no text.")
        return
    if not entry.is_enabled:
        report.add("left out", name, "The entry is disabled in the source.")
        return
    content = entry.content
    if decorators := [line.strip() for line in _DECORATOR.findall(_head(content))]:
        report.add("left out", name, f"Settings of a chat program: {', '.join(decorators)}")
        content = _DECORATOR.sub("", _head(content)) + content[len(_head(content)) :]
    text = text_of(content, name, report)
    if not text:
        report.add("left out", name, "Nothing is left of its text.")
        return
    traits: dict[str, Any] = {}
    others = [word for word in names if fold(word) != fold(name)]
    if others:
        traits["aliases"] = ", ".join({fold(word): word for word in others}.values())
    patterns = [word for word in words if _is_regex(word, entry)]
    if entry.is_constant and _RULE.match(name):
        if words:
            report.add("left out", name, f"The keys of a rule have no meaning here: {', '.join(words)}")
        world.rules.append(RuleDraft(entry.key, " ".join(text.split())))
        return
    if patterns:
        traits["patterns"] = ", ".join(patterns)
        report.add(
            "kept",
            name,
            f"A regular expression is no name; kept as the trait patterns: {', '.join(patterns)}",
        )
    if secondary := texts(list(entry.secondary)):
        logic = (
            SELECTIVE[entry.selective_logic] if 0 <= entry.selective_logic < len(SELECTIVE) else "and any of"
        )
        traits["secondary keys"] = f"{logic}: {', '.join(secondary)}"
        report.add("kept", name, "Secondary keys have no effect here; kept as a trait.")
    found = attributes_in(text)
    if entry.category:
        traits["category"] = plain(entry.category)
    kind = kind_of(found.get("type"), found.get("kind"), entry.category)
    if kind is None and names and is_described_as_person(name, text):
        kind = ElementKind.CHARACTER
        report.add("kept", name, "The source has no kinds of entries; by its text it is a character.")
    kind = kind or ElementKind.CONCEPT
    traits = {**{key: value for key, value in found.items() if key not in {"type", "kind", "name"}}, **traits}
    world.elements.append(ElementDraft(entry.key, kind, name, text, traits, declared=entry.declared))


def report_settings(world: World, entries: Sequence[Mapping[str, Any]], names: Sequence[str]) -> None:
    """Say once that settings of chat programs are left out, and which."""
    used = [name for name in names if any(name in entry for entry in entries)]
    if used:
        why = f"Settings of chat programs have no meaning here: {', '.join(used)}."
        world.report.add("left out", f"{len(entries)} entries", why)


def whole(value: Any) -> int:
    try:
        return int(value)
    except (TypeError, ValueError):
        return 0


def _is_regex(word: str, entry: LoreEntry) -> bool:
    return entry.is_regex or (len(word) <= _MAX_PATTERN_CHARS and _REGEX.fullmatch(word) is not None)


def _head(content: str) -> str:
    """Return the lines at the beginning that are decorators."""
    lines = content.splitlines(keepends=True)
    count = next((number for number, line in enumerate(lines) if not line.startswith("@@")), len(lines))
    return "".join(lines[:count])
