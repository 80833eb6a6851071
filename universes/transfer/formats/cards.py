"""Character cards, versions 1 to 3, as JSON, in a picture or in a ``.charx`` archive."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from universes.choices import CanonStatus, ElementKind
from universes.transfer.files.refusal import refused
from universes.transfer.files.source import Source
from universes.transfer.fitting import as_text
from universes.transfer.formats.common import (
    attributes_in,
    is_true,
    listed,
    objects,
    report_odd_texts,
    report_unread,
    text_at,
    texts,
)
from universes.transfer.formats.lore import LoreEntry, add_entry, report_settings
from universes.transfer.markup import plain, text_of
from universes.transfer.world import ElementDraft, Options, SceneDraft, World

NAME: Final = "character_card"
CARD_MEMBER: Final = "card.json"
_SPECS: Final = ("chara_card_v2", "chara_card_v3")
_V1: Final = {"name", "description", "first_mes"}
_MARKER: Final = re.compile(r"^\s*<START>\s*$\n?", re.IGNORECASE | re.MULTILINE)
_ORDERS: Final = ("system_prompt", "post_history_instructions")
_ABOUT: Final = ("creator", "character_version", "source", "creation_date", "modification_date")
_BOOK_SETTINGS: Final = (
    *("insertion_order", "priority", "position", "case_sensitive", "extensions", "id", "selective"),
    *("scan_depth", "token_budget"),
)


_TEXTS: Final = (
    *("description", "personality", "scenario", "first_mes", "mes_example", "creator_notes", "nickname"),
    *_ORDERS,
)
_READ_OF_BOOK: Final = frozenset(
    (*("name", "description", "entries", "extensions"), *("scan_depth", "token_budget", "recursive_scanning"))
)
_READ_OF_ENTRY: Final = frozenset(
    (
        *("keys", "secondary_keys", "content", "name", "comment", "enabled", "constant", "use_regex"),
        *_BOOK_SETTINGS,
    )
)


def recognise(source: Source) -> bool:
    if source.archive is not None:
        return CARD_MEMBER in source.archive.names
    value = source.value
    return isinstance(value, Mapping) and (value.get("spec") in _SPECS or value.keys() >= _V1)


def read(source: Source, options: Options) -> World:
    card = source.json(CARD_MEMBER) if source.archive is not None else source.value
    data = card.get("data", card) if isinstance(card, Mapping) else None
    if not isinstance(data, Mapping) or not isinstance(data.get("name"), str):
        raise refused("wrong_format", "The file is no character card: it has no name.")
    extensions, book = (_object(data.get(field)) for field in ("extensions", "character_book"))
    name = plain(data["name"])
    title = text_at(extensions, "world") or text_at(book, "name") or name
    world = World(NAME, title)
    report_odd_texts(data, _TEXTS, name, world.report)
    # Some programs write the fields of version 1 beside those of a later one.
    around = {field: value for field, value in card.items() if data.get(field) != value}
    report_unread(around, {"spec", "spec_version", "data"}, name, world.report)
    for field in ("extensions", "character_book"):
        if data.get(field) and not isinstance(data[field], Mapping):
            world.report.add("left out", f"{name}: {field}", f"It is no object: {as_text(data[field])}")
    _add_character(world, data, name)
    _add_messages(world, data, name)
    _report_rest(world, data, extensions, name)
    _add_book(world, book, f"{name}/{text_at(book, 'name')}")
    if source.archive is not None:
        for member in source.archive.names:
            if member != CARD_MEMBER:
                world.report.add("left out", member, "Only texts are read.")
    if source.is_picture:
        world.report.add("left out", source.name, "The picture itself; only the card in it is read.")
    return world


def _object(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _add_character(world: World, data: Mapping[str, Any], name: str) -> None:
    report = world.report
    raw = text_at(data, "description")
    if _MARKER.search(raw):
        report.add("left out", name, "The marker <START> has no meaning here.")
    description = text_of(_MARKER.sub("", raw), name, report)
    found = attributes_in(description)
    traits = {key: value for key, value in found.items() if key not in {"name", "type", "scenario"}}
    if personality := text_of(text_at(data, "personality"), name, report):
        traits["personality"] = personality
    if nickname := plain(text_at(data, "nickname")):
        traits["aliases"] = nickname
    raw_tags = [tag for tag in listed(data.get("tags")) if isinstance(tag, str)]
    if tags := texts(raw_tags):
        traits["tags"] = ", ".join(tags)
        if len(tags) < len(raw_tags):
            report.add("left out", name, "Some tags are there twice.")
    parts = [description]
    if scenario := text_of(text_at(data, "scenario"), name, report):
        parts.append(f"## Scenario\n\n{scenario}")
    summary = "\n\n".join(part for part in parts if part)
    world.elements.append(ElementDraft(f"card/{name}", ElementKind.CHARACTER, name, summary, traits))


def _add_messages(world: World, data: Mapping[str, Any], name: str) -> None:
    """Keep greetings and examples as drafts, which no prompt contains: they are dialogue, and no facts."""
    messages = [
        ("First message", text_at(data, "first_mes")),
        ("Example dialogue", _MARKER.sub("", text_at(data, "mes_example"))),
    ]
    for label, field in (
        ("Alternate greeting", "alternate_greetings"),
        ("Group greeting", "group_only_greetings"),
    ):
        for number, text in enumerate(listed(data.get(field)), start=1):
            if isinstance(text, str):
                messages.append((f"{label} {number}", text))
            elif text is not None:
                why = f"It is no text: {as_text(text)}"
                world.report.add("left out", f"{name}: {label.lower()} {number}", why)
    for label, raw in messages:
        title = f"{name}: {label.lower()}"
        if text := text_of(raw, title, world.report):
            world.scenes.append(SceneDraft(f"card/{name}/{label}", title, text, status=CanonStatus.DRAFT))
            world.report.add("kept", title, "Dialogue and no canon: kept as a draft scene.")


def _report_rest(world: World, data: Mapping[str, Any], extensions: Mapping[str, Any], name: str) -> None:
    report = world.report
    for field in _ORDERS:
        if text := text_at(data, field).strip():
            report.add(
                "left out", f"{name}: {field}", f"An order to a model is no fact of a world: {text[:300]}"
            )
    depth = extensions.get("depth_prompt")
    if isinstance(depth, Mapping) and (text := text_at(depth, "prompt").strip()):
        report.add(
            "left out", f"{name}: depth_prompt", f"An order to a model is no fact of a world: {text[:300]}"
        )
    if notes := text_at(data, "creator_notes").strip():
        report.add(
            "left out", f"{name}: creator_notes", f"Notes to users, no fact of a world: {plain(notes)[:500]}"
        )
    multilingual = data.get("creator_notes_multilingual")
    for language, text in multilingual.items() if isinstance(multilingual, Mapping) else ():
        report.add(
            "left out", f"{name}: creator_notes ({language})", f"Notes to users: {plain(str(text))[:500]}"
        )
    if about := [
        f"{field}: {as_text(data[field])}" for field in _ABOUT if data.get(field) not in (None, "", [])
    ]:
        report.add("left out", name, f"About the card, not the world: {'; '.join(about)}")
    for asset in objects(data.get("assets"), f"{name}: assets", report):
        label = f"{text_at(asset, 'type')} {text_at(asset, 'name')}".strip()
        report.add("left out", f"{name}: {label}", f"Only texts are read: {text_at(asset, 'uri')[:100]}")
    if others := sorted(key for key in extensions if key not in {"world", "depth_prompt"}):
        report.add("left out", f"{name}: extensions", f"Settings of chat programs: {', '.join(others)}.")
    known = {
        *(
            "name",
            "description",
            "personality",
            "scenario",
            "first_mes",
            "mes_example",
            "alternate_greetings",
        ),
        *(
            "group_only_greetings",
            "creator_notes",
            "creator_notes_multilingual",
            "tags",
            "nickname",
            "assets",
        ),
        *("extensions", "character_book", "spec", "spec_version", "data", *_ORDERS, *_ABOUT),
    }
    report_unread(data, known, name, report)


def _add_book(world: World, book: Mapping[str, Any], key: str) -> None:
    entries = objects(book.get("entries"), "character_book", world.report)
    report_unread(book, _READ_OF_BOOK, "character_book", world.report)
    if settings := [field for field in ("scan_depth", "token_budget", "recursive_scanning") if field in book]:
        why = f"Settings of chat programs have no meaning here: {', '.join(settings)}."
        world.report.add("left out", "character_book", why)
    for number, entry in enumerate(entries):
        title, comment = text_at(entry, "name"), text_at(entry, "comment")
        where = title or comment or f"entry {number}"
        report_odd_texts(entry, ("content", "name", "comment"), where, world.report)
        report_unread(entry, _READ_OF_ENTRY, where, world.report)
        if title and comment and plain(title) != plain(comment):
            world.report.add("left out", where, f"Its comment, besides its name: {plain(comment)}")
        add_entry(
            world,
            LoreEntry(
                key=f"{key}/{text_at(entry, 'id') or number}",
                name=text_at(entry, "name") or text_at(entry, "comment"),
                content=text_at(entry, "content"),
                keys=texts(listed(entry.get("keys"))),
                secondary=texts(listed(entry.get("secondary_keys"))),
                is_enabled=is_true(entry.get("enabled", True)),
                is_constant=is_true(entry.get("constant")),
                is_regex=is_true(entry.get("use_regex")),
            ),
        )
    report_settings(world, entries, _BOOK_SETTINGS)
    if text_at(book, "description"):
        world.description = text_of(text_at(book, "description"), "character_book", world.report)
