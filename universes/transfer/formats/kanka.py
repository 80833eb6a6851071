"""Kanka campaign archives: one JSON file for each entity, in a folder for each module."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, Final

from universes.transfer.files.refusal import refused
from universes.transfer.files.source import Source
from universes.transfer.fitting import as_text
from universes.transfer.formats.common import (
    is_true,
    kind_or_concept,
    objects,
    report_odd_texts,
    report_unread,
    text_at,
)
from universes.transfer.formats.kanka_fields import (
    ALL,
    BY_MODULE,
    CHECKBOX,
    LINKS,
    NOT_READ,
    OWN_TRAITS,
    PARTS,
    READ,
    READ_OF_ENTITY,
    READ_OF_PART,
    STATES,
    is_about,
)
from universes.transfer.formats.kanka_files import Entity, custom_modules, entities
from universes.transfer.markup import plain, text_of
from universes.transfer.world import ElementDraft, Options, RelationDraft, World

NAME: Final = "kanka"
_MENTION: Final = re.compile(r"\[([a-z_]+):(\d+)(?:\|([^\]]*))?\]", re.IGNORECASE)


class _Campaign:
    def __init__(self, source: Source, options: Options, world: World) -> None:
        self.world, self.options = world, options
        self.entities: dict[str, Entity] = {}
        for entity in entities(source, world):
            if entity.id in self.entities:
                world.report.add("left out", entity.member, f"Another file has the entity {entity.id}.")
            else:
                self.entities[entity.id] = entity
        names = Counter(entity.name for entity in self.entities.values())
        for entity in [each for each in self.entities.values() if names[each.name] > 1]:
            self.entities[entity.id] = replace(entity, has_namesake=True)
        self.by_module = {
            (entity.module, text_at(entity.entity, "entity_id") or text_at(entity.data, "id")): entity.id
            for entity in self.entities.values()
        }
        self.modules = custom_modules(source)
        self._reported: set[tuple[str, str]] = set()

    def key(self, entity_id: str) -> str:
        return f"kanka/{entity_id}"

    def add(self, entity: Entity) -> None:
        report = self.world.report
        if entity.is_private and not self.options.include_private:
            report.add("left out", entity.label, "Private: read with include_private.")
            return
        if is_true(entity.entity.get("is_template")):
            report.add("left out", entity.label, "A template, and no part of the world.")
            return
        name = entity.label
        parts = [self._text(text_at(entity.entity, "entry"), entity)]
        for post in objects(entity.entity.get("posts"), name, report):
            title = plain(text_at(post, "name"))
            if self._is_hidden(post):
                report.add("left out", f"{name}: {title}", "A private post: read with include_private.")
            elif text := self._text(text_at(post, "entry"), entity):
                parts.append(f"## {title}\n\n{text}" if title else text)
            else:
                report.add("left out", f"{name}: {title}", "The post has no text.")
        parts += self._parts(entity, entity.data, level=2)
        kind = kind_or_concept(entity.module, *self.modules.get(entity.module, ()))
        summary = "\n\n".join(part for part in parts if part)
        traits = self._traits(entity)
        self.world.elements.append(ElementDraft(self.key(entity.id), kind, entity.name, summary, traits))
        self._relate(entity)
        self._report_unread(entity)
        for field in NOT_READ:
            if value := entity.entity.get(field):
                words = "" if "image" in field else f": {as_text(value)}"
                why = f"Only texts, attributes and relations are read{words}"
                report.add("left out", f"{name}: {field}", why)

    def _report_unread(self, entity: Entity) -> None:
        report, name = self.world.report, entity.label
        report_odd_texts(entity.entity, ("name", "entry", "type"), name, report)
        own = {key: value for key, value in entity.data.items() if not is_about(key, value)}
        shared = {key: value for key, value in entity.entity.items() if not is_about(key, value)}
        report_unread(own, READ, name, report)
        report_unread(shared, READ_OF_ENTITY, name, report)
        tooltip = plain(text_at(entity.entity, "tooltip"))
        if tooltip:
            report.add("left out", f"{name}: tooltip", tooltip)

    def _text(self, raw: str, entity: Entity) -> str:
        def named(match: re.Match[str]) -> str:
            target = self.entities.get(match[2])
            label = plain(match[3] or "")
            if target is None:
                if (entity.id, match[2]) not in self._reported:
                    self._reported.add((entity.id, match[2]))
                    why = f"A link that leads nowhere: {match[0]}"
                    self.world.report.add("left out", entity.label, why)
                return label or f"{match[1]} {match[2]}"
            self._link(entity, match[2], "linked to")
            return label or target.name

        return text_of(_MENTION.sub(named, raw), entity.label, self.world.report)

    def _traits(self, entity: Entity) -> dict[str, Any]:
        report, name = self.world.report, entity.label
        traits: dict[str, Any] = {
            trait: plain(text_at(entity.data, field) or text_at(entity.entity, field))
            for field, trait in OWN_TRAITS.items()
        }
        states = [state for field, state in STATES.items() if is_true(entity.data.get(field))]
        if states:
            traits["status"] = ", ".join(states)
        names = [plain(text_at(row, "name")) for row in objects(entity.entity.get("aliases"), name, report)]
        traits["aliases"] = ", ".join(alias for alias in names if alias)
        for row in objects(entity.data.get("characterTraits"), name, report):
            self._add_trait(traits, row, text_at(row, "entry"), name)
        for row in objects(entity.entity.get("entityAttributes"), name, report):
            value = text_at(row, "value")
            if text_at(row, "type_id") == CHECKBOX:
                value = "yes" if is_true(row.get("value")) else "no"
            elif "{" in value and not self._is_hidden(row):
                report.add("kept", f"{name}: {text_at(row, 'name')}", f"A formula, kept as text: {value}")
            self._add_trait(traits, row, value, name)
        if things := self._inventory(entity):
            traits["inventory"] = things
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
        if not value.strip():
            self.world.report.add("left out", f"{name}: {key}", "The attribute has no value.")
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

    def _relate(self, entity: Entity) -> None:
        report = self.world.report
        for row in objects(entity.entity.get("relationships"), entity.label, report):
            kind = plain(text_at(row, "relation")) or "related to"
            if self._is_hidden(row):
                report.add(
                    "left out", f"{entity.label}: {kind}", "A private relation: read with include_private."
                )
                continue
            attitude = text_at(row, "attitude")
            note = f"attitude {attitude}" if attitude not in ("", "0") else ""
            self._link(entity, text_at(row, "target_id"), kind, note)
        for field, (kind, module) in LINKS.items():
            if target := text_at(entity.data, field):
                self._link_from(entity, kind, module, target)
        for row in objects(entity.data.get("itemCreators"), entity.label, report):
            self._link_from(entity, "creator", "characters", text_at(row, "creator_id"))
        for row in objects(entity.entity.get("abilities"), entity.label, report):
            if self._is_hidden(row):
                report.add("left out", f"{entity.label}: ability", "Private: read with include_private.")
            else:
                note = plain(text_at(row, "note"))
                self._link_in(entity, "abilities", text_at(row, "ability_id"), "skilled in", note)
        parent = text_at(entity.entity, "parent_id")
        if parent:
            self._link(entity, parent, "part of")
        for row in objects(entity.entity.get("entityLocations"), entity.label, report):
            self._link_in(entity, "locations", text_at(row, "location_id"), "located in")
        for field, column, module, kind in BY_MODULE:
            for row in objects(entity.data.get(field), entity.label, report):
                if self._is_hidden(row):
                    report.add("left out", f"{entity.label}: {kind}", "Private: read with include_private.")
                else:
                    self._link_in(entity, module, text_at(row, column), kind, plain(text_at(row, "role")))

    def _inventory(self, entity: Entity) -> str:
        """Return what an entity has, in words, with relations to the items that are in the export."""
        report, things = self.world.report, []
        for row in objects(entity.entity.get("inventories"), entity.label, report):
            item = self.by_module.get(("items", text_at(row, "item_id")))
            name = plain(text_at(row, "name")) or (self.entities[item].name if item else "")
            if self._is_hidden(row):
                report.add("left out", f"{entity.label}: {name}", "Private: read with include_private.")
                continue
            if text_at(row, "item_id") and item is None:
                why = f"A link that leads nowhere: inventory item {text_at(row, 'item_id')}"
                report.add("left out", entity.label, why)
            amount = text_at(row, "amount")
            details = [plain(text_at(row, field)) for field in ("position", "description")]
            told = ", ".join(detail for detail in details if detail)
            if item is not None:
                self._link(entity, item, "owner", told)
            words = f"{amount} × {name}" if amount not in ("", "0", "1") else name
            if words or told:
                things.append(f"{words} ({told})" if told and words else words or told)
        return "; ".join(things)

    def _parts(self, entity: Entity, data: Mapping[str, Any], *, level: int) -> Iterator[str]:
        """Yield the parts of an entity as sections; whoever has a role in one gets a relation."""
        report = self.world.report
        for field in PARTS:
            for row in objects(data.get(field), f"{entity.label}: {field}", report):
                target = self.entities.get(text_at(row, "entity_id"))
                name = plain(text_at(row, "name")) or (target.name if target else "")
                where = f"{entity.label}: {name or field}"
                if self._is_hidden(row):
                    report.add("left out", where, "Private: read with include_private.")
                    continue
                known = {key: value for key, value in row.items() if not is_about(key, value)}
                report_unread(known, READ_OF_PART, where, report)
                role = plain(text_at(row, "role"))
                if target is not None:
                    self._link(target, entity.id, role or "linked to")
                elif text_at(row, "entity_id"):
                    why = f"A link that leads nowhere: {field} {text_at(row, 'entity_id')}"
                    report.add("left out", where, why)
                years = "–".join(filter(None, (text_at(row, "start_year"), text_at(row, "end_year"))))
                told = [plain(text_at(row, "abbreviation")), plain(text_at(row, "date")), years, role]
                aside = ", ".join(part for part in told if part)
                heading = f"{name} ({aside})" if name and aside else name or aside
                texts = [self._text(text_at(row, key), entity) for key in ("entry", "description")]
                below = self._parts(entity, row, level=min(level + 1, 6))
                body = "\n\n".join(part for part in (*texts, *below) if part)
                yield "\n\n".join(
                    part for part in (f"{'#' * level} {heading}" if heading else "", body) if part
                )

    def _link_from(self, entity: Entity, kind: str, module: str, target: str) -> None:
        """Relate an entity to another, which newer exports name by its own id, and older ones by that of its module."""
        found = self.by_module.get((module, target), target if target in self.entities else None)
        if found is None:
            why = f"A link that leads nowhere: {kind} {module} {target}"
            self.world.report.add("left out", entity.label, why)
        elif kind == "located in":
            self._link(entity, found, kind)
        else:
            self._link(self.entities[found], entity.id, kind)

    def _link_in(self, entity: Entity, module: str, own_id: str, kind: str, note: str = "") -> None:
        modules = ("races", "creatures") if module == "races" else (module,)
        target = next(
            (self.by_module[name, own_id] for name in modules if (name, own_id) in self.by_module), None
        )
        if target is None:
            why = f"A link that leads nowhere: {kind} {module} {own_id}{f' ({note})' if note else ''}"
            self.world.report.add("left out", entity.label, why)
        else:
            self._link(entity, target, kind, note)

    def _link(self, entity: Entity, target: str, kind: str, note: str = "") -> None:
        self.world.relations.append(
            RelationDraft(kind, self.key(entity.id), self.key(target), note=note, where=entity.label)
        )

    def _is_hidden(self, row: Mapping[str, Any]) -> bool:
        visibility = text_at(row, "visibility_id")
        is_private = is_true(row.get("is_private")) or visibility not in ("", ALL)
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
    about = {key: value for key, value in campaign.items() if not is_about(key, value)}
    report_unread(about, {"name", "slug", "entry", "image", "header_image"}, "campaign", world.report)
    reader = _Campaign(source, options, world)
    for entity in reader.entities.values():
        reader.add(entity)
    return world
