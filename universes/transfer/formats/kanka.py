"""Kanka campaign archives: one JSON file for each entity, in a folder for each module."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from universes.transfer.files.refusal import refused
from universes.transfer.files.source import Source
from universes.transfer.formats.common import (
    is_true,
    kind_or_concept,
    objects,
    report_odd_texts,
    report_unread,
    text_at,
)
from universes.transfer.markup import plain, text_of
from universes.transfer.world import ElementDraft, Options, RelationDraft, World

NAME: Final = "kanka"
_MENTION: Final = re.compile(r"\[([a-z_]+):(\d+)(?:\|([^\]]*))?\]", re.IGNORECASE)
_ALL: Final = "1"
_OWN_TRAITS: Final = {
    "title": "role",
    "age": "age",
    "sex": "sex",
    "pronouns": "pronouns",
    "type": "type",
    "date": "date",
    "price": "price",
    "size": "size",
    "weight": "weight",
    "population": "population",
}
_NOT_READ: Final = ("abilities", "assets", "inventories", "reminders", "image", "header_image")
# Rows of an entity that refer to another by the id that it has in its own module.
_BY_MODULE: Final = (
    ("characterFamilies", "family_id", "families", "member"),
    ("characterRaces", "race_id", "races", "of the species"),
    ("organisationMemberships", "organisation_id", "organisations", "member"),
)
_CHECKBOX: Final = "3"


_READ: Final = frozenset(
    (
        *("entity", "name", "slug", "is_dead", "is_private", "characterTraits", *_OWN_TRAITS),
        *(field for field, *_ in _BY_MODULE),
    )
)
_READ_OF_ENTITY: Final = frozenset(
    (
        *(
            "name",
            "entry",
            "tooltip",
            "is_private",
            "is_template",
            "is_attributes_private",
            "posts",
            "mentions",
        ),
        *("entityAttributes", "entityTags", "entityLocations", "relationships", "parent_id"),
        *(*_OWN_TRAITS, *_NOT_READ),
    )
)


def _is_about(field: str, value: Any) -> bool:
    """Return whether a field tells of the file: a number of another row, a date of a change, a mark of the program."""
    is_mark = isinstance(value, bool | int | float) and field.startswith(("is_", "has_"))
    return is_mark or field == "id" or field.endswith(("_id", "_at", "_by", "_uuid"))


@dataclass(frozen=True, slots=True)
class _Entity:
    module: str
    member: str
    data: Mapping[str, Any]

    @property
    def entity(self) -> Mapping[str, Any]:
        found: Mapping[str, Any] = self.data["entity"]
        return found

    @property
    def id(self) -> str:
        return text_at(self.entity, "id")

    @property
    def name(self) -> str:
        return plain(text_at(self.entity, "name") or text_at(self.data, "name"))

    @property
    def is_private(self) -> bool:
        return is_true(self.entity.get("is_private")) or is_true(self.data.get("is_private"))


class _Campaign:
    def __init__(self, source: Source, options: Options, world: World) -> None:
        self.world, self.options = world, options
        self.entities: dict[str, _Entity] = {}
        for entity in _entities(source, world):
            if entity.id in self.entities:
                world.report.add("left out", entity.member, f"Another file has the entity {entity.id}.")
            else:
                self.entities[entity.id] = entity
        self.by_module = {
            (entity.module, text_at(entity.entity, "entity_id") or text_at(entity.data, "id")): entity.id
            for entity in self.entities.values()
        }
        self.modules = _custom_modules(source)

    def key(self, entity_id: str) -> str:
        return f"kanka/{entity_id}"

    def add(self, entity: _Entity) -> None:
        report = self.world.report
        if entity.is_private and not self.options.include_private:
            report.add("left out", entity.name, "Private: read with include_private.")
            return
        if is_true(entity.entity.get("is_template")):
            report.add("left out", entity.name, "A template, and no part of the world.")
            return
        name = entity.name
        parts = [self._text(text_at(entity.entity, "entry"), entity)]
        for post in objects(entity.entity.get("posts"), name, report):
            title = plain(text_at(post, "name"))
            if self._is_hidden(post):
                report.add("left out", f"{name}: {title}", "A private post: read with include_private.")
            elif text := self._text(text_at(post, "entry"), entity):
                parts.append(f"## {title}\n\n{text}" if title else text)
            else:
                report.add("left out", f"{name}: {title}", "The post has no text.")
        kind = kind_or_concept(entity.module, *self.modules.get(entity.module, ()))
        summary = "\n\n".join(part for part in parts if part)
        traits = self._traits(entity)
        self.world.elements.append(ElementDraft(self.key(entity.id), kind, name, summary, traits))
        self._relate(entity)
        self._report_unread(entity)
        for field in _NOT_READ:
            if entity.entity.get(field):
                report.add("left out", f"{name}: {field}", "Only texts, attributes and relations are read.")

    def _report_unread(self, entity: _Entity) -> None:
        report, name = self.world.report, entity.name
        report_odd_texts(entity.entity, ("name", "entry", "type"), name, report)
        own = {key: value for key, value in entity.data.items() if not _is_about(key, value)}
        shared = {key: value for key, value in entity.entity.items() if not _is_about(key, value)}
        report_unread(own, _READ, name, report)
        report_unread(shared, _READ_OF_ENTITY, name, report)
        tooltip = plain(text_at(entity.entity, "tooltip"))
        if tooltip:
            report.add("left out", f"{name}: tooltip", tooltip)

    def _text(self, raw: str, entity: _Entity) -> str:
        def named(match: re.Match[str]) -> str:
            target = self.entities.get(match[2])
            label = plain(match[3] or "")
            if target is None:
                self.world.report.add("left out", entity.name, f"A link that leads nowhere: {match[0]}")
                return label or f"{match[1]} {match[2]}"
            self._link(entity, match[2], "linked to")
            return label or target.name

        return text_of(_MENTION.sub(named, raw), entity.name, self.world.report)

    def _traits(self, entity: _Entity) -> dict[str, Any]:
        report, name = self.world.report, entity.name
        traits: dict[str, Any] = {
            trait: plain(text_at(entity.data, field) or text_at(entity.entity, field))
            for field, trait in _OWN_TRAITS.items()
        }
        if is_true(entity.data.get("is_dead")):
            traits["status"] = "dead"
        for row in objects(entity.data.get("characterTraits"), name, report):
            self._add_trait(traits, row, text_at(row, "entry"), name)
        for row in objects(entity.entity.get("entityAttributes"), name, report):
            value = text_at(row, "value")
            if text_at(row, "type_id") == _CHECKBOX:
                value = "yes" if is_true(row.get("value")) else "no"
            elif "{" in value and not self._is_hidden(row):
                report.add("kept", f"{name}: {text_at(row, 'name')}", f"A formula, kept as text: {value}")
            self._add_trait(traits, row, value, name)
        tags = [
            self.entities[tag].name if (tag := self.by_module.get(("tags", text_at(row, "tag_id")))) else None
            for row in objects(entity.entity.get("entityTags"), name, report)
        ]
        if known := [tag for tag in tags if tag]:
            traits["tags"] = ", ".join(known)
        if lost := len(tags) - len(known):
            report.add("left out", name, f"{lost} tag(s) that are not in the export.")
        return {key: value for key, value in traits.items() if value}

    def _add_trait(self, traits: dict[str, Any], row: Mapping[str, Any], value: str, name: str) -> None:
        key = plain(text_at(row, "name"))
        if self._is_hidden(row):
            self.world.report.add("left out", f"{name}: {key}", "Private: read with include_private.")
            return
        known = next(
            (there for there in traits if there.casefold() == key.casefold() and traits[there]), None
        )
        if known is not None:
            if traits[known] != value:
                traits[known] = f"{traits[known]}; {plain(value)}"
            return
        lower = key.lower() if key.lower() in {"goals", "appearance", "personality", "abilities"} else key
        traits[lower] = plain(value)

    def _relate(self, entity: _Entity) -> None:
        report = self.world.report
        for row in objects(entity.entity.get("relationships"), entity.name, report):
            kind = plain(text_at(row, "relation")) or "related to"
            if self._is_hidden(row):
                report.add(
                    "left out", f"{entity.name}: {kind}", "A private relation: read with include_private."
                )
                continue
            attitude = text_at(row, "attitude")
            note = f"attitude {attitude}" if attitude not in ("", "0") else ""
            self._link(entity, text_at(row, "target_id"), kind, note)
        parent = text_at(entity.entity, "parent_id")
        if parent:
            self._link(entity, parent, "part of")
        for row in objects(entity.entity.get("entityLocations"), entity.name, report):
            self._link_in(entity, "locations", text_at(row, "location_id"), "located in")
        for field, column, module, kind in _BY_MODULE:
            for row in objects(entity.data.get(field), entity.name, report):
                if self._is_hidden(row):
                    report.add("left out", f"{entity.name}: {kind}", "Private: read with include_private.")
                else:
                    self._link_in(entity, module, text_at(row, column), kind, plain(text_at(row, "role")))

    def _link_in(self, entity: _Entity, module: str, own_id: str, kind: str, note: str = "") -> None:
        modules = ("races", "creatures") if module == "races" else (module,)
        target = next(
            (self.by_module[name, own_id] for name in modules if (name, own_id) in self.by_module), None
        )
        if target is None:
            why = f"A link that leads nowhere: {kind} {module} {own_id}"
            self.world.report.add("left out", entity.name, why)
        else:
            self._link(entity, target, kind, note)

    def _link(self, entity: _Entity, target: str, kind: str, note: str = "") -> None:
        self.world.relations.append(
            RelationDraft(kind, self.key(entity.id), self.key(target), note=note, where=entity.name)
        )

    def _is_hidden(self, row: Mapping[str, Any]) -> bool:
        visibility = text_at(row, "visibility_id")
        is_private = is_true(row.get("is_private")) or visibility not in ("", _ALL)
        return is_private and not self.options.include_private


def recognise(source: Source) -> bool:
    return source.archive is not None and "campaign.json" in source.archive.names


def read(source: Source, options: Options) -> World:
    if not recognise(source):
        raise refused("wrong_format", "The archive is no campaign of Kanka: it has no campaign.json.")
    campaign = source.json("campaign.json")
    if not isinstance(campaign, Mapping):
        raise refused("wrong_format", "campaign.json is no object.")
    world = World(NAME, plain(text_at(campaign, "name")))
    world.description = text_of(text_at(campaign, "entry"), "campaign", world.report)
    reader = _Campaign(source, options, world)
    for entity in reader.entities.values():
        reader.add(entity)
    return world


def _entities(source: Source, world: World) -> Iterator[_Entity]:
    assert source.archive is not None
    for member in sorted(source.archive.names):
        folder, _, file = member.rpartition("/")
        if member in {"info.json", "campaign.json"} or folder.startswith("settings"):
            continue
        if folder.startswith("gallery") or not file.endswith(".json"):
            world.report.add("left out", member, "Only texts are read.")
            continue
        data = source.json(member)
        if not isinstance(data, Mapping) or not isinstance(data.get("entity"), Mapping):
            world.report.add("left out", member, "The file has no entity in it.")
        elif not text_at(data["entity"], "id"):
            world.report.add("left out", member, "The entity has no id.")
        else:
            yield _Entity(folder.rsplit("/", 1)[-1], member, data)


def _custom_modules(source: Source) -> dict[str, tuple[str, ...]]:
    """Return the words for modules of a user's own by their folder, "ships_101"."""
    assert source.archive is not None
    if "settings/custom-modules.json" not in source.archive.names:
        return {}
    modules = source.json("settings/custom-modules.json")
    return (
        {
            f"{text_at(module, 'code')}_{text_at(module, 'id')}": (
                text_at(module, "code"),
                text_at(module, "singular"),
                text_at(module, "plural"),
            )
            for module in modules
            if isinstance(module, Mapping)
        }
        if isinstance(modules, list)
        else {}
    )
