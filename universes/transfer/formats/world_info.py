"""SillyTavern World Info."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from universes.transfer.declared import declared_in
from universes.transfer.files.refusal import refused
from universes.transfer.files.source import Source
from universes.transfer.formats.common import is_true, report_odd_texts, report_unread, text_at, texts
from universes.transfer.formats.lore import LoreEntry, add_entry, report_settings, whole
from universes.transfer.world import Options, World

NAME: Final = "worldinfo"
_SETTINGS: Final = (
    *("order", "position", "depth", "probability", "vectorized", "ignoreBudget", "excludeRecursion"),
    *("preventRecursion", "delayUntilRecursion", "group", "groupWeight", "scanDepth", "automationId", "role"),
    *("sticky", "cooldown", "delay", "caseSensitive", "matchWholeWords", "useGroupScoring", "outletName"),
    *(
        "displayIndex",
        "groupOverride",
        "useProbability",
        "addMemo",
        "characterFilter",
        "triggers",
        "matchPersonaDescription",
    ),
)
_READ: Final = frozenset(
    (
        *(
            "uid",
            "key",
            "keysecondary",
            "comment",
            "content",
            "constant",
            "selective",
            "selectiveLogic",
            "disable",
        ),
        *("extensions", *_SETTINGS),
    )
)


def recognise(source: Source) -> bool:
    value = source.value
    return (
        isinstance(value, Mapping)
        and isinstance(value.get("entries"), Mapping | list)
        and "lorebookVersion" not in value
        and "spec" not in value
    )


def read(source: Source, options: Options) -> World:
    value = source.value
    if not recognise(source):
        raise refused("wrong_format", "The file is no World Info: it has no entries.")
    title = text_at(value, "name") or source.name.rsplit(".", 1)[0]
    world = World(NAME, title, text_at(value, "description"))
    raw = value["entries"]
    pairs = raw.items() if isinstance(raw, Mapping) else enumerate(raw)
    entries: list[Mapping[str, Any]] = []
    for uid, entry in pairs:
        if not isinstance(entry, Mapping):
            world.report.add("left out", f"entry {uid}", "It is no object.")
            continue
        entries.append(entry)
        where = text_at(entry, "comment") or f"entry {uid}"
        report_odd_texts(entry, ("content", "comment"), where, world.report)
        report_unread(entry, _READ, where, world.report)
        add_entry(world, lore_entry(f"{title}/{text_at(entry, 'uid') or uid}", entry))
    report_settings(world, entries, _SETTINGS)
    report_unread(value, {"entries", "name", "description", "originalData"}, "", world.report)
    if value.get("originalData"):
        world.report.add("left out", "originalData", "A copy of the source in another format.")
    return world


def lore_entry(key: str, entry: Mapping[str, Any]) -> LoreEntry:
    extensions = entry.get("extensions")
    return LoreEntry(
        key=key,
        name=text_at(entry, "comment"),
        content=text_at(entry, "content"),
        keys=texts(entry.get("key")),
        secondary=texts(entry.get("keysecondary")) if is_true(entry.get("selective", True)) else (),
        selective_logic=whole(entry.get("selectiveLogic")),
        is_enabled=not is_true(entry.get("disable")),
        is_constant=is_true(entry.get("constant")),
        declared=declared_in(extensions.get("passport")) if isinstance(extensions, Mapping) else {},
    )
