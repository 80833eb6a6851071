"""OnlyWorlds world files: 22 lists of elements, whose links are ids or lists of ids."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from universes.choices import ElementKind
from universes.transfer.declared import declared_in
from universes.transfer.files.refusal import refused
from universes.transfer.files.source import Source
from universes.transfer.fitting import as_text
from universes.transfer.formats.common import listed, objects, report_odd_texts, text_at
from universes.transfer.markup import plain, text_of
from universes.transfer.world import ElementDraft, Options, RelationDraft, Report, SceneDraft, World

NAME: Final = "onlyworlds"
KINDS: Final[Mapping[str, str]] = {
    "Character": ElementKind.CHARACTER,
    "Object": ElementKind.ITEM,
    "Location": ElementKind.LOCATION,
    "Family": ElementKind.FACTION,
    "Creature": ElementKind.SPECIES,
    "Institution": ElementKind.FACTION,
    "Trait": ElementKind.CONCEPT,
    "Species": ElementKind.SPECIES,
    "Zone": ElementKind.LOCATION,
    "Ability": ElementKind.CONCEPT,
    "Collective": ElementKind.FACTION,
    "Title": ElementKind.CONCEPT,
    "Language": ElementKind.CONCEPT,
    "Phenomenon": ElementKind.CONCEPT,
    "Law": ElementKind.CONCEPT,
    "Relation": ElementKind.CONCEPT,
    "Event": ElementKind.EVENT,
    "Construct": ElementKind.TECHNOLOGY,
    "Narrative": ElementKind.CONCEPT,
    "Map": ElementKind.CONCEPT,
    "Pin": ElementKind.CONCEPT,
    "Marker": ElementKind.CONCEPT,
}
_CATEGORIES: Final = {
    form.casefold(): category
    for category in KINDS
    for form in (category, f"{category}s", f"{category.removesuffix('y')}ies")
} | {"phenomena": "Phenomenon"}
_UUID: Final = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_PLAIN: Final = {
    "id",
    "name",
    "description",
    "category",
    "world",
    "image_url",
    "created_at",
    "updated_at",
    "passport",
}
# Fields that link to others, as the relation that they state; a field that is not here is its own name.
RELATION_OF: Final[Mapping[str, str]] = {
    "allies": "ally",
    "birthplace": "born in",
    "children": "parent",
    "enemies": "enemy",
    "family": "relative",
    "friends": "friend",
    "institutions": "member",
    "location": "located in",
    "objects": "owner",
    "parent_location": "located in",
    "parents": "child",
    "rivals": "rival",
    "siblings": "sibling",
    "species": "of the species",
}
_PERCENT: Final = {"charisma", "coercion", "competence", "compassion", "creativity", "courage"}


def recognise(source: Source) -> bool:
    return isinstance(source.value, Mapping) and isinstance(source.value.get("World"), Mapping)


def read(source: Source, options: Options) -> World:
    if not recognise(source):
        raise refused("wrong_format", "The file is no world of OnlyWorlds: it has no World.")
    value = source.value
    head = value["World"]
    world = World(NAME, plain(text_at(head, "name")))
    world.description = text_of(text_at(head, "description"), "World", world.report)
    _report_head(world, head)
    names: dict[str, str] = {}
    rows: list[tuple[str, Mapping[str, Any]]] = []
    for category in value:
        if category == "World":
            continue
        data = value[category]
        # Other programs write them in lower case, or in the plural.
        category = _CATEGORIES.get(category.casefold(), category)
        if category not in KINDS:
            if data:
                why = f"No category of OnlyWorlds, with {len(listed(data))} entries: {as_text(data)}"
                world.report.add("left out", category, why)
            continue
        # A page of the API.
        data = data.get("data") if isinstance(data, Mapping) else data
        for row in objects(data, category, world.report):
            rows.append((category, row))
            names[text_at(row, "id").lower()] = plain(text_at(row, "name"))
    for number, (category, row) in enumerate(rows):
        _add(world, category, row, names, number)
    return world


def _add(world: World, category: str, row: Mapping[str, Any], names: Mapping[str, str], number: int) -> None:
    report, name = world.report, plain(text_at(row, "name"))
    where = name or f"{category} {text_at(row, 'id')}"
    key = f"onlyworlds/{text_at(row, 'id').lower() or f'{category}/{number}'}"
    traits: dict[str, Any] = {}
    report_odd_texts(row, ("name", "description"), where, report)
    if KINDS[category] == ElementKind.CONCEPT or category in {"Creature", "Zone", "Family", "Collective"}:
        traits["category"] = category
    text = text_of(text_at(row, "description"), where, report)
    story = text_of(text_at(row, "story"), where, report) if category == "Narrative" else ""
    for field, value in row.items():
        if field in _PLAIN or (field == "story" and story) or value in (None, "", [], {}):
            continue
        if links := [item for item in listed(value) if isinstance(item, str) and _UUID.fullmatch(item)]:
            _link(world, key, re.sub(r"_ids?$", "", field), links, names, where)
            value = [item for item in listed(value) if item not in links]
            if not value:
                continue
        label = {"supertype": "type", "start_date": "date"}.get(field, field.replace("_", " "))
        traits[label] = text_of(value, where, report) if isinstance(value, str) else value
    _check_numbers(row, where, report)
    declared = declared_in(row.get("passport"))
    if story:
        world.scenes.append(SceneDraft(f"{key}/story", where, story, declared=declared))
        report.add("kept", where, "The story of a narrative is a scene.")
    image = text_at(row, "image_url")
    if image and image != "default_image_url":
        report.add("left out", where, f"Only texts are read: {image[:200]}")
    world.elements.append(ElementDraft(key, KINDS[category], name, text, traits, declared=declared))


def _link(world: World, key: str, field: str, links: list[str], names: Mapping[str, str], where: str) -> None:
    kind = RELATION_OF.get(field, field.replace("_", " "))
    for link in links:
        if link.lower() not in names:
            world.report.add("left out", where, f"A link that leads nowhere: {field} {link}")
        else:
            world.relations.append(RelationDraft(kind, key, f"onlyworlds/{link.lower()}", where=where))


def _check_numbers(row: Mapping[str, Any], where: str, report: Report) -> None:
    for field in sorted(_PERCENT & row.keys()):
        value = row[field]
        if isinstance(value, int | float) and not isinstance(value, bool) and not 0 <= value <= 100:
            report.add("kept", where, f"{field} is {value}, outside 0 to 100; kept as it is.")
    start, end = row.get("start_date"), row.get("end_date")
    if isinstance(start, int | float) and isinstance(end, int | float) and end < start:
        report.add("kept", where, f"It ends at {end}, before it starts at {start}; kept as it is.")


def _report_head(world: World, head: Mapping[str, Any]) -> None:
    if text_at(head, "api_key"):
        world.report.add("left out", "World: api_key", "A key is a secret and no part of the world.")
    if times := [
        f"{name}: {as_text(head[name])}" for name in head if name.startswith("time_") and head[name]
    ]:
        world.report.add("left out", "World: calendar", f"Calendars are not kept: {'; '.join(times)}")
    image = text_at(head, "image_url")
    if image and image != "default_image_url":
        world.report.add("left out", "World: image_url", f"Only texts are read: {image[:200]}")
    known = {"api_key", "name", "description", "image_url", "id"}
    for name in sorted(name for name in head if name not in known and not name.startswith("time_")):
        if head[name] not in (None, "", [], {}):
            world.report.add("left out", f"World: {name}", f"About the file: {as_text(head[name])[:200]}")
