"""NovelAI lorebooks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from universes.transfer.files.refusal import refused
from universes.transfer.files.source import Source
from universes.transfer.formats.common import (
    is_true,
    objects,
    report_odd_texts,
    report_unread,
    text_at,
    texts,
)
from universes.transfer.formats.lore import LoreEntry, add_entry, report_settings
from universes.transfer.world import Options, World

NAME: Final = "novelai"
_SETTINGS: Final = (
    *(
        "contextConfig",
        "searchRange",
        "keyRelative",
        "nonStoryActivatable",
        "loreBiasGroups",
        "lastUpdatedAt",
    ),
    *("forceActivation", "hidden", "advancedConditions"),
)


# Settings of the context, and defaults of new entries.
_OF_CATEGORY: Final = (
    *(
        "useCategoryDefaults",
        "categoryDefaults",
        "categoryBiasGroups",
        "createSubcontext",
        "subcontextSettings",
    ),
    *("open", "settings"),
)
_READ: Final = frozenset(("text", "displayName", "id", "keys", "enabled", "category", *_SETTINGS))
_READ_OF_FILE: Final = frozenset(("lorebookVersion", "entries", "categories", "settings", "order"))


def recognise(source: Source) -> bool:
    return isinstance(source.value, Mapping) and "lorebookVersion" in source.value


def read(source: Source, options: Options) -> World:
    value = source.value
    if not recognise(source):
        raise refused("wrong_format", "The file is no lorebook of NovelAI.")
    title = source.name.rsplit(".", 1)[0]
    world = World(NAME, title)
    categories = {
        text_at(category, "id"): category
        for category in objects(value.get("categories"), "categories", world.report)
    }
    entries = objects(value.get("entries"), "entries", world.report)
    for number, entry in enumerate(entries):
        category = categories.get(text_at(entry, "category"), {})
        keys = texts(entry.get("keys"))
        where = text_at(entry, "displayName") or f"entry {number}"
        report_odd_texts(entry, ("text", "displayName"), where, world.report)
        report_unread(entry, _READ, where, world.report)
        # "&voss" must be there besides another key.
        joined = [key for key in keys if key.startswith("&")]
        if joined:
            world.report.add(
                "kept", text_at(entry, "displayName"), f"Keys that go with others: {', '.join(joined)}"
            )
        add_entry(
            world,
            LoreEntry(
                key=text_at(entry, "id") or f"{title}/{number}",
                name=text_at(entry, "displayName"),
                content=text_at(entry, "text").removeprefix("----").lstrip("\r\n"),
                keys=[key for key in keys if key not in joined],
                secondary=[key.removeprefix("&") for key in joined],
                is_enabled=is_true(entry.get("enabled", True)) and is_true(category.get("enabled", True)),
                category=text_at(category, "name"),
            ),
        )
    for key, category in categories.items():
        _add_category(world, key, category)
        if text_at(category, "id") not in {text_at(entry, "category") for entry in entries}:
            world.report.add("left out", text_at(category, "name"), "A category without entries.")
    report_settings(world, entries, _SETTINGS)
    report_unread(value, _READ_OF_FILE, "", world.report)
    return world


def _add_category(world: World, key: str, category: Mapping[str, Any]) -> None:
    """Add the text that a category puts before its entries as an entry of its own; report the rest."""
    name, report = text_at(category, "name"), world.report
    report_unread(category, {"name", "id", "enabled", *_OF_CATEGORY}, name, report)
    for field in ("subcontextSettings", "categoryDefaults"):
        entry = category.get(field)
        if not isinstance(entry, Mapping) or not (text := text_at(entry, "text").strip()):
            continue
        if field == "subcontextSettings" and is_true(category.get("createSubcontext")):
            add_entry(
                world,
                LoreEntry(
                    key=f"{key}/subcontext",
                    name=text_at(entry, "displayName") or name,
                    content=text.removeprefix("----").lstrip("\r\n"),
                    keys=texts(entry.get("keys")),
                    is_enabled=is_true(entry.get("enabled", True)) and is_true(category.get("enabled", True)),
                    category=name,
                ),
            )
        else:
            report.add("left out", f"{name}: {field}", f"It is used for no entry: {text}")
    if settings := [field for field in _OF_CATEGORY if category.get(field) not in (None, "", [], {})]:
        report.add(
            "left out", name, f"Settings of chat programs have no meaning here: {', '.join(settings)}."
        )
